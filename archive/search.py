"""Search in the rule grammar: the index proposes, the live engine decides. So search and rules cannot disagree."""

from collections.abc import Collection, Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from math import log
from typing import Literal

from sqlalchemy import Connection, select

from archive.inquiry import Inquiry, Narrow
from archive.rows import articles
from archive.schema import article, hit
from core.model import Article, Span
from core.rules.match import RuleSet
from core.rules.refusals import unplaced

READ_AT_ONCE = 1_000  # articles
ORDERED = 1_000  # last recorded matches that are put in another order than that
TITLE_WEIGHT = 4  # words of a body that one in the title is worth


@dataclass(frozen=True, slots=True)
class Found:
    """An article of which the query is true, and the words that made it so."""

    article: Article
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the results in their order; `next` is where the following page begins, None after the last one."""

    found: tuple[Found, ...]
    next: str | None


Order = Literal["recent", "published", "ranked"]
"""Last recorded first; or, among the last ORDERED of those, last published first or by rank."""


def search(
    conn: Connection,
    rules: RuleSet,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    language: str | None = None,
    source: str | None = None,
    limit: int = 50,
    before: int | None = None,
) -> list[Found]:
    """Up to `limit` articles that `rules` (of compile_query) match, last seen first, copies included.

    `since` and `until` hold for the date of publication, or, without one, of recording; `until` is excluded.
    `before`: only articles with a lower id.
    """
    inquiry = Inquiry(conn, rules, Narrow(since, until, language, source))
    return _found_before(inquiry, before, limit)


def page(
    conn: Connection,
    rules: RuleSet,
    narrow: Narrow = Narrow(),  # noqa: B008  it is frozen
    *,
    order: Order = "recent",
    limit: int = 50,
    cursor: str | None = None,
) -> Page:
    """See `page_of`."""
    return page_of(Inquiry(conn, rules, narrow), order=order, limit=limit, cursor=cursor)


def page_of(inquiry: Inquiry, *, order: Order = "recent", limit: int = 50, cursor: str | None = None) -> Page:
    """One page of the results. What arrives meanwhile moves no later page: a cursor remembers where the first began.

    recent: what was recorded last comes first, also where it is older news that was filled in; published: by the date
    of publication, or, without one, of recording; ranked: by how often and where the words stand. Raises InputError
    for a cursor that is none of ours.
    """
    first, start = cursor_of(cursor)
    if order == "recent":
        found = _found_before(inquiry, first, limit + 1)
        more = len(found) > limit
        return Page(tuple(found[:limit]), f"{found[limit - 1].article.id}.0" if more else None)
    ordered = _found_before(inquiry, first, ORDERED)
    newest = first or max((each.article.id for each in ordered), default=0) + 1
    ordered.sort(key=lambda each: (_rank(each) if order == "ranked" else _dated(each), each.article.id), reverse=True)
    end = start + limit
    return Page(tuple(ordered[start:end]), f"{newest}.{end}" if end < len(ordered) else None)


def _found_before(inquiry: Inquiry, before: int | None, limit: int) -> list[Found]:
    """So many of the last seen; the articles are read when it is known which: few of a page of proposals may match."""
    with closing(inquiry.matches(before)) as pages:
        spans = dict(islice(chain.from_iterable(page.items() for page in pages), limit))
    ids, found = list(spans), list[Found]()
    for start in range(0, len(ids), READ_AT_ONCE):
        read = articles(inquiry.conn, ids[start : start + READ_AT_ONCE])
        found += (Found(each, spans[each.id]) for each in read)
    return found


def cursor_of(cursor: str | None) -> tuple[int | None, int]:
    """The two numbers of a cursor. Raises InputError for one that is none of ours."""
    if cursor is None:
        return None, 0
    first, _, start = cursor.partition(".")
    if not (first.isdecimal() and start.isdecimal() and max(len(first), len(start)) < 19):
        raise unplaced("cursor", text=cursor)
    return int(first), int(start)


def _rank(found: Found) -> float:
    """Words that made it true, those of the title counted more, and the more the shorter the text is."""
    weights = (TITLE_WEIGHT if span.field == "title" else 1 for span in found.spans)
    return sum(weights) / log(len(found.article.text) + 300)


def _dated(found: Found) -> float:
    return (found.article.published or found.article.recorded).timestamp()


def matching(inquiry: Inquiry, *, before: int | None = None) -> Generator[Found]:
    """Every article that the rules match, last seen first. To be closed by who does not exhaust it."""
    with closing(inquiry.matches(before)) as pages:
        for spans in pages:
            yield from (Found(each, spans[each.id]) for each in articles(inquiry.conn, list(spans)))


def latest(conn: Connection, topics: Collection[str], limit: int) -> list[Article]:
    """The last `limit` articles that hit any of `topics`, last seen first; copies are left out."""
    ids: set[int] = set()
    for topic in topics:
        of_topic = (
            select(hit.c.article)
            .join(article, article.c.id == hit.c.article)
            .where(hit.c.kind == "topic", hit.c.what == topic, article.c.duplicate_of.is_(None))
        )
        ids.update(conn.execute(of_topic.order_by(hit.c.article.desc()).limit(limit)).scalars())
    return articles(conn, sorted(ids, reverse=True)[:limit])
