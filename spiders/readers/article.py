"""An article's page to a draft: body, title, authors, date, language, image, canonical address. Pure, no network."""

import contextlib
import html
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import htmldate
import tldextract
import trafilatura
from lxml.cssselect import CSSSelector, ExpressionError, SelectorError
from lxml.html import HtmlElement
from trafilatura.metadata import examine_meta, extract_author, extract_meta_json, extract_title

from core.dates import parse_date
from core.errors import ReadError
from core.language import detect
from core.model import Draft, Follow, Page, Source
from core.urls import absolute, canonical
from spiders.completing import others
from spiders.readers.encoding import decode
from spiders.readers.markup import SUMMARY_MAX, TEXT_MAX, clip, line, paragraphs, parse

# The list of public suffixes that ships with the library: readers have no network and no cache.
_domains = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

_META_DATES = frozenset(
    {
        "article:published_time",
        "og:article:published_time",
        "og:published_time",
        "datepublished",
        "date",
        "pubdate",
        "publishdate",
        "publish-date",
        "publish_date",
        "publication_date",
        "dc.date",
        "dc.date.issued",
        "dcterms.created",
        "dcterms.date",
        "parsely-pub-date",
        "sailthru.date",
        "article.published",
    }
)
# Trafilatura drops every character that does not print by itself, and Persian is misspelt without its joiners: they
# go through it as letters that no page holds.
_JOINERS = (("\u200c", "\ua66e"), ("\u200d", "\ua66d"))
_JOINER_ENTITY = re.compile(r"&(zwnj|zwj|#0*820[45]|#[xX]0*200[cCdD]);")
_TAG = re.compile(r"<[a-zA-Z!]")
_TAG_WITHIN = 5_000  # characters
_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,60})"')
_SITE_TITLE = re.compile(r"\s+[|»«–—-]\s+[^|»«–—-]{2,60}$")


def read(source: Source, page: Page, *, timezone: str, now: datetime) -> list[Draft | Follow]:
    """The page's one article. Raises ReadError where it has none."""
    return [read_article(source, page, timezone=timezone, now=now)]


def read_article(source: Source, page: Page, *, timezone: str, now: datetime) -> Draft:
    """The page's article; the source's own selectors win over what is found. Raises ReadError without a body."""
    if _is_front(page.url) and not _is_front(page.requested):
        raise ReadError("redirected to the front page")
    markup = decode(page.body, page.headers.get("content-type", ""))
    if not _TAG.search(markup[:_TAG_WITHIN]) or (tree := parse(_with_letters(markup))) is None:
        raise ReadError("not a web page" if markup.strip() else "empty document")
    found = _metadata(tree)
    title = _title(tree, source, found.title)
    text = _body(tree, source, page.url, title)
    hint = source.language or _language(tree)
    raw, published = _date(tree, source, page.url, language=hint, timezone=timezone, now=now)
    url = _canonical(tree, page)
    return Draft(
        source=source.id,
        url=url,
        title=title or line(text.partition("\n")[0], 100),
        text=clip(text, TEXT_MAX),
        summary=clip(paragraphs(_with_joiners(found.description)), SUMMARY_MAX),
        published=published,
        published_raw=raw,
        language=detect(f"{title}\n{text}", hint),
        authors=tuple(line(name, 200) for name in _with_joiners(found.author).split(";") if name.strip())[:20],
        image=absolute(page.url, _with_joiners(found.image)),
        aliases=others(url, canonical(page.url), canonical(page.requested)),
        fetched=page.fetched,
    )


def _text(tree: HtmlElement, url: str) -> str:
    """The body that trafilatura finds, "" for none; its own downloader is never used."""
    found: Any = trafilatura.bare_extraction(tree, url=url, favor_precision=True, include_comments=False)
    return (found and found.text) or ""


