"""From the words of a rule to the sequences of folded words that satisfy them. Pure; knows no article.

One phrase of a rule stands for every way it is set: spaced, half-spaced or joined («حزب الله», «حزبالله»), with or
without the article al- in Latin letters, and for names with every form of a kunya (أبو، أبا، أبي, Abu, Abou).
"""

import re
from collections.abc import Iterable, Iterator
from itertools import product
from math import prod

from core.clitics import ARTICLE, is_arabic_script
from core.rules.refusals import refused
from core.rules.wildcards import fold_pattern, has_wildcard
from core.text import ARTICLES, WORD, Token, spelling, tokenise

Sequence = tuple[str, ...]
"""Keys of words: a folded form, or one of the kinds below."""

EXACT, CASED, WILD = "=", "{", "*"
"""First letters of the keys that ask for a spelling, a spelling with its capitals, a pattern."""

_PARTS = re.compile(r"[^\s\-_./]+")

_SUN_LETTERS = ("sh", "th", "dh", "t", "d", "r", "z", "s", "n")
_KUNYA = ("ابو", "ابا", "ابی")
_LATIN_KUNYA = ("abu", "abo", "abou")

_SHORTEST_JOINED = 5  # letters: shorter joined forms are other words too often
_SHORTEST_AFTER_FA = 5  # letters
_SHORTEST_DRESSED = 4  # letters from which core.clitics reads و ب ل off a word
_SHORTEST_HALF = 3  # letters of either half of a word that may be two
_ENDINGS = frozenset({"ای", "ها"})
_JOINED_FREELY = 4  # words: of longer phrases only two neighbours are joined
_MOST_WRITINGS = 1_000  # of one entry of a name set


def sequences(text: str, *, kunya: bool = False) -> frozenset[Sequence]:
    """Every sequence of folded words that a text of a rule stands for; empty when it holds no word."""
    if has_wildcard(text):
        return _wild(text)
    words = tokenise(text)
    if not words:
        return frozenset()
    spaced = _without_articles(tuple(token.form for token in words))
    found = {spaced, *_half_spaces_closed(words)}
    if kunya:
        found |= set(_article_attached(words))
        found |= {sequence for plain in tuple(found) for sequence in _kunyas(plain)}
        found |= {sequence for plain in tuple(found) for sequence in _after_fa(plain)}
    found |= {sequence for plain in tuple(found) for sequence in _dressed(plain)}
    found |= {sequence for plain in tuple(found) for sequence in (*_joined(plain), *_split(plain))}
    return frozenset(found)


def writings(entry: str) -> tuple[str, ...]:
    """What an entry of a name set stands for: "Qais|Kays Hadi| al-Khazali" is four names, two of them with Hadi."""
    words = [word.split("|") for word in entry.split()]
    if prod(map(len, words)) > _MOST_WRITINGS:
        raise refused("writings", text=entry, most=_MOST_WRITINGS)
    return tuple(" ".join(filter(None, choice)) for choice in product(*words)) if "|" in entry else (entry,)


def name_entry(text: str) -> frozenset[Sequence]:
    """The sequences of an entry of a name set: =this spelling, {This Spelling}, or a name in all its writings."""
    if text.startswith("="):
        return exact(text[1:].strip('"«»“”'))
    if text.startswith("{") and text.endswith("}"):
        return cased(text[1:-1])
    return frozenset().union(*(sequences(each, kunya=True) for each in writings(text)))


def exact(text: str) -> frozenset[Sequence]:
    """The sequence that asks for this very spelling, small or capital."""
    return _spelled(EXACT + spelling(word).lower() for word in WORD.findall(text))


def cased(text: str) -> frozenset[Sequence]:
    """The sequence that asks for this very spelling, capitals included."""
    return _spelled(CASED + spelling(word) for word in WORD.findall(text))


def _spelled(keys: Iterable[str]) -> frozenset[Sequence]:
    return frozenset(filter(None, (tuple(keys),)))


def _wild(text: str) -> frozenset[Sequence]:
    """A term or phrase with wildcards: its other words as they are."""
    keys: list[str] = []
    for part in _PARTS.findall(text):
        if has_wildcard(part):
            keys.append(WILD + fold_pattern(part))
        else:
            keys.extend(token.form for token in tokenise(part))
    return frozenset((tuple(keys),))


def _without_articles(forms: Sequence) -> Sequence:
    kept = tuple(form for form in forms if form not in ARTICLES)
    return kept or forms


