"""Whose text an article shares: fingerprints propose, core.stories.dedup decides. Writes fingerprints only.

Both tables of fingerprints hold the same; the youngest lie in the smaller one until `settle_fingerprints` moves them.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection, Executable, bindparam, func, insert, select, text

from archive.boilerplate import boilerplate_of, keys_of, recurring
from archive.identity import SAME_TEXT_WITHIN, chunks
from archive.schema import article, fingerprint_delta
from core.judge import OWN_TOKENS
from core.language import detect
from core.model import Draft
from core.stories.concepts import Concepts
from core.stories.dedup import Evidence, Sample, best, capitals, compare
from core.stories.fingerprints import (
    BITS,
    Boilerplate,
    enough_shared,
    fingerprints,
    lines_of,
    looked_up,
    own_words,
    own_words_of,
)

UNKNOWN = "und"  # the language of a text whose language nobody knows
STORED_BITS = 48  # of a hash: enough to tell shingles apart, and two bytes less a row
COMMON = 200  # groups of copies that hold a shingle: it is everybody's
PROPOSED = 50  # candidates whose date is looked at, those that share most
VERIFIED = 20  # of these weeks' candidates are compared
STEP = 5  # so many at a time, until one is a copy
FEWER = 4  # who shares so many times fewer fingerprints than the best is no match beside it
SAMPLES = 1_000  # compared texts that are remembered
SLICE = 20_000  # rows that are moved in one transaction


@dataclass(frozen=True)
class Reading:
    """An article's text as copies and stories are told by."""

    title: tuple[str, ...]
    body: tuple[str, ...]  # own words; all of them where nothing but boilerplate is in it
    lines: frozenset[int]
    sample: Sample
    article: int = 0  # where it is archived
    language: str = UNKNOWN

    @cached_property
    def prints(self) -> tuple[int, ...]:
        """Its fingerprints; none where the text is too short to be anybody's own."""
        words = self.sample.words
        return tuple(value >> (BITS - STORED_BITS) for value in fingerprints(words)) if len(words) >= OWN_TOKENS else ()


def read(conn: Connection, draft: Draft, concepts: Concepts) -> Reading:
    """Read a draft's text, without the boilerplate that is known by now."""
    body = draft.text or draft.summary
    (reading,) = _read(conn, [_Written(0, draft.source, draft.title, body, draft.language)], concepts)
    return reading


def readings(conn: Connection, articles: Sequence[int], concepts: Concepts) -> Iterator[Reading]:
    """Archived articles as they read now, in no order."""
    for ids in chunks(articles):
        rows = conn.execute(_TEXTS, {"ids": ids}).all()
        written = [_Written(row.id, row.source, row.title, row.text or row.summary, row.language) for row in rows]
        yield from _read(conn, written, concepts)


class _Written(NamedTuple):
    article: int
    source: str
    title: str
    body: str
    language: str | None


def _read(conn: Connection, texts: Sequence[_Written], concepts: Concepts) -> list[Reading]:
    """Several texts with one question for their lines."""
    lines = [list(lines_of(each.body)) for each in texts]
    keys = [keys_of(each.source, held) for each, held in zip(texts, lines, strict=True)]
    known = recurring(conn, frozenset().union(*keys))
    return [
        _reading(each, held, own_keys, boilerplate_of(each.source, known & own_keys), concepts)
        for each, held, own_keys in zip(texts, lines, keys, strict=True)
    ]


def _reading(
    of: _Written, lines: list[list[str]], keys: frozenset[int], boilerplate: Boilerplate | None, concepts: Concepts
) -> Reading:
    own = own_words_of(lines, boilerplate) or own_words_of(lines)
    headline = own_words(of.title)
    spoken = of.language or detect(f"{of.title}\n{of.body}") or UNKNOWN
    sample = Sample(own or headline, spoken, concepts, capitals(of.body))
    return Reading(headline, own, keys, sample, article=of.article, language=spoken)


class Samples:
    """The texts that were compared last, by article and text: most copies come soon after their original."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[int, str], Sample] = OrderedDict()

    def put(self, article_id: int, content_hash: str, sample: Sample) -> None:
        self._held[article_id, content_hash] = sample
        if len(self._held) > SAMPLES:
            self._held.popitem(last=False)

    def get(self, article_id: int, content_hash: str) -> Sample | None:
        return self._held.get((article_id, content_hash))


def best_match(conn: Connection, reading: Reading, samples: Samples, now: datetime) -> tuple[int, Evidence] | None:
    """The article of these weeks whose text is most of the reading's, a copy or derived, with the proof."""
    candidates = _candidates(conn, reading)
    if not candidates:
        return None
    month = {"since": now - SAME_TEXT_WITHIN, "until": now + SAME_TEXT_WITHIN}
    hashes = {row.id: row.content_hash for row in conn.execute(_HASHES, {"ids": candidates} | month)}
    verified = [(each, hashes[each]) for each in candidates if each in hashes][:VERIFIED]
    found: list[tuple[int, Evidence]] = []
    for start in range(0, len(verified), STEP):
        some = _samples(conn, dict(verified[start : start + STEP]), reading.sample.concepts, samples)
        found += ((each, compare(reading.sample, sample)) for each, sample in some.items())
        if any(evidence.tier == "copy" for _, evidence in found):
            break  # who shares fewer fingerprints shares less of the text
    return best(found)


