"""What an article must at least hold for a rule to be true of it: a tree that an index can answer.

It promises a superset. An index over `core.text.index_tokens` finds every article of which the rule is true, and
others; `RuleSet.match` decides about each.

    Everything()            nothing can be said: every article
    Word(forms)             at least one of these indexed words occurs
    Stem(start)             an indexed word begins with this
    AllOf(parts)            every part (two or more)
    AnyOf(parts)            at least one part (two or more; none: no article at all)
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.clitics import PREFIXES, is_arabic_script, surfaces
from core.patterns import CASED, EXACT, WILD, Sequence
from core.text import fold
from core.wildcards import Wildcard


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
class AllOf:
    parts: tuple["Candidate", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Candidate", ...]


Candidate = Everything | Word | Stem | AllOf | AnyOf


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
    return any_of(Stem(prefix + start) for prefix in prefixes)


def _alternatives(parts: Iterable[Candidate]) -> Iterator[Candidate]:
    for part in parts:
        if isinstance(part, AnyOf):
            yield from part.parts
        else:
            yield part
