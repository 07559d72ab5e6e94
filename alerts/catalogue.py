"""What Rasad says in messages, in the reader's language. Pure.

The words stand in words_en, words_ar and words_fa. Must not hold a word of its own, nor take sides: the voice is
neutral, sources are quoted elsewhere.
"""

import re
from collections.abc import Mapping
from functools import cache

from alerts import words_ar, words_en, words_fa
from alerts.typesetting import isolate
from core import affiliations
from core.tongue import RIGHT_TO_LEFT, Words, fill

_OWN = {"en": words_en.WORDS, "ar": words_ar.WORDS, "fa": words_fa.WORDS}
WORDS: Mapping[str, Words] = {language: {**affiliations.WORDS[language], **own} for language, own in _OWN.items()}

# What is typed, with the Latin words after it: /quiet 23:00-07:00, rasad sources test {id}.
_TYPED = re.compile(r"(?:/[a-z]+|\brasad\b)(?: [\x21-\x7e]+)*")


def say(language: str, key: str, /, *, count: int | None = None, **values: object) -> str:
    """The words of `key`, filled, as core.tongue.fill does. KeyError for an unknown key."""
    return fill(_words(language), language, key, count, values)


@cache
def _words(language: str) -> Words:
    """What is typed is isolated where the language runs from right to left: its slash would stand at the wrong end."""
    if language not in RIGHT_TO_LEFT:
        return WORDS[language]
    return {
        key: _isolated(said) if isinstance(said, str) else {form: _isolated(each) for form, each in said.items()}
        for key, said in WORDS[language].items()
    }


def _isolated(template: str) -> str:
    return _TYPED.sub(lambda typed: isolate(typed[0]), template)
