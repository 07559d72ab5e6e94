"""Every source kind has its reader and one fixture pair: a document, and what is made of it.

To see what a changed reader makes of them: `rasad read KIND tests/spiders/fixtures/KIND.*`.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.model import Draft, Follow, Page, Source
from spiders.readers import READERS

FIXTURES = Path(__file__).parent / "fixtures"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def _document(kind: str) -> Path:
    (document,) = (file for file in FIXTURES.glob(f"{kind}.*") if file.suffix != ".json")
    return document


def _shown(item: Draft | Follow) -> dict[str, Any]:
    draft = item.draft if isinstance(item, Follow) else item
    shown = {name: value for name, value in asdict(draft).items() if name not in ("source", "listing", "fetched")}
    shown["published"] = draft.published and draft.published.isoformat()
    as_json: dict[str, Any] = json.loads(json.dumps(shown))
    return as_json | {"follow": item.url if isinstance(item, Follow) else None}


@pytest.mark.parametrize("kind", READERS)
def test_each_reader_makes_of_its_document_what_lies_beside_it(kind: str) -> None:
    expected = json.loads((FIXTURES / f"{kind}.json").read_text(encoding="utf-8"))
    source = Source("outlet", "Outlet", kind, expected["url"])
    page = Page(expected["url"], expected["url"], 200, {}, _document(kind).read_bytes(), NOW)
    found = READERS[kind](source, page, timezone=expected["timezone"], now=NOW)
    assert [_shown(item) for item in found] == expected["items"]


def test_each_kind_of_the_config_has_a_reader() -> None:
    assert {"feed", "article"} <= set(READERS)
