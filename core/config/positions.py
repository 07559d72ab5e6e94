"""Where each key and value of a TOML text stands, in lines and code points. Reads no values, judges nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

KeyPath = tuple[str | int, ...]  # ("sources", 3, "url"): tables by key, list entries by index

_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[ \t]*\r?\n\s*|.)", re.DOTALL)
_TERM = re.compile(
    r"""\s*(?:["'“«](?P<quoted>[^"'”»]{1,60})["'”»]|[\["'“«{(]*(?P<word>[^\s"'“”«»,،\[\](){}=#]{1,60}))"""
)


class Place(NamedTuple):
    """Line and column, both from 1, in code points."""

    line: int
    column: int


class Twice(NamedTuple):
    """A key or table that is defined a second time; [start, end) is the statement, in code points."""

    name: str
    place: Place
    first: Place
    start: int
    end: int


@dataclass(slots=True)
class Positions:
    """Places by key path. A path that is not in the text has the place of its nearest ancestor."""

    text: str
    keys: dict[KeyPath, Place] = field(default_factory=dict)
    values: dict[KeyPath, tuple[int, int]] = field(default_factory=dict)  # [start, end) in code points
    headers: list[Place] = field(default_factory=list)  # of [tables] and [[tables]], in order
    twice: list[Twice] = field(default_factory=list)

    def key(self, path: KeyPath) -> Place:
        """Where the key itself is written."""
        while path and path not in self.keys:
            path = path[:-1]
        return self.keys.get(path, Place(1, 1))

    def value(self, path: KeyPath) -> Place:
        """Where the value begins; the table's key for a table that has a header."""
        while path and path not in self.values and path not in self.keys:
            path = path[:-1]
        if path in self.values:
            return self.place(self.values[path][0])
        return self.keys.get(path, Place(1, 1))

    def inside(self, path: KeyPath, line: int, column: int) -> Place:
        """Where line and column of a text value stand in the file, escapes and multi-line texts included."""
        if path not in self.values:
            return self.value(path)
        start, end = self.values[path]
        raw = self.text[start:end]
        characters = list(_characters(raw))
        offset = start + (characters[0][1] if characters else 1)
        at_line, at_column = 1, 1
        for character, position in characters:
            offset = start + position
            if (at_line, at_column) >= (line, column):
                return self.place(offset)
            at_line, at_column = (at_line + 1, 1) if character == "\n" else (at_line, at_column + 1)
        return self.place(min(offset + 1, end - 1) if characters else offset)

    def place(self, offset: int) -> Place:
        """The place of a code point offset into the text."""
        before = self.text.rfind("\n", 0, offset)
        return Place(self.text.count("\n", 0, offset) + 1, offset - before)


def locate(text: str) -> Positions:
    """The places of everything in a TOML text; of a faulty text, as much as can be made out."""
    data = text.encode("utf-8", "replace")  # a lone surrogate becomes one "?": columns stay
    walk = _Walk(Positions(text), data)
    root = _parser().parse(data).root_node
    walk.statements(root, ())
    return walk.found


def term_at(text: str, line: int, column: int) -> str:
    """What a fault points at, to be shown alone: a short quoted text, else a word; "" where nothing stands."""
    lines = text.split("\n")
    rest = lines[line - 1][column - 1 :] if 0 < line <= len(lines) else ""
    found = _TERM.match(rest)
    return (found["quoted"] or found["word"] or "").strip() if found else ""


class _Walk:
    """One pass over the syntax tree."""

    def __init__(self, found: Positions, data: bytes) -> None:
        self.found = found
        self.data = data
        self.arrays: dict[KeyPath, int] = {}  # [[table]] → its last index
        self.headers: set[KeyPath] = set()
        self.lines = _line_starts(data)

    def statements(self, root: Node, base: KeyPath) -> None:
        for node in root.children:
            if node.type == "pair":
                self.pair(node, base)
            elif node.type in ("table", "table_array_element"):
                self.table(node)

    def table(self, node: Node) -> None:
        parts = self.parts(node.children[1]) if len(node.children) > 1 else []
        if not parts:
            return
        self.found.headers.append(self.place(node))
        path: KeyPath = ()
        for name, part in parts[:-1]:
            path = self.inner((*path, name))
            self.found.keys.setdefault(path, self.place(part))
        name, part = parts[-1]
        path = (*path, name)
        if node.type == "table_array_element":
            self.found.keys.setdefault(path, self.place(part))
            self.arrays[path] = self.arrays.get(path, -1) + 1
            path = (*path, self.arrays[path])
            self.found.keys[path] = self.place(node)
        elif path in self.headers:
            self.again("[" + ".".join(n for n, _ in parts) + "]", node, part, path)
            return
        else:
            self.headers.add(path)
            self.found.keys.setdefault(path, self.place(part))
        self.statements(node, path)

    def pair(self, node: Node, base: KeyPath) -> None:
        parts = self.parts(node.children[0]) if node.children else []
        if not parts:
            return
        path = base
        for name, part in parts[:-1]:
            path = (*path, name)
            self.found.keys.setdefault(path, self.place(part))
        name, part = parts[-1]
        path = (*path, name)
        if path in self.found.values:
            self.again(f'key "{name}"', node, part, path)
            return
        self.found.keys.setdefault(path, self.place(part))
        written = [child for child in node.children if child.type != "comment"]  # the line's own belongs to the pair
        if len(written) > 2:
            self.value(written[-1], path)

    def value(self, node: Node, path: KeyPath) -> None:
        self.found.values[path] = self.span(node)
        if node.type == "inline_table":
            self.statements(node, path)
        elif node.type == "array":
            entries = (child for child in node.named_children if child.type not in ("comment", "ERROR"))
            for index, child in enumerate(entries):
                self.value(child, (*path, index))

    def again(self, name: str, node: Node, part: Node, path: KeyPath) -> None:
        first = self.found.keys[path]
        self.found.twice.append(Twice(name, self.place(part), first, *self.span(node)))

    def inner(self, path: KeyPath) -> KeyPath:
        """The path into the last entry, where it is a list of tables."""
        return (*path, self.arrays[path]) if path in self.arrays else path

    def parts(self, node: Node) -> list[tuple[str, Node]]:
        if node.type == "dotted_key":
            return [part for child in node.named_children for part in self.parts(child)]
        if node.type not in ("bare_key", "quoted_key"):
            return []
        raw = (node.text or b"").decode("utf-8", "replace")
        name = "".join(character for character, _ in _characters(raw)) if node.type == "quoted_key" else raw
        return [(name, node)]

    def place(self, node: Node) -> Place:
        return Place(node.start_point[0] + 1, self.column(node.start_point[0], node.start_byte) + 1)

    def span(self, node: Node) -> tuple[int, int]:
        """[start, end) of a node in code points of the text."""
        (first, _), (last, _) = node.start_point, node.end_point
        start = self.lines[first][1] + self.column(first, node.start_byte)
        return start, self.lines[last][1] + self.column(last, node.end_byte)

    def column(self, row: int, byte: int) -> int:
        """Code points before a byte in its line."""
        return len(self.data[self.lines[row][0] : byte].decode("utf-8", "replace"))


def _line_starts(data: bytes) -> list[tuple[int, int]]:
    """Where each line starts, in bytes and in code points."""
    starts = [(0, 0)]
    for line in data.split(b"\n"):
        byte, character = starts[-1]
        starts.append((byte + len(line) + 1, character + len(line.decode("utf-8", "replace")) + 1))
    return starts


def _characters(raw: str) -> Iterator[tuple[str, int]]:
    """The characters of a quoted text, each with its offset into `raw`; an escape is what it stands for."""
    quote = raw[:3] if raw[:3] in ('"""', "'''") else raw[:1]
    position = len(quote)
    end = len(raw) - len(quote) if len(raw) >= 2 * len(quote) else len(raw)
    if len(quote) == 3:  # a line break right after the opening does not belong to the text
        position += 2 if raw.startswith("\r\n", position) else raw.startswith("\n", position)
    while position < end:
        escape = _ESCAPE.match(raw, position, end) if quote[:1] == '"' and raw[position] == "\\" else None
        if escape is None:
            yield raw[position], position
            position += 1
            continue
        character = _unescaped(escape[0])
        if character:
            yield character, position
        position = escape.end()


def _unescaped(escape: str) -> str:
    if escape[1] in "uU":
        number = int(escape[2:] or "0", 16)
        return chr(number) if number < 0x110000 else "�"
    if escape[1] in " \t\r\n":  # a line that continues: nothing stands for it
        return ""
    return {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}.get(escape[1], escape[1])


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_toml.language()))
