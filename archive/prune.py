"""Lets old articles go, whole stories at a time, with their evidence. What is remembered of them: that they were known.

A story stays as long as anything of it is young, waits to be sent, or carries an analyst's word (annotations, rulings).
A document stays as long as another article or a document compressed against it needs it. In short transactions beside a
running monitor; one that is interrupted is simply begun again.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, exists, func, or_, select, update

from archive import evidence as evidence_store
from archive.conflict import add_missing
from archive.database import Archive
from archive.fulltext import take_words
from archive.identity import forgotten_guid
from archive.locks import JUDGING, lock
from archive.schema import (
    absence,
    address,
    alert,
    annotation,
    article,
    evidence,
    fingerprint,
    fingerprint_delta,
    forgotten,
    hit,
    link,
    listing,
    mark,
    mute,
    outbox,
    piece,
    post,
    reference,
    revision,
    ruling,
    story,
)

BATCH = 200  # stories of a transaction

_OF_ARTICLE: Sequence[tuple[Table, Column[int]]] = (
    (hit, hit.c.article),
    (revision, revision.c.article),
    (address, address.c.article),
    (listing, listing.c.article),
    (post, post.c.article),
    (absence, absence.c.article),
    (evidence, evidence.c.article),
    (piece, piece.c.article),
    (mark, mark.c.article),
)


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was let go."""

    articles: int
    stories: int
    documents: int  # files of evidence


def count(conn: Connection, before: datetime) -> tuple[int, int]:
    """How many stories and articles would go."""
    whole = select(_WHOLE).where(*_old(before, _ruled(conn))).subquery()
    stories = conn.execute(select(func.count()).select_from(whole)).scalar_one()
    rows = select(story.c.id).where(func.coalesce(story.c.merged_into, story.c.id).in_(select(whole)))
    return stories, conn.execute(select(func.count()).where(article.c.story.in_(rows))).scalar_one()


def prune(archive: Archive, before: datetime, *, progress: Callable[[float], None]) -> Pruned:
    """Let the stories go of which everything was recorded before then."""
    with archive.reading() as conn:
        whole = count(conn, before)[0]
    articles = stories = documents = 0
    while True:
        with archive.writing() as conn:
            lock(conn, JUDGING)
            chosen = conn.execute(select(_WHOLE).where(*_old(before, _ruled(conn))).limit(BATCH)).scalars().all()
            if not chosen:
                break
            gone, unneeded = _let_go(conn, chosen)
        if archive.evidence is not None:  # after the commit: a file without a row is harmless, a row without a file not
            documents += sum(evidence_store.remove(archive.evidence, digest) for digest in unneeded)
        articles, stories = articles + gone, stories + len(chosen)
        progress(min(1.0, stories / max(1, whole)))
    with archive.writing() as conn:
        for table in (fingerprint, fingerprint_delta):
            conn.execute(delete(table).where(~exists().where(article.c.id == table.c.article)))
    return Pruned(articles, stories, documents)


# --- what may go ---------------------------------------------------------------------------------------------------

_part = story.alias("part")
_WHOLE = story.c.id
_ITS = or_(_part.c.id == story.c.id, _part.c.merged_into == story.c.id)
_PARTS = select(_part.c.id).where(_ITS).correlate(story)
_IN = article.c.story.in_(_PARTS)


def _old(before: datetime, ruled: Collection[int]) -> Sequence[ColumnElement[bool]]:
    """The conditions of a whole story that may go."""
    waits = (outbox.c.article == article.c.id) & outbox.c.settled.is_(None)
    keeps = [
        article.c.recorded >= before,
        article.c.id.in_(ruled),
        exists().where(annotation.c.article == article.c.id),
        exists().where(waits),
        exists().where(alert.c.article == article.c.id, alert.c.story.not_in(_PARTS)),  # another story told it
    ]
    kept = exists().where(_IN, or_(*keeps))
    return (story.c.merged_into.is_(None), story.c.born < before, exists().where(_IN), ~kept)


def _ruled(conn: Connection) -> set[int]:
    """The articles that an analyst's ruling in force names."""
    groups = conn.execute(select(ruling.c.groups).where(ruling.c.undone.is_(None))).scalars()
    return {each for group in groups for articles in group for each in articles}


# --- letting go ----------------------------------------------------------------------------------------------------


def _let_go(conn: Connection, stories: Sequence[int]) -> tuple[int, set[str]]:
    """Delete these whole stories; how many articles that were, and the documents that nobody needs any more."""
    rows = list(
        conn.execute(select(story.c.id).where(or_(_WHOLE.in_(stories), story.c.merged_into.in_(stories)))).scalars()
    )
    ids = list(conn.execute(select(article.c.id).where(article.c.story.in_(rows))).scalars())
    _remember(conn, ids)
    named = _named(conn, evidence.c.article.in_(ids))
    for each in ids:
        take_words(conn, each)
    for table, column in _OF_ARTICLE:
        conn.execute(delete(table).where(column.in_(ids)))
    conn.execute(delete(alert).where(alert.c.story.in_(rows)))
    conn.execute(delete(outbox).where(or_(outbox.c.article.in_(ids), outbox.c.story.in_(rows))))
    conn.execute(delete(link).where(or_(link.c.one.in_(rows), link.c.other.in_(rows))))
    conn.execute(delete(mute).where(mute.c.kind == "story", mute.c.what.in_([str(row) for row in rows])))
    conn.execute(
        update(article).where(article.c.duplicate_of.in_(ids), article.c.id.not_in(ids)).values(duplicate_of=None)
    )
    conn.execute(update(article).where(article.c.id.in_(ids)).values(duplicate_of=None))
    conn.execute(delete(article).where(article.c.id.in_(ids)))
    conn.execute(delete(story).where(story.c.id.in_(rows)))
    return len(ids), named - _still(conn, named)


def _remember(conn: Connection, ids: Sequence[int]) -> None:
    """Their addresses and GUIDs, so that no listing brings them again."""
    keys = set(conn.execute(select(address.c.key).where(address.c.article.in_(ids))).scalars())
    listed = conn.execute(select(listing.c.source, listing.c.guid_key).where(listing.c.article.in_(ids)))
    keys |= {forgotten_guid(row.source, row.guid_key) for row in listed if row.guid_key is not None}
    add_missing(conn, forgotten, [{"key": each} for each in sorted(keys)])


def _named(conn: Connection, which: ColumnElement[bool]) -> set[str]:
    rows = conn.execute(select(evidence.c.sha256, evidence.c.reference).where(which))
    return {digest for row in rows for digest in row if digest is not None}


def _still(conn: Connection, digests: Collection[str]) -> set[str]:
    """Those of the documents that something names."""
    named = _named(conn, or_(evidence.c.sha256.in_(digests), evidence.c.reference.in_(digests)))
    return named | set(conn.execute(select(reference.c.sha256).where(reference.c.sha256.in_(digests))).scalars())
