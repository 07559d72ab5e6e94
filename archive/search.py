"""Search in the rule grammar: the index proposes, the live engine decides. So search and rules cannot disagree."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from archive.fulltext import articles_with
from archive.rows import articles_of, selected_articles
from archive.schema import article, hit
from core.match import RuleSet, candidates
from core.model import Article, Span

AHEAD = timedelta(hours=24)  # so far before its date may an article have been recorded (core.dates accepts no more)


@dataclass(frozen=True, slots=True)
class Found:
    """An article of which the query is true, and the words that made it so."""

    article: Article
    spans: tuple[Span, ...]


def search(
    conn: Connection,
    rules: RuleSet,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    language: str | None = None,
    source: str | None = None,
    limit: int = 50,
) -> list[Found]:
    """Up to `limit` articles that `rules` (of compile_query) match, last seen first, copies included.

    `since` and `until` hold for the date of publication, or, without one, of recording; `until` is excluded.
    """
    found: list[Found] = []
    for each in _narrowed(conn, rules, since, until, language, source):
        topics = rules.match(each).topics
        if topics:
            found.append(Found(each, topics[0].spans))
        if len(found) >= limit:
            break
    return found


def _narrowed(
    conn: Connection,
    rules: RuleSet,
    since: datetime | None,
    until: datetime | None,
    language: str | None,
    source: str | None,
) -> Iterator[Article]:
    """The articles that the index proposes and that fulfil the other conditions, last seen first."""
    dated = func.coalesce(article.c.published, article.c.recorded)
    conditions: list[ColumnElement[bool]] = []
    if since is not None:
        conditions.append(dated >= since)
    if until is not None:
        conditions.append(dated < until)
    if language is not None:
        conditions.append(article.c.language == language)
    if source is not None:
        conditions.append(article.c.source == source)
    first = _first_recorded(conn, since - AHEAD) if since is not None else 0
    for ids in articles_with(conn, candidates(rules), first=first):
        rows = conn.execute(
            selected_articles().where(article.c.id.in_(ids), *conditions).order_by(article.c.id.desc())
        ).all()
        yield from articles_of(conn, rows)


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
