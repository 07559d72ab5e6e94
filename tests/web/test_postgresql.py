"""The page over PostgreSQL: pages and API answer; over SQLite the other tests look closer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.database import Archive
from tests.archive.postgresql import Server
from tests.archive.scene import Scene
from tests.web.conftest import Browser, told_in_three_languages
from web.api.openapi import ROOT

PAGES = (
    "/", "/?topic=qaani&span=30d", "/search?q=%40qaani", "/search?q=%40qaani&order=ranked",
    "/search?topic=qaani&language=fa",
    "/search?q=%40qaani&view=stories", "/search/count?q=%40qaani", "/search.csv?q=%40qaani", "/search.jsonl?q=%40qaani",
    "/search.atom?q=%40qaani", "/stories/1", "/stories/1/evidence.warc.gz", "/articles/1", "/articles/1/stored/1",
    "/articles/1/cite.bib", "/compare/1/2", "/topics", "/topics/qaani", "/topics/qaani?rule=%40badr&days=7",
    "/topics/qaani/misses", "/topics/qaani.atom", "/names", "/names/qaani", "/names/qaani/misses", "/sources",
    "/sources/courier", "/alerts", "/saved",
)  # fmt: skip
ADDRESSES = (
    "/articles?q=%40qaani&limit=2", "/articles/1", "/stories?q=%40qaani", "/stories/1", "/today", "/topics",
    "/topics/qaani", "/names", "/names/qaani", "/names/qaani/misses", "/sources", "/sources/courier", "/alerts",
    "/status",    "/facets?q=%40qaani", "/backtest?rule=%40qaani&days=7",
)  # fmt: skip


@pytest.fixture
def scene(tmp_path: Path, server: Server) -> Iterator[Scene]:
    """A story in three languages, told to somebody, in a database of its own."""
    with server.database() as url:
        archive = Archive.open(url, evidence=tmp_path / "evidence")
        scene = Scene(archive)
        told_in_three_languages(scene)
        yield scene
        archive.close()


def test_every_page_and_address_answers(browser: Browser) -> None:
    for path in (*PAGES, *(ROOT + address for address in ADDRESSES)):
        answer = browser.get(path)
        assert answer.status_code == 200, f"{path}: {answer.text[:500]}"
        assert answer.content, path
    assert "<mark>قاآنی</mark>" in browser.shows("/search?q=%40qaani")
    assert browser.get(f"{ROOT}/topics/qaani").json()["levels"] == {"breaking": 3}


def test_a_reader_writes_splits_and_takes_back(browser: Browser) -> None:
    here = "/articles/1"
    assert browser.sends(f"{here}/annotations", form_on=here, kind="tag", text="سلاح") == 303
    assert "#سلاح" in browser.shows(here)
    assert browser.sends("/saved", form_on="/search?q=qaani", name="desk", query="qaani") == 303
    assert browser.sends("/stories/1/split", form_on="/stories/1", a2="on") == 303
    assert browser.sends("/stories/1/undo", form_on="/stories/1", ruling="1") == 303


def test_bytes_that_no_text_of_the_database_holds_are_refused_or_left_out(browser: Browser) -> None:
    here = "/articles/1"
    for kind in ("tag", "note"):
        assert browser.sends(f"{here}/annotations", form_on=here, kind=kind, text="a\0b") in (303, 400)
    assert browser.sends("/saved", form_on="/search?q=qaani", name="a\0b", query="qaani") in (303, 400)
    paths = ("/search?q=a%00b", "/search?q=qaani&source=a%00b", "/search?source=a%00b", "/search?q=qaani&cursor=%00",
             "/names/%00", "/sources/%00", "/topics/%00", "/alerts?topic=a%00b", "/?topic=%00",
             "/search?q=qaani&language=%00", "/search?q=qaani&name=a%00", "/search?q=qaani&since=%00",
             f"{ROOT}/alerts?topic=a%00b", f"{ROOT}/articles?source=%00")  # fmt: skip
    for path in paths:
        assert browser.get(path).status_code in (200, 400, 404), path
