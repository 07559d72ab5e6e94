"""`rasad bulletin`: the page as a file, with the stories of its time in the reader's language."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.database import Archive
from tests.archive.scene import Scene
from tests.cli.conftest import Rasad

TEXT = "وصل قاآني صباح اليوم إلى بغداد في زيارة لم يعلن عنها، وفق مصدر في المطار. ويلتقي غداً عدداً من المسؤولين."


@pytest.fixture
def scene(folder: Path) -> Iterator[Scene]:
    """The press of the archive's tests, two hours ago."""
    archive = Archive.open(f"sqlite:///{folder}/data/rasad.db")
    made = Scene(archive)
    made.now = datetime.now(UTC) - timedelta(hours=2)
    yield made
    archive.close()


def test_the_page_holds_the_stories_of_its_time(scene: Scene, rasad: Rasad, folder: Path) -> None:
    scene.admit(scene.draft("tigris", "قاآني في بغداد", TEXT))
    scene.admit(scene.draft("gazette", "The weather", "Sun all week, and a light wind in the afternoon."))
    ended = rasad("bulletin", "--since", "3h", "--language", "ar", "--output", "news.html")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("news.html: 1 stories, ")
    page = (folder / "news.html").read_text("utf-8")
    assert '<html lang="ar" dir="rtl">' in page
    assert "قاآني في بغداد</h2>" in page
    assert "weather" not in page
    assert rasad("bulletin", "--since", "1h", "--output", "news.html").out.startswith("news.html: 0 stories")
    assert "No story hit a topic" in (folder / "news.html").read_text("utf-8")


def test_what_cannot_be_meant_is_said(scene: Scene, rasad: Rasad) -> None:
    for option, word in (("--topic", "qani"), ("--language", "arr"), ("--since", "soon")):
        ended = rasad("bulletin", "--output", "news.html", option, word)
        assert (ended.code, ended.out) == (2, "")
    assert "did you mean qaani?" in rasad("bulletin", "--output", "news.html", "--topic", "qani").err
