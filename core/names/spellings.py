"""How a name may be spelt otherwise: Latin transliterations of one sound, and words of any script that sound alike.

Pure, and only a proposal: what is one name and what is another is for the reader of the proposals to say.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import permutations

from core.clitics import is_arabic_script
from core.text import fold

_ALIKE: tuple[tuple[str, ...], ...] = (  # Latin spellings of one sound
    ("ou", "u", "oo", "o"),
    ("i", "ee", "e", "y"),
    ("y", "i"),
    ("ai", "ay", "ei", "ey"),
    ("a", "aa", "e"),
    ("q", "k", "gh", "g"),
    ("dh", "d", "z", "th"),
    ("z", "dh", "th"),
    ("ss", "s"),
    ("s", "ss"),
    ("kh", "k"),
    ("sh", "ch"),
    ("j", "dj"),
    ("w", "v"),
    ("aw", "ow", "au"),
    ("mm", "m"),
    ("yy", "y"),
    ("h", ""),
)

_SOUNDS = (  # consonants of both scripts → one class; vowels and what carries them are dropped
    ("K", "q k g gh kh c ق ک غ خ گ"),
    ("H", "h ه ح"),
    ("S", "s ss ص س ث"),
    ("X", "sh ch ش چ"),
    ("Z", "z dh d t th ذ ز ض ظ د ط ت"),
    ("J", "j dj ج ژ"),
    ("B", "b p ب پ"),
    ("F", "f v w ف"),
    ("L", "l ل"),
    ("M", "m م"),
    ("N", "n ن"),
    ("R", "r ر"),
)
_SOUND = {letter: sound for sound, letters in _SOUNDS for letter in letters.split()}
_LETTER = re.compile("|".join(sorted(map(re.escape, _SOUND), key=len, reverse=True)))


def transliterations(word: str) -> tuple[str, ...]:
    """The Latin spellings one exchange of a sound away from a word in Latin letters, in lower case, itself left out."""
    plain = fold(word)
    return tuple(dict.fromkeys(found for found in _exchanged(plain) if found != plain and len(found) > 2))


def _exchanged(word: str) -> Iterator[str]:
    for first, other in (pair for group in _ALIKE for pair in permutations(group, 2) if pair[0]):
        start = word.find(first)
        while start >= 0:
            yield word[:start] + other + word[start + len(first) :]
            start = word.find(first, start + 1)


@lru_cache(maxsize=100_000)
def skeleton(form: str) -> str:
    """The consonants of a folded word by their sound, whatever its script, vowels, doubling or article."""
    if is_arabic_script(form):
        form = form.removeprefix("ال") if len(form) > 4 else form
    sounds = "".join(_SOUND[letter] for letter in _LETTER.findall(form))
    return re.sub(r"(.)\1+", r"\1", sounds)


def one_edit_apart(one: str, other: str) -> bool:
    """Whether one letter more, less, other, or two exchanged make the words equal; equal words are not apart."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


_LATIN = {
    letter: latin
    for latin, letters in {
        **{"a": "اع", "b": "ب", "p": "پ", "t": "تط", "s": "ثسص", "j": "ج", "ch": "چ", "h": "حه", "kh": "خ", "d": "دض"},
        **{"dh": "ذ", "r": "ر", "z": "زظ", "zh": "ژ", "sh": "ش", "gh": "غ", "f": "ف", "q": "ق", "k": "ک", "g": "گ"},
        **{"l": "ل", "m": "م", "n": "ن", "u": "و", "i": "ی"},
    }.items()
    for letter in letters
}


@lru_cache(maxsize=100_000)
def romanised(form: str) -> str:
    """A folded word in Latin letters, letter by letter, one of each doubled letter."""
    if is_arabic_script(form):
        form = form.removeprefix("ال") if len(form) > 4 else form
        form = "".join(_LATIN.get(letter, "") for letter in form)
    return re.sub(r"(.)\1+", r"\1", form)


_CLOSE = 0.66  # share of letters in common from which a word is worth a look


def sounds_like(one: str, other: str) -> bool:
    """Whether two folded words may be one name, whatever their scripts: the same consonants by sound, most letters."""
    if skeleton(one) != skeleton(other):
        return False
    first, second = _hard(romanised(one)), _hard(romanised(other))
    same_end = first.endswith("i") == second.endswith("i")  # «كان» is no Qaani
    return same_end and SequenceMatcher(None, first, second).ratio() >= _CLOSE


def _hard(latin: str) -> str:
    """One letter for the sounds that transliterations exchange."""
    for sound, letter in (("kh", "q"), ("gh", "q"), ("k", "q"), ("ou", "u"), ("o", "u"), ("y", "i"), ("e", "i")):
        latin = latin.replace(sound, letter)
    return latin
