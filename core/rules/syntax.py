"""The syntax tree of a rule. Frozen values that know their shape and nothing of texts or of matching."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Place = tuple[int, int]
"""Line and column of a node in the rule's text, both from 1. Two trees are equal wherever they stand."""

START: Place = (1, 1)


@dataclass(frozen=True, slots=True)
class Term:
    """One word as typed; `*` and `?` stand for letters."""

    text: str
    at: Place = field(default=START, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order, at most `slop` others between them."""

    text: str
    slop: int = 0
    at: Place = field(default=START, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Exact:
    """A term or phrase that counts only in this very spelling, small or capital."""

    part: "Term | Phrase"
    at: Place = field(default=START, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Cased:
    """A text that counts only in this very spelling, capitals included."""

    text: str
    at: Place = field(default=START, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A name set of the configuration."""

    id: str
    at: Place = field(default=START, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"
    at: Place = field(default=START, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class And:
    """All parts. Grouped: it stood in brackets, which changes nothing but what is worth a warning."""

    parts: tuple["Node", ...]
    at: Place = field(default=START, compare=False, repr=False)
    grouped: bool = field(default=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Node", ...]
    at: Place = field(default=START, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Field:
    """A part looked for in one field only."""

    name: str
    part: "Node"
    at: Place = field(default=START, compare=False, repr=False)


Nearness = Literal["NEAR", "ONEAR", "NOTNEAR", "SENT"]


@dataclass(frozen=True, slots=True)
class Near:
    """left within `distance` words of right (ONEAR: before it; SENT: in one sentence; NOTNEAR: nowhere near it)."""

    kind: Nearness
    left: "Node"
    right: "Node"
    distance: int = 4
    at: Place = field(default=START, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` of the parts."""

    count: int
    parts: tuple["Node", ...]
    at: Place = field(default=START, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Weighted:
    """A part that adds `weight` for each of its hits, of which at most `cap` count."""

    part: "Node"
    weight: int
    cap: int = 3


@dataclass(frozen=True, slots=True)
class Score:
    """The weighted hits of the items sum to `threshold` or more."""

    threshold: int
    items: tuple[Weighted, ...]
    at: Place = field(default=START, compare=False, repr=False)


Node = Term | Phrase | Exact | Cased | Name | Not | And | Or | Field | Near | AtLeast | Score


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node, in the order of the text."""
    match node:
        case And(parts) | Or(parts) | AtLeast(_, parts):
            return parts
        case Not(part) | Exact(part) | Field(_, part):
            return (part,)
        case Near(_, left, right):
            return (left, right)
        case Score(_, items):
            return tuple(item.part for item in items)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in the order of the text; however deep, it never recurses."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children(current)))


def depth(node: Node) -> int:
    """How many nodes stand above one another at the deepest place."""
    deepest, waiting = 0, [(node, 1)]
    while waiting:
        current, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((part, level + 1) for part in children(current))
    return deepest
