"""What an article must at least hold for a rule to be true of it: a tree that an index can answer.

It promises a superset. An index over `core.text.index_tokens` finds every article of which the rule is true, and
others; `RuleSet.match` decides about each.

    Everything()            nothing can be said: every article
    Word(forms)             at least one of these indexed words occurs
    Stem(start)             an indexed word begins with this
    Adjacent(words)         words one right after the other, each one of these forms
    Fact(field, value)      what the archive knows beside the text: source, lang, date, story, topic
    Lacks(forms)            none of these words occurs; stands in an AllOf beside what must occur
    AllOf(parts)            every part (two or more)
    AnyOf(parts)            at least one part (two or more; none: no article at all)
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from core.clitics import ARTICLE, PREFIXES, is_arabic_script, surfaces
from core.rules.patterns import CASED, EXACT, WILD, Sequence
from core.rules.wildcards import Wildcard
from core.text import ARTICLES, JOINED, LONGEST_WORD, fold


@dataclass(frozen=True, slots=True)
class Everything:
    """Every article."""


@dataclass(frozen=True, slots=True)
class Word:
    """One of these words as `index_tokens` writes them: a word and what clitics make of it."""

    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stem:
    """A word that begins so, as `index_tokens` writes it."""

    start: str


@dataclass(frozen=True, slots=True)
class Lacks:
    """None of these words, as `index_tokens` writes them: whoever holds one holds what a NOT excludes."""

    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adjacent:
    """Words that follow one another in `index_tokens`, each in one of its forms."""

    words: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of a field: text as core.rules.known compares it, a number, or [since, until) in UTC."""

    field: str
    value: str | int | tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Candidate", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Candidate", ...]


Candidate = Everything | Word | Stem | Lacks | Adjacent | Fact | AllOf | AnyOf


def all_of(parts: Iterable[Candidate]) -> Candidate:
    """Every part; what asks for nothing is left out."""
    kept = tuple(dict.fromkeys(part for part in parts if part != Everything()))
    if not kept:
        return Everything()
    return kept[0] if len(kept) == 1 else AllOf(kept)


def any_of(parts: Iterable[Candidate]) -> Candidate:
    """At least one part; words side by side become one."""
    kept = tuple(dict.fromkeys(_alternatives(parts)))
    if Everything() in kept:
        return Everything()
    words = tuple(dict.fromkeys(form for part in kept if isinstance(part, Word) for form in part.forms))
    others = tuple(part for part in kept if not isinstance(part, Word))
    joined = (Word(words), *others) if words else others
    return joined[0] if len(joined) == 1 else AnyOf(joined)


def of_sequences(sequences: Iterable[Sequence]) -> Candidate:
    """Any of the sequences, each by the words it is made of."""
    return any_of(all_of(map(of_key, sequence)) for sequence in sequences)


def of_phrases(sequences: Iterable[Sequence]) -> Candidate:
    """The same with the order of the words, for the few sequences of a phrase; a name has too many."""
    return any_of(part for sequence in sequences for part in _of_phrase(sequence))


def _of_phrase(sequence: Sequence) -> Iterator[Candidate]:
    """Word by word, or with one word that half-spaces make of several: an index has those apart."""
    loose = all_of(map(of_key, sequence))
    if len(sequence) == 1 or any(key[:1] in (EXACT, CASED, WILD) or key in ARTICLES for key in sequence):
        yield loose
        return
    words = tuple(map(surfaces, sequence))
    yield Adjacent(words)
    joined = (JOINED + form for forms in words for form in forms if is_arabic_script(form))
    yield all_of((Word(tuple(dict.fromkeys(joined))), loose))


def lacking(sequences: Iterable[Sequence]) -> Candidate:
    """What a NOT of these sequences says for certain: those of one word must not occur."""
    words = [
        s[0] for s in sequences if len(s) == 1 and s[0][:1] not in (EXACT, CASED, WILD) and len(s[0]) < LONGEST_WORD
    ]
    forms = tuple(dict.fromkeys(form for word in words for form in surfaces(word) if len(form) < LONGEST_WORD))
    return Lacks(forms) if forms else Everything()


def anywhere(wanted: Candidate) -> Candidate:
    """The same for a part that is looked for in one zone only: a word elsewhere does not make its NOT false."""
    match wanted:
        case Lacks():
            return Everything()
        case AllOf(parts):
            return all_of(map(anywhere, parts))
        case AnyOf(parts):
            return any_of(map(anywhere, parts))
        case _:
            return wanted


def of_key(key: str) -> Candidate:
    """What an index holds when a text has a word for this key of the lexicon."""
    kind, rest = key[:1], key[1:]
    if kind in (EXACT, CASED):
        return Word((fold(rest),))
    if kind != WILD:
        return Word(surfaces(key))
    start = Wildcard(rest).start
    if not start:
        return Everything()
    prefixes = PREFIXES if is_arabic_script(start) else ("",)
    bare = start.removeprefix(ARTICLE)  # للأجانب is also looked up as الأجانب
    starts = dict.fromkeys(
        prefix + each for prefix in prefixes for each in {start: None, bare: None} if each == start or prefix
    )
    return any_of(map(Stem, starts))


def _alternatives(parts: Iterable[Candidate]) -> Iterator[Candidate]:
    for part in parts:
        if isinstance(part, AnyOf):
            yield from part.parts
        else:
            yield part
