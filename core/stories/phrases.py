"""Finds the phrases of a small vocabulary in folded words, whatever Arabic and Persian write onto them. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from core.clitics import lookups
from core.text import tokenise

T = TypeVar("T")


class Found(NamedTuple, Generic[T]):
    """A phrase at words [start, end)."""

    start: int
    end: int
    value: T


class Phrases(Generic[T]):
    """A compiled vocabulary: forms as people write them, each with what it stands for. Immutable."""

    def __init__(self, forms: Iterable[tuple[str, T]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for form, value in forms:
            words = tuple(token.form for token in tokenise(form))
            if words:
                self._by_first.setdefault(words[0], []).append((words[1:], value))
        for phrases in self._by_first.values():
            phrases.sort(key=lambda phrase: -len(phrase[0]))

    def find(self, words: Sequence[str]) -> Iterator[Found[T]]:
        """The longest phrase that begins at each word, in order; phrases may overlap."""
        for start, word in enumerate(words):
            for variant in lookups(word):
                phrases = self._by_first.get(variant)
                found = phrases and self._at(words, start, phrases)
                if found:
                    yield found
                    break

    def _at(self, words: Sequence[str], start: int, phrases: Iterable[tuple[tuple[str, ...], T]]) -> Found[T] | None:
        for rest, value in phrases:
            end = start + 1 + len(rest)
            if end <= len(words) and all(map(_is, words[start + 1 : end], rest)):
                return Found(start, end, value)
        return None


def _is(said: str, wanted: str) -> bool:
    return wanted in lookups(said)
