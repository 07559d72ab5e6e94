"""Names and rules × article → hits with spans. The one engine of live alerts, search, backtest and highlights.

`compile_rules` and `compile_query` build a RuleSet aside; it is immutable for its users and may be swapped whole.
"""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass

from core.errors import QueryError
from core.model import LEVELS, Level, Matches, NameHit, NameSet, Readable, Span, Topic, TopicHit
from core.names.meaning import Names, references, require
from core.rules.candidates import Candidate, any_of
from core.rules.compiler import Compiler
from core.rules.conditions import Condition, Cost, Found, Reading, Words
from core.rules.known import FIELDS
from core.rules.lexicon import Document, Lexicon
from core.rules.query import parse
from core.rules.syntax import Cased, Exact, Field, Name, Node, Phrase, Place, Term, children, walk

__all__ = ["GRAVE", "QUERY", "RuleSet", "candidates", "compile_query", "compile_rules", "names_in"]

QUERY = "query"
"""The topic of a rule set that was compiled from a search."""

GRAVE = "grave"
"""The name set of words that make news of somebody grave: killed, arrested."""

_LEVELS = LEVELS[::-1]  # in the order in which they win


@dataclass(frozen=True, slots=True)
class _Rule:
    """A topic ready to be tried."""

    id: str
    condition: Condition
    level: Level
    levels: tuple[tuple[Level, Condition], ...]


class RuleSet:
    """Compiled names and topics."""

    def __init__(
        self,
        names: Mapping[str, NameSet],
        topics: Mapping[str, Topic],
        trees: Mapping[str, Mapping[str, Node]],
        frequencies: Mapping[str, int] | None = None,
    ) -> None:
        self.names = names
        self.topics = topics
        self._lexicon = Lexicon()
        self._names = Names(names, self._lexicon)
        compiler = Compiler(self._lexicon, self._names, {id_: found["match"] for id_, found in trees.items()})
        self._rules = [_rule(topic, trees[id_], compiler) for id_, topic in topics.items()]
        self._asks_topics = any(
            "topic" in rule for topic in topics.values() for rule in (topic.match, *topic.levels.values())
        )
        trees_ = [tree for found in trees.values() for tree in found.values()]
        self._titles_decide = bool(trees_) and not names and all(map(_asks_titles_only, trees_))
        self._lexicon.seal()
        self._spoken = _by_word(self._rules)
        self._spoken_level = _only_level(self._rules)
        self._anchored, self._unanchored = _by_anchor(self._rules, self._lexicon.cost(frequencies or {}))

    def knowing(self, frequencies: Mapping[str, int]) -> "RuleSet":
        """The same rules for an archive whose words are so frequent; nothing is compiled again."""
        known = copy(self)
        known._anchored, known._unanchored = _by_anchor(self._rules, self._lexicon.cost(frequencies))
        return known

    def match(self, readable: Readable) -> Matches:
        """Who is named and which topics are met. Deterministic: the same article always gives the same answer."""
        document = self._lexicon.read(readable)
        sightings = self._names.sightings(document)
        hits = self._spoken_hits(document)
        reading = Reading(document, sightings)
        for place in self._possible(document):
            if hit := _topic_hit(self._rules[place], reading):
                hits[place] = hit
        named = [(id_, sightings.of(id_)) for id_ in self._names.possible(document)]
        return Matches(
            names=tuple(NameHit(id_, document.spans(seen.sure)) for id_, seen in named if seen.sure),
            topics=tuple(map(hits.__getitem__, sorted(hits))),  # in the order of the configuration
            ambiguous=tuple(NameHit(id_, document.spans(seen.ambiguous)) for id_, seen in named if seen.ambiguous),
        )

    def level(self, readable: Readable) -> Level | None:
        """The highest level of the topics that are met, None when none is: what `match` says, without the spans."""
        if self._spoken_level and not all(map(self._spoken.keys().isdisjoint, self._lexicon.glances(readable))):
            return self._spoken_level
        document = self._lexicon.read(readable)
        met = {self._rules[place].level for leaf in document.hits for place in self._spoken.get(leaf, ())}
        if possible := self._possible(document):
            reading = Reading(document, self._names.sightings(document))
            met.update(level for place in possible if (level := _level(self._rules[place], reading)))
        return max(met, key=LEVELS.index, default=None)

    def _spoken_hits(self, document: Document) -> dict[int, TopicHit]:
        """By their places the rules that are true because one of their words occurs."""
        found: dict[int, tuple[int, ...]] = {}
        for leaf in document.hits.keys() & self._spoken.keys():
            for place in self._spoken[leaf]:
                found[place] = (*found[place], leaf) if place in found else (leaf,)
        hits, rules, spans_of = {}, self._rules, document.spans_of
        for place, leaves in found.items():
            rule = rules[place]
            hits[place] = TopicHit(rule.id, rule.level, spans_of(leaves))
        return hits

    def _possible(self, document: Document) -> set[int]:
        """The places of the other rules that may be true: one of their anchors occurs."""
        anchored = self._anchored
        return set(self._unanchored).union(*map(anchored.__getitem__, document.hits.keys() & anchored.keys()))

    @property
    def asks_topics(self) -> bool:
        """Whether a rule asks what an archive found in an article before: topic:ID."""
        return self._asks_topics

    @property
    def titles_decide(self) -> bool:
        """Whether summary and text of an article change nothing, so that nobody needs to read them."""
        return self._titles_decide

    def candidates(self) -> Candidate:
        """What an article must hold for any topic to be met."""
        return any_of(rule.condition.candidates() for rule in self._rules)


def candidates(rules: RuleSet) -> Candidate:
    """What an article must hold for any topic of the rules to be met; see core.candidates."""
    return rules.candidates()


