"""Rule text → syntax tree → rule text. Knows the grammar and its refusals; never looks at an article.

`parse(render(tree)) == tree` for every tree that `parse` can make. Words side by side mean AND.
"""

import re
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from core.errors import QueryError
from core.rules.grammar import FIELDS, GRAMMAR
from core.rules.refusals import refused
from core.rules.syntax import (
    And,
    AtLeast,
    Cased,
    Exact,
    Field,
    Name,
    Near,
    Nearness,
    Node,
    Not,
    Or,
    Phrase,
    Place,
    Score,
    Term,
    Weighted,
    depth,
    walk,
)

__all__ = ["Node", "parse", "render"]

LONGEST = 100_000  # code points of one rule
DEEPEST = 100  # nodes above one another
FARTHEST = 50  # words of a NEAR

_NUMBER = re.compile(r"/(\d+)")


def parse(text: str) -> Node:
    """The tree of a rule. Raises QueryError with the place of the first fault."""
    if len(text) > LONGEST:
        raise refused("length", length=len(text), most=LONGEST)
    _refuse_deep_brackets(text)
    try:
        tree: Node = _parser().parse(text)  # type: ignore[assignment]  # lark's stubs do not know the builder
    except UnexpectedInput as wrong:
        raise _refusal(text, wrong) from None
    if depth(tree) > DEEPEST:
        raise refused("depth", most=DEEPEST)
    _refuse_meaningless(tree)
    return tree


@cache
def _parser() -> Lark:
    """Building while parsing, so that depth costs no recursion."""
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", transformer=_Builder())


def _refuse_deep_brackets(text: str) -> None:
    level, line, start = 0, 1, 0
    for index, letter in enumerate(text):
        if letter == "\n":
            line, start = line + 1, index + 1
        level += (letter == "(") - (letter == ")")
        if level > DEEPEST:
            raise refused("brackets", (line, index - start + 1), most=DEEPEST)


def _place(token: Token) -> Place:
    return (token.line or 1, token.column or 1)


def _count(operator: str, default: int) -> int:
    number = _NUMBER.search(operator)
    return int(number.group(1)) if number else default


_NEARNESS: dict[str, Nearness] = {"NEAR": "NEAR", "ONEAR": "ONEAR", "NOTNEAR": "NOTNEAR", "SENT": "SENT"}


class _Builder(Transformer[Token, Node]):
    """Builds the tree from the leaves up, one method for each rule of the grammar."""

    def start(self, found: list[Node]) -> Node:
        return found[0]

    def or_(self, found: list[Node]) -> Node:
        return Or(tuple(found), at=found[0].at)

    def and_(self, found: list[Node]) -> Node:
        return And(tuple(found), at=found[0].at)

    def group(self, found: list[Node]) -> Node:
        return replace(found[0], grouped=True) if isinstance(found[0], And) else found[0]

    def negation(self, found: list[Node]) -> Node:
        return Not(found[0], at=found[0].at)

    def near_op(self, found: list[Token]) -> Token:
        return found[0]

    def near(self, found: list[Any]) -> Node:
        left: Node = found[0]
        for operator, right in zip(found[1::2], found[2::2], strict=True):
            distance = 0 if operator.type == "SENT" else _count(operator, 4)
            left = Near(_NEARNESS[operator.type], left, right, distance, at=_place(operator))
        return left

    def fielded(self, found: list[Any]) -> Node:
        return Field(found[0].rstrip(": \t\n"), found[1], at=_place(found[0]))

    def at_least(self, found: list[Any]) -> Node:
        return AtLeast(_count(found[0], 1), tuple(found[1:]), at=_place(found[0]))

    def score(self, found: list[Any]) -> Node:
        return Score(_count(found[0], 1), tuple(found[1:]), at=_place(found[0]))

    def weighted(self, found: list[Any]) -> Weighted:
        weight, _, cap = found[1][1:].partition("x")
        return Weighted(found[0], int(weight), int(cap or 3))

    def exact(self, found: list[Any]) -> Node:
        return Exact(found[0], at=found[0].at)

    def phrase(self, found: list[Token]) -> Node:
        quoted, _, slop = found[0].rpartition("~") if found[0][-1] not in '"»”' else (str(found[0]), "", "0")
        return Phrase(quoted[1:-1], int(slop), at=_place(found[0]))

    def cased(self, found: list[Token]) -> Node:
        return Cased(found[0][1:-1], at=_place(found[0]))

    def name(self, found: list[Token]) -> Node:
        return Name(found[0][1:], at=_place(found[0]))

    def term(self, found: list[Token]) -> Node:
        return Term(str(found[0]), at=_place(found[0]))


# --- refusals ----------------------------------------------------------------------------------------------------


