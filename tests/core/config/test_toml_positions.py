"""Where keys and values stand in a TOML text, counted in code points."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config.positions import KeyPath, locate, term_at


def test_columns_are_code_points_after_arabic_text() -> None:
    found = locate('[a]\nforms = ["قاآني", { text = "قاني", from = 2020-01-01 }]\n')
    assert found.value(("a", "forms", 0)) == (2, 10)
    assert found.key(("a", "forms", 1, "from")) == (2, 36)
    assert found.value(("a", "forms", 1, "from")) == (2, 43)


def test_what_is_not_there_has_the_place_of_what_holds_it() -> None:
    found = locate("[a]\n[[s]]\nid = 1\n[[s]]\nid = 2\n")
    assert found.key(("s", 1, "url")) == (4, 1)
    assert found.value(("s", 1, "id")) == (5, 6)
    assert found.key(("b",)) == (1, 1)


def test_dotted_and_quoted_keys_are_the_same_keys() -> None:
    found = locate('a.b."c d" = 1\n[x."y"]\nz = 2')
    assert found.value(("a", "b", "c d")) == (1, 13)
    assert found.value(("x", "y", "z")) == (3, 5)


VALUES = [
    '"حشد شعبي"',
    "'حشد شعبي'",
    r'"\"حشد\" \u0634عبي"',
    '"""\nحشد\nشعبي"""',
    '"""حشد \\\n   شعبي"""',
    "'''\nحشد\nشعبي'''",
    '"""\r\nحشد\r\nشعبي"""',
]


@pytest.mark.parametrize("value", VALUES)
def test_every_character_of_a_text_value_is_found_in_the_file(value: str) -> None:
    text = f'match = {value}  # a "note" = 1\n'
    rule: str = tomllib.loads(text)["match"]
    position = rule.index("عبي")
    line = rule.count("\n", 0, position) + 1
    column = position - rule.rfind("\n", 0, position)
    place = locate(text).inside(("match",), line, column)
    assert text.split("\n")[place.line - 1][place.column - 1 :].startswith("عبي")


@pytest.mark.parametrize(
    ("text", "column", "term"),
    [
        ('a = "حشد شعبي"', 5, "حشد شعبي"),
        ("a = true", 5, "true"),
        ("evry = 1", 1, "evry"),
        ("a", 9, ""),
        ("[web]", 2, "web"),
    ],
)
def test_the_term_at_a_place(text: str, column: int, term: str) -> None:
    assert term_at(text, 1, column) == term


# --- laws --------------------------------------------------------------------------------------------------------

words = st.text("abقا ", min_size=1, max_size=4).map(str.strip).filter(bool)
values = st.recursive(st.one_of(st.integers(), st.booleans(), words), lambda inner: st.lists(inner, max_size=3))


@given(st.dictionaries(st.sampled_from(["a", "b-c", "d"]), st.dictionaries(st.sampled_from(["x", "y"]), values)))
def test_every_value_is_where_it_is_said_to_be(tables: dict[str, dict[str, Any]]) -> None:
    text = "".join(
        f"[{key}]\n" + "".join(f"{k} = {toml(v)}  # قاآني\n" for k, v in table.items()) for key, table in tables.items()
    )
    found = locate(text)
    lines = text.split("\n")
    for path, value in leaves(tables, ()):
        line, column = found.value(path)
        assert lines[line - 1][column - 1 :].startswith(toml(value))


@given(st.text(max_size=200))
def test_any_text_has_places(text: str) -> None:
    locate(text).inside(("a",), 3, 5)


def toml(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def leaves(value: Any, path: KeyPath) -> list[tuple[KeyPath, Any]]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*path, key))]
    if isinstance(value, list):
        return [(path, value)] + [leaf for index, inner in enumerate(value) for leaf in leaves(inner, (*path, index))]
    return [(path, value)]
