"""Two config files → what an operator reads of their difference."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config.changes import changes

BEFORE = """
[collect]
every = "10m"
[topics.qaani]
title = { en = "Esmail Qaani", ar = "إسماعيل قاآني" }
match = "@qaani"
[names.qaani]
forms = ["Qaani", "قاآني", "Kani"]
[[sources]]
id = "press-tv"
url = "https://press.example/rss"
"""


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ('every = "10m"', 'every = "5m"', ['collect.every was "10m", is "5m"']),
        ('every = "10m"', "", ['collect.every was "10m", is not set']),
        ('"@qaani"', '"@qaani OR قاآني"', ['topic qaani: match was "@qaani", is "@qaani OR قاآني"']),
        ('"إسماعيل قاآني"', '"قاآني"', ['topic qaani: title.ar was "إسماعيل قاآني", is "قاآني"']),
        ('"قاآني", "Kani"', '"قاآنی", "Kani"', ['name qaani: forms + "قاآنی", − "قاآني"']),
        ('"Qaani", "قاآني"', '"قاآني", "Qaani"', ["name qaani: forms: in another order"]),
        ('"press-tv"', '"al-alam"', ["source al-alam added", "source press-tv removed"]),
        ("[topics.qaani]", "[topics.quds_force]", ["topic quds_force added", "topic qaani removed"]),
        ("# nothing", "# a comment", []),
    ],
)
def test_a_change_is_one_readable_line(old: str, new: str, lines: list[str]) -> None:
    assert changes(tomllib.loads(BEFORE), tomllib.loads(BEFORE.replace(old, new))) == lines


def test_a_long_value_is_clipped() -> None:
    before, after = ({"topics": {"t": {"match": rule}}} for rule in ("x", "y" * 5000))
    (line,) = changes(before, after)
    assert line.startswith('topic t: match was "x", is "yyy')
    assert len(line) < 250


FILES = st.fixed_dictionaries(
    {"topics": st.dictionaries(st.sampled_from("ab"), st.fixed_dictionaries({"match": st.text(max_size=3)}))}
)


@given(FILES, FILES)
def test_there_are_lines_if_and_only_if_the_values_differ(before: dict[str, object], after: dict[str, object]) -> None:
    assert bool(changes(before, after)) == (before != after)