def _refusal(text: str, wrong: UnexpectedInput) -> QueryError:
    if isinstance(wrong, UnexpectedEOF) or (isinstance(wrong, UnexpectedToken) and wrong.token.type == "$END"):
        return refused(_at_the_end(text), (text.count("\n") + 1, len(text) - text.rfind("\n")))
    at = (max(wrong.line, 1), max(wrong.column, 1))
    if isinstance(wrong, UnexpectedCharacters):
        return _unreadable(text, wrong.pos_in_stream or 0, at)
    return refused("misplaced", at, text=str(getattr(wrong, "token", ""))[:40])


def _at_the_end(text: str) -> str:
    """The code of what is missing."""
    if not text.strip():
        return "empty"
    if text.count("(") > text.count(")"):
        return "bracket"
    return "unfinished"


def _unreadable(text: str, position: int, at: Place) -> QueryError:
    letter = text[position]
    if letter in '"«“':
        return refused("unclosed", at, text=letter)
    if letter == ":":
        before = re.search(r"\w+$", text[:position].rstrip())
        word = before.group() if before else ""
        near = get_close_matches(word, FIELDS, 1)
        return refused("field", at, f"{near[0]}:" if near else None, text=word)
    if letter == "/":
        return refused("number", at)
    return refused("letter", at, text=letter)


def _refuse_meaningless(tree: Node) -> None:
    for node in walk(tree):
        match node:
            case Near(kind, left, right, distance, at):
                if distance > FARTHEST:
                    raise refused("distance", at, text=f"{kind}/{distance}", most=FARTHEST)
                if any(isinstance(part, Not) for side in (left, right) for part in walk(side)):
                    raise refused("not inside near", at, "NOTNEAR", text=kind)
            case AtLeast(count, parts, at):
                if not 1 <= count <= len(parts):
                    raise refused("at least", at, count=count, parts=len(parts))
            case Phrase(_, slop, at) if slop > FARTHEST:
                raise refused("distance", at, text=f"~{slop}", most=FARTHEST)
            case Phrase(text, _, at) if not re.search(r"[^\W_]", text):
                raise refused("no word in phrase", at)
            case Cased(text, at) if not re.search(r"[^\W_]", text):
                raise refused("no word in braces", at)
            case Term(text, at) if not re.search(r"[^\W_]", text):
                raise refused("no word", at, text=text)
            case _:
                pass
    if is_negative(tree):
        raise refused("negative", tree.at)


def is_negative(node: Node) -> bool:  # noqa: PLR0911  # one answer for each kind of node
    """Whether the node can be true of an article that has none of its words."""
    match node:
        case Not(part):
            return not is_negative(part)
        case And(parts):
            return all(map(is_negative, parts))
        case Or(parts):
            return any(map(is_negative, parts))
        case Field(_, part):
            return is_negative(part)
        case AtLeast(count, parts):
            return sum(map(is_negative, parts)) >= count
        case Score(threshold, _):
            return threshold <= 0
        case _:
            return False


# --- back to text ------------------------------------------------------------------------------------------------

_OR, _AND, _NOT, _NEAR, _UNIT = range(5)  # how tightly a node binds


def render(node: Node) -> str:
    """The rule's text in its plainest form: `parse(render(node)) == node`."""
    return _render(node, _OR)


def _render(node: Node, binding: int) -> str:
    own, text = _bare(node)
    return f"({text})" if own < binding else text


def _bare(node: Node) -> tuple[int, str]:  # noqa: PLR0911  # one answer for each kind of node
    match node:
        case Or(parts):
            return _OR, " OR ".join(_render(part, _AND) for part in parts)
        case And(parts):
            return _AND, " AND ".join(_render(part, _NOT) for part in parts)
        case Not(part):
            return _NOT, f"NOT {_render(part, _NOT)}"
        case Near(kind, left, right, distance):
            operator = kind if kind == "SENT" else f"{kind}/{distance}"
            return _NEAR, f"{_render(left, _NEAR)} {operator} {_render(right, _UNIT)}"
        case Field(name, part):
            return _UNIT, f"{name}:{_render(part, _UNIT)}"
        case AtLeast(count, parts):
            return _UNIT, f"ATLEAST/{count}({', '.join(_render(part, _OR) for part in parts)})"
        case Score(threshold, items):
            return _UNIT, f"SCORE/{threshold}({', '.join(map(_weighted, items))})"
        case _:
            return _UNIT, _leaf(node)


def _weighted(item: Weighted) -> str:
    return f"{_render(item.part, _OR)}^{item.weight}x{item.cap}"


def _leaf(node: Node) -> str:
    match node:
        case Exact(part):
            return f"={_leaf(part)}"
        case Phrase(text, slop):
            opening, closing = next(pair for pair in ('""', "«»", "“”") if pair[1] not in text and pair[0] not in text)
            return f"{opening}{text}{closing}" + (f"~{slop}" if slop else "")
        case Cased(text):
            return f"{{{text}}}"
        case Name(id_):
            return f"@{id_}"
        case Term(text):
            return text
    raise AssertionError(f"{type(node).__name__} is no leaf")
