"""Opens the database: what differs between SQLite and PostgreSQL below the tables. Knows no table.

SQLite: WAL, many readers beside one writer; a transaction that may write begins IMMEDIATE, so two processes
meet at BEGIN and wait there instead of failing half-way. synchronous=FULL, since a claim that is lost in a power
cut is a message sent twice; the writer's batches make the one fsync per commit cheap.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from json import dumps
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import ArchiveError

PATIENCE = timedelta(seconds=30)  # how long a transaction waits for another process's lock
CACHE_KIB = 16 * 1024


def sqlite_library() -> ModuleType:
    """The newer library where it is installed: Python's own is as old as the system."""
    try:
        import pysqlite3  # noqa: PLC0415  there is no wheel of it for some machines
    except ImportError:
        return sqlite3
    return pysqlite3  # type: ignore[no-any-return]  # it has no types; it is sqlite3 under another name


def connect(url: str, *, patience: timedelta) -> Engine:
    """An engine for `url` (sqlite:///FILE or postgresql://…); a missing folder is made. Connects to nothing."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed, patience)
        if parsed.get_backend_name() == "postgresql":
            return _postgresql(parsed, patience)
    except (ArgumentError, NoSuchModuleError):
        pass
    raise ArchiveError("The archive's url must begin with sqlite:/// or postgresql://.")


_json = partial(dumps, ensure_ascii=False, separators=(",", ":"))


def _sqlite(url: URL, patience: timedelta) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ArchiveError("The archive needs a file: sqlite:///data/rasad.db; it cannot live in memory.")
    try:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        folder = Path(url.database).parent
        raise ArchiveError(f"The archive's folder {folder} cannot be made: {reason}.") from error
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        module=sqlite_library(),
        json_serializer=_json,
        connect_args={"timeout": patience.total_seconds()},
    )
    event.listen(engine, "connect", partial(_prepare_sqlite, patience=patience))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object, patience: timedelta) -> None:
    connection.isolation_level = None  # BEGIN is ours: see _begin_sqlite
    cursor = connection.cursor()
    _enter_wal(cursor, patience)
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        f"cache_size=-{CACHE_KIB}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _enter_wal(cursor: Any, patience: timedelta) -> None:
    """WAL, for the file's whole life. SQLite asks no busy handler while the mode changes, so the waiting is ours."""
    ends = time.monotonic() + patience.total_seconds()
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except (sqlite3.OperationalError, sqlite_library().OperationalError) as error:
            if "locked" not in str(error) or time.monotonic() > ends:
                raise
            time.sleep(0.01)  # there is nothing to be notified by
        else:
            return


def _begin_sqlite(conn: Connection) -> None:
    writes = conn.get_execution_options().get("writes", False)
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: URL, patience: timedelta) -> Engine:
    milliseconds = int(patience.total_seconds() * 1000)
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        json_serializer=_json,
        pool_pre_ping=True,  # a restarted server costs no failed unit of work
        connect_args={
            "connect_timeout": 10,
            "client_encoding": "utf8",
            "options": f"-c lock_timeout={milliseconds} -c timezone=UTC -c client_min_messages=warning",
        },
    )


def refuse_other_encodings(engine: Engine) -> None:
    """Raises ArchiveError for a PostgreSQL database that could not hold every script."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as conn:
        encoding = conn.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        remedy = "make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        raise ArchiveError(f"The archive {place(engine.url)} is a database in {encoding}, not UTF8: {remedy}.")


@contextmanager
def plainly(engine: Engine) -> Iterator[None]:
    """Tell a fault of the database itself as an ArchiveError of one sentence; others pass as they are."""
    try:
        yield
    except (OperationalError, PoolTimeout) as error:
        raise ArchiveError(_sentence(engine.url, error)) from error
    except DBAPIError as error:
        plain = type(error.orig).__name__ in ("DatabaseError", "InsufficientPrivilege")
        if plain or error.connection_invalidated:
            raise ArchiveError(_sentence(engine.url, error)) from error
        raise


_REMEDIES = (
    ("database is locked", "is locked by another process; end that one or try again"),
    ("lock timeout", "is locked by another process; end that one or try again"),
    ("readonly database", "is read-only; let the user who runs rasad write the file and its folder"),
    ("unable to open database file", "cannot be opened; check that its folder exists and may be written"),
    ("file is not a database", "is not a database; another file stands at its place"),
    ("malformed", "is damaged; restore a backup"),
    ("disk is full", "cannot grow: the disk is full"),
    ("no space left", "cannot grow: the disk is full"),
    ("password authentication failed", "refused the password"),
    ('role "', "cannot be opened: the server knows no such user"),
    ("does not exist", "does not exist on the server"),
    ("permission denied", "cannot be made: its user may not create tables there (GRANT CREATE ON SCHEMA public)"),
    ("connection refused", "cannot be reached: nothing answers at that address"),
    ("could not translate host name", "cannot be reached: its host name is unknown"),
    ("failed to resolve host", "cannot be reached: its host name is unknown"),
)


def _sentence(url: URL, error: SQLAlchemyError) -> str:
    cause = str(getattr(error, "orig", None) or error)
    for sign, remedy in _REMEDIES:
        if sign in cause.lower():
            return f"The archive {place(url)} {remedy}."
    return f"The archive {place(url)} failed: {' '.join(cause.split())}."


def place(url: URL) -> str:
    """The archive's address as it may be shown: without a password."""
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)
