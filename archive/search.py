"""Search in the rule grammar: the index proposes, the live engine decides. So search and rules cannot disagree."""

from collections.abc import Collection, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from math import log
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, func, select

from archive.asking import AHEAD, articles_with
from archive.rows import articles_of, selected_articles, whole_story
from archive.schema import article, hit, source
from core.model import Article, Span
from core.rules.match import RuleSet, candidates
from core.rules.refusals import unplaced

ORDERED = 1_000  # last recorded matches that are put in another order than that
TITLE_WEIGHT = 4  # words of a body that one in the title is worth


@dataclass(frozen=True, slots=True)
class Narrow:
    """What a search is confined to: the date of publication, or, without one, of recording (`until` is excluded)."""

    since: datetime | None = None
    until: datetime | None = None
    language: str | None = None  # "": where it is not known
    source: str | None = None
    affiliation: str | None = None  # of the source


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
    return _found_before(conn, rules, Narrow(since, until, language, source), before, limit)


def page(
    conn: Connection,
    rules: RuleSet,
    narrow: Narrow = Narrow(),
    *,
    order: Order = "recent",
    limit: int = 50,
    cursor: str | None = None,
) -> Page:
    """One page of the results. What arrives meanwhile moves no later page: a cursor remembers where the first began.

    recent: what was recorded last comes first, also where it is older news that was filled in; published: by the date
    of publication, or, without one, of recording; ranked: by how often and where the words stand. Raises InputError
    for a cursor that is none of ours.
    """
    first, start = cursor_of(cursor)
    if order == "recent":
        found = _found_before(conn, rules, narrow, first, limit + 1)
        more = len(found) > limit
        return Page(tuple(found[:limit]), f"{found[limit - 1].article.id}.0" if more else None)
    ordered = _found_before(conn, rules, narrow, first, ORDERED)
    newest = first or max((each.article.id for each in ordered), default=0) + 1
    ordered.sort(key=lambda each: (_rank(each) if order == "ranked" else _dated(each), each.article.id), reverse=True)
    end = start + limit
    return Page(tuple(ordered[start:end]), f"{newest}.{end}" if end < len(ordered) else None)


def _found_before(conn: Connection, rules: RuleSet, narrow: Narrow, before: int | None, limit: int) -> list[Found]:
    with closing(matching(conn, rules, narrow, before=before)) as each:
        return list(islice(each, limit))


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


def matching(conn: Connection, rules: RuleSet, narrow: Narrow, *, before: int | None = None) -> Generator[Found]:
    """Every article that the rules match, last seen first. To be closed by who does not exhaust it."""
    first = _first_recorded(conn, narrow.since - AHEAD) if narrow.since is not None else 0
    proposed = articles_with(conn, candidates(rules), conditions=conditions_of(narrow), first=first, before=before)
    with closing(proposed) as pages:
        for ids in pages:
            spans = {row.id: hits[0].spans for row in readables(conn, rules, ids) if (hits := rules.match(row).topics)}
            yield from (Found(each, spans[each.id]) for each in articles(conn, list(spans)))


def readables(conn: Connection, rules: RuleSet, ids: Sequence[int]) -> Sequence[Any]:
    """What the rules look at of these articles, last seen first; in full where they ask what was found before."""
    if rules.asks_topics:
        return articles(conn, ids)
    return conn.execute(_READABLE.where(article.c.id.in_(ids)).order_by(article.c.id.desc())).all()


_READ = ("id", "title", "summary", "text", "url", "source", "language", "published", "recorded", "authors")
_READABLE = select(*(article.c[name] for name in (*_READ, "duplicate_of")), whole_story().label("story"))


def articles(conn: Connection, ids: Sequence[int]) -> list[Article]:
    """The articles with these ids, last seen first."""
    rows = conn.execute(selected_articles().where(article.c.id.in_(ids)).order_by(article.c.id.desc())).all()
    return articles_of(conn, rows)


def conditions_of(narrow: Narrow) -> list[ColumnElement[bool]]:
    """What a search is confined to as conditions on the article's columns."""
    dated = func.coalesce(article.c.published, article.c.recorded)
    conditions: list[ColumnElement[bool]] = []
    if narrow.since is not None:
        conditions.append(dated >= narrow.since)
    if narrow.until is not None:
        conditions.append(dated < narrow.until)
    if narrow.language is not None:
        conditions.append(article.c.language == narrow.language if narrow.language else article.c.language.is_(None))
    if narrow.source is not None:
        conditions.append(article.c.source == narrow.source)
    if narrow.affiliation is not None:
        theirs = select(source.c.id).where(source.c.affiliation == narrow.affiliation)
        conditions.append(article.c.source.in_(theirs))
    return conditions


def _first_recorded(conn: Connection, since: datetime) -> int:
    """An id below which every article was recorded before `since`: ids rise in time."""
    recorded = select(article.c.id).where(article.c.recorded < since)
    last_before = recorded.order_by(article.c.recorded.desc()).limit(1)
    return conn.execute(last_before).scalar() or 0


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
    chosen = sorted(ids, reverse=True)[:limit]
    rows = conn.execute(selected_articles().where(article.c.id.in_(chosen)).order_by(article.c.id.desc())).all()
    return articles_of(conn, rows)
