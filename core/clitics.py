"""What Arabic and Persian write onto a word: which forms an inflected word is looked up under, and the way back.

A stripped form is only ever looked up, never indexed: it counts when a rule asks for it. All forms are folded.
"""

from collections.abc import Iterator
from functools import lru_cache

from core.text import fold

ARTICLE = "ال"

# Prefixes that end in the article. ف, ک and س alone are never stripped: they belong to the root too often.
_DEFINITE = ("ال", "وال", "فال", "بال", "کال", "لل", "ولل", "وبال", "فبال", "وکال")
_SINGLE = ("و", "ب", "ل")
_SUFFIXES = ("ها", "های", "هایی", "هایش", "هایشان", "هایمان", "هایم", "هایت")

PREFIXES = ("", *_DEFINITE, *_SINGLE)
"""All that may stand before a word, nothing included."""

# Words whose first letter is no prefix, though what follows is a word as well: بطاقة is a card, no طاقة (energy). They
# are those that stand with an article in news of 2026 (البطاقة) beside their rest; of others the rest is no word, or
# both readings are common (وجهات, لأزمة) and the prefix is kept.
_WORDS = """
وزارة وسائل وتيرة ولاية ورقية وسادة وقاية وضيعة بطولة بطاقة بطاقات بحرية بلدية بضائع بحيرة بطارية بترول برودة بروتين
برقية بحارة بارزة بوصلة بدوية بوليس بلاستيك بواخر لافتة ليلية
"""
_WHOLE = frozenset(map(fold, _WORDS.split()))

_SHORTEST = 3  # letters that must remain under an article or a suffix
_SHORTEST_SINGLE = 4  # letters that must remain under a single-letter prefix


def is_arabic_script(form: str) -> bool:
    """Whether a folded form is written in Arabic letters."""
    return "\u0600" <= form[:1] <= "\u06ff"


@lru_cache(maxsize=200_000)
def lookups(form: str) -> tuple[str, ...]:
    """The forms under which a folded word of a text may be asked for, itself first.

    A word with an article is also looked up without one; a prefix in front of the article leaves both.
    """
    if not is_arabic_script(form):
        return (form,)
    return tuple(dict.fromkeys((form, *_stripped(form))))


def _stripped(form: str) -> Iterator[str]:
    for prefix in _DEFINITE:
        rest = form[len(prefix) :]
        if len(rest) >= _SHORTEST and form.startswith(prefix):
            yield rest
            yield ARTICLE + rest
    if form[0] in _SINGLE and len(form) > _SHORTEST_SINGLE and form not in _WHOLE:
        yield form[1:]
    for suffix in _SUFFIXES:
        if form.endswith(suffix) and len(form) - len(suffix) >= _SHORTEST:
            yield form[: -len(suffix)]


@lru_cache(maxsize=20_000)
def surfaces(form: str) -> tuple[str, ...]:
    """Every folded word that is looked up under `form`, itself first: `form in lookups(s)` for each of them."""
    if not is_arabic_script(form):
        return (form,)
    return tuple(dict.fromkeys((form, *(word for word in _dressed(form) if form in lookups(word)))))


def _dressed(form: str) -> Iterator[str]:
    bare = form.removeprefix(ARTICLE)
    for prefix in _DEFINITE:
        yield prefix + form
        yield prefix + bare
    for letter in _SINGLE:
        yield letter + form
    for suffix in _SUFFIXES:
        yield form + suffix
