"""Evidence as WARC/1.1 (ISO 28500:2017), the format of web archives. Writes what is kept and invents nothing.

What was kept are the bytes after transfer and content codings were undone. So that every reader agrees with the
payload, the headers that told of the codings and of the length on the wire go under `X-Crawler-…`, as Common Crawl
writes them, and Content-Length is the payload's own. The request's headers were not kept: there are no request records.

Per fetched document one `response`; a document that was fetched again with the same bytes is a `revisit`; and per
text of an article one `metadata`, the article line in JSON, which refers to the document it was read from.
"""

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection
from warcio.statusandheaders import StatusAndHeaders
from warcio.timeutils import datetime_to_iso_date
from warcio.warcwriter import WARCWriter

from archive.dossier import TextOf, texts
from archive.evidence import Kept, read
from core.errors import ArchiveError
from core.lines import article_record, dump_line
from core.model import Article

_ON_THE_WIRE = ("content-encoding", "content-length", "transfer-encoding")
_MOST_REMEMBERED = 50_000  # documents; one that is forgotten is written once more
_CONFORMS_TO = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


@dataclass(slots=True)
class WarcTally:
    """What was written. `without`: articles of which no bytes were ever kept."""

    articles: int = 0
    documents: int = 0
    without: int = 0
    lost: int = 0  # documents whose file is missing or damaged


def write_warc(
    conn: Connection,
    found: Iterable[Article],
    target: IO[bytes],
    *,
    folder: Path,
    software: str,
    about: str,
    gzip: bool,
    lost: Callable[[Article, str], None],
) -> WarcTally:
    """The evidence of every text of the articles. `gzip`: each record by itself, as in a .warc.gz.

    A document that cannot be read is told to `lost` with the reason, and the others go on.
    """
    writing = _Writing(target, folder, gzip)
    writing.begin(software, about)
    tally = WarcTally()
    for each in found:
        kept = [text for text in texts(conn, each) if text.evidence is not None]
        tally.articles += 1
        tally.without += not kept
        for text in kept:
            assert text.evidence is not None
            try:
                tally.documents += writing.add(each, text, text.evidence)
            except ArchiveError as error:
                tally.lost += 1
                lost(each, str(error))
    return tally


class _Writing:
    """One WARC file, record by record."""

    def __init__(self, target: IO[bytes], folder: Path, gzip: bool) -> None:
        self._writer = WARCWriter(target, gzip=gzip, warc_version="1.1")
        self._folder = folder
        self._written: dict[str, tuple[Kept, dict[tuple[str, datetime], str]]] = {}  # by hash: first, ids by fetch

    def begin(self, software: str, about: str) -> None:
        info = {
            "software": software,
            "format": "WARC File Format 1.1",
            "conformsTo": _CONFORMS_TO,
            "description": "fetched documents of archived articles" + (f": {_line(about)}" if about else ""),
        }
        self._writer.write_record(self._writer.create_warcinfo_record("", info))

    def add(self, article: Article, text: TextOf, kept: Kept) -> bool:
        """The document, unless it stands already, and the article's text; whether the document is new here. Raises
        ArchiveError where its bytes cannot be had."""
        first, fetches = self._written.get(kept.sha256, (None, {}))
        fetch = (kept.url, kept.fetched)
        new = fetch not in fetches
        if new:
            fetches[fetch] = self._response(kept) if first is None else self._revisit(kept, first)
        if first is None:
            if len(self._written) >= _MOST_REMEMBERED:
                self._written.clear()
            self._written[kept.sha256] = (kept, fetches)
        self._metadata(article, text, kept, fetches[fetch])
        return new

    def _response(self, kept: Kept) -> str:
        body = read(self._folder, kept.sha256)
        return self._write(
            self._writer.create_warc_record(
                _address(kept.url),
                "response",
                payload=BytesIO(body),
                length=len(body),
                warc_headers_dict=_head(kept) | {"WARC-Payload-Digest": _digest(kept)},
                http_headers=_Http(kept),
            )
        )

    def _revisit(self, kept: Kept, first: Kept) -> str:
        return self._write(
            self._writer.create_revisit_record(
                _address(kept.url),
                _digest(kept),
                _address(first.url),
                _date(first.fetched),
                http_headers=_Http(kept),
                warc_headers_dict=_head(kept),
            )
        )

    def _metadata(self, article: Article, text: TextOf, kept: Kept, document: str) -> None:
        old = replace(article, title=text.title, summary=text.summary, text=text.text, revision=text.number)
        line = article_record(replace(old, revised=text.recorded, sha256=kept.sha256))
        body = (dump_line(line | {"via": kept.requested if kept.requested != kept.url else None}) + "\n").encode()
        self._write(
            self._writer.create_warc_record(
                _address(article.url),
                "metadata",
                payload=BytesIO(body),
                length=len(body),
                warc_content_type="application/json",
                warc_headers_dict={"WARC-Date": _date(text.recorded), "WARC-Refers-To": document},
            )
        )

    def _write(self, record: Any) -> str:
        self._writer.write_record(record)
        return str(record.rec_headers.get_header("WARC-Record-ID"))


class _Http(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """The stored answer's head, its bytes as they came: warcio would escape what is not ASCII."""

    def __init__(self, kept: Kept) -> None:
        headers = [(_honest(name), _line(value)) for name, value in kept.headers.items()]
        phrase = HTTPStatus(kept.status).phrase if kept.status in HTTPStatus._value2member_map_ else ""
        super().__init__(
            f"{kept.status} {phrase}".strip(), [*headers, ("Content-Length", str(kept.size))], protocol="HTTP/1.1"
        )

    def compute_headers_buffer(self, header_filter: Any = None) -> None:
        self.headers_buff = self.to_str(header_filter).encode("latin-1", "replace") + b"\r\n"


def _honest(name: str) -> str:
    return f"X-Crawler-{name}" if name in _ON_THE_WIRE else name


def _head(kept: Kept) -> dict[str, str]:
    return {"WARC-Date": _date(kept.fetched)}


def _date(moment: datetime) -> str:
    return str(datetime_to_iso_date(moment.replace(tzinfo=None), use_micros=True))


def _digest(kept: Kept) -> str:
    """SHA-256 in base 32, as digests are written in WARC; the line of each article has it in hexadecimal."""
    return "sha256:" + base64.b32encode(bytes.fromhex(kept.sha256)).decode()


def _address(url: str) -> str:
    return "".join(url.split())


def _line(text: str) -> str:
    """On one line: what a header holds can end no header."""
    return " ".join(text.split())
