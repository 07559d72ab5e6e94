"""Articles that their publishers took back: kept, and marked with the time; their stories may turn. Deletes none."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, update

from archive.announcing import announce
from archive.conflict import add_missing
from archive.identity import articles_at, chunks
from archive.schema import absence, article
from archive.standing import everybody, whole
from core.judge import judge_withdrawal


def withdraw(conn: Connection, source_id: str, urls: Collection[str], now: datetime) -> bool:
    """Mark the source's article at one of these addresses, whose page is gone. Whether one was marked now.

    An article that was never read from its page is left alone: it may have had none.
    """
    found = article.c.id.in_(articles_at(conn, urls)) & (article.c.source == source_id)
    return _take_back(conn, found & article.c.complete, now) > 0


def stands(conn: Connection, ids: Collection[int]) -> None:
    """These articles are seen: nothing is missing of them, and a mark is taken back."""
    for some in chunks(sorted(ids)):
        marked = article.c.id.in_(some) & article.c.withdrawn.is_not(None)
        conn.execute(update(article).where(marked).values(withdrawn=None))
        conn.execute(delete(absence).where(absence.c.article.in_(some)))


def missed(conn: Connection, ids: Collection[int], now: datetime) -> None:
    """These articles were not where they should be: those that were missed once before are withdrawn."""
    for some in chunks(sorted(ids)):
        again = list(conn.execute(select(absence.c.article).where(absence.c.article.in_(some))).scalars())
        _take_back(conn, article.c.id.in_(again), now)
        add_missing(conn, absence, [{"article": each, "noted": now} for each in some if each not in again])


def _take_back(conn: Connection, which: ColumnElement[bool], now: datetime) -> int:
    """Mark these articles, and tell of the stories that turn by it. How many were marked now."""
    standing = select(article.c.id, article.c.story).where(which, article.c.withdrawn.is_(None))
    gone = conn.execute(standing.order_by(article.c.id)).all()
    conn.execute(update(article).where(article.c.id.in_([row.id for row in gone])).values(withdrawn=now))
    for row in gone:
        story = everybody(conn, whole(conn, row.story))
        announce(conn, story=story.story, article=row.id, alerts=judge_withdrawal(row.id, story), now=now)
    return len(gone)
