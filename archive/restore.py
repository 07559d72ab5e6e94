"""Reads a backup into an empty place, of either database; into a temporary one, to prove it. Writes no backup.

The rows are loaded into the schema by which they were written, which is then brought up to date. Nothing of it is
there before all of it is: every member has the hash of the manifest, every table its number of rows.
"""

import json
import re
import tarfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import zstandard
from sqlalchemy import Connection, Engine, Table, func, inspect, make_url, select, text

from archive import catch_up, dump, evidence, fulltext, migrate
from archive.engine import PATIENCE, connect, place, plainly, refuse_other_encodings
from archive.schema import article, metadata, subscriber
from core.errors import ArchiveError, InputError

FORMAT = 1
FOLDER = "evidence"  # beside backups that share their documents
_ROWS = re.compile(r"rows/\d+-([a-z_]+)\.jsonl")
_DOCUMENT = re.compile(r"evidence/([0-9a-f]{64})\.zst")
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Header:
    """What a backup says of itself."""

    format: int
    rasad: str
    schema: str
    database: str
    taken: datetime
    rows: Mapping[str, int]
    documents: int

    @property
    def size(self) -> int:
        """Rows and documents."""
        return sum(self.rows.values()) + self.documents


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. `missing`: documents that the backup names and does not hold."""

    header: Header
    missing: tuple[str, ...]


def look(file: Path) -> tuple[Header, bytes]:
    """The header of a backup and the config in it. Raises InputError for another file."""
    with _members(file) as members:
        return _header(file, next(members, None)), next(members, ("", b""))[1]


def documents(file: Path) -> list[str]:
    """The evidence that a backup needs. Raises InputError for another file."""
    with _members(file) as members:
        return next((content.decode().split() for name, content in members if name == "evidence.txt"), [])


def restore(file: Path, url: str, folder: Path | None, *, force: bool, now: datetime, progress: Progress) -> Restored:
    """Make the archive at `url` what it was, and put its evidence into `folder`; None: the evidence is left out.

    What waited to be sent when the backup was taken, and what the next round of visits brings, will be one digest.
    Raises InputError where something is in the way that `force` would replace, and for a file that is no backup.
    """
    where = make_url(url)
    if where.get_backend_name() != "sqlite":
        engine = connect(url, patience=PATIENCE)
        try:
            with plainly(engine):
                refuse_other_encodings(engine)
                return _restore(file, engine, folder, force=force, now=now, progress=progress)
        finally:
            engine.dispose()
    target = Path(where.database or "")
    if target.exists() and not force and not _is_empty_file(url):
        raise _in_the_way(url)
    beside = target.with_name(f".{target.name}.restoring")
    _remove(beside)
    try:
        done = _into_file(file, beside, folder, now=now, progress=progress)
        _remove(target)
        beside.replace(target)
    finally:
        _remove(beside)
    return done


def prove(file: Path, folder: Path, common: Path | None, *, progress: Progress) -> tuple[str, ...]:
    """Restore into the empty `folder` and look whether everything is there; the documents that are not.

    The full-text index, which is not in the backup, is not made. Raises ArchiveError for what cannot be restored.
    """
    database = folder / "rasad.db"
    try:
        done = _into_file(file, database, None, now=None, progress=progress, common=common)
        engine = connect(f"sqlite:///{database}", patience=PATIENCE)
        try:
            with engine.connect() as conn:
                faults = [row[0] for row in conn.execute(text("PRAGMA integrity_check(3)")) if row[0] != "ok"]
                orphans = conn.execute(text("PRAGMA foreign_key_check")).all()
        finally:
            engine.dispose()
    except InputError as error:
        raise ArchiveError(f"The backup cannot be restored: {error}") from error
    if faults or orphans:
        raise ArchiveError(f"The backup cannot be restored: {'; '.join(faults) or f'{len(orphans)} orphaned rows'}.")
    return done.missing


def _into_file(
    file: Path,
    database: Path,
    folder: Path | None,
    *,
    now: datetime | None,
    progress: Progress,
    common: Path | None = None,
) -> Restored:
    engine = connect(f"sqlite:///{database}", patience=PATIENCE)
    try:
        with plainly(engine):
            return _restore(file, engine, folder, force=False, now=now, progress=progress, common=common)
    finally:
        engine.dispose()  # the last connection leaves one file, which can be moved


def _restore(
    file: Path,
    engine: Engine,
    folder: Path | None,
    *,
    force: bool,
    now: datetime | None,
    progress: Progress,
    common: Path | None = None,
) -> Restored:
    """All in one transaction. `now`: None makes no archive to work with, only one to be looked at."""
    with _members(file) as members, engine.execution_options(writes=True).begin() as conn:
        first = next(members, None)
        header = _header(file, first)
        _make_room(conn, force=force)
        migrate.make(conn, header.schema)
        if conn.dialect.name == "sqlite":
            conn.execute(text("PRAGMA defer_foreign_keys=ON"))
        reading = _Reading(conn, folder, header, progress)
        missing = reading.all(chain([first] if first else [], members))
        missing = reading.from_common(common or file.parent / FOLDER, missing)
        if now is not None:
            migrate.finish(conn)
            dump.number_on(conn)
            if _has_no_words(conn):
                fulltext.reindex(conn)
            catch_up.mark_restored(conn, header.taken, now)
    return Restored(header, missing)


class _Reading:
    """Takes the members of a backup in their order."""

    def __init__(self, conn: Connection, folder: Path | None, header: Header, progress: Progress) -> None:
        self._conn = conn
        self._folder = folder
        self._header = header
        self._progress = progress
        self._done = 0
        self._tables: dict[str, Table] = dump.tables_there(conn)
        self._rows = dict.fromkeys(header.rows, 0)
        self._hashes: dict[str, str] = {}
        self._named: list[str] = []
        dump.clear(conn, self._tables)

    def all(self, members: Iterator[tuple[str, bytes]]) -> tuple[str, ...]:
        """The documents that are in none of them. Raises InputError unless they are whole and all there."""
        manifest: dict[str, Any] | None = None
        for name, content in members:
            if name == "manifest.json":
                manifest = json.loads(content)
            else:
                self._take(name, content)
        if manifest is None:
            raise InputError("the backup is not whole: its end is missing")
        told = manifest["sha256"]
        if wrong := sorted(name for name in {*told, *self._hashes} if told.get(name) != self._hashes.get(name)):
            raise InputError(f"the backup is damaged: {wrong[0]} is not what was written")
        if self._rows != self._header.rows:
            raise InputError("the backup is damaged: rows are missing")
        held = {found[1] for name in self._hashes if (found := _DOCUMENT.fullmatch(name))}
        return tuple(each for each in self._named if each not in held)

    def _take(self, name: str, content: bytes) -> None:
        self._hashes[name] = sha256(content).hexdigest()
        if found := _ROWS.fullmatch(name):
            self._load(name, found[1], content)
        elif found := _DOCUMENT.fullmatch(name):
            self._count(1)
            if self._folder is not None:
                evidence.place(self._folder, found[1], content)
        elif name == "evidence.txt":
            self._named = content.decode().split()

    def _load(self, name: str, table: str, chunk: bytes) -> None:
        try:
            loaded = dump.load(self._conn, self._tables[table], chunk)
            self._rows[table] += loaded
        except (ValueError, KeyError) as error:
            raise InputError(f"the backup is damaged: {name}: {error}") from error
        self._count(loaded)

    def _count(self, more: int) -> None:
        self._done += more
        self._progress(min(1.0, self._done / max(1, self._header.size)))

    def from_common(self, common: Path, wanted: Collection[str]) -> tuple[str, ...]:
        """Take documents from the folder that backups share; those that are not there."""
        missing = []
        for digest in wanted:
            path = evidence.file_of(common, digest)
            if not path.exists():
                missing.append(digest)
            elif self._folder is not None:
                evidence.place(self._folder, digest, path.read_bytes())
            self._count(1)
        return tuple(missing)


# --- the file ----------------------------------------------------------------------------------------------------


@contextmanager
def _members(file: Path) -> Iterator[Iterator[tuple[str, bytes]]]:
    """The names and contents of the members, one after the other; nothing is unpacked to a path of their choice."""
    try:
        with (
            file.open("rb") as packed,
            zstandard.ZstdDecompressor().stream_reader(packed) as plain,
            tarfile.open(fileobj=plain, mode="r|") as tar,
        ):
            yield ((each.name, read.read()) for each in tar if (read := tar.extractfile(each)))
    except OSError as error:
        if error.filename is None:
            raise
        raise InputError(f"{error.filename}: {error.strerror}") from None
    except (zstandard.ZstdError, tarfile.TarError, EOFError) as error:
        raise InputError(f"{file} is no backup of Rasad, or a damaged one: {error}") from error


def _header(file: Path, member: tuple[str, bytes] | None) -> Header:
    try:
        if member is None or member[0] != "header.json":
            raise ValueError
        told = json.loads(member[1])
        header = Header(**told | {"taken": datetime.fromisoformat(told["taken"])})
    except (ValueError, TypeError, KeyError):
        raise InputError(f"{file} is no backup of Rasad") from None
    if header.format > FORMAT:
        raise InputError(f"{file} was written by a newer Rasad ({header.rasad}): install that one")
    return header


# --- the place ---------------------------------------------------------------------------------------------------


def _in_the_way(url: str) -> InputError:
    return InputError(f"{place(make_url(url))} holds an archive: --force replaces it, or name another config")


def _is_empty_file(url: str) -> bool:
    engine = connect(url, patience=PATIENCE)
    try:
        with plainly(engine), engine.connect() as conn:
            return _is_empty(conn)
    finally:
        engine.dispose()


def _is_empty(conn: Connection) -> bool:
    """Whether nobody would miss what is there."""
    there = inspect(conn).get_table_names()
    return all(
        table.name not in there or conn.execute(select(func.count()).select_from(table)).scalar_one() == 0
        for table in (article, subscriber)
    )


def _make_room(conn: Connection, *, force: bool) -> None:
    """Take the tables of an empty archive away, or with `force` of any."""
    if not force and not _is_empty(conn):
        raise _in_the_way(str(conn.engine.url))
    for table in ("article_words", "alembic_version"):
        conn.execute(text(f"DROP TABLE IF EXISTS {table}"))
    metadata.drop_all(conn)


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _has_no_words(conn: Connection) -> bool:
    table = "article_words" if conn.dialect.name == "postgresql" else "article_words_indexed"
    return conn.execute(text(f"SELECT 1 FROM {table} LIMIT 1")).first() is None  # noqa: S608  # one of two names
