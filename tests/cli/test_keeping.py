"""backup and restore at the terminal, and the monitor's own backups."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import scheduler
import settings as config
from archive import conditions, evidence, monitors, restore
from archive.database import Archive
from core.lines import dump_line
from core.model import Page
from monitor import backups
from tests.cli.conftest import Rasad

NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
LINE = dump_line(
    {"url": "https://wire.example/1", "title": "Qaani in Baghdad", "text": "قاآني في بغداد", "source": "wire"}
)


def nobody(_done: float) -> None:
    """Who watches the progress."""


@pytest.fixture
def filled(rasad: Rasad, folder: Path) -> Path:
    """The folder, with one article in its archive."""
    assert rasad("import", "-", given=LINE.encode()).code == 0
    return folder


def test_what_is_saved_comes_back_elsewhere(rasad: Rasad, filled: Path) -> None:
    done = rasad("backup", "all.backup")
    assert done.code == 0
    assert "everything is there" in done.out
    assert "same disk as the archive: not safe" in done.out
    (filled / "new").mkdir()
    back = rasad("restore", "all.backup", "--config", "new/config.toml")
    assert (back.code, back.err) == (0, "")
    assert (filled / "new" / "config.toml").read_bytes() == (filled / "config.toml").read_bytes()
    found = rasad("search", "قاآني", "--json", "--config", "new/config.toml")
    assert [each["title"] for each in found.lines] == ["Qaani in Baghdad"]


def test_an_archive_that_is_there_is_replaced_by_force_only(rasad: Rasad, filled: Path) -> None:
    assert rasad("backup", "all.backup").code == 0
    refused = rasad("restore", "all.backup")
    assert refused.code == 2
    assert "--force" in refused.err
    assert rasad("restore", "all.backup", "--force").code == 0
    assert len(rasad("search", "قاآني", "--json").lines) == 1


def test_a_damaged_archive_is_replaced(rasad: Rasad, filled: Path) -> None:
    assert rasad("backup", "all.backup").code == 0
    (filled / "data" / "rasad.db").write_bytes(b"SQLite format 3\0" + b"?" * 9000)
    assert rasad("status").code == 1
    assert rasad("restore", "all.backup", "--force").code == 0
    assert len(rasad("search", "قاآني", "--json").lines) == 1


def test_force_is_refused_beside_a_monitor(rasad: Rasad, filled: Path) -> None:
    assert rasad("backup", "all.backup").code == 0
    settings = config.load(filled / "config.toml")
    with scheduler.opened(settings) as archive, archive.writing() as conn:
        monitors.beat(conn, "elsewhere:1", ["collect"], datetime.now(UTC), datetime.now(UTC))
    refused = rasad("restore", "all.backup", "--force")
    assert refused.code == 2
    assert "end it first" in refused.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("backup",), "name a file"),
        (("backup", "nowhere/all.backup"), "no such folder"),
        (("restore", "nowhere.backup"), "No such file"),
        (("restore", "config.toml"), "no backup of Rasad"),
    ],
)
def test_wrong_input_is_told(rasad: Rasad, filled: Path, arguments: tuple[str, ...], said: str) -> None:
    ended = rasad(*arguments)
    assert ended.code == 2
    assert said in ended.err


# --- by itself ---------------------------------------------------------------------------------------------------


@pytest.fixture
def archive(filled: Path) -> Archive:
    return scheduler.open_archive(config.load(filled / "config.toml"))


def keep_page(archive: Archive, number: int) -> None:
    url = f"https://wire.example/{number}"
    with archive.writing() as conn:
        evidence.keep(conn, 1, 1, Page(url, url, 200, {}, b"page %d" % number, NOW))


def test_the_newest_stay_and_only_their_evidence(archive: Archive, filled: Path) -> None:
    chosen = config.BackupSettings(to=filled / "kept", every=timedelta(hours=24), keep=2)
    assert backups.is_due(chosen, NOW)
    for day in range(3):
        keep_page(archive, day)
        at = NOW + timedelta(days=day)
        assert backups.make(archive, chosen, config=b"", now=at, progress=nobody).added == 1
        assert not backups.is_due(chosen, at + timedelta(hours=23))
    archive.close()
    assert [file.name for _, file in backups.taken(filled / "kept")] == [
        "rasad-20261126T013000Z.backup",
        "rasad-20261127T013000Z.backup",
    ]
    assert len(list((filled / "kept" / restore.FOLDER).glob("*/*"))) == 2


async def test_the_monitor_makes_one_when_it_is_due(archive: Archive, filled: Path) -> None:
    settings = config.load(filled / "config.toml")
    await backups.back_up_when_due(archive, lambda: settings, filled / "config.toml")
    assert len(backups.taken(filled / "backups")) == 1
    await backups.back_up_when_due(archive, lambda: settings, filled / "config.toml")
    assert len(backups.taken(filled / "backups")) == 1, "the next one tomorrow"
    archive.close()


async def test_a_backup_that_fails_is_a_condition(archive: Archive, filled: Path) -> None:
    settings = config.load(filled / "config.toml")
    (filled / "backups").write_text("a file in its way")
    await backups.back_up_when_due(archive, lambda: settings, filled / "config.toml")
    (wrong,) = await archive.ask(conditions.present)
    assert wrong.name == backups.FAILED
    (filled / "backups").unlink()
    await backups.back_up_when_due(archive, lambda: settings, filled / "config.toml")
    assert await archive.ask(conditions.present) == []
    archive.close()
