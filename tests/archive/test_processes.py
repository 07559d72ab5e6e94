"""Several processes on one archive: nothing twice, nothing lost."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive import sources
from archive.database import Archive
from core.model import Source
from tests.archive.scene import Scene

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Another process chooses its library itself, so SQLite is one database here."""
    name: str = request.param
    return name


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def start(act: str, url: str, argument: str = "") -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.archive.child", act, url, argument]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def together(act: str, url: str, count: int = 2) -> list[list[str]]:
    """What each of `count` processes printed, after all have ended well."""
    children = [start(act, url, f"owner-{n}") for n in range(count)]
    printed = []
    for child in children:
        out, err = child.communicate(timeout=60)
        assert child.returncode == 0, err
        printed.append(out.splitlines())
    return printed


def test_two_that_start_at_once_take_turns(empty_url: str) -> None:
    together("open_only", empty_url, 3)
    Archive.open(empty_url).close()


@pytest.mark.parametrize("statement", [1, 2, 15, 30])
def test_one_that_is_killed_migrating_leaves_an_archive_that_opens(empty_url: str, statement: int) -> None:
    child = start("die_migrating", empty_url, str(statement))
    child.communicate(timeout=60)
    assert child.returncode == -9
    archive = Archive.open(empty_url)
    Scene(archive).publishes()
    archive.close()


def test_the_same_drafts_are_recorded_once(url: str, scene: Scene) -> None:
    scene.joins()
    first, second = together("admit_the_day", url)
    assert scene.count("article") == 20
    assert scene.count("outbox") == 2 * scene.count("story") >= 16  # two topics of each story
    both = first + second
    assert (both.count("new"), both.count("copy"), both.count("known")) == (10, 10, 40)


def test_a_source_is_claimed_by_one(url: str, scene: Scene) -> None:
    many = [Source(f"s{n}", f"S{n}", "feed", f"https://s{n}.example/") for n in range(60)]
    scene.write(sources.sync, many, scene.now)
    claimed = [each for printed in together("claim_sources", url) for each in printed]
    assert sorted(claimed) == sorted(source.id for source in many)


def test_a_message_is_claimed_by_one(url: str, scene: Scene) -> None:
    for chat in range(20):
        scene.joins(chat)
    for n in range(3):
        scene.publishes(text=f"Qaani came to Baghdad again on Sunday, officials said, for the meeting number {n}.")
        scene.later(days=4)  # so that it is another story
    printed = together("claim_messages", url)
    rows = [row for lines in printed for line in lines for row in line.split()]
    assert len(rows) == len(set(rows)) == 60
    assert set(scene.states()) == {"sent"}


def test_three_openers_of_an_empty_archive_at_once_all_get_it(empty_url: str) -> None:
    """In one process too: the journal mode changes under the others' eyes, and nobody may be told "locked"."""
    start = threading.Barrier(3)

    def opens(_number: int) -> None:
        start.wait()
        Archive.open(empty_url).close()

    with ThreadPoolExecutor(3) as openers:
        list(openers.map(opens, range(3)))
