"""TOML text → values, with every fault of its writing named, not just the first. Knows nothing of what the keys mean.

A faulty text is mended as far as one can guess (a curly quote becomes a straight one, a broken statement is
blanked), so that reading goes on and all faults are told at once. Mended text is only looked at, never used.
"""

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.config.positions import Positions, locate
from core.errors import Fault

MOST_FAULTS = 50
_LONGEST_LINE = 100_000  # tomllib needs the square of a key's parts
_PATIENCE = 5_000_000  # code points that are read again and again in a faulty text before it is given up

_QUOTES = "“”„‟″＂«»‘’‚‛′"
_PIECE = re.compile(
    rf"""
    (?P<comment>\#[^\n]*)
    | (?P<long>(?:\"\"\"(?:\\.|[^\\])*?|'''.*?)(?P<long_end>\"{{3,5}}|'{{3,5}}|\Z))
    | (?P<short>"(?:\\[^\n]|[^\\"\n])*(?P<basic_end>"?)|'[^'\n]*(?P<literal_end>'?))
    | (?P<curly>[{_QUOTES}](?P<inner>(?:[^\n{_QUOTES}"]|['‘’′](?=\w))*)(?P<curly_end>[{_QUOTES}"]?))
    | (?P<comma>[،﹐，、])
    | (?P<digits>[٠-٩۰-۹]+)
    | (?P<space>[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+)
    | (?P<hidden>[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\u00ad\ufeff]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_LONG_START = re.compile(r"\"\"\"|'''")
_STATEMENT = r"""[ \t]*(?:\[{1,2}[ \t]*[\w."'-]+[ \t]*\]|[\w."'-]+[ \t]*=)"""
_NEXT_STATEMENT = re.compile(rf"\n(?={_STATEMENT})")
_SWALLOWED = re.compile(r"""\n(?=[ \t]*(?:\[{1,2}[\w.-]+\]{1,2}[ \t\r]*\n|[\w-]+[ \t]*=[ \t]*["'\[{\dtf]))""")
_TWO_QUOTES = re.compile(
    r"""^[ \t]*[\w.-]+[ \t]*=[ \t]*(""|'')[ \t]*\n(?![ \t]*(?:\r?\n|\#|\[|[\w."'-]+[ \t]*=))""", re.MULTILINE
)
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


_LOOKALIKES = {
    "curly": 'a curly quote {first}: write a straight quote "',
    "comma": "a comma {first} that is not the plain one: write ,",
    "digits": "numbers are written with the digits 0-9: {plain}",
    "space": "a no-break or special space ({code}): write a plain space",
    "hidden": "an invisible character ({code}): delete it",
}
_COMPLAINTS = {  # how tomllib's sentences begin → what to say instead
    "Invalid value": "a value is missing or cannot be read",
    "Unescaped": "a backslash inside \"…\": write \\\\, or put the text in '…'",
    "Unclosed array": "a comma or the closing ] of the list is missing here",
    "Expected newline": "something stands after the value: begin a new line",
    "Expected '='": "= and a value are missing after this key",
    "Invalid initial": "a key is expected here: letters a-z, digits, - and _",
    "Invalid statement": "a key is expected here: letters a-z, digits, - and _",
    "Cannot": "this key or table is defined twice, or as two different things",
    "Found invalid": "a control character that a config file cannot hold; lines end with \\n or \\r\\n",
    "Illegal character": "a control character that a config file cannot hold",
}


@dataclass(slots=True)
class Reading:
    """What could be read. `values` is None when the text is too broken to say anything about its keys."""

    values: dict[str, Any] | None
    positions: Positions
    faults: list[Fault] = field(default_factory=list)
    damaged: set[int] = field(default_factory=set)  # lines about which nothing more should be said


def decode(data: bytes) -> str | Fault:
    """The text of a config file's bytes, or why it cannot be one."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:200]:
        return Fault(1, 1, "the file is written in UTF-16: save it as UTF-8")
    if data.startswith(b"\xef\xbb\xbf"):
        return Fault(1, 1, "the file begins with a byte order mark: save it as UTF-8 without BOM")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        return _fault(before, len(before), "the file is not UTF-8 here: save it as UTF-8")


class _Problem(NamedTuple):
    at: int  # code points from the start
    message: str
    start: int
    end: int
    mended: str
    guess: bool = False  # whether what was meant is less than certain


def read(text: str) -> Reading:
    """Read a TOML text. Never raises; without faults, `values` is exactly what it says."""
    long = next((n for n, line in enumerate(text.split("\n"), start=1) if len(line) > _LONGEST_LINE), None)
    if long:
        return Reading(None, Positions(text), [Fault(long, 1, f"the line is longer than {_LONGEST_LINE:,} characters")])
    mended, faults, damaged = _mend(text)
    reading = Reading(None, locate(mended), faults, damaged)
    for _ in range(max(3, min(MOST_FAULTS, _PATIENCE // (len(text) + 1)))):
        mended = _without_repetitions(reading, mended)
        try:
            reading.values = tomllib.loads(mended)
            break
        except RecursionError:
            reading.faults.append(Fault(1, 1, "lists or tables are nested too deeply"))
            break
        except ValueError as error:  # TOMLDecodeError, and int() of thousands of digits
            rest = _without_statement(reading, mended, str(error))
            if rest is None:
                break
            mended = rest
            reading.positions = locate(mended)
    reading.faults = sorted((_within(text, fault) for fault in reading.faults), key=lambda f: (f.line, f.column))
    return reading


def _within(text: str, fault: Fault) -> Fault:
    """The fault inside the text as it was: what was mended may be longer."""
    lines = text.split("\n")
    line = min(fault.line, len(lines))
    return Fault(line, min(fault.column, len(lines[line - 1]) + 1), fault.message)


# --- what people type by accident ----------------------------------------------------------------------------


def _mend(text: str) -> tuple[str, list[Fault], set[int]]:
    """The text with look-alike characters replaced one for one and open quotes closed; the faults; guessed lines."""
    faults: list[Fault] = []
    damaged: set[int] = set()
    open_long = _open_long(text)
    if open_long:
        faults.append(_fault(text, open_long.at, open_long.message))
        damaged.add(faults[-1].line)
        text = text[: open_long.start] + open_long.mended + text[open_long.end :]
    pieces: list[str] = []
    done = 0
    for found in _PIECE.finditer(text):
        problem = _problem(found) if len(faults) < MOST_FAULTS else None
        if problem:
            faults.append(_fault(text, problem.at, problem.message))
            damaged |= {faults[-1].line} if problem.guess else set()
            pieces += (text[done : problem.start], problem.mended)
            done = problem.end
    return "".join(pieces) + text[done:], faults, damaged


def _fault(text: str, offset: int, message: str) -> Fault:
    return Fault(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset), message)


def _problem(found: re.Match[str]) -> _Problem | None:
    """What is wrong with a piece of the text; nothing is with comments and texts that are closed."""
    kind, piece = found.lastgroup or "", found[0]
    if kind == "short":
        return _open_short(found)
    if kind not in _LOOKALIKES:
        return None
    plain = {"curly": _straight(found), "comma": ",", "digits": piece.translate(_DIGITS)}.get(kind, " " * len(piece))
    message = _LOOKALIKES[kind].format(first=piece[0], plain=plain, code=f"U+{ord(piece[0]):04X}")
    guess = kind == "curly" and not found["curly_end"]
    return _Problem(found.start(), message, *found.span(), plain, guess)


def _open_long(text: str) -> _Problem | None:
    """A text in three quotes that never ends. To blame is the first one that holds what looks like statements."""
    longs = [found for found in _PIECE.finditer(text) if found.lastgroup == "long"]
    if not longs or longs[-1]["long_end"]:
        return None
    short = _TWO_QUOTES.search(text)
    if short:
        message = f"a quote is missing: a text of several lines begins with {short[1]}{short[1][0]}"
        return _Problem(short.start(1), message, short.end(1), short.end(1), short[1][0])
    for found in longs:
        swallowed = _SWALLOWED.search(found[0])
        if swallowed or found is longs[-1]:
            quote, start = found[0][:3], found.start()
            stop = start + swallowed.start() if swallowed else found.end()
            message = f"a quote is missing: the text that opens here with {quote} is not closed"
            return _Problem(start, message, stop, stop, quote)
    return None


def _open_short(found: re.Match[str]) -> _Problem | None:
    """A text whose quote is missing on its line, or which a curly quote closes."""
    piece, (start, end) = found[0], found.span()
    if found["basic_end"] or found["literal_end"]:
        return None
    curly = re.search(f"[{_QUOTES}]", piece)
    if curly:
        message = f"a curly quote {curly[0]} closes the text: write a straight quote {piece[0]}"
        mended = piece[: curly.start()] + piece[0] + piece[curly.end() :]
        return _Problem(start + curly.start(), message, start, end, mended)
    message = "a quote is missing: the text that opens here is not closed on this line"
    return _Problem(start, message, start, end, _closed(piece), guess=True)


def _straight(found: re.Match[str]) -> str:
    piece = '"' + (found["inner"] or "").replace("\\", "/")
    return piece + '"' if found["curly_end"] else _closed(piece)


def _closed(piece: str) -> str:
    """An open text with its quote put where it was probably meant: before the list's end or a comment."""
    body = piece.split(" #", maxsplit=1)[0].rstrip(" \t\r]},\\")
    return body + piece[0] + piece[len(body) :].replace("\\", " ")


# --- what else is not TOML -----------------------------------------------------------------------------------


def _without_repetitions(reading: Reading, text: str) -> str:
    """The text with every second definition blanked, and a fault for each."""
    pieces: list[str] = []
    done = 0
    for name, place, first, start, end in reading.positions.twice:
        if place.line not in reading.damaged and len(reading.faults) < MOST_FAULTS:
            reading.faults.append(Fault(*place, f"{name} is defined twice, first in line {first.line}"))
        reading.damaged.add(place.line)
        if start >= done:
            pieces += (text[done:start], _blank(text[start:end]))
            done = end
    reading.positions.twice.clear()
    return "".join(pieces) + text[done:]


def _without_statement(reading: Reading, text: str, complaint: str) -> str | None:
    """The text without the statement that tomllib refused; None where a table's header was it."""
    offset, message = _named(text, complaint)
    fault = _fault(text, offset, message)
    if fault.line not in reading.damaged:
        reading.faults.append(fault)
    start, end = _statement(text, offset)
    reading.damaged.update(range(text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 2))
    blank = text[:start] + _blank(text[start:end]) + text[end:]
    return None if blank == text or text[start:end].lstrip().startswith("[") else blank


def _statement(text: str, offset: int) -> tuple[int, int]:
    """The statement around an offset: from the line that begins one to before the next that does."""
    start = 0
    for found in re.finditer(rf"^{_STATEMENT}", text[: _line_end(text, offset)], re.MULTILINE):
        start = found.start()
    line_start = text.rfind("\n", 0, offset) + 1
    if not text[start:line_start].strip():
        start = line_start
    following = _NEXT_STATEMENT.search(text, offset)
    return start, following.start() if following else len(text)


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _named(text: str, complaint: str) -> tuple[int, str]:
    """Where tomllib stopped and a sentence that helps; its own sentence where we know no better."""
    position = _POSITION.search(complaint)
    complaint = _POSITION.sub("", complaint)
    offset = len(text.rstrip())
    if position and position[1]:
        # tomllib reads \r\n as \n: on a line of its own that never matters
        lines = text.split("\n")[: int(position[1]) - 1]
        offset = min(sum(map(len, lines)) + len(lines) + int(position[2]) - 1, len(text))
    elif "digits" in complaint:  # int() says no place
        long_number = re.search(r"\d{4300}", text)
        return (long_number.start() if long_number else 0), "the number is too long"
    return _explained(text, offset, complaint)


def _explained(text: str, offset: int, complaint: str) -> tuple[int, str]:
    """The place and the sentence for what tomllib complains of at `offset`."""
    start, word = _value_at(text, offset)
    if word and not complaint.startswith("Cannot"):
        if word.lower() in ("true", "false"):
            return start, f"{word}: write {word.lower()} in small letters"
        if re.match(r"\d{4}-\d", word):
            return start, f"{word} is no date of the calendar"
        return start, f'text stands in quotes: write "{word}"'
    if complaint.startswith("Unclosed array"):
        offset = len(text[:offset].rstrip())
    elif complaint.startswith("Unescaped"):
        offset = max(text.rfind("\\", 0, offset), 0)
    known = next((said for begin, said in _COMPLAINTS.items() if complaint.startswith(begin)), None)
    return offset, known or complaint[:1].lower() + complaint[1:]


def _value_at(text: str, offset: int) -> tuple[int, str]:
    """The bare word around `offset` and its start, where a value could stand; else no word."""
    start = line_start = text.rfind("\n", 0, offset) + 1
    for edge in re.finditer(r"[\s=\[{,]", text[line_start:offset]):
        start = line_start + edge.end()
    word = re.compile(r"[\w@/.:+-]*(?![^\s,\]}#])").match(text, start)
    is_value = "=" in text[line_start:start] and text[:start].rstrip()[-1:] in "=[,"
    return (start, word[0]) if word and is_value else (offset, "")
