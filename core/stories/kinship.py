"""How much two articles tell of one event: within a language by words and concepts, across languages by concepts.

Pure functions of two pieces, symmetric, between 0 and 1. Time only ever takes away.
"""

from collections.abc import Mapping, Set
from math import exp, fsum, sqrt
from operator import mul

from core.stories.pieces import Piece

WORDS = 0.6  # share of the words in a score within a language; the concepts have the rest
DAMPING = 20.0  # squared weight that a text is lent: two bare phrases in common prove little
FEWEST_CONCEPTS = 2  # shared ones, below which nothing is in common
WITHIN_DECAY = 72.0  # hours in which a score falls to 1/e
ACROSS_DECAY = 24.0


def within(one: Piece, other: Piece) -> float:
    """Kinship of two articles of one language."""
    score = WORDS * _dot(one.words, other.words) + (1 - WORDS) * concepts_in_common(one, other)
    return score * exp(-hours_between(one, other) / WITHIN_DECAY) if score else 0.0


def across(one: Piece, other: Piece) -> float:
    """Kinship of two articles of two languages."""
    score = concepts_in_common(one, other)
    return score * exp(-hours_between(one, other) / ACROSS_DECAY) if score else 0.0


def kinship(one: Piece, other: Piece) -> float:
    return within(one, other) if one.language == other.language else across(one, other)


def concepts_in_common(one: Piece, other: Piece) -> float:
    shared = one.concepts.keys() & other.concepts.keys()
    if len(shared) < FEWEST_CONCEPTS:
        return 0.0
    return _products(one.concepts, other.concepts, shared) / sqrt((one.mass + DAMPING) * (other.mass + DAMPING))


def hours_between(one: Piece, other: Piece) -> float:
    return abs(one.clock - other.clock) / 3600


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Summed exactly, so that neither the order of the words nor that of the texts makes a difference."""
    return _products(one, other, one.keys() & other.keys())


def _products(one: Mapping[str, float], other: Mapping[str, float], terms: Set[str]) -> float:
    return fsum(map(mul, map(one.__getitem__, terms), map(other.__getitem__, terms)))
