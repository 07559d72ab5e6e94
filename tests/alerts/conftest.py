"""Fixtures of the alert tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.alerts.scene import Scene
from tests.bot_api import BotApi


@pytest.fixture
def telegram() -> Iterator[BotApi]:
    with BotApi() as double:
        yield double


@pytest.fixture
def scene(tmp_path: Path, telegram: BotApi) -> Iterator[Scene]:
    made = Scene(tmp_path, telegram)
    yield made
    made.archive.close()
