"""What the page itself says, in the reader's language. The words stand in words_en, words_ar and words_fa."""

from collections.abc import Mapping

from core import affiliations
from core.tongue import Words, fill
from web import words_ar, words_en, words_fa

_OWN = {"en": words_en.WORDS, "ar": words_ar.WORDS, "fa": words_fa.WORDS}
WORDS: Mapping[str, Words] = {language: {**affiliations.WORDS[language], **own} for language, own in _OWN.items()}


def say(language: str, key: str, /, *, count: int | None = None, **values: object) -> str:
    """The words of `key`, filled, as core.tongue.fill does. KeyError for an unknown key."""
    return fill(WORDS[language], language, key, count, values)
