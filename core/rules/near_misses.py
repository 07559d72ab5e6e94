"""Which one condition keeps a rule from being true of an article that fulfils the others. Decides nothing else.

Of an AND with three parts or more two and more are there and one is not; of ATLEAST/k one is missing; both sides of a
NEAR are there, too far apart. An OR is missed where one of its parts is.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from core.model import NameSet, Readable, Span
from core.names.meaning import Names
from core.rules.compiler import Compiler
from core.rules.conditions import Condition, Enough, Reading
from core.rules.lexicon import Lexicon, Mention
from core.rules.query import parse, render
from core.rules.syntax import And, AtLeast, Near, Node, Not, Or

FEWEST = 3  # parts of an AND: of two, one would be there


class Miss(NamedTuple):
    """The condition that is not fulfilled, as a rule, and the words that fulfil the others."""

    lacking: str
    spans: tuple[Span, ...]


class _Watch(NamedTuple):
    there: tuple[Condition, ...]
    lacking: Condition
    said: str


class NearMisses:
    """A rule ready to be asked. Raises QueryError like core.rules.match.compile_query."""

    def __init__(self, rule: str, names: Mapping[str, NameSet]) -> None:
        self._lexicon = Lexicon()
        self._names = Names(names, self._lexicon)
        self._compiler = Compiler(self._lexicon, self._names)
        tree = parse(rule)
        self._rule = self._compiler.compile(tree)
        self._watches = tuple(self._watched(tree))

    def of(self, readable: Readable) -> Miss | None:
        """None where the rule is true, and where more than one condition is missing."""
        document = self._lexicon.read(readable)
        reading = Reading(document, self._names.sightings(document))
        if self._rule.find(reading) is not None:
            return None
        for watch in self._watches:
            found = [part.find(reading) for part in watch.there]
            words: list[Mention] = [mention for each in found if each for mention in each]
            if words and None not in found and watch.lacking.find(reading) is None:
                return Miss(watch.said, document.spans(words))
        return None

    def _watched(self, node: Node) -> Iterator[_Watch]:
        compiled = self._compiler.compile
        match node:
            case Or(parts):
                for part in parts:
                    yield from self._watched(part)
            case And(parts) if len(parts) >= FEWEST:
                every = [self._compiler.beside(parts, place) for place in range(len(parts))]
                for place, part in enumerate(parts):
                    if not isinstance(part, Not):
                        yield _Watch((*every[:place], *every[place + 1 :]), every[place], render(part))
            case AtLeast(count, parts) if count >= FEWEST - 1:
                yield _Watch((Enough(count - 1, tuple(map(compiled, parts))),), compiled(node), render(node))
            case Near(kind, left, right) if kind != "NOTNEAR":
                yield _Watch((compiled(left), compiled(right)), compiled(node), render(node))
            case _:
                pass
