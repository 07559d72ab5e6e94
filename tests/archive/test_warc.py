"""Evidence as WARC, written by one library and read back by another; both check every digest."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecord
from warcio.archiveiterator import ArchiveIterator as Warcio

from archive import articles, evidence
from archive.database import Archive
from archive.warc import WarcTally, write_warc
from core.model import Article
from tests.archive.scene import START, WEATHER_EN, Scene, page

BODY = '<html dir="rtl"><p>قاآني في بغداد، وسردار قاآنی در بغداد</p></html>'.encode() * 20


class Record(NamedTuple):
    """A record as the second reader has it."""

    kind: str
    headers: dict[str, str]
    http: dict[str, str]
    body: bytes

    @property
    def line(self) -> dict[str, Any]:
        """The article line of a metadata record."""
        found: dict[str, Any] = json.loads(self.body)
        return found


class Written(NamedTuple):
    tally: WarcTally
    lost: list[tuple[int, str]]
    records: list[Record]

    def of(self, kind: str) -> list[Record]:
        return [record for record in self.records if record.kind == kind]


Export = Callable[..., Written]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def export(scene: Scene, folder: Path) -> Export:
    """The whole archive as WARC, read back."""

    def exported(*, gzip: bool = False) -> Written:
        target, lost = BytesIO(), list[tuple[int, str]]()

        def tell(article: Article, reason: str) -> None:
            lost.append((article.id, reason))

        with scene.archive.reading() as conn:
            found = articles.export(conn)
            named = {"software": "rasad 0", "about": "قاآني\r\nX: y", "gzip": gzip}
            tally = write_warc(conn, found, target, folder=folder, lost=tell, **named)  # type: ignore[arg-type]  # as named
        verified(target.getvalue())
        return Written(tally, lost, read_back(target.getvalue()))

    return exported


def read_back(warc: bytes) -> list[Record]:
    return [record_of(each) for each in ArchiveIterator(BytesIO(warc), parse_http=False)]


def record_of(record: WarcRecord) -> Record:
    assert record.verify_block_digest()
    kind, headers, http = record.headers["WARC-Type"], dict(record.headers), {}
    if kind == "response":
        record.parse_http()
        assert record.verify_payload_digest()
        http = {name.lower(): value for name, value in record.http_headers}
    return Record(kind, headers, http, record.reader.read())


def verified(warc: bytes) -> None:
    """The library that wrote it finds nothing wrong either."""
    for record in Warcio(BytesIO(warc), check_digests="raise"):
        record.content_stream().read()


def test_a_page_is_a_response_with_its_headers_and_the_bytes_that_were_read(scene: Scene, export: Export) -> None:
    at = START + timedelta(microseconds=1234)
    fetched = replace(page(BODY), headers={"content-type": "text/html", "server": "قناة".encode().decode("latin-1")})
    draft = scene.draft("tigris", "قاآني في بغداد", "وصل قاآني صباح اليوم إلى بغداد.")
    scene.admit(draft, page=replace(fetched, fetched=at, url="https://tigris.example/x"))
    (response,) = export().of("response")
    assert response.body == BODY
    assert response.headers["WARC-Target-URI"] == "https://tigris.example/x"
    assert response.headers["WARC-Date"] == "2026-05-14T06:30:00.001234Z"
    assert response.headers["Content-Type"] == "application/http; msgtype=response"
    assert response.http["content-length"] == str(len(BODY))
    assert response.http["content-type"] == "text/html"


@pytest.mark.parametrize("gzip", [False, True])
def test_codings_that_were_undone_are_told_and_mislead_no_reader(scene: Scene, export: Export, gzip: bool) -> None:
    wire = {"content-encoding": "br", "content-length": "77", "transfer-encoding": "chunked"}
    scene.admit(scene.draft(), page=replace(page(BODY), headers=wire))
    (response,) = export(gzip=gzip).of("response")
    assert response.body == BODY
    assert {f"x-crawler-{name}": value for name, value in wire.items()}.items() <= response.http.items()
    assert not {"content-encoding", "transfer-encoding"} & response.http.keys()


def test_a_header_ends_no_line_and_no_address_a_record(scene: Scene, export: Export) -> None:
    evil = {"x": "a\r\nWARC-Type: warcinfo\r\n\r\nb", "y": "\x00"}
    scene.admit(
        scene.draft(), page=replace(page(BODY), headers=evil, url="https://courier.example/\r\nX: y", status=599)
    )
    written = export()
    assert [record.kind for record in written.records] == ["warcinfo", "response", "metadata"]
    assert written.records[1].body == BODY
    assert b"description: fetched documents of archived articles: \xd9\x82" in written.records[0].body


def test_every_text_of_an_article_is_its_line_and_names_its_document(scene: Scene, export: Export) -> None:
    draft = scene.draft(title="Qaani arrives")
    scene.admit(draft, page=page(BODY))
    scene.later(hours=1)
    scene.admit(replace(draft, title="It rains", text=WEATHER_EN), page=replace(page(b"later"), fetched=scene.now))
    written = export()
    first, second = written.of("metadata")
    documents = {record.headers["WARC-Record-ID"]: record.body for record in written.of("response")}
    assert [documents[each.headers["WARC-Refers-To"]] for each in (first, second)] == [BODY, b"later"]
    assert [(each.line["revision"], each.line["title"]) for each in (first, second)] == [
        (1, "Qaani arrives"),
        (2, "It rains"),
    ]
    assert first.line["sha256"] == sha256(BODY).hexdigest()
    assert second.headers["WARC-Date"] == "2026-05-14T07:30:00Z"
    assert first.headers["WARC-Target-URI"] == draft.url


def test_a_document_of_many_articles_is_written_once_and_fetched_again_it_is_a_revisit(
    scene: Scene, export: Export
) -> None:
    listing = page(BODY, url="https://courier.example/atom")
    for _ in range(3):
        scene.admit(scene.draft(), page=listing)
    scene.admit(scene.draft("gazette"), page=replace(listing, fetched=scene.later(hours=2)))
    written = export()
    assert [record.kind for record in written.records] == [
        *("warcinfo", "response", "metadata", "metadata", "metadata"),
        *("revisit", "metadata"),
    ]
    revisit = written.of("revisit")[0]
    assert revisit.headers["WARC-Refers-To-Date"] == "2026-05-14T06:30:00Z"
    assert revisit.headers["WARC-Payload-Digest"] == written.of("response")[0].headers["WARC-Payload-Digest"]
    assert written.of("metadata")[3].headers["WARC-Refers-To"] == revisit.headers["WARC-Record-ID"]
    assert written.tally == WarcTally(articles=4, documents=2)


def test_what_is_missing_or_damaged_is_told_and_the_others_go_on(scene: Scene, export: Export, folder: Path) -> None:
    for body in (BODY, b"damaged", b"whole"):
        scene.admit(scene.draft(), page=page(body))
    scene.admit(scene.draft())  # of which nothing was ever kept
    evidence.file_of(folder, sha256(BODY).hexdigest()).unlink()
    evidence.file_of(folder, sha256(b"damaged").hexdigest()).write_bytes(b"not a frame")
    written = export()
    assert [record.body for record in written.of("response")] == [b"whole"]
    assert written.tally == WarcTally(articles=4, documents=1, without=1, lost=2)
    (gone, _), (damaged, _) = written.lost
    assert gone < damaged
    assert ["cannot be read" in written.lost[0][1], "is damaged" in written.lost[1][1]] == [True, True]


def test_a_withdrawn_article_and_a_redirect_are_in_the_line(scene: Scene, export: Export) -> None:
    from archive import withdrawals

    draft = scene.draft()
    scene.admit(draft, page=replace(page(BODY), requested="https://courier.example/short"))
    scene.write(withdrawals.withdraw, draft.source, [draft.url], scene.now)
    (line,) = (each.line for each in export().of("metadata"))
    assert (line["via"], line["withdrawn"]) == ("https://courier.example/short", "2026-05-14T06:30:00Z")


def test_an_empty_archive_is_a_warc_with_its_info(opened: Callable[[], Archive], export: Export) -> None:
    assert [record.kind for record in export().records] == ["warcinfo"]
