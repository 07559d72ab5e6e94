"""The words of an article that are its own, and the fingerprints under which the archive finds texts that share them.

Pure. Fingerprints are the lowest hashes of three-word shingles: two texts with a passage in common have some in
common wherever it stands in either, so a wire report inside a longer piece is found, which estimates of resemblance
(MinHash bands, SimHash) cannot see. They only propose candidates; core.stories.dedup decides.

Whoever changes a hash or what is dropped tells operators so: `rasad restory` fingerprints an archive anew.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from heapq import nsmallest

from core.text import folded_words

BITS = 63  # both databases keep a signed 64-bit integer
LOOKED_UP = 1 << (BITS - 2)  # an article is looked up by the lowest quarter of its hashes
SHINGLE = 3  # words
FEWEST, SHARE = 24, 16  # an article keeps max(FEWEST, shingles / SHARE) hashes
SHORT_TEXT = 40  # words: below, one hash in common makes a candidate, else two
BOILERPLATE_WORDS = 3  # words of a line that may be boilerplate wherever it stands
BOILERPLATE_ARTICLES = 8  # articles that must hold a line for it to be boilerplate

_ADDRESS = re.compile(r"(?:https?://|www\.|t\.me/)\S+|@\w+")
_STATES = re.compile(r"\bUS\b|\bU\.S\b")  # in small letters it is another word: told apart while both can be seen
_MASK = (1 << BITS) - 1
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)  # odd: every word's hash keeps all its bits

Boilerplate = Callable[[str], bool]
"""Whether a line, as `line_keys` gives it, is held by BOILERPLATE_ARTICLES or more: of the source, or of all."""


def line_keys(text: str) -> Iterator[str]:
    """The lines of a text as boilerplate is counted by: folded words with one space. Empty lines are left out."""
    return map(line_key, lines_of(text))


def line_key(line: Sequence[str]) -> str:
    """A line as boilerplate is counted by."""
    return " ".join(line)


def own_words(text: str, boilerplate: Boilerplate | None = None) -> tuple[str, ...]:
    """The folded words of a text without addresses, handles and boilerplate.

    A line of fewer than BOILERPLATE_WORDS words is only dropped from a text's end, where channels sign.
    """
    return own_words_of(lines_of(text), boilerplate)


def own_words_of(lines: Iterable[Sequence[str]], boilerplate: Boilerplate | None = None) -> tuple[str, ...]:
    """The same of a text whose lines are known."""
    held = list(lines)
    if boilerplate is None:
        return tuple(word for line in held for word in line)
    while held and boilerplate(line_key(held[-1])):
        held.pop()
    kept = (line for line in held if len(line) < BOILERPLATE_WORDS or not boilerplate(line_key(line)))
    return tuple(word for line in kept for word in line)


def lines_of(text: str) -> Iterator[list[str]]:
    """The folded words of each line that has any."""
    spelt = _STATES.sub("USA", text) if "US" in text or "U.S" in text else text
    for line in _ADDRESS.sub(" ", spelt).splitlines():
        words = folded_words(line)
        if words:
            yield words


def fingerprints(words: Sequence[str]) -> tuple[int, ...]:
    """The lowest hashes of a text's shingles, rising, each of BITS bits. A text of one or two words is one shingle."""
    hashes = _shingles(words)
    return tuple(nsmallest(max(FEWEST, len(hashes) // SHARE), hashes))


def looked_up(prints: Sequence[int]) -> tuple[int, ...]:
    """Those fingerprints by which candidates are sought: what is below LOOKED_UP, or all where that is too few."""
    low = tuple(value for value in prints if value < LOOKED_UP)
    return low if len(low) >= FEWEST // 3 else tuple(prints)


def enough_shared(shared: int, words: int) -> bool:
    """Whether an archived text with `shared` of the looked-up fingerprints of a text of that length is a candidate."""
    return shared >= (1 if words < SHORT_TEXT else 2)


def _shingles(words: Sequence[str]) -> set[int]:
    hashes = [_word_hash(word) for word in words]
    hashes += [0] * (SHINGLE - len(hashes)) if hashes else []
    first, second, third = _FACTORS
    return {
        (a * first + b * second + c * third & _MASK) for a, b, c in zip(hashes, hashes[1:], hashes[2:], strict=False)
    }


@lru_cache(maxsize=200_000)
def _word_hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest())