def keep_fingerprints(conn: Connection, article_id: int, prints: Sequence[int]) -> None:
    """Propose an article from now on. Harmless when repeated."""
    if prints:
        conn.execute(_KEEP[conn.dialect.name], [{"hash": value, "article": article_id} for value in prints])


def settle_fingerprints(conn: Connection) -> bool:
    """Move a slice of the youngest fingerprints to the others, in order of the hash; whether more are left.

    Hashes that are common already are dropped.
    """
    last = conn.execute(_SLICE_END, {"rows": SLICE}).scalar()
    for statement in (_MOVE, _CLEAR) if last is not None else (_MOVE_ALL, _CLEAR_ALL):
        conn.execute(statement, {} if last is None else {"last": last})
    return last is not None


def young_fingerprints(conn: Connection) -> int:
    """How many rows wait to be moved."""
    return int(conn.execute(text("SELECT count(*) FROM fingerprint_delta")).scalar_one())


def _candidates(conn: Connection, reading: Reading) -> list[int]:
    """The articles that share enough of the fingerprints by which the reading is looked up, most shared first."""
    asked = looked_up(tuple(value << (BITS - STORED_BITS) for value in reading.prints))
    hashes = [value >> (BITS - STORED_BITS) for value in asked]
    if not hashes:
        return []
    holders: dict[int, list[int]] = {}
    for value, holder in conn.execute(_LOOK_UP[conn.dialect.name], {"hashes": _bound(conn, hashes)}):
        holders.setdefault(value, []).append(holder)
    shared = Counter(holder for held in holders.values() if len(held) <= COMMON for holder in held)
    most = max(shared.values(), default=0)
    words = len(reading.sample.words)
    enough = [(-count, each) for each, count in shared.items() if FEWER * count >= most and enough_shared(count, words)]
    return [each for _, each in sorted(enough)[:PROPOSED]]


def _bound(conn: Connection, hashes: Sequence[int]) -> Any:
    return list(hashes) if conn.dialect.name == "postgresql" else f"[{','.join(map(str, hashes))}]"


def _samples(conn: Connection, wanted: Mapping[int, str], concepts: Concepts, samples: Samples) -> Mapping[int, Sample]:
    """Archived texts as they are compared, by article; each is asked for with the hash of its content."""
    found = {each: sample for each, hash_ in wanted.items() if (sample := samples.get(each, hash_)) is not None}
    for reading in readings(conn, [each for each in wanted if each not in found], concepts):
        found[reading.article] = reading.sample
        samples.put(reading.article, wanted[reading.article], reading.sample)
    return found


_HASHES = select(article.c.id, article.c.content_hash).where(
    article.c.id.in_(bindparam("ids", expanding=True)),
    func.coalesce(article.c.published, article.c.recorded).between(bindparam("since"), bindparam("until")),
)
_TEXT_COLUMNS: Iterable[str] = ("id", "source", "language", "content_hash", "title", "summary", "text")
_TEXTS = select(*(article.c[name] for name in _TEXT_COLUMNS)).where(article.c.id.in_(bindparam("ids", expanding=True)))

_LOOK_UP = {
    "sqlite": text(
        """SELECT hash, article FROM json_each(:hashes) JOIN fingerprint ON hash = value
           UNION SELECT hash, article FROM json_each(:hashes) JOIN fingerprint_delta ON hash = value"""
    ),
    "postgresql": text(
        """SELECT hash, article FROM fingerprint WHERE hash = ANY(:hashes)
           UNION SELECT hash, article FROM fingerprint_delta WHERE hash = ANY(:hashes)"""
    ),
}
_KEEP: Mapping[str, Executable] = {
    "sqlite": insert(fingerprint_delta).prefix_with("OR IGNORE"),
    "postgresql": text("INSERT INTO fingerprint_delta VALUES (:hash, :article) ON CONFLICT DO NOTHING"),
}

_SLICE_END = text("SELECT hash FROM fingerprint_delta ORDER BY hash, article LIMIT 1 OFFSET :rows")
_MOVE_ALL = text(
    """INSERT INTO fingerprint (hash, article)
        SELECT hash, article FROM fingerprint_delta AS young
        WHERE (SELECT count(*) FROM (SELECT 1 FROM fingerprint AS old WHERE old.hash = young.hash LIMIT :common)
               AS held) < :common
        ORDER BY hash, article
        ON CONFLICT DO NOTHING"""
).bindparams(common=COMMON + 1)
_MOVE = text(_MOVE_ALL.text.replace("WHERE (", "WHERE hash <= :last AND (")).bindparams(common=COMMON + 1)
_CLEAR_ALL = text("DELETE FROM fingerprint_delta")
_CLEAR = text("DELETE FROM fingerprint_delta WHERE hash <= :last")
