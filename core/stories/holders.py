"""Which live articles hold a word or a concept, and so which may be close to a new one. Pure; finds, does not judge."""

from collections.abc import Iterator
from heapq import nlargest
from operator import itemgetter

from core.stories.pieces import Piece

SEEDS = 14  # heaviest terms of an article by which candidates are looked up
CANDIDATES = 24  # articles that are compared, those with the most weight in common
BUDGET = 600  # holders that are looked at for one article; a term with more than is left of it tells too little

_NOBODY: dict[int, float] = {}


class Holders:
    """An inverted index over the live articles of each language."""

    def __init__(self) -> None:
        self._of: dict[str, dict[str, dict[int, float]]] = {}  # language → term → article → weight

    @property
    def languages(self) -> set[str]:
        return set(self._of)

    def enter(self, piece: Piece) -> None:
        terms = self._of.setdefault(piece.language, {})
        for term, weight in _terms(piece):
            terms.setdefault(term, {})[piece.article] = weight

    def drop(self, piece: Piece) -> None:
        terms = self._of[piece.language]
        for term, _ in _terms(piece):
            del terms[term][piece.article]
            if not terms[term]:
                del terms[term]

    def candidates(self, piece: Piece, language: str) -> list[int]:
        """The articles of a language that have most in common with the heaviest terms of an article, best first."""
        terms = self._of.get(language, {})
        asked = _terms(piece) if language == piece.language else _concepts(piece)
        weights: dict[int, float] = {}
        budget = BUDGET
        for term, weight in nlargest(SEEDS, asked, key=itemgetter(1)):
            holders = terms.get(term, _NOBODY)
            if len(holders) <= budget:
                budget -= len(holders)
                for article, held in holders.items():
                    weights[article] = weights.get(article, 0.0) + weight * held
        weights.pop(piece.article, None)
        best = nlargest(CANDIDATES, ((weight, -article) for article, weight in weights.items()))
        return [-article for _, article in best]


def _terms(piece: Piece) -> Iterator[tuple[str, float]]:
    """Concepts have a dot or a sign in their ids, so that no word is taken for one."""
    yield from _concepts(piece)
    yield from piece.words.items()


def _concepts(piece: Piece) -> Iterator[tuple[str, float]]:
    length = piece.mass**0.5 or 1.0
    return ((concept, weight / length) for concept, weight in piece.concepts.items())
