"""The real system in a process of its own, a newsroom that it watches, and a double of the Bot API that it talks to."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from demo.newsroom import BEAT, Newsroom, Outlet
from tests.archive.postgresql import Server
from tests.bot_api import TOKEN, BotApi
from tests.bot_api_people import Person
from tests.flow.looking import body, first_round_open
from tests.system import System


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture
def telegram() -> Iterator[BotApi]:
    with BotApi() as telegram:
        yield telegram


@pytest.fixture
def wire(newsroom: Newsroom) -> Outlet:
    outlet = newsroom.outlet("wire", name="The Wire")
    outlet.publish("Rain in the north", body("Rain in the north"), published=timedelta(hours=3))
    return outlet


@pytest.fixture
def url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Where the archive is: the default SQLite file, unless a test asks for PostgreSQL."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield None
        return
    server: Server = request.getfixturevalue("server")
    with server.database("template1") as address:
        yield address


@pytest.fixture
def system(tmp_path: Path, newsroom: Newsroom, wire: Outlet, telegram: BotApi, url: str | None) -> Iterator[System]:
    beat = f'{BEAT}\n[telegram]\napi_url = "{telegram.url}"\naccess = "open"\n'
    with System(tmp_path, newsroom.config(beat), token=TOKEN, url=url) as system:
        yield system


@pytest.fixture
def reader(system: System, telegram: BotApi) -> Person:
    """Somebody who follows all topics of a running monitor whose first round is over."""
    system.start()
    reader = telegram.user("Reader")
    reader.says("/start")
    telegram.wait(lambda: telegram.messages_to(reader.chat), 30)
    system.wait_until(lambda: not first_round_open(system))
    return reader
