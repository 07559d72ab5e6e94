"""rasad stories: a story as it stands, and what analysts decide of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Rasad


def line(number: int, source: str, title: str, text: str, language: str = "en") -> str:
    return json.dumps(
        {
            "url": f"https://{source}.example/{number}",
            "title": title,
            "text": text,
            "published": f"2026-11-20T0{number}:00:00Z",
            "source": source,
            "language": language,
        },
        ensure_ascii=False,
    )


TALKS = "Qaani arrived in Baghdad on Monday evening for talks on arms in the hands of the state, three officials said."
RAIN = "يتوقع هطول أمطار غزيرة في شمال البلاد حتى مساء الخميس بحسب هيئة الأنواء الجوية."


@pytest.fixture
def archived(folder: Path, rasad: Rasad) -> Rasad:
    """Two stories: talks with a copy, and the weather."""
    lines = (
        line(1, "wire", "Qaani in Baghdad for talks", TALKS),
        line(2, "echo", "Talks in Baghdad", TALKS),
        line(3, "marsh", "أمطار في الشمال", RAIN, "ar"),
    )
    (folder / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert rasad("import", "a.jsonl").code == 0
    return rasad


def members(rasad: Rasad, story: int) -> list[int]:
    told: dict[str, Any] = json.loads(rasad("stories", "show", str(story), "--json").out)
    return [member["article"] for member in told["members"]]


def test_a_story_shows_who_tells_it(archived: Rasad) -> None:
    shown = archived("stories", "show", "1").out.splitlines()
    assert shown[0] == "story       1: Qaani in Baghdad for talks"
    assert [told[12:14] for told in shown if told.startswith("article")] == ["#1", "#2"]
    assert "linked      echo → wire: a copy" in shown


def test_merge_and_undo(archived: Rasad) -> None:
    assert archived("stories", "merge", "1", "3", "--by", "Salwa").out.startswith("all of it is story 1 now; ")
    assert members(archived, 1) == members(archived, 3) == [1, 2, 3]
    assert "no. 1, merge by Salwa" in archived("stories", "show", "1").out
    assert archived("stories", "undo", "1").out == "decision 1 is taken back\n"
    assert (members(archived, 1), members(archived, 3)) == ([1, 2], [3])


def test_split_takes_the_copies_along(archived: Rasad) -> None:
    archived("stories", "merge", "1", "3")
    told = archived("stories", "split", "1", "1").out
    new = int(told.split()[1])
    assert members(archived, new) == [1, 2]
    assert members(archived, 1) == [3]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("show", "77"), "there is no story 77"),
        (("split", "1", "3"), "story 1 has the articles 1, 2: name some of them, not all"),
        (("split", "1", "1"), "story 1 has the articles 1, 2: name some of them, not all"),
        (("merge", "1"), "name two stories or more that are not one yet"),
        (("undo", "9"), "there is no decision 9 that could be taken back"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(archived: Rasad, words: tuple[str, ...], complaint: str) -> None:
    ended = archived("stories", *words)
    assert (ended.code, ended.out, ended.err) == (2, "", f"rasad: {complaint}\n")
