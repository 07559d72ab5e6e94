"""Sitemaps (sitemaps.org, Google's news extension, indexes, gzip) to drafts, newest first. Pure: nothing is fetched.

A sitemap's lastmod is when a page changed, or when the sitemap was made: it orders, and is never a publication date.
"""

import re
import zlib
from datetime import UTC, datetime
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from core.errors import ReadError
from core.model import Draft, Follow, Listing, Page, Source
from core.urls import absolute, canonical, is_web
from spiders.readers.addresses import shape
from spiders.readers.encoding import decode
from spiders.readers.listing import MAX_ITEMS, Listed, drafts
from spiders.readers.refusals import refuse_own_types
from spiders.sites import same_site

LARGEST = 10 * 1024 * 1024  # bytes unpacked, as of any document
PARTS = 20  # of an index, the most promising

_DECLARATION = re.compile(r"^\s*<\?xml.*?\?>", re.DOTALL)
_UNDATED = datetime.min.replace(tzinfo=UTC)
_DIGITS = re.compile(r"\d+")
# Parts of an index that list no articles, as the common publishing systems name them.
_NO_NEWS = re.compile(
    r"(post_tag|tag|category|categories|author|users?|page|image|video|product|static|section)s?[-_.]?(sitemap|\d|\.xml)"
    r"|sitemap[-_](tag|category|categories|author|user|page|image|video|static|section|taxonomies)s?",
    re.IGNORECASE,
)
_OTHERS = {"rss": "a feed", "feed": "a feed", "rdf": "a feed", "html": "a web page", "urlset": "", "sitemapindex": ""}


def read(source: Source, page: Page, *, timezone: str, now: datetime) -> list[Draft | Follow]:
    """The newest 500 pages of the site that the sitemap names; nothing for an index. Raises ReadError."""
    return list(survey(source, page, timezone=timezone, now=now).entries)


def survey(source: Source, page: Page, *, timezone: str, now: datetime) -> Listing:
    """The newest 500 pages, or, of an index, the sitemaps that it names. Raises ReadError for what is neither."""
    text = decode(unpacked(page.body), page.headers.get("content-type", ""))
    if not text.strip():
        raise ReadError("empty document")
    if lines := _plain_lines(text):
        return _pages([Listed(link=line, guid=None, title="") for line in lines], source, page, timezone, now)
    root = _root(text)
    if _name(root) == "sitemapindex":
        return Listing(entries=(), parts=_parts(root, page))
    items = [item for entry in root if _name(entry) == "url" and (item := _item(entry))]
    return _pages(items, source, page, timezone, now)


def _pages(items: list[Listed], source: Source, page: Page, timezone: str, now: datetime) -> Listing:
    ours = [item for item in items if _is_ours(item.link, page)]
    if items and not ours:
        raise ReadError("all of its addresses are of another site")
    newest = sorted(ours, key=lambda item: _rough(item.published or item.updated), reverse=True)
    articles = (item for item in newest if item.published or shape(canonical(item.link)).score >= 0)
    kept = list(islice(articles, MAX_ITEMS))
    return Listing(entries=tuple(drafts(kept, source, page, timezone=timezone, now=now)))


def _is_ours(link: str, page: Page) -> bool:
    """Whether the address is of the site that was asked, or of the one that answered."""
    url = absolute(page.url, link)
    return url is not None and (same_site(url, page.url) or same_site(url, page.requested))


def _plain_lines(text: str) -> list[str]:
    """The addresses of a sitemap that is only lines of them; none for another document."""
    lines = text.split()
    return lines if all(map(is_web, lines)) else []


def unpacked(body: bytes) -> bytes:
    """The bytes of a document that may be gzip, however often. Raises ReadError beyond 10 MiB, or when broken off."""
    for _ in range(3):
        if not body.startswith(b"\x1f\x8b"):
            return body
        body = _gunzip(body)
    raise ReadError("packed too often")


def _gunzip(body: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, LARGEST + 1)
    except zlib.error:
        raise ReadError("broken gzip") from None
    if len(plain) > LARGEST:
        raise ReadError("larger than 10 MiB unpacked")
    if not unpacker.eof:
        raise ReadError("broken gzip: its end is missing")
    return plain


def _root(text: str) -> etree._Element:
    """The root of a sitemap or index. Entities, DTDs and the network are off; a declaration of its own is refused."""
    refuse_own_types(text)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(_DECLARATION.sub("", text, count=1).encode(), parser=parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise ReadError("not a sitemap")
    if other := _OTHERS.get(_name(root), "another document"):
        raise ReadError(f"{other} where a sitemap was expected")
    return root


def _item(entry: etree._Element) -> Listed | None:
    """One <url> or <sitemap>; of several names for a thing the first that says something."""
    said: dict[str, str] = {}
    for part in entry.iterdescendants():
        above = part.getparent()
        if part.text and part.text.strip() and above is not None:
            said.setdefault(_name(part) if above is entry else f"{_name(above)}/{_name(part)}", part.text.strip())
    if "loc" not in said:
        return None
    return Listed(
        link=said["loc"],
        guid=None,
        title=said.get("news/title", ""),
        published=said.get("news/publication_date", ""),
        updated=said.get("lastmod", ""),
        image=said.get("image/loc", ""),
        language=said.get("publication/language", ""),
    )


def _parts(root: etree._Element, page: Page) -> tuple[str, ...]:
    """The sitemaps that an index names: those for news first, then by date or number, the newest first."""
    found: dict[str, tuple[bool, bool, datetime, list[int]]] = {}
    for entry in root:
        item = _item(entry)
        url = absolute(page.url, item.link) if item else None
        if item and url and _is_ours(url, page) and url not in (page.url, page.requested):
            name = urlsplit(url).path
            numbers = [int(digits[:12]) for digits in _DIGITS.findall(name)]
            found.setdefault(url, (not _NO_NEWS.search(name), "news" in name, _rough(item.updated), numbers))
    ranked = sorted(found, key=found.__getitem__, reverse=True)
    articles = [url for url in ranked if found[url][0]]
    return tuple((articles or ranked)[:PARTS])


def _name(node: etree._Element | None) -> str:
    """An element's name without namespace or prefix, in lower case: both are often declared wrongly."""
    tag = node.tag if node is not None else None
    return re.split("[}:]", tag)[-1].lower() if isinstance(tag, str) else ""


def _rough(written: str) -> datetime:
    """Good enough to choose the newest; `core.dates` reads those that are kept."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return _UNDATED
    return found if found.tzinfo else found.replace(tzinfo=UTC)
