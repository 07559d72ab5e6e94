"""Brings a database to the present schema. One transaction under one lock: all of it happens, or nothing.

So two processes that start at once take turns, and one that is killed half-way leaves what it found. Alembic
is loaded only when there is something to do.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from archive.locks import MIGRATION, lock
from core.errors import ArchiveError

HEAD = "0015"  # the newest revision under migrations/versions; a test holds them together


def make(conn: Connection, version: str) -> None:
    """Make the tables of that schema, in a database that has none. Raises ArchiveError for one not known here."""
    _upgrade(conn, version, to=version)


def finish(conn: Connection) -> None:
    """Run the migrations that are missing, within the caller's transaction."""
    version = _version(conn)
    if version != HEAD:
        _upgrade(conn, version)


def migrate(engine: Engine) -> str | None:
    """Run the missing migrations; the schema before, where there was one. Needs transactions that write."""
    with engine.connect().execution_options(writes=False) as conn:
        if _version(conn) == HEAD:
            return None
    with engine.begin() as conn:
        lock(conn, MIGRATION)
        former = _version(conn)
        finish(conn)  # looks once more: another process may have been faster
    return former if former != HEAD else None


def _version(conn: Connection) -> str | None:
    if not inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(conn: Connection, version: str | None, to: str = HEAD) -> None:
    from alembic import command  # noqa: PLC0415  slow to load, rarely needed
    from alembic.config import Config  # noqa: PLC0415  slow to load, rarely needed
    from alembic.script import ScriptDirectory  # noqa: PLC0415  slow to load, rarely needed
    from alembic.util import CommandError  # noqa: PLC0415  slow to load, rarely needed

    from archive.migrations import first_landed  # noqa: PLC0415  it loads alembic

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = conn
    try:
        if version is not None:
            ScriptDirectory.from_config(config).get_revision(version)
    except CommandError as error:
        raise ArchiveError(
            f"The archive was written by a newer Rasad (schema {version}; this one knows {HEAD}): install that one."
        ) from error
    if first_landed.is_lacking(conn, version):
        first_landed.complete(conn)
    command.upgrade(config, to)
