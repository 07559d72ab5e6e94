"""How two articles compare, as copies and as tellers of one event: what the monitor decides by. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from archive.copies import Reading, read
from archive.frequencies import Counted
from archive.lexicon import concepts_of
from core.language import detect
from core.model import Draft, NameSet
from core.stories.concepts import Concepts
from core.stories.dedup import Evidence, compare
from core.stories.kinship import kinship
from core.stories.pieces import Frequencies, Piece, piece
from core.stories.shared_terms import shared_terms


@dataclass(frozen=True, slots=True)
class Shared:
    """How much of a kind is in both texts, and in each."""

    both: int
    one: int
    other: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Words, passages of three words and fingerprints are of the texts without boilerplate."""

    evidence: Evidence
    words: Shared
    passages: Shared
    fingerprints: Shared
    languages: tuple[str, str]
    kinship: float  # how much the two tell of one event, 0 to 1
    terms: tuple[str, ...]  # that say so, most telling first


def compared(conn: Connection, one: Draft, other: Draft, names: Mapping[str, NameSet], now: datetime) -> Comparison:
    """Compare two texts as the monitor would, by the boilerplate and the rareness of words that it knows by now.

    An article without a date is taken to be of `now`.
    """
    concepts = concepts_of(names)
    counted = Counted()
    counted.read(conn)
    readings = [_read(conn, draft, concepts) for draft in (one, other)]
    pieces = [
        _piece(number, draft, reading, concepts, counted.known, now)
        for number, (draft, reading) in enumerate(zip((one, other), readings, strict=True))
    ]
    words = [reading.sample.words for reading in readings]
    return Comparison(
        evidence=compare(readings[0].sample, readings[1].sample),
        words=_shared(*map(frozenset, words)),
        passages=_shared(*(frozenset(zip(each, each[1:], each[2:], strict=False)) for each in words)),
        fingerprints=_shared(*(frozenset(reading.prints) for reading in readings)),
        languages=(pieces[0].language, pieces[1].language),
        kinship=kinship(pieces[0], pieces[1]),
        terms=tuple(_shown(term, concepts) for term in shared_terms(pieces[0], pieces[1:])),
    )


def _read(conn: Connection, draft: Draft, concepts: Concepts) -> Reading:
    return read(conn, replace(draft, language=_language(draft)), concepts)


def _language(draft: Draft) -> str:
    return draft.language or detect(f"{draft.title}\n{draft.text or draft.summary}") or "und"


def _piece(
    number: int, draft: Draft, reading: Reading, concepts: Concepts, frequencies: Frequencies, now: datetime
) -> Piece:
    at = min(draft.published or now, now)
    return piece(number, _language(draft), at, reading.title, reading.body, concepts, frequencies)


def _shown(term: str, concepts: Concepts) -> str:
    """A word, a name of the config as @ID, or a number or concept as English writes it."""
    return concepts.title(term, "en") if "." in term or term[0] == "#" else term


def _shared(one: frozenset[object], other: frozenset[object]) -> Shared:
    return Shared(len(one & other), len(one), len(other))
