"""INSERT … ON CONFLICT for whichever database a connection speaks to. Knows no table.

Statements are built once per table: building one costs as much as running it.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = postgresql.Insert | sqlite.Insert


def insert(dialect: str, table: Table) -> Insert:
    """The dialect's own INSERT, which alone has the on_conflict clauses; both spell them alike."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def add_missing(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert those `rows` that break no unique key; the others stay as they are."""
    if rows:
        conn.execute(_adding(conn.dialect.name, table), [dict(row) for row in rows])


def put(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, update: Sequence[str]) -> None:
    """Insert `rows`; where the primary key is taken, set the columns `update` to the new values."""
    if rows:
        conn.execute(_putting(conn.dialect.name, table, tuple(update)), [dict(row) for row in rows])


@cache
def _adding(dialect: str, table: Table) -> Insert:
    return insert(dialect, table).on_conflict_do_nothing()


@cache
def _putting(dialect: str, table: Table, update: tuple[str, ...]) -> Insert:
    statement = insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    return statement.on_conflict_do_update(
        index_elements=keys, set_={name: statement.excluded[name] for name in update}
    )
