"""The examples of docs/rules.md, in three scripts: each rule marks what stands in bold, and nothing beside."""

import re
from pathlib import Path

import pytest

from core.rules.grammar import FIELDS
from tests.core.newsdesk import article, finds, name

DOCUMENT = (Path(__file__).parent.parent / "docs" / "rules.md").read_text("utf-8")
TABLE = DOCUMENT.partition("## Examples")[2].partition("\n## ")[0]
ROWS = [tuple(row) for row in re.findall(r"^\| `(.+?)` \| (.+?) \| (.+?) \|$", TABLE, re.MULTILINE)]
QUDS = name("quds_force", ["Quds Force", "فيلق القدس", "نیروی قدس"])


def found(rule: str, text: str) -> list[str] | None:
    headline = text.startswith("headline: ")
    plain = text.replace("**", "").removeprefix("headline: ")
    return finds(rule, article(title=plain) if headline else article(plain), QUDS)


@pytest.mark.parametrize(("rule", "holds", "fails"), ROWS)
def test_an_example_is_true_of_what_it_says(rule: str, holds: str, fails: str) -> None:
    assert found(rule, holds) == re.findall(r"\*\*(.+?)\*\*", holds)
    assert found(rule, fails) is None


def test_there_are_examples_in_three_scripts_and_every_field_is_named() -> None:
    assert len(ROWS) >= 12
    assert all(any(letter in rule for rule, _, _ in ROWS) for letter in ("a", "ة", "ی"))
    assert [field for field in FIELDS if f"`{field}:" not in DOCUMENT] == []
