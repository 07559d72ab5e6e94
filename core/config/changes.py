"""What differs between two config files, as lines that an operator reads. Pure; compares values, never their order.

topic qaani: match was "@qaani", is "@qaani OR @sadr"
name qaani: forms + "Ghaani", − "Kani"
source press-tv added
collect.every was "10m", is "5m"
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

_TABLES = {"names": "name", "topics": "topic"}  # tables of tables: what one entry is called
_LONGEST = 160  # code points of a value that is shown


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The differences of two files' values (as TOML gives them), topics first; empty when both say the same."""
    lines: list[str] = []
    for section in ("topics", "names"):
        lines += _entries(_TABLES[section], before.get(section, {}), after.get(section, {}))
    lines += _entries("source", _by_id(before), _by_id(after))
    for section in sorted({*before, *after} - {*_TABLES, "sources"}):
        old, new = before.get(section, {}), after.get(section, {})
        lines += [f"{section}.{each}" for each in _keys(old, new)]
    return lines


def _by_id(values: Mapping[str, Any]) -> dict[str, Any]:
    return {source["id"]: source for source in values.get("sources", ())}


def _entries(called: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{called} {key} added" for key in after if key not in before)
    yield from (f"{called} {key} removed" for key in before if key not in after)
    for key in after:
        if key in before:
            yield from (f"{called} {key}: {each}" for each in _keys(before[key], after[key]))


def _keys(before: Mapping[str, Any], after: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _keys(old, new, f"{path}{key}.")
        elif isinstance(old, list) and isinstance(new, list):
            yield f"{path}{key}{_listed(old, new)}"
        else:
            yield f"{path}{key} was {_shown(old)}, is {_shown(new)}"


def _listed(old: list[Any], new: list[Any]) -> str:
    """What a list gained and lost; the same values in another order change nothing but their order."""
    gained, lost = ([each for each in one if each not in other] for one, other in ((new, old), (old, new)))
    marks = [f"+ {_shown(each)}" for each in gained] + [f"− {_shown(each)}" for each in lost]
    return f" {', '.join(marks)}" if marks else ": in another order"


def _shown(value: Any) -> str:
    if value is None:
        return "not set"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
