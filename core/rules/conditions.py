"""The conditions that rules are made of: words, names, AND, OR, NOT, fields, counts. See nearness and compiler.

A condition answers None when it is not true of an article, else the mentions to highlight (none for a NOT).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

from core.model import Readable
from core.names.meaning import Sightings
from core.rules.candidates import (
    Candidate,
    Everything,
    Fact,
    all_of,
    any_of,
    anywhere,
    lacking,
    of_phrases,
    of_sequences,
)
from core.rules.lexicon import Document, Lexicon, Mention
from core.rules.patterns import Sequence

Found = list[Mention] | tuple[Mention, ...]
"""Not to be changed: it may be the document's own list."""

Cost = Callable[[int], float]
"""How often a leaf occurs, on any scale."""

Anchors = frozenset[int] | None
"""Leaves of which one must occur for a condition to be true; None when it may be true without any."""

EVERYWHERE = frozenset({0, 1, 2})  # title, lead, body


@dataclass(frozen=True, slots=True)
class Reading:
    """An article under evaluation, and the zones that are looked at."""

    document: Document
    sightings: Sightings
    zones: frozenset[int] = EVERYWHERE

    def seen(self, mentions: Iterable[Mention]) -> Found | None:
        """The mentions in the zones looked at, None when there are none."""
        if self.zones is not EVERYWHERE:
            mentions = (mention for mention in mentions if mention.zone in self.zones)
        return tuple(mentions) or None


def narrowest(cost: Cost, anchors: Iterable[Anchors]) -> Anchors:
    """Of parts that must all be true: the anchors that occur least."""
    known = [each for each in anchors if each is not None]
    return min(known, key=lambda each: sum(map(cost, each)), default=None)


def widest(anchors: Iterable[Anchors]) -> Anchors:
    """Of parts of which any may be true: the anchors of all."""
    found: set[int] = set()
    for each in anchors:
        if each is None:
            return None
        found |= each
    return frozenset(found)


class Condition(Protocol):
    """A compiled node."""

    def find(self, reading: Reading) -> Found | None: ...
    def candidates(self) -> Candidate: ...
    def anchors(self, cost: Cost) -> Anchors: ...


@dataclass(frozen=True, slots=True)
class Words:
    """A term or a phrase, or any of several: most of what rules are made of, and therefore without detours."""

    leaves: tuple[int, ...]
    lexicon: Lexicon

    def find(self, reading: Reading) -> Found | None:
        hits, found = reading.document.hits, None
        for leaf in self.leaves:
            if leaf in hits:
                found = hits[leaf] if found is None else [*found, *hits[leaf]]
        return found if found is None or reading.zones is EVERYWHERE else reading.seen(found)

    def sequences(self) -> Iterable[Sequence]:
        return chain.from_iterable(self.lexicon.leaves[leaf] for leaf in self.leaves)

    def candidates(self) -> Candidate:
        return of_phrases(self.sequences())

    def anchors(self, cost: Cost) -> Anchors:
        return frozenset(self.leaves)


@dataclass(frozen=True, slots=True)
class Named:
    """An @name: its sure mentions."""

    id: str
    leaves: tuple[int, ...]
    lexicon: Lexicon

    def find(self, reading: Reading) -> Found | None:
        return reading.seen(reading.sightings.of(self.id).sure)

    def candidates(self) -> Candidate:
        return any_of(of_sequences(self.lexicon.leaves[leaf]) for leaf in self.leaves)

    def anchors(self, cost: Cost) -> Anchors:
        return frozenset(self.leaves)


@dataclass(frozen=True, slots=True)
class Every:
    """AND: all parts, wherever they stand."""

    parts: tuple[Condition, ...]

    def find(self, reading: Reading) -> Found | None:
        mentions: list[Mention] = []
        for part in self.parts:
            found = part.find(reading)
            if found is None:
                return None
            mentions += found
        return mentions

    def candidates(self) -> Candidate:
        return all_of(part.candidates() for part in self.parts)

    def anchors(self, cost: Cost) -> Anchors:
        return narrowest(cost, (part.anchors(cost) for part in self.parts))


