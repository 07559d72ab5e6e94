"""What an article is compared by when stories are formed: weighted words of its own language, and concepts of all.

Pure. A `Piece` is small enough to be kept for as long as its story is live; how rare words and concepts are comes in
as `Frequencies`, which the archive counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest
from math import log, sqrt
from operator import itemgetter

from core.stories.concepts import Concepts

TITLE = 2.0  # how much more a word of the title weighs
LEAD = 60  # words after the title that weigh fully; those after it weigh less the later they stand
READ = 300  # words of a text that are read for words
MOST_WORDS = 200  # of a text are kept, the heaviest: more cost memory and tell stories apart no better
CONCEPT_STEPS = ((12, 1.0), (30, 0.8), (70, 0.6))  # words up to here → what a concept first found there weighs
KINDS = {"l": 1.3, "p": 1.3, "o": 1.15, "@": 1.3, "#": 1.3, "m": 0.7, "n": 0.8, "v": 0.8}
"""What a concept counts by its kind: where, who and how many tell events apart; common nouns and the press do not."""
MOST_IDF = 8.0  # rarer concepts are not more telling: they are typing errors and chance


@dataclass(slots=True)
class Frequencies:
    """In how many articles of a language a word or a concept occurs. The archive keeps the counts."""

    articles: Counter[str] = field(default_factory=Counter)  # by language
    words: dict[str, Counter[str]] = field(default_factory=dict)  # language → word → articles
    concepts: dict[str, Counter[str]] = field(default_factory=dict)

    def count(self, language: str, words: Iterable[str], concepts: Iterable[str]) -> None:
        """Count one more article."""
        self.articles[language] += 1
        self.words.setdefault(language, Counter()).update(set(words))
        self.concepts.setdefault(language, Counter()).update(set(concepts))

    def word_idfs(self, language: str, words: Iterable[str]) -> list[float]:
        """How rare each of the words is in its language."""
        held, articles = self.words.get(language, _NOTHING), self.articles[language] + _OTHERS + 1
        return [min(MOST_IDF, max(0.0, log(articles / (held.get(word, 0) + 0.5)))) for word in words]

    def concept_weight(self, concept: str) -> float:
        """The lowest rarity of a concept in any language that has enough articles to tell, at most MOST_IDF."""
        known = [language for language, count in self.articles.items() if count >= _ENOUGH]
        return min((self._idf(self.concepts, language, concept) for language in known), default=_UNKNOWN_IDF)

    def _idf(self, counts: Mapping[str, Counter[str]], language: str, key: str) -> float:
        held = counts.get(language, _NOTHING)[key]
        return min(MOST_IDF, max(0.0, log((self.articles[language] + _OTHERS + 1) / (held + 0.5))))


# Articles on other matters that are taken to have come before. Where a young archive fills up with one event (a rumour
# in two hundred posts), its words would else be everybody's, and tell nothing.
_OTHERS = 500
_ENOUGH = 200
_UNKNOWN_IDF = 4.0
_NOTHING: Counter[str] = Counter()


WORD_STEP, CONCEPT_STEP = 1e-4, 1e-3
"""Weights are whole numbers of steps, so that a piece read back from an archive is the same piece."""


@dataclass(frozen=True, slots=True)
class Piece:
    """An article as stories see it. Words are of unit length; concepts weigh by rarity and place."""

    article: int
    language: str
    at: datetime
    words: Mapping[str, float]
    concepts: Mapping[str, float]
    mass: float  # squared weight of its concepts
    clock: float  # `at` in seconds, by which hours are counted


def piece(
    article: int,
    language: str,
    at: datetime,
    title: Sequence[str],
    body: Sequence[str],
    concepts: Concepts,
    frequencies: Frequencies,
) -> Piece:
    """Weigh an article. Title and body are own words, folded (core.fingerprints.own_words)."""
    found = placed_concepts((*title, *body), language, concepts)
    weights = {
        concept: frequencies.concept_weight(concept) * place * KINDS.get(concept[0], 1.0)
        for concept, place in found.items()
    }
    words = _heaviest(_word_weights(title, body, language, frequencies))
    return weighed(article, language, at, in_steps(_unit(words), WORD_STEP), in_steps(weights, CONCEPT_STEP))


def weighed(article: int, language: str, at: datetime, words: Mapping[str, int], concepts: Mapping[str, int]) -> Piece:
    """A piece whose weights are known, in steps."""
    weights = {concept: steps * CONCEPT_STEP for concept, steps in concepts.items()}
    return Piece(
        article=article,
        language=language,
        at=at,
        words={word: _WEIGHTS[steps] for word, steps in words.items()},
        concepts=weights,
        mass=sum(weight * weight for weight in weights.values()),
        clock=at.timestamp(),
    )


def in_steps(weights: Mapping[str, float], step: float) -> dict[str, int]:
    """Weights as whole numbers of steps, at least one."""
    return {term: max(1, round(weight / step)) for term, weight in weights.items()}


_WEIGHTS = tuple(steps * WORD_STEP for steps in range(round(1 / WORD_STEP) + 1))  # shared: they are most of a piece


def placed_concepts(words: Sequence[str], language: str, concepts: Concepts) -> dict[str, float]:
    """The concepts of a text's beginning, each with what its first place is worth."""
    found: dict[str, float] = {}
    for position, concept in concepts.find(words[: CONCEPT_STEPS[-1][0]], language):
        worth = next(worth for end, worth in CONCEPT_STEPS if position < end)
        found[concept] = max(worth, found.get(concept, 0.0))
    return found


def _word_weights(
    title: Sequence[str], body: Sequence[str], language: str, frequencies: Frequencies
) -> dict[str, float]:
    counts: dict[str, float] = {}
    for word in title:
        counts[word] = counts.get(word, 0.0) + TITLE
    for worth, word in zip(_WORTHS, body, strict=False):
        counts[word] = counts.get(word, 0.0) + worth
    idfs = frequencies.word_idfs(language, counts)
    return {word: (1 + log(1 + count)) * idf for (word, count), idf in zip(counts.items(), idfs, strict=True)}


_WORTHS = tuple(min(1.0, LEAD / place) for place in range(1, READ + 1))


def _heaviest(weights: Mapping[str, float]) -> Mapping[str, float]:
    if len(weights) <= MOST_WORDS:
        return weights
    return dict(nlargest(MOST_WORDS, weights.items(), key=itemgetter(1)))


def _unit(weights: Mapping[str, float]) -> dict[str, float]:
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {word: weight / length for word, weight in weights.items()} if length else {}
