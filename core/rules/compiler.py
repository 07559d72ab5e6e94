"""Turns the tree of a rule into conditions over one lexicon and one set of names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.errors import QueryError
from core.names.meaning import Names
from core.rules.conditions import (
    Absent,
    Condition,
    Enough,
    Every,
    Known,
    Named,
    Tagged,
    Tally,
    Within,
    Words,
    any_part,
)
from core.rules.known import FIELDS, fact, known
from core.rules.lexicon import Lexicon
from core.rules.nearness import Apart, Chain, Close
from core.rules.patterns import Sequence, cased, exact, sequences
from core.rules.refusals import refused
from core.rules.syntax import (
    And,
    AtLeast,
    Cased,
    Exact,
    Field,
    Name,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Place,
    Score,
    Term,
)

ZONES = {"title": frozenset({0}), "lead": frozenset({1}), "body": frozenset({2}), "text": frozenset({1, 2})}


@dataclass(slots=True)
class Compiler:
    """Compiles rules. `topics` are the trees that topic: can refer to."""

    lexicon: Lexicon
    names: Names
    topics: Mapping[str, Node] = field(default_factory=dict)
    _inside: tuple[str, ...] = ()

    def compile(self, node: Node) -> Condition:  # noqa: PLR0911  # one answer for each kind of node
        match node:
            case Term() | Phrase() | Exact() | Cased():
                return self._leaf(node)
            case Name(id_, at):
                return self._name(id_, at)
            case And(parts):
                return Every(tuple(self.beside(parts, index) for index in range(len(parts))))
            case Or(parts):
                return any_part(map(self.compile, parts))
            case Not(part):
                return Absent(self.compile(part))
            case Near():
                return self._near(node)
            case AtLeast(count, parts):
                return Enough(count, tuple(map(self.compile, parts)))
            case Score(threshold, items):
                return Tally(threshold, tuple((self.compile(item.part), item.weight, item.cap) for item in items))
            case Field(name, part, at):
                return self._field(name, part, at)

    def _leaf(self, node: Term | Phrase | Exact | Cased) -> Condition:
        match node:
            case Exact(part):
                return self._words(part.text, exact, node.at)
            case Cased(text):
                return self._words(text, cased, node.at)
            case Phrase(text, slop) if slop and len(text.split()) > 1:
                return Chain(tuple(self._words(word, sequences, node.at) for word in text.split()), slop)
            case _:
                return self._words(node.text, sequences, node.at)

    def _words(self, text: str, read: Callable[[str], frozenset[Sequence]], at: Place) -> Condition:
        try:
            found = read(text)
        except QueryError as wrong:
            raise wrong.put(*at) from None
        if not found:
            raise refused("holds no word", at, text=text)
        return Words((self.lexicon.leaf(found),), self.lexicon)

    def _name(self, id_: str, at: Place) -> Condition:
        self.names.require(id_, at)
        return Named(id_, self.names.leaves(id_), self.lexicon)

    def beside(self, parts: tuple[Node, ...], index: int) -> Condition:
        """A part of an AND; a bare word also counts in the one word that it makes with its neighbour (خامنه ای)."""
        pairs = (parts[max(index - 1, 0) : index + 1], parts[index : index + 2])
        compounds = tuple(self.lexicon.leaf(found) for pair in pairs if (found := _compounds(pair)))
        own = self.compile(parts[index])
        return any_part((own, Words(compounds, self.lexicon))) if compounds else own

    def _near(self, node: Near) -> Condition:
        """An AND beside a NEAR wants each of its parts near the other side."""
        match node:
            case Near(kind, And(parts), right, distance, at):
                return Every(tuple(self._near(Near(kind, part, right, distance, at)) for part in parts))
            case Near(kind, left, And(parts), distance, at) if kind != "NOTNEAR":
                return Every(tuple(self._near(Near(kind, left, part, distance, at)) for part in parts))
            case Near("NOTNEAR", left, right, distance):
                return Apart(self.compile(left), self.compile(right), distance)
        return Close(node.kind, self.compile(node.left), self.compile(node.right), node.distance)

    def _field(self, name: str, part: Node, at: Place) -> Condition:
        match name, part:
            case _, _ if name in ZONES:
                return Within(ZONES[name], self.compile(part))
            case _, Or(parts):
                return any_part(self._field(name, each, at) for each in parts)
            case "tag", Term() | Phrase():
                return Tagged(self.compile(part))
            case "name", Term(text) | Phrase(text):
                return self._name(text, part.at)
            case "topic", Term(text) | Phrase(text) if text in self.topics:
                return self._topic(text, part.at)
            case _, Term(text) | Phrase(text) if name in FIELDS:
                return Known(known(name, text, part.at), fact(name, text))
        raise refused("value", at, text=name)

    def _topic(self, id_: str, at: Place) -> Condition:
        if id_ in self._inside:
            raise refused("topic in a circle", at, text=id_)
        before, self._inside = self._inside, (*self._inside, id_)
        try:
            return self.compile(self.topics[id_])
        finally:
            self._inside = before


def _compounds(pair: tuple[Node, ...]) -> frozenset[Sequence]:
    """The single words that two bare words side by side make together."""
    match pair:
        case (Term(left), Term(right)):
            return frozenset(found for found in sequences(f"{left} {right}") if len(found) == 1)
    return frozenset()
