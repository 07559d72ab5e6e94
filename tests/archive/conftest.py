"""The archive's fixtures: the suite runs on SQLite (the newest library and Python's own) and on PostgreSQL."""

import importlib.util
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import archive.engine
from archive.database import Archive
from tests.archive.postgresql import Server
from tests.archive.scene import Scene

BUNDLED = importlib.util.find_spec("pysqlite3") is not None
DATABASES = ["sqlite", *(["sqlite of Python"] if BUNDLED else []), "postgresql"]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "rasad.db"
    Archive.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Which database the test runs on."""
    name: str = request.param
    if name == "sqlite of Python":
        monkeypatch.setattr(archive.engine, "sqlite_library", lambda: sqlite3)
    return name


@pytest.fixture
def url(database: str, tmp_path: Path, template: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where an archive with the present schema lies."""
    if database == "postgresql":
        server: Server = request.getfixturevalue("server")
        with server.database() as address:
            yield address
    else:
        shutil.copy(template, tmp_path / "rasad.db")
        yield f"sqlite:///{tmp_path}/rasad.db"


@pytest.fixture
def empty_url(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where an archive can be made."""
    if database == "postgresql":
        server: Server = request.getfixturevalue("server")
        with server.database("template1") as address:
            yield address
    else:
        yield f"sqlite:///{tmp_path}/data/rasad.db"


@pytest.fixture
def opened(url: str, tmp_path: Path) -> Iterator[Callable[[], Archive]]:
    """Opens the same archive again, as another process would."""
    archives: list[Archive] = []

    def another() -> Archive:
        archives.append(Archive.open(url, evidence=tmp_path / "evidence"))
        return archives[-1]

    yield another
    for each in archives:
        each.close()


@pytest.fixture
def scene(opened: Callable[[], Archive]) -> Scene:
    """A small press of four outlets before an empty archive."""
    return Scene(opened())
