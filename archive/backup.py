"""Writes an archive into one file, while it is in use, and proves it by restoring it. Reads no backup.

A tar archive under zstd: header.json (versions, counts), config.toml, the names of the evidence, the rows of all tables
in chunks, the evidence's files, and manifest.json with the SHA-256 of every member. That comes last: a file without it
was not finished. The rows are those of one moment, seen by one transaction.
"""

import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import zstandard
from sqlalchemy import Connection

from archive import dump, evidence
from archive.database import Archive
from archive.migrate import HEAD
from archive.restore import FORMAT, prove
from core.errors import ArchiveError

Progress = Callable[[float], None]
"""Is told which part of the whole is done, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a backup holds. `missing`: documents that rows name and no file holds."""

    file: Path
    rows: int
    documents: int
    missing: tuple[str, ...]
    size: int  # bytes of the file
    added: int  # documents that the common folder did not have; 0 where there is none


def back_up(
    archive: Archive, file: Path, *, config: bytes, now: datetime, progress: Progress, common: Path | None = None
) -> Written:
    """Write all of the archive to `file` and restore it into a temporary place; a file of that name is replaced then.

    `common`: a folder for the evidence of several backups; only what it lacks is copied, and none is in the file.
    Raises ArchiveError when the file cannot be written, or cannot be restored.
    """
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        with _opened(unfinished) as target:
            told = _write(archive, target, config, now, lambda done: progress(done / 2), common)
        with TemporaryDirectory(dir=file.parent, prefix=".restoring-") as place:
            missing = prove(unfinished, Path(place), common, progress=lambda done: progress(0.5 + done / 2))
        if missing != told[2]:
            raise ArchiveError("The backup cannot be restored: documents are missing in it.")
        size = unfinished.stat().st_size
        unfinished.replace(file)
    except OSError as error:
        raise ArchiveError(f"The backup {file} cannot be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    rows, documents, _, added = told
    return Written(file, rows, documents, missing, size, added)


@contextmanager
def _opened(path: Path) -> Iterator["_Members"]:
    """The members of a file that only its owner may read: it holds who gets alerts."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as plain:
        with (
            zstandard.ZstdCompressor(level=6).stream_writer(plain, closefd=False) as packed,
            tarfile.open(fileobj=packed, mode="w|") as tar,
        ):
            yield _Members(tar)
        plain.flush()
        os.fsync(plain.fileno())


class _Members:
    """Adds members and remembers their hashes."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.hashes: dict[str, str] = {}

    def add(self, name: str, content: bytes, at: datetime) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = len(content), int(at.timestamp()), 0o600
        self._tar.addfile(member, io.BytesIO(content))
        self.hashes[name] = sha256(content).hexdigest()


def _write(
    archive: Archive, target: _Members, config: bytes, now: datetime, progress: Progress, common: Path | None
) -> tuple[int, int, tuple[str, ...], int]:
    with archive.reading() as conn:
        if conn.dialect.name == "postgresql":
            conn.execution_options(isolation_level="REPEATABLE READ")
        rows = dump.counts(conn)
        documents = evidence.named(conn) if archive.evidence else []
        whole = sum(rows.values()) + len(documents)
        header = {
            "format": FORMAT,
            "rasad": version("rasad"),
            "schema": HEAD,
            "database": conn.dialect.name,
            "taken": now.isoformat(),
            "rows": rows,
            "documents": len(documents),
        }
        target.add("header.json", _json(header), now)
        target.add("config.toml", config, now)
        target.add("evidence.txt", "".join(f"{each}\n" for each in documents).encode(), now)
        _write_rows(conn, target, now, lambda done: progress(done / max(1, whole)))
    missing, added = [], 0
    for number, digest in enumerate(documents):
        try:
            added += _keep(archive.evidence, digest, target, now, common)
        except FileNotFoundError:
            missing.append(digest)
        progress((sum(rows.values()) + number) / max(1, whole))
    target.add("manifest.json", _json({"sha256": target.hashes, "missing": missing}), now)
    return sum(rows.values()), len(documents), tuple(missing), added


def _write_rows(conn: Connection, target: _Members, now: datetime, progress: Progress) -> None:
    done = 0
    for number, (table, chunk) in enumerate(dump.chunks(conn)):
        target.add(f"rows/{number:07}-{table}.jsonl", chunk, now)
        done += chunk.count(b"\n") - 1
        progress(done)


def _keep(folder: Path | None, digest: str, target: _Members, now: datetime, common: Path | None) -> bool:
    """Put a document's file into the backup, or into the common folder if that has none. Whether it was copied there.

    Raises FileNotFoundError where there is no file.
    """
    assert folder is not None
    source = evidence.file_of(folder, digest)
    if common is None:
        target.add(f"evidence/{digest}.zst", source.read_bytes(), now)
        return False
    if evidence.file_of(common, digest).exists():
        return False
    evidence.place(common, digest, source.read_bytes())
    return True


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
