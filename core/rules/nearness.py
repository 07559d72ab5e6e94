"""Conditions on where words stand to one another: NEAR, ONEAR, NOTNEAR, SENT and phrases with gaps.

Distances count the words between two mentions. Title, lead and body are never near one another.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from core.rules.candidates import Candidate, all_of
from core.rules.conditions import Anchors, Condition, Cost, Found, Reading, narrowest
from core.rules.lexicon import Document, Mention
from core.rules.syntax import Nearness


@dataclass(frozen=True, slots=True)
class Close:
    """NEAR, ONEAR and SENT: the mentions of both sides that have a partner on the other."""

    kind: Nearness
    left: Condition
    right: Condition
    distance: int

    def find(self, reading: Reading) -> Found | None:
        left, right = self.left.find(reading), self.right.find(reading)
        if not left or not right:
            return None
        fits = _Fit(self.kind, self.distance, reading.document)
        back = _Fit(_BACK.get(self.kind, self.kind), self.distance, reading.document)
        return (*fits.partnered(left, right), *back.partnered(right, left)) or None

    def candidates(self) -> Candidate:
        return all_of((self.left.candidates(), self.right.candidates()))

    def anchors(self, cost: Cost) -> Anchors:
        return narrowest(cost, (self.left.anchors(cost), self.right.anchors(cost)))


@dataclass(frozen=True, slots=True)
class Apart:
    """NOTNEAR: the mentions of the left side that have no mention of the right side near them."""

    left: Condition
    right: Condition
    distance: int

    def find(self, reading: Reading) -> Found | None:
        left, right = self.left.find(reading), self.right.find(reading)
        if not left or not right:
            return left or None
        close = set(_Fit("NEAR", self.distance, reading.document).partnered(left, right))
        return tuple(mention for mention in left if mention not in close) or None

    def candidates(self) -> Candidate:
        return self.left.candidates()

    def anchors(self, cost: Cost) -> Anchors:
        return self.left.anchors(cost)


@dataclass(frozen=True, slots=True)
class Chain:
    """A phrase with gaps: its words in order, at most `slop` others between neighbours; found as one mention."""

    words: tuple[Condition, ...]
    slop: int

    def find(self, reading: Reading) -> Found | None:
        chains = self.words[0].find(reading) or ()
        for word in self.words[1:]:
            found = word.find(reading) or ()
            steps = _Fit("ONEAR", self.slop, reading.document).pairs(chains, found)
            chains = tuple({Mention(start.zone, start.start, end.end) for start, end in steps})
        return chains or None

    def candidates(self) -> Candidate:
        return all_of(word.candidates() for word in self.words)

    def anchors(self, cost: Cost) -> Anchors:
        return narrowest(cost, (word.anchors(cost) for word in self.words))


_REACH = 64  # words of the longest mention that is looked back for
_LONGEST_SENTENCE = 400  # words
_BACK = {"ONEAR": "BEHIND"}  # how the right side of an operator stands to the left one, where it is not the same


@dataclass(frozen=True, slots=True)
class _Fit:
    """Whether two mentions stand as an operator wants, neither inside the other. BEHIND is ONEAR seen from its end."""

    kind: str
    distance: int
    document: Document

    def partnered(self, mentions: Found, others: Found) -> Iterator[Mention]:
        """The mentions that have at least one partner."""
        ordered = sorted(set(others))
        for mention in sorted(set(mentions)):
            if any(self._fits(mention, other) for other in self._around(mention, ordered)):
                yield mention

    def pairs(self, mentions: Found, others: Found) -> Iterator[tuple[Mention, Mention]]:
        """Every mention with every partner of it."""
        ordered = sorted(set(others))
        for mention in sorted(set(mentions)):
            yield from ((mention, other) for other in self._around(mention, ordered) if self._fits(mention, other))

    def _around(self, mention: Mention, others: list[Mention]) -> Iterator[Mention]:
        """The mentions of which one may fit: each looks at its own surroundings only, so time grows with the text."""
        reach = _LONGEST_SENTENCE if self.kind == "SENT" else self.distance
        first = mention.end if self.kind == "ONEAR" else mention.start - reach - _REACH
        last = mention.start if self.kind == "BEHIND" else mention.end + reach
        for place in range(bisect_left(others, Mention(mention.zone, first, 0)), len(others)):
            other = others[place]
            if other.zone != mention.zone or other.start > last:
                return
            yield other

    def _fits(self, mention: Mention, other: Mention) -> bool:
        if mention.overlaps(other):
            return False
        if self.kind == "SENT":
            numbers = self.document.sentences(mention.zone)
            return numbers[mention.start] == numbers[other.start]
        in_order = self.kind == "NEAR" or (self.kind == "ONEAR") == (mention.end <= other.start)
        return in_order and (mention.distance(other) or 0) <= self.distance
