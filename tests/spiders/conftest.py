"""The scene of collecting: a newsroom on loopback, the real crawl, real reading processes, a real archive.

A reactor is installed once per process, so everything that crawls runs on one loop: the session's.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_asyncio import is_async_test

from core.proxies import Users
from demo.newsroom import Newsroom
from demo.outlet import Outlet
from spiders.engine import Crawl
from spiders.guard import Guard
from spiders.workers import Workers
from tests.spiders.names import Door

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here runs on the session's loop."""
    for item in items:
        if HERE in item.path.parents and is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@dataclass(frozen=True)
class Collect:
    """The [collect] section as far as the crawl looks at it."""

    host_delay: timedelta = timedelta(0)
    user_agent: str = "Rasad/{version} (+contact)"
    allow_private_networks: bool = True
    proxy: str = ""
    users: str = ""  # what stands in the proxy file

    def proxy_users(self) -> Users:
        return Users(self.users)


STRICT = Collect(allow_private_networks=False)


@asynccontextmanager
async def crawling(
    collect: Collect = Collect(),
    *,
    guard: Guard | None = None,
    timeout: float = 10.0,  # noqa: ASYNC109 (the crawl's, per request)
) -> AsyncIterator[Crawl]:
    """A crawl that runs for the block."""
    crawl = Crawl(collect, guard=guard, timeout=timeout)
    await crawl.start()
    try:
        yield crawl
    finally:
        await crawl.stop()


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as room:
        yield room


@pytest.fixture
def outlet(newsroom: Newsroom) -> Outlet:
    """An outlet with one article."""
    outlet = newsroom.outlet("daily")
    outlet.publish("A headline", "A body of some words.")
    return outlet


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.close()


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    pool = Workers(2)
    pool.start()
    yield pool
    pool.stop()
