"""rasad explain: the proof that two texts are copies, and how an article stands in its story."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Rasad

BODY = (
    "Qaani arrived in Baghdad on Monday evening for talks on arms in the hands of the state, three officials said. "
    "He met party leaders in the Green Zone until midnight and left for Tehran before dawn, they said."
)


def line(number: int, source: str, **changes: Any) -> str:
    plain = {
        "url": f"https://{source}.example/{number}",
        "title": "Qaani in Baghdad for talks",
        "text": BODY,
        "published": f"2026-11-20T0{number}:00:00Z",
        "source": source,
        "language": "en",
    }
    return json.dumps(plain | changes, ensure_ascii=False) + "\n"


PERSIAN = "سردار قاآنی شامگاه دوشنبه برای گفت‌وگو با سران احزاب به بغداد رفت."
RAIN = "Rain is expected in the north of the country until Thursday night."
LINES = (
    line(1, "wire")
    + line(2, "echo", text=BODY + " More soon.")
    + line(3, "karun", title="سفر قاآنی به بغداد", text=PERSIAN, language="fa")
    + line(4, "far", title="Rain in the north", text=RAIN)
)


@pytest.fixture
def archived(folder: Path, rasad: Rasad) -> Rasad:
    """A report, its copy with two words more, a Persian report, and the weather."""
    (folder / "a.jsonl").write_text(LINES, encoding="utf-8")
    assert rasad("import", "a.jsonl").code == 0
    return rasad


def test_two_copies_are_proved(archived: Rasad) -> None:
    told = archived("explain", "https://wire.example/1", "https://echo.example/2")
    assert told.code == 0
    assert "tier        copy: nearly all of the shorter text" in told.out
    assert "100% of the word pairs" in told.out
    assert "both in story 1" in told.out


def test_two_others_are_told_apart(archived: Rasad) -> None:
    told = json.loads(archived("explain", "1", "#4", "--json").out)
    assert told["evidence"]["tier"] == "none"
    assert told["passages"]["both"] == 0
    assert [each["story"] for each in told["archived"]] == [1, 4]
    assert told["thresholds"]["derived"] == 0.45


def test_two_languages_are_told_by_the_figures_that_hold_across_them(archived: Rasad) -> None:
    told = archived("explain", "1", "3").out
    assert "across en and fa; one event from 0.40, one alert from 0.48" in told


def test_two_lines_of_a_file_are_compared_without_being_archived(folder: Path, rasad: Rasad) -> None:
    (folder / "a.jsonl").write_text(LINES, encoding="utf-8")
    told = json.loads(rasad("explain", "--file", "a.jsonl", "1", "https://echo.example/2", "--json").out)
    assert (told["evidence"]["tier"], told["archived"]) == ("copy", [])
    assert rasad("export").out == ""


def test_an_article_is_explained_by_its_story(archived: Rasad) -> None:
    shown = archived("explain", "2").out.splitlines()
    assert shown[1:3] == [
        "story       1: a copy of #1",
        "text        copy of #1: nearly all of the shorter text, 100% of the word pairs",
    ]
    assert shown[3].startswith("carried     by ")
    assert "            wire = echo" in shown
    assert "linked      echo → wire: a copy" in shown
    assert "origin      wire" in shown
    assert sum(told.startswith("first among") for told in shown) >= 2  # all were imported at once


def test_the_explanation_has_its_figures_as_json(archived: Rasad) -> None:
    told = json.loads(archived("explain", "https://karun.example/3", "--json").out)
    assert (told["article"], told["match"]) == (3, None)
    assert told["story"] == 1 or told["related"] == [1]
    assert told["carriage"]["unlinked"] == len(told["carriage"]["groups"])


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("77",), "no article '77' is in the archive"),
        (("1", "https://nobody.example/1"), "no article 'https://nobody.example/1' is in the archive"),
        (("what",), "'what' is neither an http address nor the number of an article"),
        (("1", "2", "3"), "give one article, or two that are to be compared"),
        (("1", "--file", "a.jsonl"), "of JSON lines two are compared: give the address or the line of each"),
        (("1", "9", "--file", "a.jsonl"), "a.jsonl has no line '9'"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(archived: Rasad, words: tuple[str, ...], complaint: str) -> None:
    ended = archived("explain", *words)
    assert (ended.code, ended.out, ended.err) == (2, "", f"rasad: {complaint}\n")
