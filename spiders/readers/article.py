"""An article's page to a draft: body, title, authors, date, language, image, canonical address. Pure, no network."""

import contextlib
import html
import re
from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from lxml.cssselect import CSSSelector, ExpressionError, SelectorError
from lxml.html import HtmlElement
from trafilatura.metadata import examine_meta, extract_author, extract_meta_json

from core.dates import parse_date
from core.errors import ReadError
from core.language import detect
from core.model import Draft, Follow, Page, Source
from core.urls import absolute, canonical
from spiders.completing import others
from spiders.readers.body import body
from spiders.readers.bylines import printed_authors, without_by
from spiders.readers.encoding import decode
from spiders.readers.headline import headline
from spiders.readers.linked_data import Linked, linked
from spiders.readers.markup import SUMMARY_MAX, TEXT_MAX, clip, line, paragraphs, parse
from spiders.readers.page_dates import page_dates
from spiders.readers.pictures import picture
from spiders.readers.refusals import refuse_other_documents
from spiders.sites import is_front, same_site

# Trafilatura drops every character that does not print by itself, and Persian is misspelt without its joiners: they
# go through it as letters that no page holds.
_JOINERS = (("\u200c", "\ua66e"), ("\u200d", "\ua66d"))
_JOINER_ENTITY = re.compile(r"&(zwnj|zwj|#0*820[45]|#[xX]0*200[cCdD]);")
_TAG = re.compile(r"<[a-zA-Z!]")
_SEPARATED = re.compile(r"\s[|–—:»-]+\s")
_TAG_WITHIN = 5_000  # characters
ABOVE = 6  # paragraphs among which the headline may stand once more
PROSE = 100  # characters: what is shorter, above it, is no part of the text


def read(source: Source, page: Page, *, timezone: str, now: datetime) -> list[Draft | Follow]:
    """The page's one article. Raises ReadError where it has none."""
    return [read_article(source, page, timezone=timezone, now=now)]


def read_article(source: Source, page: Page, *, timezone: str, now: datetime) -> Draft:
    """The page's article; the source's own selectors win over what is found. Raises ReadError without a body."""
    if is_front(page.url) and not is_front(page.requested):
        raise ReadError("redirected to the front page")
    markup = decode(page.body, page.headers.get("content-type", ""))
    refuse_other_documents(page.body, markup)
    if not _TAG.search(markup[:_TAG_WITHIN]) or (tree := parse(_with_letters(markup))) is None:
        raise ReadError("not a web page" if markup.strip() else "empty document")
    found, said = _metadata(tree), linked(tree)
    title = _title(tree, source, page.url, said, found.sitename)
    hint = source.language or _language(tree)
    dates = chain([_selected(tree, source, "date"), said.published], page_dates(tree, page.url, _with_letters(title)))
    raw, published = _date(dates, language=hint, timezone=timezone, now=now)
    authors = _authors(tree, said, found)
    image = absolute(page.url, _with_joiners(found.image or said.image))
    image = image or picture(tree, _with_letters(title), page.url)
    url = _canonical(tree, page)
    text = _body(tree, source, page.url, title, raw, said.body)  # the last: it spends the tree
    return Draft(
        source=source.id,
        url=url,
        title=title or line(text.partition("\n")[0], 100),
        text=clip(text, TEXT_MAX),
        summary=clip(paragraphs(_with_joiners(found.description)), SUMMARY_MAX),
        published=published,
        published_raw=raw,
        language=detect(f"{title}\n{text}", hint),
        authors=authors,
        image=image,
        aliases=others(url, canonical(page.url), canonical(page.requested)),
        fetched=page.fetched,
    )


def _metadata(tree: HtmlElement) -> Any:
    """Author, description, image and the site's name, by trafilatura's parts.

    Its whole, `extract_metadata`, also looks for tags and categories, and for a date where ours is found already: a
    third of the time that a page costs.
    """
    found = examine_meta(tree)
    with contextlib.suppress(Exception):  # as trafilatura itself does: people's JSON-LD is anything
        found = extract_meta_json(tree, found)
    found.clean_and_trim()
    return found


def _authors(tree: HtmlElement, said: Linked, found: Any) -> tuple[str, ...]:
    """Names as declared, else as printed, else as trafilatura finds them; without what stands before them."""
    declared = said.authors or [name for name in (found.author or "").split(";") if name]
    site = (found.sitename or "", said.publisher, *_SEPARATED.split(tree.findtext(".//head/title") or ""))
    if not [name for name in declared if name not in map(line, site)]:
        declared = printed_authors(tree) or declared or (extract_author(tree) or "").split(";")
    bare = map(without_by, map(_with_joiners, declared))
    return tuple(dict.fromkeys(name for name in bare if name))[:20]


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


def _title(tree: HtmlElement, source: Source, url: str, said: Linked, site: str | None) -> str:
    """The headline without the site's name."""
    if chosen := _selected(tree, source, "title"):
        return line(chosen)
    host = urlsplit(url).hostname or ""
    return line(_with_joiners(headline(tree, said.headline, site=site or said.publisher, host=host)))


def _body(tree: HtmlElement, source: Source, url: str, title: str, date: str, said: str) -> str:
    """The text without the headline and the date that many pages repeat above it. Raises ReadError for none."""
    text = _selected(tree, source, "text") or _with_joiners(body(tree, url, said))
    if not text:
        raise ReadError("no article text found")
    lines = text.split("\n\n")
    above = [at for at, said in enumerate(lines[:ABOVE]) if said == title]
    if above and all(len(said) < PROSE for said in lines[: above[0]]):
        lines = lines[above[-1] + 1 :] or lines
    while len(lines) > 1 and lines[0] in (title, date):
        del lines[0]
    return "\n\n".join(lines)


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


def _date(written: Iterable[str], *, language: str | None, timezone: str, now: datetime) -> tuple[str, datetime | None]:
    """The first date that can be read, as written and as a time."""
    for each in map(_with_joiners, written):
        if date := parse_date(each, language=language, timezone=timezone, now=now):
            return line(each, 200), date
    return "", None


def _language(tree: HtmlElement) -> str | None:
    root = tree.getroottree().getroot()
    primary = (root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:3]
    primary = primary.replace("_", "-").partition("-")[0].strip().lower()
    return primary if primary.isalpha() and len(primary) >= 2 else None


def _canonical(tree: HtmlElement, page: Page) -> str:
    """rel=canonical where it names the same site and an article; the address it was found at otherwise."""
    for link in tree.iterfind(".//link[@rel='canonical']"):
        named = absolute(page.url, _with_joiners(link.get("href")))
        if named and same_site(named, page.url) and not is_front(named):
            return canonical(named)
    return canonical(page.url)
