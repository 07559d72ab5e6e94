"""Locks of one transaction that hold between processes. Nothing to release: they end with the transaction.

On SQLite a writing transaction is alone anyway (BEGIN IMMEDIATE), so there is nothing to do.
"""

from sqlalchemy import Connection, text

# Any fixed numbers; they must differ from each other and never change.
MIGRATION = 7_210_001
JUDGING = 7_210_002
PUBLISHING = 7_210_003


def lock(conn: Connection, name: int) -> None:
    """Wait for the lock `name` and keep it until the transaction ends."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": name})
