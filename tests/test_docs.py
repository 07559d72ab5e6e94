"""What the README and the docs promise is there, and what is there is in them."""

import re
import sys
from pathlib import Path

import pytest
import typer

from alerts.bot.reading import COMMANDS
from cli.app import app
from core.lines import EXPORT_COLUMNS, POST_COLUMNS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def commands() -> dict[str, typer.models.CommandInfo]:
    """Every sub-command by the words that call it."""
    found = {}
    for info in app.registered_commands:
        assert info.callback is not None
        found[info.name or info.callback.__name__] = info
    for group in app.registered_groups:
        assert group.typer_instance is not None
        for info in group.typer_instance.registered_commands:
            assert info.callback is not None
            found[f"{group.name} {info.name or info.callback.__name__}"] = info
    return found


@pytest.mark.parametrize("name", commands())
def test_every_command_is_in_the_readme_and_shows_an_example(name: str) -> None:
    assert f"`rasad {name}" in README, f"rasad {name} is not in the README"
    callback = commands()[name].callback
    assert "Example: rasad " in ((callback and callback.__doc__) or "")


def test_the_readme_names_no_command_that_is_not_there() -> None:
    promised = set(re.findall(r"`rasad ([a-z]+(?: visit)?)", README))
    assert promised <= {*commands(), *(name.split()[0] for name in commands())}


def test_every_bot_command_is_in_the_readme() -> None:
    assert [command for command in COMMANDS if f"/{command}" not in README] == []


def test_every_file_that_a_document_links_to_exists() -> None:
    for document in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        text = re.sub(r"`[^`]*`", "", document.read_text("utf-8"))  # what is code links to nothing
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_readme_gives_the_two_commands_and_the_makefile_has_them() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in ("run", "test", "demo", "check", "bench", "install"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert "make run " in README
    assert "make test " in README


def test_every_key_of_an_article_line_is_documented() -> None:
    notes = (ROOT / "docs" / "article-lines.md").read_text("utf-8")
    assert [key for key in (*EXPORT_COLUMNS, *POST_COLUMNS) if f"`{key}`" not in notes] == []


def test_every_benchmark_is_in_the_performance_notes() -> None:
    notes = (ROOT / "docs" / "performance.md").read_text("utf-8")
    names = [file.stem for file in (ROOT / "benchmarks").glob("[a-z]*.py")]
    assert [name for name in names if f"benchmarks.{name}" not in notes] == []
    assert sys.version_info >= (3, 11)
