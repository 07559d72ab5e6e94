"""RSS, Atom, RDF and JSON Feed to drafts. Pure: bytes in, drafts out; feedparser's own fetching is never used."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser

from core.errors import ReadError
from core.model import Draft, Follow, Page, Source
from spiders.readers import jsonfeed
from spiders.readers.encoding import decode
from spiders.readers.listing import MAX_ITEMS, Listed, drafts
from spiders.readers.markup import plain
from spiders.readers.refusals import refuse_crowds, refuse_own_types

_DECLARATION = re.compile(r"^\s*<\?xml.*?\?>", re.DOTALL)
_WEB_PAGE = re.compile(r"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_ITEM = re.compile(r"<((?:\w+:)?(?:item|entry))[\s>]")
_DATE = re.compile(r"<(?:\w+:)?(?:pubDate|published|updated|date|modified|issued)>\s*([^<]{4,60})<")
_MAILBOX = re.compile(r"\s*\S+@\S+\s*\((.+)\)\s*")  # RSS 2.0's way of naming an author
_UNDATED = datetime.min.replace(tzinfo=UTC)


def read(source: Source, page: Page, *, timezone: str, now: datetime) -> list[Draft | Follow]:
    """The newest 500 items in the feed's order. Raises ReadError with the reason for what is no feed."""
    text = decode(page.body, page.headers.get("content-type", ""))
    items = listed(text, page.url)
    return drafts(items, source, page, timezone=timezone, now=now)


def listed(text: str, url: str) -> list[Listed]:
    """What a feed's text lists. `url` is where it was found, for relative links."""
    if not text.strip():
        raise ReadError("empty document")
    if text.lstrip()[0] in "{[":
        return jsonfeed.listed(text)
    text = _DECLARATION.sub("", text, count=1)
    if _WEB_PAGE.match(text):
        raise ReadError("a web page where a feed was expected")
    refuse_own_types(text)
    refuse_crowds(text)
    return _parsed(_newest(text), url)


def _parsed(text: str, url: str) -> list[Listed]:
    feed = feedparser.parse(
        io.BytesIO(text.encode()),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        resolve_relative_uris=False,  # we keep text only, and resolve the links we keep
        sanitize_html=False,
    )
    if not feed.version and not feed.entries:
        raise ReadError("not a feed")
    language = str(feed.feed.get("language") or "")
    return [_item(entry, language) for entry in feed.entries]


def _item(entry: Any, language: str) -> Listed:
    original = entry.get("feedburner_origlink") or ""
    link = original or entry.get("link") or _first_link(entry)
    updated = dict.get(entry, "updated") or ""  # the plain look-up: feedparser's own warns and substitutes
    return Listed(
        link=link,
        guid=entry.get("id") or None,
        title=_words(entry.get("title_detail"), entry.get("title")),
        summary=plain(entry.get("summary") or entry.get("subtitle") or ""),
        content=max((plain(part.get("value") or "") for part in entry.get("content", ())), key=len, default=""),
        published=dict.get(entry, "published") or dict.get(entry, "created") or updated,
        updated=updated if "published" in entry else "",
        authors=tuple(_authors(entry)),
        image=_image(entry),
        language=str(entry.get("language") or language),
        aliases=tuple(other for other in (entry.get("link"), entry.get("id")) if other and other != link),
    )


def _words(detail: Any, value: Any) -> str:
    """A title's words: markup is taken away only from what is declared, or looks, as markup."""
    text = str(value or "")
    is_text = detail is not None and detail.get("type") == "text/plain" and "&" not in text
    return text if is_text else plain(text)


def _first_link(entry: Any) -> str:
    return next((link.href for link in entry.get("links", ()) if link.get("href") and link.get("rel") != "self"), "")


def _authors(entry: Any) -> Iterator[str]:
    if match := _MAILBOX.fullmatch(str(dict.get(entry, "author") or "")):
        yield match[1]  # feedparser takes the address apart wrongly where its domain is a long one
        return
    for person in entry.get("authors") or ():
        if name := person.get("name"):
            yield name


def _image(entry: Any) -> str:
    for media in (*entry.get("media_content", ()), *entry.get("media_thumbnail", ())):
        kind = media.get("medium") or media.get("type") or "image"
        if media.get("url") and str(kind).startswith("image"):
            return str(media["url"])
    pictures = (link for link in entry.get("links", ()) if str(link.get("type")).startswith("image/"))
    return next((str(link.get("href") or "") for link in pictures), "")


def _newest(text: str) -> str:
    """The feed with at most 500 items, the newest by their dates, else the first: 100,000 would take half a minute."""
    starts = [(match.start(), match[1]) for match in _ITEM.finditer(text)]
    if len(starts) <= MAX_ITEMS:
        return text
    ends = [start for start, _ in starts[1:]] + [len(text)]
    items = [_cut(text, start, end, name) for (start, name), end in zip(starts, ends, strict=True)]
    ranked = sorted(range(len(items)), key=lambda i: _rough_date(items[i]), reverse=True)  # stable: ties stay in order
    kept = sorted(ranked[:MAX_ITEMS])
    tail = text[text.rfind(f"</{starts[-1][1]}>") :]
    return text[: starts[0][0]] + "".join(items[i] for i in kept) + tail[tail.find(">") + 1 :]


def _cut(text: str, start: int, end: int, name: str) -> str:
    close = f"</{name}>"
    stop = text.rfind(close, start, end)
    return text[start : stop + len(close)] if stop >= 0 else ""


def _rough_date(item: str) -> datetime:
    """Good enough to choose the newest; `core.dates` reads those that are kept."""
    match = _DATE.search(item)
    if match is None:
        return _UNDATED
    written = match[1].strip()
    try:
        found = datetime.fromisoformat(written) if written[:4].isdigit() else parsedate_to_datetime(written)
    except ValueError:
        return _UNDATED
    return found if found.tzinfo else found.replace(tzinfo=UTC)
