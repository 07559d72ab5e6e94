"""A section page to drafts: by the source's selectors, or by learning which of its links are articles. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from lxml.cssselect import CSSSelector, ExpressionError, SelectorError
from lxml.html import HtmlElement

from core.dates import parse_date
from core.errors import ReadError
from core.model import Draft, Follow, Page, Source
from core.urls import absolute, canonical
from spiders.readers.cards import Card, cards, words
from spiders.readers.encoding import decode
from spiders.readers.learning import article_links
from spiders.readers.listing import Listed, drafts
from spiders.readers.markup import line, parse
from spiders.readers.refusals import refuse_other_documents
from spiders.sites import is_front, same_site

MOST_ITEMS = 500
_DAY = timedelta(days=1)


def read(source: Source, page: Page, *, timezone: str, now: datetime) -> list[Draft | Follow]:
    """The articles that the page links to, in its order, each once. Raises ReadError where there are none."""
    markup = decode(page.body, page.headers.get("content-type", ""))
    refuse_other_documents(page.body, markup)
    tree = parse(markup)
    if tree is None:
        raise ReadError("empty document" if not page.body.strip() else "not a web page")
    base = _base(tree, page)
    found = list(_selected(tree, source, base)) if source.selectors.get("item") else list(_learnt(tree, base))
    ours = [card for card in found if _is_ours(card.link, page)]
    if not ours:
        raise ReadError("no links to articles found" if not found else "all of its links lead to other sites")
    language = source.language or _language(tree)
    source = replace(source, language=language)
    items = [_item(card, source, timezone=timezone, now=now) for card in ours[:MOST_ITEMS]]
    return drafts(items, source, page, timezone=timezone, now=now)


def _base(tree: HtmlElement, page: Page) -> str:
    """What relative links are relative to: <base> counts, where it is of the same site."""
    for node in tree.iter("base"):
        base = absolute(page.url, node.get("href") or "")
        if base and same_site(base, page.url):
            return base
    return page.url


def _is_ours(link: str, page: Page) -> bool:
    here = {canonical(page.url), canonical(page.requested)}
    return (
        (same_site(link, page.url) or same_site(link, page.requested))
        and not is_front(link)
        and canonical(link) not in here
    )


def _item(card: Card, source: Source, *, timezone: str, now: datetime) -> Listed:
    return Listed(
        link=card.link,
        guid=None,
        title=card.title,
        summary=card.text,
        published=_settled(card.date, source, timezone, now),
        image=card.image,
    )


def _settled(date: str, source: Source, timezone: str, now: datetime) -> str:
    """The printed date where it says more than the article's own page will: an hour, and not "3 hours ago"."""
    at = parse_date(date, language=source.language, timezone=timezone, now=now) if date else None
    if at is None or (source.full_text and ":" not in date and "：" not in date):
        return ""
    tomorrow = parse_date(date, language=source.language, timezone=timezone, now=now + _DAY)
    return date if at == tomorrow else ""


def _learnt(tree: HtmlElement, base: str) -> Iterator[Card]:
    yield from cards(article_links(tree, base), base)


def _selected(tree: HtmlElement, source: Source, base: str) -> Iterator[Card]:
    """The page's items by the source's selectors; what one of them leaves open is taken from the item itself."""
    items = _matches(tree, source, "item")
    if not items:
        raise ReadError("the selector for item finds nothing")
    for item in items:
        if (anchor := _anchor(item, source)) is not None and (link := absolute(base, anchor.get("href") or "")):
            card = next(cards([(link, [anchor])], base, within=item))
            yield replace(
                card,
                title=_text(item, source, "title") or card.title,
                text=_text(item, source, "text") or card.text,
                date=_date(item, source) or card.date,
            )


def _anchor(item: HtmlElement, source: Source) -> HtmlElement | None:
    found = _matches(item, source, "link") or ([item] if item.tag == "a" else list(item.iter("a")))
    return next((node for node in found if node.get("href")), None)


def _matches(node: HtmlElement, source: Source, name: str) -> list[HtmlElement]:
    selector = source.selectors.get(name)
    if not selector:
        return []
    try:
        return list(CSSSelector(selector)(node))
    except (SelectorError, ExpressionError):
        raise ReadError(f"the selector for {name} is broken") from None


def _text(item: HtmlElement, source: Source, name: str) -> str:
    return " ".join(filter(None, (words(node) for node in _matches(item, source, name))))


def _date(item: HtmlElement, source: Source) -> str:
    found = (node.get("datetime") or node.get("content") or words(node) for node in _matches(item, source, "date"))
    return next(filter(None, found), "")


def _language(tree: HtmlElement) -> str | None:
    root = tree.getroottree().getroot()
    primary = line(root.get("lang") or "", 20).lower().replace("_", "-").partition("-")[0]
    return primary if primary.isalpha() and 2 <= len(primary) <= 3 else None