def _metadata(tree: HtmlElement) -> Any:
    """Title, author, description and image, by trafilatura's parts.

    Its whole, `extract_metadata`, also looks for tags and categories, and for a date where ours is found already: a
    third of the time that a page costs.
    """
    found = examine_meta(tree)
    with contextlib.suppress(Exception):  # as trafilatura itself does: people's JSON-LD is anything
        found = extract_meta_json(tree, found)
    found.title = found.title or extract_title(tree)
    found.author = found.author or extract_author(tree)
    found.clean_and_trim()
    return found


def _selected(tree: HtmlElement, source: Source, name: str) -> str:
    """The text of what the source's own selector finds, "" without one."""
    selector = source.selectors.get(name)
    if not selector:
        return ""
    try:
        nodes = CSSSelector(selector)(tree)
    except (SelectorError, ExpressionError):
        raise ReadError(f"the selector for {name} is broken") from None
    return paragraphs(_with_joiners("\n\n".join(" ".join(node.text_content().split()) for node in nodes)))


def _title(tree: HtmlElement, source: Source, found: str | None) -> str:
    """The headline; a site's name at its end goes where the page's own h1 does without."""
    title = line(_selected(tree, source, "title") or _with_joiners(found))
    bare = _SITE_TITLE.sub("", title)
    headlines = {line(_with_joiners(node.text_content())) for node in tree.iter("h1")}
    return bare if bare in headlines else title


def _body(tree: HtmlElement, source: Source, url: str, title: str) -> str:
    """The text without the headline that many pages repeat above it. Raises ReadError where there is none."""
    text = _selected(tree, source, "text") or paragraphs(_with_joiners(_text(tree, url)).replace("\n", "\n\n"))
    first, _, rest = text.partition("\n\n")
    text = rest if rest and first == title else text
    if not text:
        raise ReadError("no article text found")
    return text


def _with_letters(text: str) -> str:
    text = _JOINER_ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    for joiner, letter in _JOINERS:
        text = text.replace(joiner, letter)
    return text


def _with_joiners(text: str | None) -> str:
    text = text or ""
    for joiner, letter in _JOINERS:
        text = text.replace(letter, joiner)
    return text


def _date(
    tree: HtmlElement, source: Source, url: str, *, language: str | None, timezone: str, now: datetime
) -> tuple[str, datetime | None]:
    """The first date that can be read, as printed and as a time."""
    for written in _written_dates(tree, source, url):
        if date := parse_date(_with_joiners(written), language=language, timezone=timezone, now=now):
            return line(_with_joiners(written), 200), date
    return "", None


def _written_dates(tree: HtmlElement, source: Source, url: str) -> Iterator[str]:
    yield from filter(None, [_selected(tree, source, "date")])
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        yield from _LD_DATE.findall(script.text or "")
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if name.lower() in _META_DATES and meta.get("content"):
            yield meta.get("content")
    for time in tree.iterfind(".//time"):
        yield time.get("datetime") or time.text_content()
    yield htmldate.find_date(tree, original_date=True, extensive_search=False, url=url) or ""


def _language(tree: HtmlElement) -> str | None:
    root = tree.getroottree().getroot()
    primary = (root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:3]
    primary = primary.replace("_", "-").partition("-")[0].strip().lower()
    return primary if primary.isalpha() and len(primary) >= 2 else None


def _canonical(tree: HtmlElement, page: Page) -> str:
    """rel=canonical where it names the same site and an article; the address it was found at otherwise."""
    for link in tree.iterfind(".//link[@rel='canonical']"):
        named = absolute(page.url, _with_joiners(link.get("href")))
        if named and _same_site(named, page.url) and not _is_front(named):
            return canonical(named)
    return canonical(page.url)


def _same_site(one: str, other: str) -> bool:
    hosts = [urlsplit(url).hostname or "" for url in (one, other)]
    return _domain(hosts[0]) == _domain(hosts[1])


def _domain(host: str) -> str:
    """What is registered: the label before the public suffix, and that; an address stands for itself."""
    found = _domains(host)
    return f"{found.domain}.{found.suffix}" if found.suffix else host.removeprefix("www.")


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
