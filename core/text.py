"""The one normaliser and tokeniser: what a rule is matched by, the archive is searched by and a reader is shown.

Pure, and the same for every language. It never changes a text: tokens carry offsets into the original.

Words are folded, not stemmed: spellings that a reader takes for the same word (hamza, ya and kaf of two keyboards,
vowel signs, tatweel, accents, digits) become one form. A zero-width non-joiner ends a token like a space does, but
leaves it *glued* to the next, so that one word of two parts is found spaced, half-spaced and joined.

Whoever changes a form must raise NORMALISER_VERSION: archived tokens are rebuilt from it.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

NORMALISER_VERSION = 1

ARTICLES = frozenset({"al", "el", "ul"})
"""Latin forms that are passed over between the words of a text, and dropped from the words of a rule."""

JOINED = "ſ"
"""Marks a joined form in an index. Folding makes an s of this letter, so it stands in no form."""

LONGEST_WORD = 100  # code points: what is longer is no word of a language, and is not remembered
LONGEST_COMPOUND = 4  # words that half-spaces tie together are read as one up to here

# Characters that a keyword may contain without becoming another one. Ranges of a regular expression's class.
MARKS = (
    "\u0300-\u036f\ufe20-\ufe2f"  # accents
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff"  # harakat
)
APOSTROPHES = "'\u2019\u2018\u201b`\u00b4\u2032\uff07"
INVISIBLE = (
    "\u00ad\u061c\u180e\u200d-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f"
)
GLUE = "\u200b\u200c"  # zero-width space and non-joiner

# U+FDFA and U+FDFB are whole blessings in one character: no part of the word they follow.
_LETTERS = r"[^\W_\ufdfa\ufdfb]+"

_INNER = f"[{MARKS}{APOSTROPHES}{INVISIBLE}]"

WORD = re.compile(
    f"{_LETTERS}(?:(?=[{MARKS}{APOSTROPHES}{INVISIBLE}{GLUE}])"  # most words end at a space: one look tells
    f"(?:{_INNER}++{_LETTERS})*+[{MARKS}{INVISIBLE}]*+[{GLUE}]*+)?+"
)
"""A word as it stands in a text, with the glue that ties it to the next one."""

_POSSESSIVE = re.compile(f"(?<=.)[{APOSTROPHES}][sS]$")
_TAIL = re.compile(f"[{INVISIBLE}{GLUE}]+$")
_UNSEEN = re.compile(f"[\u0640{INVISIBLE}{GLUE}\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]+")

# Prepositions that folding would turn into the name Ali and into other words (على → علي): they stay as they are.
_UNFOLDED = frozenset({"على", "الى", "فى", "حتى"})

_FOLDS = str.maketrans(
    {
        "ٱ": "ا",
        "ى": "ی",
        "ي": "ی",
        "ې": "ی",
        "ے": "ی",
        "ك": "ک",
        "ڪ": "ک",
        "ة": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ە": "ه",  # what remains of ۀ after decomposition; also the Kurdish vowel
        "ء": None,
        "ـ": None,
        "ʻ": None,
        "ʼ": None,
        "ʾ": None,
        "ʿ": None,
        "ı": "i",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ø": "o",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
    | {digit: str(value) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for value, digit in enumerate(digits)}
)


_PLAIN = re.compile("[ء-غف-يپچژکگی]+")
_BARE = str.maketrans("آأإؤئ", "اااوي")  # what stays of letters when their hamza and madda are taken off


class Token(NamedTuple):
    """One folded word; [start, end) in code points of the original. Glued: a half-space ties it to the next."""

    form: str
    start: int
    end: int
    glued: bool = False


def fold(word: str) -> str:
    """The form under which a word is compared. Empty when nothing of it can be compared. fold(fold(w)) == fold(w)."""
    return fold_word(word) if len(word) <= LONGEST_WORD else _folded(word)


def _folded(word: str) -> str:
    if word.isascii() and word.isalnum():
        return word.lower()
    if _PLAIN.fullmatch(word):  # most words of a text: the same result in a fifth of the time
        bare = word.translate(_BARE)
        return bare if bare in _UNFOLDED else bare.translate(_FOLDS)
    word = _POSSESSIVE.sub("", _TAIL.sub("", word))
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).lower())
    bare = "".join(letter for letter in plain if letter.isalnum() and letter != "ـ")
    if bare in _UNFOLDED:
        return bare
    return bare.translate(_FOLDS)


fold_word = lru_cache(maxsize=200_000)(_folded)
"""fold, remembered: for words of at most LONGEST_WORD."""


def spelling(word: str) -> str:
    """A WORD as it is written, capitals and hamzas kept: without vowel signs, tatweel and what nobody sees."""
    plain = unicodedata.normalize("NFKC", _POSSESSIVE.sub("", _TAIL.sub("", word)))
    return _UNSEEN.sub("", plain)


def trimmed(word: str) -> int:
    """The length of a WORD without its glue and its English possessive: what a highlight covers."""
    if word[-1].isalnum() and word[-1] not in "sS":
        return len(word)
    return len(_POSSESSIVE.sub("", _TAIL.sub("", word)))


def glued(word: str) -> bool:
    """Whether a WORD is tied to the next by a half-space."""
    return word[-1] in GLUE


def tokenise(text: str) -> list[Token]:
    """The tokens of a text in order. Words that fold to nothing are left out."""
    return list(_tokens(text))


@lru_cache(maxsize=8)  # an article is tokenised to be known again, to be judged, and to be indexed
def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(
        Token(form, match.start(), match.start() + trimmed(word), glued(word))
        for match in WORD.finditer(text)
        if (form := fold(word := match.group()))
    )


def folded_words(text: str) -> list[str]:
    """The forms of `tokenise(text)` alone."""
    return [form for word in WORD.findall(text) if (form := fold(word))]


def joined_forms(tokens: list[Token], position: int) -> Iterator[tuple[str, int]]:
    """The forms that begin at a glued token and run over its half-spaces, each with the position after it."""
    form, last = tokens[position].form, position + LONGEST_COMPOUND - 1
    while tokens[position].glued and position + 1 < len(tokens) and position < last:
        position += 1
        form += tokens[position].form
        yield form, position + 1


def index_tokens(text: str) -> str:
    """The words of a full-text index, separated by spaces.

    First every form in the text's order, without what a phrase passes over (ARTICLES), so that a phrase of a rule
    stands here word by word; then the joined forms of half-spaced words, once plain and once behind JOINED; then the
    articles that occur.
    """
    tokens = tokenise(text)
    words = [token.form for token in tokens if token.form not in ARTICLES]
    glued_at = (position for position, token in enumerate(tokens) if token.glued)
    joined = dict.fromkeys(form for position in glued_at for form, _ in joined_forms(tokens, position))
    for form in joined:
        words += (form, JOINED + form)
    words += dict.fromkeys(token.form for token in tokens if token.form in ARTICLES)
    return " ".join(words)


def text_hash(*parts: list[Token]) -> str:
    """128 bits in hexadecimal of tokenised texts. Folding, spacing and marks make no difference."""
    forms = "\n".join("".join(token.form for token in part) for part in parts)
    return blake2b(forms.encode(), digest_size=16).hexdigest()
