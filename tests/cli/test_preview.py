"""`rasad preview`: an alert as its readers see it, in three languages. Golden files to look at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import outbox
from archive.database import Archive
from tests.archive.scene import Scene
from tests.cli.conftest import CONFIG, Rasad

GOLDEN = Path(__file__).parent / "golden"
TEXT = "وصل قاآني صباح اليوم إلى بغداد في زيارة لم يعلن عنها، وفق مصدر في المطار. ويلتقي غداً عدداً من المسؤولين."
ZONE = '[rasad]\ntimezone = "Asia/Baghdad"\n'


@pytest.fixture
def scene(folder: Path) -> Iterator[Scene]:
    """The press of the archive's tests, in the folder that the command looks at."""
    (folder / "config.toml").write_text(ZONE + CONFIG, encoding="utf-8")
    archive = Archive.open(f"sqlite:///{folder}/data/rasad.db")
    yield Scene(archive)
    archive.close()


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_an_alert_is_shown_as_it_is_read(scene: Scene, rasad: Rasad, language: str) -> None:
    scene.joins()
    scene.admit(scene.draft("tigris", "قاآني في بغداد", TEXT))
    ended = rasad("preview", "1", "--language", language)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (GOLDEN / f"preview_{language}.txt").read_text("utf-8")
    assert scene.states() == ["new"], "nothing is sent, and it still waits"


def test_all_languages_are_shown_unless_one_is_asked_for(scene: Scene, rasad: Rasad) -> None:
    scene.admit(scene.draft("tigris", "قاآني في بغداد", TEXT))
    told = rasad("preview", "1").out
    assert [line for line in told.splitlines() if line.startswith("── ")] == ["── en", "── ar", "── fa"]


def test_what_nobody_would_be_told_of_is_said(scene: Scene, rasad: Rasad) -> None:
    scene.admit(scene.draft("tigris", "The weather", "Sun all week, and a light wind in the afternoon."))
    for which in ("1", "77", "https://nowhere.example/1"):
        ended = rasad("preview", which)
        assert (ended.code, ended.out) == (2, "")
        assert "would be told" in ended.err
    assert "did you mean fa?" in rasad("preview", "1", "--language", "faa").err


def test_what_was_told_is_shown_as_its_story_stands_now(scene: Scene, rasad: Rasad) -> None:
    scene.joins()
    scene.admit(scene.draft("tigris", "قاآني في بغداد", TEXT))
    for sending in scene.claims():
        scene.write(outbox.sent, sending, 1, scene.now)
    scene.later(hours=1)
    scene.admit(scene.draft("gazette", "قاآني في بغداد", TEXT))
    assert "Gazette" in rasad("preview", "1", "--language", "en").out
