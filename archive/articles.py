"""The archived articles: one door for looking up, recording and reading them. Judges nothing."""

from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import Connection, func, select

from archive.identity import address_key, guids_rotate, neighbours, told_again, unknown, unseen
from archive.recording import Recorded, record
from archive.rows import articles_of, selected_articles
from archive.schema import address, alert, article
from core.model import Article
from core.rules.match import RuleSet

__all__ = [
    "Recorded",
    "backlog_alerts",
    "by_url",
    "count",
    "export",
    "get",
    "guids_rotate",
    "neighbours",
    "record",
    "told_again",
    "unknown",
    "unseen",
]

PAGE = 200  # articles held in memory while streaming


def get(conn: Connection, article_id: int) -> Article | None:
    """The article with this id."""
    rows = conn.execute(selected_articles().where(article.c.id == article_id)).all()
    return articles_of(conn, rows)[0] if rows else None


def by_url(conn: Connection, url: str) -> Article | None:
    """The article with this canonical address, or one of its other addresses."""
    found = conn.execute(select(address.c.article).where(address.c.key == address_key(url))).scalar_one_or_none()
    return None if found is None else get(conn, found)


def count(conn: Connection) -> int:
    """How many articles there are."""
    return conn.execute(select(func.count()).select_from(article)).scalar_one()


def export(
    conn: Connection, rules: RuleSet | None = None, *, passed: Callable[[int], None] = lambda _articles: None
) -> Iterator[Article]:
    """Every article, copies included, by id; with `rules` those that match. Holds a page of them at a time.

    `passed` is told after each page how many articles were looked at so far.
    """
    last = looked_at = 0
    while True:
        page = selected_articles().where(article.c.id > last).order_by(article.c.id).limit(PAGE)
        rows = conn.execute(page).all()
        if not rows:
            return
        last = rows[-1].id
        for each in articles_of(conn, rows):
            if rules is None or rules.match(each).topics:
                yield each
        looked_at += len(rows)
        passed(looked_at)


def backlog_alerts(conn: Connection, source_id: str) -> Mapping[str, int]:
    """How many alerts the source's articles have borne so far, by topic, followed or not."""
    rows = conn.execute(
        select(alert.c.subject, func.count())
        .join(article, article.c.id == alert.c.article)
        .where(article.c.source == source_id)
        .group_by(alert.c.subject)
    )
    return {subject.removeprefix("topic:"): number for subject, number in rows}