@dataclass(frozen=True, slots=True)
class Either:
    """OR: what is found of any part."""

    parts: tuple[Condition, ...]

    def find(self, reading: Reading) -> Found | None:
        found = [hit for part in self.parts if (hit := part.find(reading)) is not None]
        return [mention for hit in found for mention in hit] if found else None

    def candidates(self) -> Candidate:
        return any_of(part.candidates() for part in self.parts)

    def anchors(self, cost: Cost) -> Anchors:
        return widest(part.anchors(cost) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Absent:
    """NOT."""

    part: Condition

    def find(self, reading: Reading) -> Found | None:
        return () if self.part.find(reading) is None else None

    def candidates(self) -> Candidate:
        return lacking(self.part.sequences()) if isinstance(self.part, Words) else Everything()

    def anchors(self, cost: Cost) -> Anchors:
        return None


@dataclass(frozen=True, slots=True)
class Within:
    """title: lead: body: text: — the part, in these zones only."""

    zones: frozenset[int]
    part: Condition

    def find(self, reading: Reading) -> Found | None:
        return self.part.find(replace(reading, zones=reading.zones & self.zones))

    def candidates(self) -> Candidate:
        return anywhere(self.part.candidates())

    def anchors(self, cost: Cost) -> Anchors:
        return self.part.anchors(cost)


@dataclass(frozen=True, slots=True)
class Tagged:
    """tag: — mentions that begin right after a hash sign."""

    part: Condition

    def find(self, reading: Reading) -> Found | None:
        found = self.part.find(reading)
        return reading.seen(mention for mention in found or () if reading.document.before(mention) == "#")

    def candidates(self) -> Candidate:
        return anywhere(self.part.candidates())

    def anchors(self, cost: Cost) -> Anchors:
        return self.part.anchors(cost)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the article beside its text: a test of the article itself."""

    holds: Callable[[Readable], bool]
    fact: Fact | None = None  # the same for an archive

    def find(self, reading: Reading) -> Found | None:
        return () if self.holds(reading.document.readable) else None

    def candidates(self) -> Candidate:
        return self.fact or Everything()

    def anchors(self, cost: Cost) -> Anchors:
        return None


@dataclass(frozen=True, slots=True)
class Enough:
    """ATLEAST: `count` of the parts."""

    count: int
    parts: tuple[Condition, ...]

    def find(self, reading: Reading) -> Found | None:
        found = [hit for part in self.parts if (hit := part.find(reading)) is not None]
        return [mention for hit in found for mention in hit] if len(found) >= self.count else None

    def candidates(self) -> Candidate:
        parts = [part.candidates() for part in self.parts]
        return all_of(parts) if self.count == len(parts) else any_of(parts)

    def anchors(self, cost: Cost) -> Anchors:
        anchors = [part.anchors(cost) for part in self.parts]
        return narrowest(cost, anchors) if self.count == len(anchors) else widest(anchors)


@dataclass(frozen=True, slots=True)
class Tally:
    """SCORE: weights times hits, each item's hits capped, reach the threshold. A true NOT counts as one hit."""

    threshold: int
    items: tuple[tuple[Condition, int, int], ...]  # part, weight, cap

    def find(self, reading: Reading) -> Found | None:
        total, shown = 0, list[Mention]()
        for part, weight, cap in self.items:
            found = part.find(reading)
            if found is not None:
                total += weight * min(cap, len(set(found)) or 1)
                shown.extend(found if weight > 0 else ())
        return shown if total >= self.threshold else None

    def candidates(self) -> Candidate:
        if self.threshold <= 0:
            return Everything()
        return any_of(part.candidates() for part, weight, _ in self.items if weight > 0)

    def anchors(self, cost: Cost) -> Anchors:
        if self.threshold <= 0:
            return None
        return widest(part.anchors(cost) for part, weight, _ in self.items if weight > 0)


def any_part(parts: Iterable[Condition]) -> Condition:
    """OR; the terms and phrases among the parts become one."""
    words: dict[int, Words] = {}
    others: list[Condition] = []
    for part in parts:
        if isinstance(part, Words):
            words |= dict.fromkeys(part.leaves, part)
        else:
            others.append(part)
    if words:
        others.insert(0, Words(tuple(words), next(iter(words.values())).lexicon))
    return others[0] if len(others) == 1 else Either(tuple(others))
