"""An outlet's feed as text in RSS 2.0, Atom, RDF (RSS 1.0) or JSON Feed. Pure: no HTTP, no clock."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from demo.press import FeedFormat, Masthead, Piece

CONTENT_TYPES: dict[FeedFormat, str] = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "rdf": "application/rdf+xml",
    "json": "application/feed+json",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece beside the address under which the feed prints it."""

    piece: Piece
    link: str


def render(site: Masthead, entries: Sequence[Entry], updated: datetime) -> str:
    """The whole feed, entries in the order given (feeds: newest first)."""
    return RENDERERS[site.format](site, entries, updated)


def _rss(site: Masthead, entries: Sequence[Entry], updated: datetime) -> str:
    items = "\n".join(_rss_item(site, entry) for entry in entries)
    return (
        f"{_declaration(site)}"
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>{escape(site.name)}</title><link>{escape(site.origin)}/</link>"
        f"<description>{escape(site.name)}</description><language>{site.language}</language>\n"
        f'<atom:link href={quoteattr(site.feed_url)} rel="self" type="application/rss+xml"/>\n'
        f"<lastBuildDate>{format_datetime(updated, usegmt=True)}</lastBuildDate>\n"
        f"{items}\n</channel>\n</rss>\n"
    )


def _rss_item(site: Masthead, entry: Entry) -> str:
    piece = entry.piece
    parts = [
        f"<title>{escape(piece.title)}</title>",
        f"<link>{escape(entry.link)}</link>",
        _if(piece.guid, lambda guid: f'<guid isPermaLink="false">{escape(guid)}</guid>'),
        _if(_described(site, piece), lambda text: f"<description>{escape(text)}</description>"),
        _if(_full(site, piece), lambda html: f"<content:encoded>{escape(html)}</content:encoded>"),
        _if(_date(piece.published, _rfc822), lambda date: f"<pubDate>{escape(date)}</pubDate>"),
        *(f"<dc:creator>{escape(author)}</dc:creator>" for author in piece.authors),
        *(f"<category>{escape(tag)}</category>" for tag in piece.tags),
    ]
    return f"<item>{''.join(parts)}</item>"


def _atom(site: Masthead, entries: Sequence[Entry], updated: datetime) -> str:
    items = "\n".join(_atom_entry(site, entry, updated) for entry in entries)
    return (
        f"{_declaration(site)}"
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{site.language}">\n'
        f"<title>{escape(site.name)}</title><id>{escape(site.origin)}/</id>"
        f'<link href={quoteattr(site.feed_url)} rel="self"/><updated>{updated.isoformat()}</updated>\n'
        f"{items}\n</feed>\n"
    )


def _atom_entry(site: Masthead, entry: Entry, updated: datetime) -> str:
    piece = entry.piece
    changed = piece.modified or piece.published or updated
    parts = [
        f"<title>{escape(piece.title)}</title>",
        f'<link rel="alternate" href={quoteattr(entry.link)}/>',
        _if(piece.guid, lambda guid: f"<id>{escape(guid)}</id>"),
        _if(_date(piece.published, _iso), lambda date: f"<published>{escape(date)}</published>"),
        "" if piece.published is None else f"<updated>{escape(_date(changed, _iso))}</updated>",
        *(f"<author><name>{escape(author)}</name></author>" for author in piece.authors),
        *(f"<category term={quoteattr(tag)}/>" for tag in piece.tags),
        _if(_described(site, piece), lambda text: f"<summary>{escape(text)}</summary>"),
        _if(_full(site, piece), lambda html: f'<content type="html">{escape(html)}</content>'),
    ]
    return f"<entry>{''.join(parts)}</entry>"


def _rdf(site: Masthead, entries: Sequence[Entry], updated: datetime) -> str:
    listed = "".join(f"<rdf:li rdf:resource={quoteattr(entry.link)}/>" for entry in entries)
    items = "\n".join(_rdf_item(site, entry) for entry in entries)
    return (
        f"{_declaration(site)}"
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">\n'
        f"<channel rdf:about={quoteattr(site.feed_url)}><title>{escape(site.name)}</title>"
        f"<link>{escape(site.origin)}/</link><description>{escape(site.name)}</description>"
        f"<dc:language>{site.language}</dc:language><dc:date>{updated.isoformat()}</dc:date>"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{items}\n</rdf:RDF>\n"
    )


def _rdf_item(site: Masthead, entry: Entry) -> str:
    piece = entry.piece
    parts = [
        f"<title>{escape(piece.title)}</title><link>{escape(entry.link)}</link>",
        _if(_described(site, piece), lambda text: f"<description>{escape(text)}</description>"),
        _if(_full(site, piece), lambda html: f"<content:encoded>{escape(html)}</content:encoded>"),
        _if(_date(piece.published, _iso), lambda date: f"<dc:date>{escape(date)}</dc:date>"),
        *(f"<dc:creator>{escape(author)}</dc:creator>" for author in piece.authors),
    ]
    return f"<item rdf:about={quoteattr(entry.link)}>{''.join(parts)}</item>"


def _json(site: Masthead, entries: Sequence[Entry], updated: datetime) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.name,
        "home_page_url": f"{site.origin}/",
        "feed_url": site.feed_url,
        "language": site.language,
        "items": [_json_item(site, entry) for entry in entries],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_item(site: Masthead, entry: Entry) -> dict[str, Any]:
    piece = entry.piece
    item = {
        "id": piece.guid,
        "url": entry.link,
        "title": piece.title,
        "summary": _described(site, piece),
        "content_html": _full(site, piece),
        "date_published": _date(piece.published, _iso),
        "date_modified": _date(piece.modified, _iso),
        "authors": [{"name": author} for author in piece.authors],
        "tags": list(piece.tags),
    }
    return {key: value for key, value in item.items() if value}


RENDERERS: dict[FeedFormat, Callable[[Masthead, Sequence[Entry], datetime], str]] = {
    "rss": _rss,
    "atom": _atom,
    "rdf": _rdf,
    "json": _json,
}


def _declaration(site: Masthead) -> str:
    encoding = f' encoding="{site.declared}"' if site.declared else ""
    return f'<?xml version="1.0"{encoding}?>\n'


def _described(site: Masthead, piece: Piece) -> str:
    return "" if site.feed_text == "title" else piece.summary


def _full(site: Masthead, piece: Piece) -> str:
    """The body as HTML, where the outlet's feed carries it."""
    if site.feed_text != "full":
        return ""
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in piece.paragraphs)


def _date(value: datetime | str | None, render_date: Callable[[datetime], str]) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else render_date(value)


def _rfc822(value: datetime) -> str:
    return format_datetime(value.astimezone(UTC), usegmt=True)


def _iso(value: datetime) -> str:
    return value.isoformat(timespec="seconds")


def _if(value: str | None, element: Callable[[str], str]) -> str:
    return element(value) if value else ""
