"""Which language a text is in, from its letters and its most frequent words. Pure and small; no model is loaded."""

import re
from collections import Counter
from functools import cache
from typing import Literal

from core.text import fold

Language = Literal["ar", "fa", "en", "ckb", "ur"]

ENOUGH = 4000  # code points; more say nothing new
FEWEST_LETTERS = 3

_WORD = re.compile(r"[^\W\d_]+(?:\u200c[^\W\d_]+)*")
_LINK = re.compile(r"(?:https?://|www\.|[@#])\S+")

# Letters that only one of the languages uses, or uses far more, and how much one of them says.
_LETTERS: dict[Language, dict[str, float]] = {
    "ckb": {"ڕڵێۆەڤ": 2},
    "ur": {"ٹڈڑںے": 3, "ہھ": 1},
    "fa": {"پچژگ": 1.5, "یک": 0.6},
    "ar": {"ةأإؤى": 1, "يك": 0.2},
}
_WORDS: dict[Language, str] = {
    "ar": (
        "في من على إلى عن مع أن إن التي الذي الذين هذا هذه ذلك تلك كان كانت قد لقد بعد قبل بين خلال ما لا لم لن"
        " هو هي وفي ومن وقال قال قالت أكد ضد حول عند كما ثم أو أي بعض كل غير نحو منذ يوم أمام عام حتى فيه عليه لها"
        " يا له لك بن أبو"
    ),
    "fa": (
        "در به از که این را با است برای آن یک خود تا بر بود شد شده شدن هم نیز می های ها کرد کرده کردن گفت"
        " اما اگر باید دارد کند کنند شود شوند وی او ما آنها پس هر دو روز سال پیش درباره علیه روی یا نه چه همه خواهد داد"
        " بی یکی نیست ای اند دیگر دوم سوم آخرین نیمه بازی خبر کار رفت یافت شدند راه مردم کشور ایران اسلامی"
        " آیت رئیس جمهور دولت مجلس"
    ),
    "en": (
        "the of and to in a is for on that with as at by from was it be has are have an its this not after over"
        " said will who he his their but new us un"
    ),
}
_PERSIAN_ENDS = ("های", "هایی", "ها", "ترین", "ند", "ست", "شان", "گان", "گی", "زاده", "پور", "نامه", "ریزی", "گذاری")
_OTHER_LATIN = (
    "le la les des du et est une dans pour qui sur au avec der die das und ist nicht von mit den ein eine"
    " el los las del por para con una ve bir için ile bu da de li bi ji ku di il che di per non"
)


def detect(text: str, hint: str | None = None) -> str | None:
    """ "ar", "fa", "en", "ckb", "ur", or None for another one. `hint`, such as the source's language, decides where
    the text alone does not: nearly without letters, or equally near to two languages.
    """
    sample = _LINK.sub(" ", text[:ENOUGH])
    words = _WORD.findall(sample)
    arabic = sum(map(_is_arabic, "".join(words)))
    total = sum(map(len, words))
    if total < FEWEST_LETTERS:
        return hint
    if arabic * 2 < total:
        return _latin(words, hint)
    scores = _scores([word for word in words if _is_arabic(word[0])])
    best = max(scores.values())
    if best == 0:
        return hint if hint in scores else "ar"
    nearest = [language for language in scores if scores[language] > best * 0.9]
    if hint in nearest:
        return hint
    return max(nearest, key=lambda language: scores[language])


def _scores(words: list[str]) -> dict[str, float]:
    letters = Counter("".join(words))
    scores: dict[str, float] = {
        language: sum(weight * letters[letter] for own, weight in weights.items() for letter in own)
        for language, weights in _LETTERS.items()
    }
    for word in words:
        folded = fold(word)
        for language in ("ar", "fa"):
            scores[language] += 2 * (folded in _frequent()[language])
        long = len(folded) > 4
        scores["ar"] += 1.5 * (long and folded.startswith(("ال", "وال", "بال", "لل")))
        scores["fa"] += 2 * ("\u200c" in word) + 1.0 * (long and folded.endswith(_PERSIAN_ENDS))
    return scores


def _latin(words: list[str], hint: str | None) -> str | None:
    if not all(word.isascii() or _is_latin(word) for word in words):
        return None
    lower = [word.lower() for word in words]
    english = sum(word in _frequent()["en"] for word in lower)
    other = sum(word in _frequent()["other"] for word in lower)
    foreign = sum(not word.isascii() for word in lower)
    if english == other and hint and hint not in _LETTERS:
        return hint if foreign * 4 <= len(words) else None
    return "en" if english >= other and foreign * 4 <= len(words) else None


def _is_arabic(letter: str) -> bool:
    return "\u0600" <= letter <= "\u06ff" or "\u0750" <= letter <= "\u077f" or "\ufb50" <= letter <= "\ufefc"


def _is_latin(word: str) -> bool:
    return all(letter < "\u0250" or "\u1e00" <= letter < "\u1f00" for letter in word)


@cache
def _frequent() -> dict[str, frozenset[str]]:
    tables: list[tuple[str, str]] = [*_WORDS.items(), ("other", _OTHER_LATIN)]
    return {language: frozenset(fold(word) for word in words.split()) for language, words in tables}
