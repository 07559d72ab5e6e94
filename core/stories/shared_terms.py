"""Why an article belongs to a story: the words and concepts that it shares with it. Pure."""

from collections.abc import Iterable
from heapq import nlargest

from core.stories.pieces import MOST_IDF, Piece


def shared_terms(piece: Piece, others: Iterable[Piece], *, most: int = 6) -> tuple[str, ...]:
    """The terms that an article shares with others, most telling first; ties in alphabetical order."""
    held: dict[str, float] = {}
    for other in others:
        for concept in piece.concepts.keys() & other.concepts.keys():
            held[concept] = held.get(concept, 0.0) + piece.concepts[concept] / MOST_IDF
        for word in piece.words.keys() & other.words.keys():
            held[word] = held.get(word, 0.0) + piece.words[word]
    return tuple(nlargest(most, sorted(held), key=held.__getitem__))
