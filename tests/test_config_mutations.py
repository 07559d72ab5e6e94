"""Two hundred things that happen to a config file: each is told at its line and by its name, or changes nothing."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from core.errors import ConfigError
from settings import MOST_BYTES, load

# The shipped file's settings whole, and a name, a topic and a source as they stand in it.
SHIPPED = (Path(__file__).parent.parent / "config.toml").read_text("utf-8")
TEXT = (
    SHIPPED[: SHIPPED.index("# --- names")]
    + """\
[names.qaani]
title = { en = "Esmail Qaani", ar = "إسماعيل قاآني", fa = "اسماعیل قاآنی" }
forms = ["Qaani", "قاآنی"]
weak = [{ text = "Ghani", until = 2026-05-14 }]
context = ["القدس"]

[topics.qaani]
title = { en = "Esmail Qaani", ar = "إسماعيل قاآني", fa = "اسماعیل قاآنی" }
match = "@qaani NEAR/10 (بغداد OR Baghdad)"
level = { breaking = "title:@qaani" }

[[sources]]
id = "alpha"
name = "وكالة ألف"
kind = "feed"
url = "https://alpha.example/rss"
every = "30m"
full_text = true
"""
)
LINES = TEXT.split("\n")
SETTING = re.compile(r"([a-z_]+) = (.+?)( *#.*)?$")
OTHER_KINDS = ("nan", "-1", "[[]]", "{ x = 1 }", "1979-05-27T07:32:00Z")


class Mutation(NamedTuple):
    """What became of the file; `line` is where the fault must be told, None anywhere."""

    what: str
    data: bytes
    line: int | None


def settings() -> Iterator[tuple[int, str, str, str]]:
    """Every line `key = value`: its number from 1, key, value, and the comment behind it."""
    for number, line in enumerate(LINES, start=1):
        if found := SETTING.fullmatch(line):
            yield number, found[1], found[2], found[3] or ""


def instead(number: int, *lines: str) -> bytes:
    """The file with other lines in the place of one."""
    return "\n".join([*LINES[: number - 1], *lines, *LINES[number:]]).encode()


def mutations() -> Iterator[Mutation]:
    """All of them, always the same."""
    for index, (number, key, value, comment) in enumerate(settings()):
        here = f"{number} {key}"
        yield Mutation(f"{here}: another kind", instead(number, f"{key} = {OTHER_KINDS[index % 5]}{comment}"), number)
        yield Mutation(f"{here}: nothing", instead(number, f"{key} ={comment}"), number)
        yield Mutation(f"{here}: twice", instead(number, LINES[number - 1], f"{key} = {value}"), number + 1)
        yield Mutation(f"{here}: misspelt", instead(number, f"{key}x = {value}{comment}"), number)
        yield Mutation(f"{here}: no =", instead(number, f"{key} {value}{comment}"), number)
        yield Mutation(f"{here}: Arabic comma", instead(number, f"{key} = {value}،{comment}"), number)
        if value.endswith('"'):
            yield Mutation(f"{here}: a quote lost", instead(number, f"{key} = {value[:-1]}{comment}"), number)
            yield Mutation(f"{here}: curly", instead(number, f"{key} = “{value.strip(chr(34))}”{comment}"), number)
    for at in range(97, len(TEXT.encode()), len(TEXT.encode()) // 30):
        yield Mutation(f"cut after {at} bytes", TEXT.encode()[:at], None)
    yield Mutation("empty", b"", 1)
    yield Mutation("only spaces", b" \n\t\n", 1)
    yield Mutation("a byte order mark", b"\xef\xbb\xbf" + TEXT.encode(), 1)
    yield Mutation("UTF-16", TEXT.encode("utf-16"), 1)
    yield Mutation("cp1256", TEXT.encode("cp1256", "replace"), None)
    yield Mutation("50 MB", TEXT.encode() * (50 * 2**20 // len(TEXT.encode())), 1)
    yield Mutation("ten times", TEXT.encode() * 10, None)
    yield Mutation("line ends of Windows", TEXT.replace("\n", "\r\n").encode(), None)
    yield Mutation("line ends of old", TEXT.replace("\n", "\r").encode(), None)
    yield Mutation("nested", TEXT.encode() + b"x = " + b"[" * 5000, None)
    yield Mutation("NUL", TEXT.encode() + b"\x00", len(LINES))


EVERY = list(mutations())


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """Every key of a file with its value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
    else:
        yield f"{path} = {value}"


def test_there_are_two_hundred_of_them() -> None:
    assert len({each.data for each in EVERY}) >= 200


@pytest.mark.parametrize("mutation", EVERY, ids=lambda each: each.what)
def test_each_is_told_precisely_or_is_right(mutation: Mutation, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(mutation.data)
    try:
        load(file)
    except ConfigError as error:
        faults = error.faults
    else:
        whole = tomllib.loads(mutation.data.decode())
        assert mutation.line is None, "it is wrong, and was taken"
        assert set(leaves(whole)) <= set(leaves(tomllib.loads(TEXT))), "nothing but what was left of it"
        return
    lines = mutation.data.decode("utf-8", "replace").split("\n")
    for fault in faults:
        assert 1 <= fault.line <= len(lines)
        assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1
        assert not re.search(r"(?i)invalid|pydantic|toml\b|traceback", fault.message), fault
    assert mutation.line is None or mutation.line in {fault.line for fault in faults}, faults
    if len(mutation.data) <= MOST_BYTES and mutation.line is not None and mutation.line > 1:
        assert len(faults) <= 3, "one slip is not told as many faults"
