"""What an edit changed, word by word, in any script. Pure; knows nothing of articles and shows nothing.

    "".join(of same and removed) == old        "".join(of same and added) == new

Words that occur once in both texts are the anchors (patience diff); between them short stretches are compared in full.
So time and memory grow with the length of the texts, whatever they hold: what is left over counts as replaced.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, NamedTuple

from core.text import APOSTROPHES, GLUE, INVISIBLE, MARKS

Kind = Literal["same", "removed", "added"]

SHORT = 40_000  # pairs of words up to which a stretch is compared in full
BUDGET = 8_000_000  # pairs of words that are compared in full for one text

_TOKEN = re.compile(rf"[\w{MARKS}{APOSTROPHES}{INVISIBLE}{GLUE}]+|\s+|.", re.DOTALL)
_Run = tuple[int, int, int]  # start in old, start in new, length


class Change(NamedTuple):
    """A stretch of text, with its spaces as they stand. What was removed comes before what stands in its place."""

    kind: Kind
    text: str


def diff(old: str, new: str) -> list[Change]:
    """The stretches of two texts in order; neighbours are of different kinds. Empty for two empty texts."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    steps = list(_steps(before, after, _runs(before, after)))
    return list(_joined(_without_lone_spaces(steps)))


def _steps(before: Sequence[str], after: Sequence[str], runs: Sequence[_Run]) -> Iterator[Change]:
    at_old = at_new = 0
    for old, new, length in (*runs, (len(before), len(after), 0)):
        yield Change("removed", "".join(before[at_old:old]))
        yield Change("added", "".join(after[at_new:new]))
        yield Change("same", "".join(before[old : old + length]))
        at_old, at_new = old + length, new + length


def _without_lone_spaces(steps: Sequence[Change]) -> Iterator[Change]:
    """A blank between two changed words was changed with them: it would only tear them apart."""
    told = [step for step in steps if step.text]
    for place, step in enumerate(told):
        if step.kind == "same" and step.text.isspace() and 0 < place < len(told) - 1:
            yield Change("removed", step.text)
            yield Change("added", step.text)
        else:
            yield step


def _joined(steps: Iterator[Change]) -> Iterator[Change]:
    for same, group in groupby(steps, key=lambda step: step.kind == "same"):
        stretch = list(group)
        kinds: tuple[Kind, ...] = ("same",) if same else ("removed", "added")
        for kind in kinds:
            text = "".join(step.text for step in stretch if step.kind == kind)
            if text:
                yield Change(kind, text)


def _runs(before: Sequence[str], after: Sequence[str]) -> list[_Run]:
    """What both texts have in common, in order."""
    found: list[_Run] = []
    waiting = [(0, len(before), 0, len(after))]
    budget = BUDGET
    while waiting:
        a, a_end, b, b_end = waiting.pop()
        head = _common(before, after, a, a_end, b, b_end, 1)
        tail = _common(before, after, a + head, a_end, b + head, b_end, -1)
        found += [(a, b, head)] * bool(head) + [(a_end - tail, b_end - tail, tail)] * bool(tail)
        a, a_end, b, b_end = a + head, a_end - tail, b + head, b_end - tail
        cost = (a_end - a) * (b_end - b)
        if not cost:
            continue
        if anchors := _anchors(before[a:a_end], after[b:b_end]) if cost > SHORT else []:
            waiting += _between(anchors, a, a_end, b, b_end)
            found += [(a + old, b + new, 1) for old, new in anchors]
        elif cost <= min(SHORT, budget):
            budget -= cost
            blocks = SequenceMatcher(None, before[a:a_end], after[b:b_end], autojunk=False).get_matching_blocks()
            found += [(a + block.a, b + block.b, block.size) for block in blocks if block.size]
    return sorted(found)


def _common(before: Sequence[str], after: Sequence[str], a: int, a_end: int, b: int, b_end: int, step: int) -> int:
    """How many words two stretches share at their beginning (step 1) or end (step -1)."""
    most = min(a_end - a, b_end - b)
    first, second = (a, b) if step == 1 else (a_end - 1, b_end - 1)
    shared = 0
    while shared < most and before[first + step * shared] == after[second + step * shared]:
        shared += 1
    return shared


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """The words that occur once in both stretches, as many as stand in the same order."""
    once = {word for word, count in Counter(before).items() if count == 1}
    places = {word: place for place, word in enumerate(before) if word in once}
    counts = Counter(word for word in after if word in places)
    pairs = [(places[word], place) for place, word in enumerate(after) if counts.get(word) == 1]
    return _longest_rising(pairs)


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of pairs, given by rising second places, in which the first places rise too."""
    ends: list[int] = []  # smallest first place with which a row of each length can end
    tops: list[int] = []  # and its index in pairs
    previous: list[int] = []
    for index, (old, _) in enumerate(pairs):
        length = bisect_left(ends, old)
        previous.append(tops[length - 1] if length else -1)
        ends[length : length + 1] = [old]
        tops[length : length + 1] = [index]
    row, at = [], tops[-1] if tops else -1
    while at >= 0:
        row.append(pairs[at])
        at = previous[at]
    return row[::-1]


def _between(
    anchors: Sequence[tuple[int, int]], a: int, a_end: int, b: int, b_end: int
) -> Iterator[tuple[int, int, int, int]]:
    at_old, at_new = a, b
    for old, new in anchors:
        yield at_old, a + old, at_new, b + new
        at_old, at_new = a + old + 1, b + new + 1
    yield at_old, a_end, at_new, b_end
