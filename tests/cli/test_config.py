"""What the config was, and going back to it."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import CONFIG, Rasad

QUICKER = CONFIG.replace('name = "The Wire"', 'name = "The Wire"\nevery = "5m"  # نبأ عاجل')


@pytest.fixture
def edited(folder: Path, rasad: Rasad) -> Path:
    """The config file, edited once while it was in use."""
    file = folder / "config.toml"
    for text in (CONFIG, QUICKER):
        file.write_text(text, "utf-8")
        assert rasad("run", "--once", "--only", "deliver").code == 0
    return file


def test_the_log_says_what_each_edit_changed(edited: Path, rasad: Rasad) -> None:
    ended = rasad("config", "log")
    assert [line for line in ended.out.splitlines() if line.startswith("    ")] == [
        '    source wire: every was not set, is "5m"',
        "    the first one",
    ]
    newest = json.loads(rasad("config", "log", "--json", "--limit", "1").out)
    assert [each["number"] for each in newest] == [2]
    assert newest[0]["changes"] == ['source wire: every was not set, is "5m"']


def test_an_archive_without_any_says_so(rasad: Rasad) -> None:
    assert "No config was active" in rasad("config", "log").out
    assert rasad("config", "undo").code == 2


def test_undo_puts_the_file_back_and_again_forth(edited: Path, rasad: Rasad) -> None:
    assert 'every was "5m", is not set' in rasad("config", "undo", "--dry-run").out
    assert edited.read_text("utf-8") == QUICKER
    edited.chmod(0o640)
    assert rasad("config", "undo").code == 0
    assert edited.read_text("utf-8") == CONFIG
    assert edited.stat().st_mode & 0o777 == 0o640
    assert edited.with_name("config.toml.before-undo").read_text("utf-8") == QUICKER
    assert rasad("config", "undo", "--to", "2").code == 0
    assert edited.read_text("utf-8") == QUICKER


def test_a_broken_file_is_put_back_to_the_newest_that_worked(edited: Path, rasad: Rasad) -> None:
    edited.write_bytes(b'[archive]\nurl = "sqlite:///data/rasad.db"\n[topics\xff')
    assert rasad("config", "undo").code == 0
    assert edited.read_text("utf-8") == QUICKER
    assert edited.with_name("config.toml.before-undo").read_bytes().endswith(b"\xff")


def test_an_unknown_number_is_told(edited: Path, rasad: Rasad) -> None:
    ended = rasad("config", "undo", "--to", "9")
    assert (ended.code, ended.err) == (2, "rasad: no config has the number 9: see rasad config log\n")
