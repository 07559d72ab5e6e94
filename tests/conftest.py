"""What all tests share: a PostgreSQL of their own, and the promise that continuous integration skips nothing."""

import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from tests.archive.postgresql import Server, started

SKIP_NOTHING = bool(os.environ.get("RASAD_TESTS_SKIP_NOTHING"))
MAY_BE_ABSENT = "../shared"  # material that is not ours to ship: its absence is told, and no fault


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """PostgreSQL, started when the first test wants it."""
    try:
        running = started()
        databases = running.__enter__()
    except Exception as error:  # the wheel has no binary for every machine
        pytest.skip(f"PostgreSQL cannot be started here: {type(error).__name__}: {error}")
    yield databases
    running.__exit__(None, None, None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """A skip is a failure where nothing may be skipped."""
    report = yield
    if (
        SKIP_NOTHING
        and report.skipped
        and not hasattr(report, "wasxfail")
        and MAY_BE_ABSENT not in str(report.longrepr)
    ):
        report.outcome = "failed"
    return report
