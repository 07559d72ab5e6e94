"""Whose text an article shares: fingerprints propose, core.stories.dedup decides. Writes fingerprints only.

Both tables of fingerprints hold the same; the youngest lie in the smaller one until `settle_fingerprints` moves them.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, func, insert, select, text

from archive.boilerplate import boilerplate_of, keys_of
from archive.identity import SAME_TEXT_WITHIN, chunks
from archive.schema import article, fingerprint_delta
from core.judge import OWN_TOKENS
from core.language import detect
from core.model import Draft
from core.stories.concepts import Concepts
from core.stories.dedup import Evidence, Sample, best, capitals, compare
from core.stories.fingerprints import BITS, enough_shared, fingerprints, lines_of, looked_up, own_words, own_words_of

UNKNOWN = "und"  # the language of a text whose language nobody knows
STORED_BITS = 48  # of a hash: enough to tell shingles apart, and two bytes less a row
COMMON = 200  # groups of copies that hold a shingle: it is everybody's
VERIFIED = 20  # candidates that are compared, those that share most
SAMPLES = 500  # compared texts that are remembered
SLICE = 20_000  # rows that are moved in one transaction


@dataclass(frozen=True, slots=True)
class Reading:
    """An article's text as copies and stories are told by."""

    title: tuple[str, ...]
    body: tuple[str, ...]  # own words; all of them where nothing but boilerplate is in it
    lines: frozenset[int]
    sample: Sample
    article: int = 0  # where it is archived
    language: str = UNKNOWN
    prints: tuple[int, ...] = ()  # none where the text is too short to be anybody's own


def read(conn: Connection, draft: Draft, concepts: Concepts) -> Reading:
    """Read a draft's text, without the boilerplate that is known by now."""
    return _reading(conn, draft.source, draft.title, draft.text or draft.summary, draft.language, concepts)


def _reading(conn: Connection, source: str, title: str, body: str, language: str | None, concepts: Concepts) -> Reading:
    written = list(lines_of(body))
    lines = keys_of(source, written)
    own = own_words_of(written, boilerplate_of(conn, source, lines)) or own_words_of(written)
    headline = own_words(title)
    words = own or headline
    prints = fingerprints(words) if len(words) >= OWN_TOKENS else ()
    stored = tuple(value >> (BITS - STORED_BITS) for value in prints)
    spoken = language or detect(f"{title}\n{body}") or UNKNOWN
    sample = Sample(words, spoken, concepts, capitals(body))
    return Reading(headline, own, lines, sample, language=spoken, prints=stored)


def readings(conn: Connection, articles: Sequence[int], concepts: Concepts) -> Iterator[Reading]:
    """Archived articles as they read now, in no order."""
    for ids in chunks(articles):
        for row in conn.execute(_TEXTS, {"ids": ids}).all():
            body = row.text or row.summary
            yield replace(_reading(conn, row.source, row.title, body, row.language, concepts), article=row.id)


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
    compared = _samples(conn, candidates, reading.sample.concepts, samples, now)
    return best((each, compare(reading.sample, compared[each])) for each in candidates if each in compared)


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
    enough = [(-count, each) for each, count in shared.items() if enough_shared(count, len(reading.sample.words))]
    return [each for _, each in sorted(enough)[:VERIFIED]]


def _bound(conn: Connection, hashes: Sequence[int]) -> Any:
    return list(hashes) if conn.dialect.name == "postgresql" else f"[{','.join(map(str, hashes))}]"


def _samples(
    conn: Connection, candidates: Sequence[int], concepts: Concepts, samples: Samples, now: datetime
) -> Mapping[int, Sample]:
    month = {"since": now - SAME_TEXT_WITHIN, "until": now + SAME_TEXT_WITHIN}
    hashes = {row.id: row.content_hash for row in conn.execute(_HASHES, {"ids": candidates} | month)}
    found = {each: sample for each, hash_ in hashes.items() if (sample := samples.get(each, hash_)) is not None}
    missing = [each for each in hashes if each not in found]
    for row in conn.execute(_TEXTS, {"ids": missing}) if missing else ():
        body = row.text or row.summary
        found[row.id] = _reading(conn, row.source, row.title, body, row.language, concepts).sample
        samples.put(row.id, row.content_hash, found[row.id])
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
