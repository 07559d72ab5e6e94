"""What Rasad says in messages, in the reader's language. Pure.

The words stand in words_en, words_ar and words_fa. Must not hold a word of its own, nor take sides: the voice is
neutral, sources are quoted elsewhere.
"""

from collections.abc import Mapping

from alerts import words_ar, words_en, words_fa
from core.tongue import Words, fill

WORDS: Mapping[str, Words] = {"en": words_en.WORDS, "ar": words_ar.WORDS, "fa": words_fa.WORDS}


def say(language: str, key: str, /, *, count: int | None = None, **values: object) -> str:
    """The words of `key`, filled, as core.tongue.fill does. KeyError for an unknown key."""
    return fill(WORDS[language], language, key, count, values)
