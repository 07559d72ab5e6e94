"""Whether one article is a copy of another, and the figures that prove it: two texts → Evidence. Pure.

    copy      nothing new for who has the other: a trim that keeps about half, a new headline, retouched wording
    derived   part of the other, or built on it: linked and of one story, but with something of its own
    none      own wording, or the same template filled in anew

Measured is what one text holds of the other (containment of word pairs), since wire copy is cut and built over, and
what *each* says that the other does not. Template twins share nearly all their words, but both hold a number, a place
or a name of their own where the other has another; a trimmed or retouched copy seldom does.

Texts come without boilerplate (core.fingerprints.own_words). The best match decides; copies are never chained.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Literal

from core.clitics import lookups
from core.stories.concepts import Concepts, is_name
from core.stories.numerals import is_numeral, number
from core.text import fold

Tier = Literal["copy", "derived", "none"]

LONG_TEXT = 100  # words
SUPPORT = 0.25  # a copy's containment less twice the share of what each side has alone: of texts under LONG_TEXT
LONG_SUPPORT = 0.55  # long texts on one matter share paragraphs of background; a copy of one shares nearly all
KEPT = 0.40  # a shorter share of the other's words is an excerpt, whatever it holds
DERIVED = 0.45  # containment
DERIVED_ALONE = 0.24  # where each side has more than this alone, they share background, not a report
DERIVED_PAIRS = 4  # shared word pairs: below, it is a phrase
REBUILT = 0.60  # containment despite a conflict; and lengths so far apart that it is no template filled in anew
NUMBERS = 3  # numbers that both texts must hold for their share to speak
NUMBERS_SHARED = 0.6


@dataclass(frozen=True)
class Sample:
    """A text as it is compared: own words, and the words that it capitalises within a sentence, all folded."""

    words: tuple[str, ...]
    language: str | None
    concepts: Concepts = field(repr=False)
    capitals: frozenset[str] = frozenset()

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset(pairwise(self.words))

    @cached_property
    def distinct(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def outlines(self) -> frozenset[str]:
        """The words without what spellings of one word differ in."""
        return frozenset(map(_outline, self.distinct))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The words with and without what may be written onto them."""
        return frozenset(form for word in self.distinct for form in lookups(word))

    @cached_property
    def joined(self) -> frozenset[str]:
        """Each two words that follow one another, as one."""
        return frozenset(map("".join, pairwise(self.words)))

    @cached_property
    def numbers(self) -> frozenset[int]:
        return frozenset(value for word in self.words if (value := number(word)) is not None)

    @cached_property
    def names(self) -> frozenset[str]:
        """Concepts that name a state, place, person or body; and what English capitalises."""
        named = {mention.concept for mention in self.concepts.find(self.words, self.language)}
        return frozenset(filter(is_name, named)) | {f"A{word}" for word in self.capitals}


@dataclass(frozen=True, slots=True)
class Evidence:
    """How two texts compare, for the archive to keep and the page to show."""

    tier: Tier
    containment: float  # shared word pairs / word pairs of the text that has fewer
    shared: int  # word pairs
    numbers: float | None  # shared numbers / numbers of the text that has fewer; None when one has none
    alone: float  # words that the text with fewer of its own has alone / distinct words of the text that has fewer
    why: str


def capitals(text: str) -> frozenset[str]:
    """The Latin words that a text capitalises after a small letter or a comma: names, not beginnings of sentences."""
    return frozenset(map(fold, _CAPITAL.findall(text))) if _LATIN.search(text) else frozenset()


def compare(one: Sample, other: Sample) -> Evidence:
    """Judge two texts. Symmetric: compare(a, b) == compare(b, a)."""
    shared = len(one.pairs & other.pairs)
    fewer = min(len(one.pairs), len(other.pairs))
    containment = shared / fewer if fewer else 0.0
    numbers = _share(one.numbers, other.numbers)
    if one.words == other.words:
        return Evidence("copy", 1.0, shared, numbers, 0.0, "the same words")
    if containment < DERIVED:
        return Evidence("none", containment, shared, numbers, 1.0, "little wording in common")
    alone = _alone(one, other)
    tier, why = _tier(one, other, containment, shared, numbers, alone)
    return Evidence(tier, containment, shared, numbers, alone, why)


def best(evidence: Iterable[tuple[int, Evidence]]) -> tuple[int, Evidence] | None:
    """The article to attach to, with its evidence: a copy before a derived one, then by containment, then the first."""
    kept = [(article, found) for article, found in evidence if found.tier != "none"]
    return min(kept, key=lambda pair: (pair[1].tier != "copy", -pair[1].containment, pair[0]), default=None)


def _tier(
    one: Sample, other: Sample, containment: float, shared: int, numbers: float | None, alone: float
) -> tuple[Tier, str]:
    shorter, longer = sorted((len(one.words), len(other.words)))
    conflict = _conflict(one, other, shorter, numbers)
    if conflict:
        rebuilt = shorter >= LONG_TEXT or shorter < REBUILT * longer
        return ("derived" if rebuilt and containment >= REBUILT else "none"), conflict
    needed = SUPPORT if shorter < LONG_TEXT else LONG_SUPPORT
    if containment - 2 * alone >= needed:
        return ("copy", "nearly all of the shorter text") if shorter >= KEPT * longer else ("derived", "an excerpt")
    if shared >= DERIVED_PAIRS and alone <= DERIVED_ALONE:
        return "derived", "part of the wording"
    return "none", "a passage in common"


def _conflict(one: Sample, other: Sample, shorter: int, numbers: float | None) -> str:
    """What each text says in place of the other's, or ""."""
    both = min(len(one.numbers), len(other.numbers))
    if both >= NUMBERS and numbers is not None and numbers < NUMBERS_SHARED:
        return "other numbers"
    if shorter >= LONG_TEXT:
        return ""
    if one.numbers - other.numbers and other.numbers - one.numbers:
        return "other numbers"
    if _kinds(one.names - other.names) & _kinds(other.names - one.names):
        return "other names"
    return ""


def _kinds(names: Iterable[str]) -> set[str]:
    """What kinds of names these are; a state and a place in it stand for one another."""
    return {"l" if name[0] == "c" else name[0] for name in names}


def _share(one: frozenset[int], other: frozenset[int]) -> float | None:
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer else None


def _alone(one: Sample, other: Sample) -> float:
    """Weighing words by their rarity in the archive changed no verdict on the labelled pairs, so every word is one."""
    return min(_own(one, other), _own(other, one)) / min(len(one.distinct), len(other.distinct))


def _own(one: Sample, other: Sample) -> int:
    """How many words of a text the other lacks in any spelling, spacing or with any clitic."""
    missing = {word for word in one.distinct - other.distinct if not _says(other, word)}
    if missing and not other.distinct.isdisjoint(one.joined):
        for left, right in pairwise(one.words):
            if left + right in other.distinct:
                missing -= {left, right}
    return len(missing)


def _says(other: Sample, word: str) -> bool:
    if word in other.joined:
        return True
    return not is_numeral(word) and (_outline(word) in other.outlines or not other.stems.isdisjoint(lookups(word)))


_CAPITAL = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_LATIN = re.compile("[A-Z]")  # found at once, or not at all
_VOWELS = re.compile("[اویهaeiouy]")
_SHORTEST_OUTLINE = 3


@lru_cache(maxsize=200_000)
def _outline(word: str) -> str:
    """A word without the letters in which spellings of one word differ, where enough of it remains."""
    bare = _VOWELS.sub("", word)
    return bare if len(bare) >= _SHORTEST_OUTLINE else word
