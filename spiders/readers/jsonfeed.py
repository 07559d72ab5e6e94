"""JSON Feed 1.0 and 1.1 (jsonfeed.org) to listed items; feedparser does not know the format. Pure."""

import json
from typing import Any

from core.errors import ReadError
from spiders.readers.listing import Listed
from spiders.readers.markup import plain


def listed(text: str) -> list[Listed]:
    """The items of a JSON Feed, in its order. Raises ReadError for other JSON."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        raise ReadError("not a feed: broken JSON") from None
    if not isinstance(feed, dict) or "jsonfeed.org" not in str(feed.get("version")):
        raise ReadError("not a feed: JSON of another kind")
    items = feed.get("items")
    language = _text(feed, "language")
    return [_item(item, language) for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _item(item: dict[str, Any], language: str) -> Listed:
    html = _text(item, "content_html")
    return Listed(
        link=_text(item, "url") or _text(item, "external_url"),
        guid=str(item["id"]) if item.get("id") is not None else None,
        title=plain(_text(item, "title")),
        summary=plain(_text(item, "summary")),
        content=plain(html) if html else _text(item, "content_text"),
        published=_text(item, "date_published") or _text(item, "date_modified"),
        updated=_text(item, "date_modified"),
        authors=_authors(item),
        image=_text(item, "image") or _text(item, "banner_image"),
        language=_text(item, "language") or language,
    )


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    listed = item.get("authors") or [item.get("author")]  # 1.1, or 1.0
    people = listed if isinstance(listed, list) else []
    return tuple(name for person in people if isinstance(person, dict) and (name := _text(person, "name")))


def _text(of: dict[str, Any], key: str) -> str:
    value = of.get(key)
    return value if isinstance(value, str) else ""
