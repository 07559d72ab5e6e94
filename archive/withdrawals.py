"""Articles that their publishers took back: kept, and marked with the time. Decides nothing and deletes none."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from archive.conflict import add_missing
from archive.identity import articles_at, chunks
from archive.schema import absence, article


def withdraw(conn: Connection, source_id: str, urls: Collection[str], now: datetime) -> bool:
    """Mark the source's article at one of these addresses, whose page is gone. Whether one was marked now.

    An article that was never read from its page is left alone: it may have had none.
    """
    found = articles_at(conn, urls)
    gone = update(article).where(
        article.c.id.in_(found),
        article.c.source == source_id,
        article.c.complete,
        article.c.withdrawn.is_(None),
    )
    return bool(conn.execute(gone.values(withdrawn=now)).rowcount)


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
        gone = article.c.id.in_(again) & article.c.withdrawn.is_(None)
        conn.execute(update(article).where(gone).values(withdrawn=now))
        add_missing(conn, absence, [{"article": each, "noted": now} for each in some if each not in again])