def _half_spaces_closed(words: list[Token]) -> Iterator[Sequence]:
    """خامنه‌ای as one word, whatever its length."""
    if any(token.glued for token in words):
        yield _attached([token.form for token in words], [token.glued for token in words])


def _article_attached(words: list[Token]) -> Iterator[Sequence]:
    """al-Sadr written Alsadr: only for names, since "al" begins many an English word."""
    forms = [token.form for token in words]
    articles = [form in ARTICLES for form in forms]
    if any(articles[:-1]):
        yield _attached(forms, articles)
        for vowel in "ae":
            sunny = [_before_sun(form, after, vowel) for form, after in zip(forms, [*forms[1:], ""], strict=True)]
            yield tuple(sunny)
            yield _attached(sunny, articles)


def _before_sun(form: str, following: str, vowel: str) -> str:
    """The article as it sounds before a sun letter: as-Sadr, ash-Shaabi, en-Nujaba."""
    if form in ARTICLES:
        for sun in _SUN_LETTERS:
            if following.startswith(sun):
                return vowel + sun
    return form


def _attached(forms: Iterable[str], leans: Iterable[bool]) -> Sequence:
    """The sequence with each word that leans on the next written onto it."""
    attached = [""]
    for form, leaning in zip(forms, leans, strict=True):
        attached[-1] += form
        if not leaning:
            attached.append("")
    return tuple(filter(None, attached))


def _kunyas(forms: Sequence) -> Iterator[Sequence]:
    """Every writing of every kunya in the sequence: أبو مهدي → ابا مهدي, ابومهدي …"""
    kinds = [next((kind for kind in (_KUNYA, _LATIN_KUNYA) if form in kind), None) for form in forms]
    if not any(kinds[:-1]):
        return
    for choice in product(*(kind or (form,) for kind, form in zip(kinds, forms, strict=True))):
        yield choice
        yield _attached(choice, map(bool, kinds))


def _after_fa(forms: Sequence) -> Iterator[Sequence]:
    """فخامنئي: a long name may have ف before it, which other words keep as a letter of their root."""
    if is_arabic_script(forms[0]) and len(forms[0]) >= _SHORTEST_AFTER_FA and not forms[0].startswith(ARTICLE):
        yield "ف" + forms[0], *forms[1:]


def _dressed(forms: Sequence) -> Iterator[Sequence]:
    """لحزب الله, وفي هذا: before a phrase, و ب ل are read off words that are too short for it alone."""
    first = forms[0]
    if len(forms) > 1 and len(first) < _SHORTEST_DRESSED and is_arabic_script(first) and not first.startswith(ARTICLE):
        yield from ((letter + first, *forms[1:]) for letter in "وبل")


def _split(forms: Sequence) -> Iterator[Sequence]:
    """A word in Arabic letters that was typed joined, as the two that it may be: حزبالله → حزب الله.

    Wrong cuts do no harm: their halves are no words. Short halves are, but for the endings that Persian sets apart.
    """
    if len(forms) == 1 and is_arabic_script(word := forms[0]):
        for cut in range(_SHORTEST_HALF, len(word) - 1):
            if len(word) - cut >= _SHORTEST_HALF or word[cut:] in _ENDINGS:
                yield word[:cut], word[cut:]


def _joined(forms: Sequence) -> Iterator[Sequence]:
    """The sequence with neighbours written as one word, where both are in Arabic letters."""
    gaps = len(forms) - 1
    for joins in _choices(gaps):
        yield from _with_joins(forms, joins)


def _choices(gaps: int) -> Iterable[tuple[bool, ...]]:
    if gaps < _JOINED_FREELY:
        return (joins for joins in product((False, True), repeat=gaps) if any(joins))
    return (tuple(gap == joined for gap in range(gaps)) for joined in range(gaps))


def _with_joins(forms: Sequence, joins: tuple[bool, ...]) -> Iterator[Sequence]:
    groups: list[list[str]] = [[forms[0]]]
    for form, join in zip(forms[1:], joins, strict=True):
        if not join:
            groups.append([form])
        elif is_arabic_script(form) and is_arabic_script(groups[-1][-1]):
            groups[-1].append(form)
        else:
            return
    if all(len(group) == 1 or sum(map(len, group)) >= _SHORTEST_JOINED for group in groups):
        yield from product(*map(_compounds, groups))


def _compounds(group: list[str]) -> Iterator[str]:
    """The words of a group as one, with or without the article inside: حشدشعبی, حشدالشعبی."""
    for inner in product(*((form,) if form.startswith(ARTICLE) else (form, ARTICLE + form) for form in group[1:])):
        yield group[0] + "".join(inner)