def compile_rules(
    names: Mapping[str, NameSet],
    topics: Mapping[str, Topic],
    *,
    only: str | None = None,
    frequencies: Mapping[str, int] | None = None,
) -> RuleSet:
    """Raises QueryError for the first rule that cannot be read, with the place inside the rule's own text.

    `only` this topic is tried, and none where there is no such topic; its rule may speak of the others as topic:ID.
    `frequencies` (indexed word → articles that hold it) only make matching faster: a rule is tried when the rarest
    word that it needs occurs.
    """
    trees = {id_: _trees(topic) for id_, topic in topics.items()}
    tried = {id_: topic for id_, topic in topics.items() if only in (None, id_)}
    return RuleSet(names, tried, trees, frequencies)


def compile_query(text: str, names: Mapping[str, NameSet]) -> RuleSet:
    """The rule set of one search: its only topic is QUERY, its names are those that the search speaks of."""
    topic = Topic(id=QUERY, title={}, match=text)
    trees = _trees(topic)
    for id_, at in _names_of(trees["match"]):
        require(id_, names, at)
    asked = names_in(trees["match"], names)
    return RuleSet({id_: names[id_] for id_ in names if id_ in asked}, {QUERY: topic}, {QUERY: trees})


def names_in(tree: Node, names: Mapping[str, NameSet]) -> frozenset[str]:
    """The names that a rule refers to, and all that those refer to."""
    found: set[str] = set()
    waiting = [id_ for id_, _ in _names_of(tree)]
    while waiting:
        id_ = waiting.pop()
        if id_ in names and id_ not in found:
            found.add(id_)
            waiting.extend((*references(names[id_]), *names[id_].rivals))
    return frozenset(found)


def _names_of(tree: Node) -> Iterator[tuple[str, Place]]:
    """The names that a rule speaks of as @ID or name:ID, with their places."""
    for node in walk(tree):
        match node:
            case Name(id_, at) | Field("name", Term(id_, at) | Phrase(id_, _, at)):
                yield id_, at
            case _:
                pass


def _asks_titles_only(tree: Node) -> bool:
    """Whether every word is asked of the title. A name is not: the whole article may tell who is meant."""
    waiting: list[Node] = [tree]
    while waiting:
        match waiting.pop():
            case Field("title", part) if not any(isinstance(each, Field | Name) for each in walk(part)):
                pass
            case Field(known, _) if known in FIELDS and known != "topic":
                pass
            case Field() | Name() | Term() | Phrase() | Exact() | Cased():
                return False
            case other:
                waiting += children(other)
    return True


def _trees(topic: Topic) -> dict[str, Node]:
    return {"match": parse(topic.match)} | {level: parse(rule) for level, rule in topic.levels.items()}


def _rule(topic: Topic, trees: Mapping[str, Node], compiler: Compiler) -> _Rule:
    for level in topic.levels:
        if level not in _LEVELS:
            raise QueryError(f"there is no level {level!r}; levels are {', '.join(_LEVELS)}")
    levels = tuple((level, compiler.compile(trees[level])) for level in _LEVELS if level in topic.levels)
    return _Rule(topic.id, compiler.compile(trees["match"]), topic.level, levels)


def _by_word(rules: list[_Rule]) -> dict[int, list[int]]:
    """Leaf → places of the rules that it alone makes true: terms, phrases and ORs of them."""
    spoken: dict[int, list[int]] = {}
    for place, rule in enumerate(rules):
        if isinstance(rule.condition, Words) and not rule.levels:
            for leaf in rule.condition.leaves:
                spoken.setdefault(leaf, []).append(place)
    return spoken


def _only_level(rules: list[_Rule]) -> Level | None:
    """The level that any word of any rule says, where that is all that there is to say."""
    levels = {rule.level for rule in rules if isinstance(rule.condition, Words) and not rule.levels}
    spoken = all(isinstance(rule.condition, Words) and not rule.levels for rule in rules)
    return levels.pop() if spoken and len(levels) == 1 else None


def _by_anchor(rules: list[_Rule], cost: Cost) -> tuple[dict[int, list[int]], list[int]]:
    """Of the other rules: leaf → places of those that it may make true, and the places of those that need no leaf."""
    anchored: dict[int, list[int]] = {}
    unanchored: list[int] = []
    for place, rule in enumerate(rules):
        if isinstance(rule.condition, Words) and not rule.levels:
            continue
        anchors = rule.condition.anchors(cost)
        for leaf in anchors or ():
            anchored.setdefault(leaf, []).append(place)
        if anchors is None:
            unanchored.append(place)
    return anchored, unanchored


def _topic_hit(rule: _Rule, reading: Reading) -> TopicHit | None:
    found = rule.condition.find(reading)
    if found is None:
        return None
    for level, condition in rule.levels:
        raised = condition.find(reading)
        if raised is not None:
            grave = _grave(level, raised, reading)
            return TopicHit(rule.id, level, reading.document.spans((*found, *raised)), grave)
    return TopicHit(rule.id, rule.level, reading.document.spans(found), _grave(rule.level, found, reading))


def _grave(level: Level, said: Found, reading: Reading) -> tuple[Span, ...]:
    """The words of @grave among those that make an article breaking."""
    if level != "breaking":
        return ()
    words = reading.sightings.sure(GRAVE)
    return reading.document.spans([mention for mention in said if any(map(mention.overlaps, words))])


def _level(rule: _Rule, reading: Reading) -> Level | None:
    if rule.condition.find(reading) is None:
        return None
    return next((level for level, condition in rule.levels if condition.find(reading) is not None), rule.level)
