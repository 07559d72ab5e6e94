"""Writes a verdict: article, revision, addresses, hits, index, story and alerts, in the caller's transaction.

Decides nothing. All of a verdict is written, or, when anything is raised, none of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, delete, exists, func, insert, or_, select, update

from archive import evidence as evidence_store
from archive import outbox
from archive.conflict import Insert as Upsert
from archive.conflict import add_missing
from archive.conflict import insert as upsert
from archive.door import storable
from archive.fulltext import index_words, put_words, take_words
from archive.identity import address_key, key, named_by_guid
from archive.schema import address, alert, article, hit, listing, revision, story
from archive.withdrawals import stands
from core.model import ArrivalKind, Draft, Known, Matches, Page, Span, Verdict


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a draft. `alerts` is the number of messages that wait because of it."""

    article: int
    story: int
    alerts: int = 0


def record(
    conn: Connection,
    draft: Draft,
    verdict: Verdict,
    *,
    now: datetime,
    edition: int,
    evidence: Page | None = None,
    arrival: ArrivalKind = "live",
) -> Recorded:
    """Write what `verdict` says of `draft`. `edition` is the number of the rules that judged it.

    A revision whose title and body the article had before is not written again: a site that serves two versions
    in turn would fill the archive. Such a draft counts as seen.
    """
    draft = storable(draft)
    known = verdict.known
    if known is None:
        article_id, story_id = _new(conn, draft, verdict, now, edition, arrival)
        number = 1
    else:
        article_id, story_id, number = known.article, known.story, known.revision + 1
        if draft.complete:
            stands(conn, [article_id])
        if verdict.action != "revision" or _had_before(conn, known, verdict.fingerprint.content):
            _seen(conn, article_id, draft)
            return Recorded(article_id, story_id)
        _revise(conn, draft, verdict, known, now, edition)
        conn.execute(delete(hit).where(hit.c.article == article_id))
        take_words(conn, article_id)
    _seen(conn, article_id, draft)
    _hits(conn, article_id, verdict.matches)
    put_words(conn, article_id, index_words(draft.title, draft.summary, draft.text))
    if evidence is not None:
        evidence_store.keep(conn, article_id, number, evidence)
    return Recorded(article_id, story_id, _alerts(conn, article_id, story_id, verdict, now))


def _new(
    conn: Connection, draft: Draft, verdict: Verdict, now: datetime, edition: int, arrival: ArrivalKind
) -> tuple[int, int]:
    first = verdict.duplicate_of
    story_id = first.story if first is not None else _inserted(conn, _NEW_STORY, {"born": now})
    values = _present_text(draft, verdict, now, edition) | {
        "story": story_id,
        "source": draft.source,
        "duplicate_of": first.article if first is not None else None,
        "arrival": arrival,
        "url": draft.url,
        "guid": draft.guid,
        "published": draft.published,
        "published_raw": draft.published_raw,
        "language": draft.language,
        "authors": list(draft.authors),
        "image": draft.image,
        "fetched": draft.fetched or now,
        "recorded": now,
        "revision": 1,
    }
    return _inserted(conn, _NEW_ARTICLE, values), story_id


_NEW_STORY, _NEW_ARTICLE, _NEW_HIT = insert(story), insert(article), insert(hit)


def _inserted(conn: Connection, statement: Insert, values: dict[str, Any]) -> int:
    inserted = conn.execute(statement, values).inserted_primary_key
    assert inserted is not None
    return int(inserted[0])


def _present_text(draft: Draft, verdict: Verdict, now: datetime, edition: int) -> dict[str, Any]:
    return {
        "edition": edition,
        "revised": now,
        "text_hash": verdict.fingerprint.body,
        "content_hash": verdict.fingerprint.content,
        "complete": draft.complete,
        "title": draft.title,
        "summary": draft.summary,
        "text": draft.text,
    }


