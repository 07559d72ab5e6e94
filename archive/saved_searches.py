"""Queries that analysts come back to, each account its own. Compiles none of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from archive.schema import saved_search
from core.errors import InputError

LONGEST_NAME = 80  # code points
MOST = 200  # of an account


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query under the name that its account gave it."""

    id: int
    account: str
    name: str
    query: str
    saved: datetime


def of_account(conn: Connection, account: str) -> Sequence[SavedSearch]:
    """By name."""
    rows = conn.execute(select(saved_search).where(saved_search.c.account == account).order_by(saved_search.c.name))
    return [SavedSearch(row.id, row.account, row.name, row.query, row.saved) for row in rows]


def get(conn: Connection, id_: int) -> SavedSearch | None:
    """Whoever's it is."""
    row = conn.execute(select(saved_search).where(saved_search.c.id == id_)).one_or_none()
    return None if row is None else SavedSearch(row.id, row.account, row.name, row.query, row.saved)


def save(conn: Connection, account: str, name: str, query: str, now: datetime) -> None:
    """Keep `query` under `name`, in place of what the account had there. Raises InputError."""
    said = " ".join(name.replace("\0", "").split()) or query
    said = said[:LONGEST_NAME]
    conn.execute(delete(saved_search).where(saved_search.c.account == account, saved_search.c.name == said))
    if len(of_account(conn, account)) >= MOST:
        raise InputError(f"an account keeps at most {MOST} searches")
    row = {"account": account, "name": said, "query": query, "saved": now}
    conn.execute(insert(saved_search), row)


def remove(conn: Connection, account: str, id_: int) -> bool:
    """Let go of one's own. False where there is none."""
    chosen = delete(saved_search).where(saved_search.c.account == account, saved_search.c.id == id_)
    return conn.execute(chosen).rowcount > 0
