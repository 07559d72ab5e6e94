"""What the README and the docs promise is there, and what is there is in them."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import settings as config
from alerts.bot import admin
from alerts.bot.reading import COMMANDS
from alerts.rendering import render
from alerts.words_en import WORDS
from cli import reference
from core.lines import EXPORT_COLUMNS, POST_COLUMNS
from core.model import Span, Topic
from demo import texts
from demo.texts import Text
from tests.alerts.stories import card, sending
from web.api.openapi import document as openapi
from web.health import METRICS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = {file.name: file.read_text("utf-8") for file in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))}
CALLED = dict(reference.commands())


# --- commands -----------------------------------------------------------------------------------------------------


def test_the_reference_of_commands_is_what_the_commands_say() -> None:
    told = DOCUMENTS["commands.md"] == reference.document()
    assert told, "a command changed: .venv/bin/python -m cli.reference >docs/commands.md"


@pytest.mark.parametrize("name", CALLED)
def test_every_command_and_option_explains_itself(name: str) -> None:
    assert f"Example: rasad {name.removesuffix(' show')}" in " ".join((CALLED[name].help or "").split())
    assert [each.name for each in CALLED[name].params if not each.help] == []


def mentions() -> Iterator[tuple[str, str]]:
    """Each place in the documents that calls the command: the document, and what follows `rasad`."""
    for name, text in DOCUMENTS.items():
        if name != "commands.md":
            for line in text.split("\n"):
                code = [line] if line.startswith("    ") else re.findall(r"`([^`]+)`", line)
                yield from ((name, call) for each in code for call in re.findall(r"\brasad ([a-z][^|&#]*)", each))


def test_documents_call_only_commands_and_options_that_are_there() -> None:
    for document, call in mentions():
        words = call.split()
        two, one = " ".join(words[:2]), words[0]
        groups = {name.split()[0] for name in CALLED}
        assert two in CALLED or one in CALLED or one in groups, f"{document}: rasad {call}"
        known = reference.options(CALLED[two] if two in CALLED else CALLED[one]) if {two, one} & set(CALLED) else set()
        assert set(re.findall(r"(?<!\S)--[a-z-]+", call)) <= known | {"--help"}, f"{document}: rasad {call}"


def test_the_readme_gives_the_two_commands_and_the_makefile_has_them() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert "make run " in README
    assert "make test " in README
    for document, text in DOCUMENTS.items():
        for target in re.findall(r"`make ([a-z-]+)", text):
            assert target in targets, f"{document}: make {target}"


# --- what the README shows ----------------------------------------------------------------------------------------


def test_the_config_that_the_readme_shows_is_right_once_it_is_filled(tmp_path: Path) -> None:
    [example] = re.findall(r"```toml\n(.+?)```", README, re.DOTALL)
    settings = config.parse(example.replace("…", "مثال"), file="README.md", folder=tmp_path)
    assert set(settings.topics) == set(settings.names) == {"example"}
    assert settings.warnings == ()


def shown(language: str, text: Text, word: str, **told: Any) -> str:
    """An alert as the README shows it: the paragraph with `word`, invisible marks left out, buttons below."""
    paragraph = next(each for each in text.body.split("\n") if word in each)
    at = paragraph.index(word)
    span = Span("text", at, at + len(word))
    topics = tomllib.loads((ROOT / "config.toml").read_text("utf-8"))["topics"]
    about = card(language, title=text.title, text=paragraph, spans=(span,), **told)
    [message] = render(
        sending(about, language=language),
        topics={key: Topic(key, each["title"], each["match"]) for key, each in topics.items()},
    )
    rows = (" ".join(f"[ {button.text} ]" for button in row) for row in message.buttons)
    return "\n".join((re.sub("[\u200e\u200f\u2068\u2069]", "", message.plain), *rows))


def test_the_readme_shows_alerts_as_they_are() -> None:
    english = shown(
        "en", texts.GOVERNMENT_DEAL, "government formation", topics=(("government_formation", "normal"),),
        source_name="Mockup Monitor", url="http://127.0.1.9:45355/en/news/1002",
        also=("وكالة مثال للأنباء",), outlets=2, unlinked=2,
    )  # fmt: skip
    arabic = shown(
        "ar", texts.ARMED_FACTIONS, "الفصائل المسلحة", topics=(("iraqi_militias", "normal"),),
        source_name="سلحفاة نيوز (موقع تجريبي)", url="http://127.0.1.6:45355/ar/news/1001",
    )  # fmt: skip
    assert f"```text\n{english}\n```" in README
    assert f'<pre dir="rtl">\n{arabic}\n</pre>' in README


# --- what is documented -------------------------------------------------------------------------------------------


def test_every_file_that_a_document_links_to_exists() -> None:
    for name, document in DOCUMENTS.items():
        folder = ROOT if name == "README.md" else ROOT / "docs"
        text = re.sub(r"`[^`]*`", "", document)  # what is code links to nothing
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (folder / target).exists(), f"{name} links to {target}"


def test_every_document_is_reached_from_the_readme() -> None:
    assert [name for name in DOCUMENTS if name != "README.md" and f"](docs/{name})" not in README] == []


def test_every_command_of_the_bot_is_in_its_document() -> None:
    commands = {*COMMANDS, *admin.COMMANDS}
    assert [command for command in commands if f"| `/{command}" not in DOCUMENTS["telegram.md"]] == []
    assert set(re.findall(r"^\| `/([a-z]+)", DOCUMENTS["telegram.md"], re.MULTILINE)) <= commands


def test_every_key_of_an_article_line_is_documented() -> None:
    notes = DOCUMENTS["article-lines.md"]
    assert [key for key in (*EXPORT_COLUMNS, *POST_COLUMNS) if f"`{key}`" not in notes] == []


def test_every_address_of_the_api_is_documented() -> None:
    plain = {re.sub(r"\{\w+\}", "ID", path.removeprefix("/api/v1")) for path in openapi()["paths"]}
    assert {path for path in plain if f"{path}`" not in DOCUMENTS["api.md"]} == set()


def test_every_benchmark_is_in_the_performance_notes() -> None:
    names = [file.stem for file in (ROOT / "benchmarks").glob("[a-z]*.py")]
    assert [name for name in names if f"benchmarks.{name}" not in DOCUMENTS["performance.md"]] == []
    named = set(re.findall(r"benchmarks\.([a-z_]+)", "".join(DOCUMENTS.values())))
    assert named <= set(names)


def test_every_table_of_figures_has_the_commands_that_show_them() -> None:
    for section in re.split(r"^## ", DOCUMENTS["performance.md"], flags=re.MULTILINE)[1:]:
        for table in re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE):
            head, _, *rows = table.splitlines()
            shown = rows if "| command |" in head else [section]
            assert [row for row in shown if not re.search(r"`(benchmarks\.\w+|tests/)", row)] == []


def test_every_metric_is_documented() -> None:
    assert [name for name in METRICS if f"| `{name}` |" not in DOCUMENTS["operate.md"]] == []


def test_every_test_that_a_document_names_is_there() -> None:
    files = [file.relative_to(ROOT).as_posix() for file in (ROOT / "tests").rglob("*.py")]
    for name, document in DOCUMENTS.items():
        for file in re.findall(r"`((?:tests/[\w/]*)?test_\w+\.py)`", document):
            assert any(each.endswith(f"/{file}") or each == file for each in files), f"{name}: {file}"
    rows = "".join((ROOT / file).read_text("utf-8") for file in files if "hostile" in file)
    for row in re.findall(r"`(row_\d+_)…`", DOCUMENTS["security.md"]):
        assert f"def test_{row}" in rows, row


def test_every_button_of_an_alert_is_explained() -> None:
    explained = DOCUMENTS["telegram.md"].partition("## Buttons")[2].partition("\n## ")[0]
    buttons = [word for key, word in WORDS.items() if key.startswith("button.")]
    assert len(buttons) > 4
    assert [word for word in buttons if str(word) not in explained] == []