def _had_before(conn: Connection, known: Known, content_hash: str) -> bool:
    earlier = (revision.c.article == known.article) & (revision.c.content_hash == content_hash)
    present = (article.c.id == known.article) & (article.c.content_hash == content_hash)
    return bool(conn.execute(select(or_(exists().where(earlier), exists().where(present)))).scalar_one())


def _revise(conn: Connection, draft: Draft, verdict: Verdict, known: Known, now: datetime, edition: int) -> None:
    """Put the present text among the old ones and the draft's in its place. What is not text stays, or is filled in."""
    conn.execute(insert(revision).from_select(_KEPT, _kept(known.article)))
    values = _present_text(draft, verdict, now, edition) | {"revision": known.revision + 1}
    filled = {"published": draft.published, "image": draft.image, "language": draft.language}
    values |= {name: value for name, value in filled.items() if value is not None}
    if draft.authors:
        values["authors"] = list(draft.authors)
    conn.execute(update(article).where(article.c.id == known.article).values(values))


_KEPT = ["article", "number", "recorded", "edition", "content_hash", "title", "summary", "text"]


def _kept(article_id: int) -> Any:
    columns = ("id", "revision", "revised", *_KEPT[3:])
    return select(*(article.c[name] for name in columns)).where(article.c.id == article_id)


def _seen(conn: Connection, article_id: int, draft: Draft) -> None:
    """Note under which addresses and which GUID the article is known, and what the listing says of it."""
    urls = dict.fromkeys(url for url in (draft.url, *draft.aliases) if url)
    add_missing(conn, address, [{"key": address_key(url), "article": article_id, "url": url} for url in urls])
    row = {
        "source": draft.source,
        "article": article_id,
        "guid_key": _own_guid(conn, article_id, draft),
        "hash": draft.listing,
        "looks": 1,
    }
    conn.execute(_listing(conn.dialect.name), row)


@cache
def _listing(dialect: str) -> Upsert:
    """Insert or renew a listing; a GUID that it has stays."""
    statement = upsert(dialect, listing)
    changes = {
        "hash": statement.excluded.hash,
        "looks": listing.c.looks + 1,
        "guid_key": func.coalesce(listing.c.guid_key, statement.excluded.guid_key),
    }
    return statement.on_conflict_do_update(index_elements=["source", "article"], set_=changes)


def _own_guid(conn: Connection, article_id: int, draft: Draft) -> bytes | None:
    """The key of the draft's GUID, unless its source already names another article so."""
    if not draft.guid:
        return None
    owner = named_by_guid(conn, draft.source, draft.guid)
    return key(draft.guid) if owner in (None, article_id) else None


def _hits(conn: Connection, article_id: int, matches: Matches) -> None:
    rows = [
        *(_hit(article_id, "topic", found.topic, found.spans, found.level) for found in matches.topics),
        *(_hit(article_id, "name", found.name, found.spans) for found in matches.names),
        *(_hit(article_id, "ambiguous", found.name, found.spans) for found in matches.ambiguous),
    ]
    if rows:
        conn.execute(_NEW_HIT, rows)


def _hit(article_id: int, kind: str, what: str, spans: Iterable[Span], level: str | None = None) -> dict[str, Any]:
    marks = [[span.field, span.start, span.end] for span in spans]
    return {"article": article_id, "kind": kind, "what": what, "level": level, "spans": marks}


def _alerts(conn: Connection, article_id: int, story_id: int, verdict: Verdict, now: datetime) -> int:
    if not verdict.alerts:
        return 0
    rows = [
        {
            "story": story_id,
            "subject": f"topic:{born.topic}",
            "occasion": born.occasion,
            "article": article_id,
            "level": born.level,
            "born": now,
        }
        for born in verdict.alerts
    ]
    add_missing(conn, alert, rows)
    return outbox.enqueue(conn, story=story_id, article=article_id, alerts=verdict.alerts, now=now)
