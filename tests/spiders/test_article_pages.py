"""Pages in the likeness of the region's news sites: each is read whole, and nothing else of the page with it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.model import Page, Source
from spiders.readers.article import read_article

PAGES = sorted((Path(__file__).parent / "fixtures" / "articles").glob("*.html"))
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_field_is_right(page: Path) -> None:
    expected = json.loads(page.with_suffix(".json").read_text("utf-8"))
    document = Page(expected["url"], expected["url"], 200, {}, page.read_bytes(), NOW)
    draft = read_article(
        Source("outlet", "Outlet", "feed", expected["url"]), document, timezone=expected["timezone"], now=NOW
    )
    assert {
        "title": draft.title,
        "text": draft.text,
        "authors": list(draft.authors),
        "published": draft.published and draft.published.isoformat(),
        "language": draft.language,
        "image": draft.image,
        "canonical": draft.url,
    } == {name: value for name, value in expected.items() if name not in ("url", "timezone")}


def test_the_likenesses_cover_what_the_region_prints() -> None:
    assert {page.stem[:2] for page in PAGES} == {"ar", "fa"}
    assert sum(b"windows-1256" in page.read_bytes() for page in PAGES) >= 3
    assert sum(page.stem.startswith("fa") for page in PAGES) >= 12
    assert sum(page.stem.startswith("ar") for page in PAGES) >= 12
