"""The fetched bytes of archived texts: compressed, named by their SHA-256, with headers and times beside.

The folder comes with the archive (Archive.open); without one nothing is kept. A file is written before its row: a
crash between the two leaves a file that nobody names, never a row without its file. Files are not synced one by
one, for that would cost more than the archive's own commit; `read` tells a damaged one by its hash.
"""

from contextlib import suppress
from hashlib import sha256
from os import getpid
from pathlib import Path
from threading import get_ident

import zstandard
from sqlalchemy import Connection

from archive.conflict import put
from archive.door import storable_text
from archive.schema import evidence
from core.errors import ArchiveError
from core.model import Page


def keep(conn: Connection, article_id: int, revision: int, page: Page) -> str | None:
    """Keep what was fetched for this text of an article; its SHA-256, or None where the archive keeps no bytes."""
    folder = conn.get_execution_options().get("evidence")
    if folder is None:
        return None
    digest = sha256(page.body).hexdigest()
    _write(file_of(folder, digest), page.body)
    row = {
        "article": article_id,
        "revision": revision,
        "sha256": digest,
        "size": len(page.body),
        "url": storable_text(page.url),
        "requested": storable_text(page.requested),
        "status": page.status,
        "headers": {storable_text(name): storable_text(value) for name, value in page.headers.items()},
        "fetched": page.fetched,
    }
    put(conn, evidence, [row], update=[name for name in row if name not in ("article", "revision")])
    return digest


def read(folder: Path, digest: str) -> bytes:
    """The bytes named `digest`. Raises ArchiveError when the file is missing or not what it was."""
    path = file_of(folder, digest)
    try:
        body = zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes())
    except (OSError, zstandard.ZstdError) as error:
        raise ArchiveError(f"The evidence {path} cannot be read: {error}.") from error
    if sha256(body).hexdigest() != digest:
        raise ArchiveError(f"The evidence {path} is damaged: it is not the document of that hash.")
    return body


def file_of(folder: Path, digest: str) -> Path:
    """Where the document lies: 256 sub-folders keep a million files apart."""
    return folder / digest[:2] / f"{digest}.zst"


def _write(path: Path, body: bytes) -> None:
    """Write beside and move into place, so that a file of this name is always whole. Raises ArchiveError."""
    if path.exists():
        return
    unfinished = path.with_name(f"{path.name}.{getpid()}-{get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(zstandard.ZstdCompressor(level=3).compress(body))
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise ArchiveError(f"The evidence {path} cannot be written: {error.strerror}.") from error
