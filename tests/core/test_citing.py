"""References that a reference manager reads, whatever a headline holds."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.citing import STYLES, cite
from core.model import Article, Matches

DAY = datetime(2026, 5, 14, 6, 30, tzinfo=UTC)
HERE = "https://rasad.example/articles/7"
IT = Article(
    id=7,
    story=7,
    source="tigris",
    source_name="وكالة دجلة",
    url="https://tigris.example/7?a=1&b=2",
    title="قاآني يصل إلى بغداد",
    text="نص الخبر",
    summary="",
    language="ar",
    published=DAY,
    published_raw="14 أيار 2026",
    fetched=DAY,
    recorded=DAY,
    first_alert=None,
    authors=("ليلى حسن",),
    image=None,
    guid=None,
    duplicate_of=None,
    revision=2,
    sha256="ab" * 32,
    matches=Matches(),
)


@pytest.mark.parametrize("style", STYLES)
def test_every_style_tells_all_that_a_reader_needs_to_check(style: str) -> None:
    told = cite(IT, style, HERE).replace("\\", "")
    for each in (IT.source_name, IT.title, IT.url, IT.published_raw, IT.sha256 or "", HERE, "revision 2", "ليلى حسن"):
        assert each in told, each
    assert "2026-05-14 06:30:00 UTC" in told


def test_without_a_date_none_is_made_up() -> None:
    undated = replace(IT, published=None, published_raw="yesterday", sha256=None)
    for style in STYLES:
        told = cite(undated, style, HERE)
        assert "no date that can be read" in told
        assert "SHA-256" not in told
    assert "DA  -" not in cite(undated, "ris", HERE)
    assert "\n  date = " not in cite(undated, "bibtex", HERE)


def test_without_a_headline_it_is_cited_by_its_opening() -> None:
    assert "نص الخبر" in cite(replace(IT, title=" "), "text", HERE)


@given(st.text(max_size=60))
def test_no_headline_breaks_a_record(title: str) -> None:
    it = replace(IT, title=title, source_name=title or "x", authors=(title,))
    ris = cite(it, "ris", HERE)
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in ris.removesuffix("\r\n").split("\r\n"))
    bibtex = cite(it, "bibtex", HERE)
    bare = re.sub(r"\\.", "", bibtex)
    assert bare.count("{") == bare.count("}")
    assert "](<https://tigris.example/7?a=1&b=2>)" in cite(it, "markdown", HERE)
