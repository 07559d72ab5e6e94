"""Writes a verdict: article, revision, addresses, hits, index, story and alerts, in the caller's transaction.

Decides nothing. All of a verdict is written, or, when anything is raised, none of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, or_, select, update

from archive import evidence as evidence_store
from archive import posts
from archive.announcing import announce
from archive.conflict import Insert as Upsert
from archive.conflict import add_missing, put
from archive.conflict import insert as upsert
from archive.door import storable
from archive.fulltext import index_words, put_words, take_words
from archive.identity import address_key, key, named_by_guid
from archive.schema import address, article, hit, listing, revision, source, story
from archive.subjects import is_watch
from archive.withdrawals import stands
from core.model import ArrivalKind, Draft, Known, Matches, Page, Span, Verdict
from core.stories.standing import Account, Match


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a draft. `alerts` is the number of messages that wait because of it."""

    article: int
    story: int
    alerts: int = 0


@dataclass(frozen=True, slots=True)
class Founded:
    """A row of `story` that an article founds: the leg that speaks for it, and the story that it is part of."""

    leg: int | None = None
    merged_into: int | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """Under which ids a new article is written: its own, and that of its row of `story`."""

    article: int
    row: int
    founded: Founded | None = None


def record(
    conn: Connection,
    draft: Draft,
    verdict: Verdict,
    *,
    now: datetime,
    edition: int,
    seat: Seat | None = None,
    evidence: Page | None = None,
    arrival: ArrivalKind = "live",
) -> Recorded:
    """Write what `verdict` says of `draft`. `edition` is the number of the rules that judged it; a new article has a
    seat.

    A revision whose title and body the article had before is not written again: a site that serves two versions
    in turn would fill the archive. Such a draft counts as seen.
    """
    draft = storable(draft)
    known = verdict.known
    if known is None:
        assert seat is not None
        _new(conn, draft, verdict, seat, now, edition, arrival)
        article_id, story_id, number = seat.article, verdict.story or seat.row, 1
    else:
        article_id, story_id, number = known.article, verdict.story or known.story, known.revision + 1
        if draft.complete:
            stands(conn, [article_id])
        if verdict.action != "revision" or _had_before(conn, known, verdict.fingerprint.content):
            _seen(conn, article_id, draft)
            return Recorded(article_id, story_id)
        _revise(conn, draft, verdict, known, now, edition)
        conn.execute(delete(hit).where(hit.c.article == article_id))
        take_words(conn, article_id)
    _seen(conn, article_id, draft)
    if draft.post is not None:
        posts.sight(conn, {article_id: draft.post}, now)
    _hits(conn, article_id, verdict.matches)
    put_words(conn, article_id, index_words(draft.title, draft.summary, draft.text))
    if evidence is not None:
        evidence_store.keep(conn, article_id, number, evidence)
    waiting = announce(
        conn, story=story_id, article=article_id, alerts=verdict.alerts, now=now, hold=arrival == "burst"
    )
    return Recorded(article_id, story_id, waiting)


def _new(
    conn: Connection,
    draft: Draft,
    verdict: Verdict,
    seat: Seat,
    now: datetime,
    edition: int,
    arrival: ArrivalKind,
) -> None:
    if seat.founded is not None:
        pointers = {"leg": seat.founded.leg, "merged_into": seat.founded.merged_into}
        conn.execute(_NEW_STORY, {"id": seat.row, "born": now} | pointers)
    values = _present_text(draft, verdict, now, edition) | {
        "id": seat.article,
        "story": seat.row,
        "source": draft.source,
        "duplicate_of": _original(verdict),
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
    conn.execute(_NEW_ARTICLE, values | {"its_source": draft.source} | _proof(verdict.match))


_NEW_STORY, _NEW_HIT = insert(story), insert(hit)
_last_visit = select(source.c.last_visit).where(source.c.id == bindparam("its_source")).scalar_subquery()
_NEW_ARTICLE = insert(article).values(absent=_last_visit)


def seat_again(conn: Connection, seat: Seat, verdict: Verdict, now: datetime) -> None:
    """An article that is archived stands elsewhere now: its pointers and its proof, and nothing that was told."""
    pointers = conn.execute(_POINTERS, {"row": seat.row}).one_or_none() if seat.founded is None else None
    if seat.founded is not None:
        row = {"id": seat.row, "born": now, "leg": seat.founded.leg, "merged_into": seat.founded.merged_into}
        put(conn, story, [row], update=("leg", "merged_into"))
    elif pointers is not None:  # a row that it founded once speaks with those whom it stands with now
        values = {"leg": pointers.leg or seat.row, "merged_into": pointers.merged_into or seat.row}
        conn.execute(update(story).where(story.c.id == seat.article, story.c.id != seat.row).values(values))
    values = {
        "story": seat.row,
        "duplicate_of": _original(verdict),
        "text_hash": verdict.fingerprint.body,
        "content_hash": verdict.fingerprint.content,
        "account": _kept_account(verdict.account),
    }
    conn.execute(update(article).where(article.c.id == seat.article).values(values | _proof(verdict.match)))


_POINTERS = select(story.c.leg, story.c.merged_into).where(story.c.id == bindparam("row"))


def _original(verdict: Verdict) -> int | None:
    """Whose copy a new article is."""
    if verdict.action != "copy":
        return None
    first = verdict.duplicate_of or verdict.match
    return first.article if first is not None else None


def _proof(match: Match | None) -> dict[str, Any]:
    if match is None:
        return dict.fromkeys(_PROOF)
    return {"match": match.article} | {name: getattr(match.evidence, name) for name in _PROOF[1:]}


_PROOF = ("match", "tier", "containment", "shared", "numbers", "alone", "why")


def _kept_account(account: Account | None) -> dict[str, Any] | None:
    """An account as it is kept; None where it says nothing."""
    if account is None or not (account.grave or account.denies or account.cites):
        return None
    return {"grave": account.grave, "denies": account.denies, "cites": sorted(account.cites)}


def _present_text(draft: Draft, verdict: Verdict, now: datetime, edition: int) -> dict[str, Any]:
    return {
        "edition": edition,
        "revised": now,
        "text_hash": verdict.fingerprint.body,
        "content_hash": verdict.fingerprint.content,
        "complete": draft.complete,
        "account": _kept_account(verdict.account),
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
    rows = hits_of(article_id, matches)
    if rows:
        conn.execute(_NEW_HIT, rows)


def hits_of(article_id: int, matches: Matches) -> list[dict[str, Any]]:
    """What the rules found in an article, as rows."""
    return [
        *(
            _hit(article_id, "watch" if is_watch(found.topic) else "topic", found.topic, found.spans, found.level)
            for found in matches.topics
        ),
        *(_hit(article_id, "name", found.name, found.spans) for found in matches.names),
        *(_hit(article_id, "ambiguous", found.name, found.spans) for found in matches.ambiguous),
    ]


def _hit(article_id: int, kind: str, what: str, spans: Iterable[Span], level: str | None = None) -> dict[str, Any]:
    marks = [[span.field, span.start, span.end] for span in spans]
    return {"article": article_id, "kind": kind, "what": what, "level": level, "spans": marks}
