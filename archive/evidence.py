"""The fetched bytes of archived texts: compressed, named by their SHA-256, with headers and times beside.

The folder comes with the archive (Archive.open); without one nothing is kept. A file is written before its row: a
crash between the two leaves a file that nobody names, never a row without its file. Files are not synced one by
one, for that would cost more than the archive's own commit; `read` tells a damaged one by its hash.

A source's own document, its channel's page or its feed, is fetched again and again and resembles itself: it is
compressed against an earlier one, its reference, which the file names before its frame.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from os import getpid
from pathlib import Path
from threading import get_ident

import zstandard
from sqlalchemy import Connection, func, select, union

from archive import schema
from archive.conflict import put
from archive.door import storable_text
from archive.schema import article, evidence, reference
from core.errors import ArchiveError
from core.model import Page

LEVEL = 3  # level 9 saves 9 % of a page and costs four times the time

# A skippable frame (RFC 8878 § 3.1.2) that holds the reference's 32 bytes; every decoder passes over it.
_NAMES_REFERENCE = b"\x52\x2a\x4d\x18" + (32).to_bytes(4, "little")
_LIKE = 2 / 3  # what compresses to more than this part of its reference has become another document


@dataclass(frozen=True, slots=True)
class Kept:
    """The evidence of one text of an article. `reference`: the document that is needed to unpack it."""

    article: int
    revision: int
    sha256: str
    size: int
    stored: int | None  # bytes of its file
    reference: str | None
    url: str
    requested: str
    status: int
    headers: dict[str, str]
    fetched: datetime


def keep(conn: Connection, article_id: int, revision: int, page: Page) -> str | None:
    """Keep what was fetched for this text of an article; its SHA-256, or None where the archive keeps no bytes."""
    folder = conn.get_execution_options().get("evidence")
    if folder is None:
        return None
    digest = sha256(page.body).hexdigest()
    against = _filed(conn, folder, digest, article_id, page)
    row = {
        "article": article_id,
        "revision": revision,
        "sha256": digest,
        "size": len(page.body),
        "stored": file_of(folder, digest).stat().st_size,
        "reference": against,
        "url": storable_text(page.url),
        "requested": storable_text(page.requested),
        "status": page.status,
        "headers": {storable_text(name): storable_text(value) for name, value in page.headers.items()},
        "fetched": page.fetched,
    }
    put(conn, evidence, [row], update=[name for name in row if name not in ("article", "revision")])
    return digest


def _filed(conn: Connection, folder: Path, digest: str, article_id: int, page: Page) -> str | None:
    """See that the document lies in its file; the reference that the file needs."""
    path = file_of(folder, digest)
    if path.exists():
        return _named_reference(path)
    source_id = _own_document(conn, article_id, page)
    if source_id is None:
        _write(path, _packed(page.body))
        return None
    earlier = conn.execute(select(reference.c.sha256).where(reference.c.source == source_id)).scalar()
    if earlier is not None and (packed := _packed_against(folder, earlier, page.body)) is not None:
        _write(path, packed)
        return str(earlier)
    _write(path, _packed(page.body))
    put(conn, reference, [{"source": source_id, "sha256": digest}], update=["sha256"])
    return None


def _own_document(conn: Connection, article_id: int, page: Page) -> str | None:
    """The source of the article, where the page is the source's own listing and not the article's page."""
    of = select(schema.source.c.id, schema.source.c.url)
    row = conn.execute(of.join(article, article.c.source == schema.source.c.id).where(article.c.id == article_id)).one()
    return str(row.id) if page.requested.partition("?")[0] == row.url.partition("?")[0] else None


def _packed(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=LEVEL).compress(body)


def _packed_against(folder: Path, earlier: str, body: bytes) -> bytes | None:
    """`body` as the difference from the document `earlier`; None where that is gone or has become another one."""
    try:
        known = zstandard.ZstdCompressionDict(read(folder, earlier), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        most = file_of(folder, earlier).stat().st_size * _LIKE
    except (ArchiveError, OSError):
        return None
    frame = zstandard.ZstdCompressor(level=LEVEL, dict_data=known).compress(body)
    return _NAMES_REFERENCE + bytes.fromhex(earlier) + frame if len(frame) < most else None


def read(folder: Path, digest: str) -> bytes:
    """The bytes named `digest`. Raises ArchiveError when the file is missing or not what it was."""
    path = file_of(folder, digest)
    try:
        body = _unpacked(folder, path.read_bytes())
    except OSError as error:
        raise ArchiveError(f"The evidence {path} cannot be read: {error.strerror or error}.") from error
    except zstandard.ZstdError as error:
        raise ArchiveError(f"The evidence {path} is damaged: it cannot be unpacked.") from error
    if sha256(body).hexdigest() != digest:
        raise ArchiveError(f"The evidence {path} is damaged: it is not the document of that hash.")
    return body


def _unpacked(folder: Path, packed: bytes) -> bytes:
    if not packed.startswith(_NAMES_REFERENCE):
        return zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    start = len(_NAMES_REFERENCE)
    earlier = packed[start : start + 32].hex()
    known = zstandard.ZstdCompressionDict(_unpacked_whole(folder, earlier), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    return zstandard.ZstdDecompressor(dict_data=known).decompressobj().decompress(packed[start + 32 :])


def _unpacked_whole(folder: Path, digest: str) -> bytes:
    """A reference, which is compressed by itself: what says otherwise is damaged, and leads in no circle."""
    packed = file_of(folder, digest).read_bytes()
    if packed.startswith(_NAMES_REFERENCE):
        raise zstandard.ZstdError("a reference that has a reference")
    return zstandard.ZstdDecompressor().decompressobj().decompress(packed)


def _named_reference(path: Path) -> str | None:
    """The reference that a file names before its frame."""
    with path.open("rb") as file:
        head = file.read(len(_NAMES_REFERENCE) + 32)
    return head[len(_NAMES_REFERENCE) :].hex() if head.startswith(_NAMES_REFERENCE) else None


def kept(conn: Connection, articles: Collection[int]) -> list[Kept]:
    """The evidence of all texts of the articles, by article and revision."""
    rows = select(evidence).where(evidence.c.article.in_(articles)).order_by(evidence.c.article, evidence.c.revision)
    return [Kept(**row._asdict()) for row in conn.execute(rows)]


def stored(conn: Connection) -> tuple[int, int]:
    """How many documents are kept, and the bytes of their files."""
    files = select(func.max(evidence.c.stored).label("bytes")).group_by(evidence.c.sha256).subquery()
    number, size = conn.execute(select(func.count(), func.coalesce(func.sum(files.c.bytes), 0))).one()
    return int(number), int(size)


def named(conn: Connection) -> list[str]:
    """Every document that is needed: those of articles, those that others are compressed against, and references."""
    columns = (evidence.c.sha256, evidence.c.reference, reference.c.sha256)
    needed = union(*(select(column.label("sha256")).where(column.is_not(None)) for column in columns))
    return sorted(conn.execute(needed).scalars())


def place(folder: Path, digest: str, packed: bytes) -> None:
    """Put the file of a document, as it was kept elsewhere, where it belongs, unless one is there."""
    path = file_of(folder, digest)
    if not path.exists():
        _write(path, packed)


def remove(folder: Path, digest: str) -> bool:
    """Remove a document's file; whether there was one. Nobody may name it any more."""
    try:
        file_of(folder, digest).unlink()
    except FileNotFoundError:
        return False
    return True


def file_of(folder: Path, digest: str) -> Path:
    """Where the document lies: 256 sub-folders keep a million files apart."""
    return folder / digest[:2] / f"{digest}.zst"


def _write(path: Path, packed: bytes) -> None:
    """Write beside and move into place, so that a file of this name is always whole. Raises ArchiveError."""
    unfinished = path.with_name(f"{path.name}.{getpid()}-{get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(packed)
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise ArchiveError(f"The evidence {path} cannot be written: {error.strerror}.") from error
