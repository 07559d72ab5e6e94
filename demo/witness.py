"""Says what the monitor made of a step, by looking into its archive like any reader. Changes nothing but due times."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection

from archive import articles, sources
from archive.database import Archive
from core.model import Article
from core.urls import canonical
from demo.newsroom import Item
from demo.scene import Expected

GLANCE = 0.1  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one step. `as_expected` is False when time ran out before it was seen."""

    as_expected: bool
    says: str


class Witness:
    """Sees through its own connections to the archive that the monitor writes."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    async def first_round_over(self) -> None:
        """Return when every source of the empty archive has been visited once."""
        while await self._archive.ask(sources.first_round_open):  # noqa: ASYNC110  a table has no event
            await asyncio.sleep(GLANCE)

    async def call(self, source: str) -> datetime:
        """Have the monitor visit `source` at its next tick; returns when it was made due.

        A visit that is on may have read the feed a moment too early: it is let end first.
        """
        while True:
            now = datetime.now(UTC)
            if await self._archive.write(partial(sources.make_due, ids=[source], now=now)):
                return now
            await asyncio.sleep(GLANCE)

    async def see(self, expected: Expected, source: str, item: Item | None, since: datetime) -> Finding:
        """Wait until the archive shows what is expected of the step that happened at `since`."""
        look = partial(_look, expected=expected, source=source, item=item, since=since)
        while (says := await self._archive.ask(look)) is None:  # noqa: ASYNC110  as above
            await asyncio.sleep(GLANCE)
        return Finding(True, says)

    async def archived(self) -> int:
        """How many articles there are."""
        return sum(row.articles for row in await self._archive.ask(sources.table))


def isolated(name: str) -> str:
    """A name of either direction inside a left-to-right line: between a first-strong isolate and its end."""
    return f"\u2068{name}\u2069"


def _look(conn: Connection, *, expected: Expected, source: str, item: Item | None, since: datetime) -> str | None:
    """The sentence that tells what was expected, or None while it cannot be seen."""
    row = next(row for row in sources.table(conn) if row.id == source)
    visited = row.last_visit is not None and row.last_visit >= since
    article = None if item is None else articles.by_url(conn, canonical(item.url))
    if expected == "failing":
        return f"{isolated(row.name)}: {row.reason}; it will be tried again" if visited and row.reason else None
    if expected == "healthy":
        return f"{isolated(row.name)} answers again" if visited and not row.reason else None
    if article is None:
        return None
    return ARTICLE_FINDINGS[expected](article, visited, since)


def _alert(article: Article, _visited: bool, since: datetime) -> str | None:
    if article.first_alert is None:
        return None
    topics = ", ".join(hit.topic for hit in article.matches.topics)
    seconds = (article.first_alert - since).total_seconds()
    return f"article {article.id}: alerted for {topics}, {seconds:.1f} s after it was published"


def _copy(article: Article, _visited: bool, _since: datetime) -> str | None:
    if article.duplicate_of is None:
        return None
    return f"article {article.id}: the same text as article {article.duplicate_of}, so no second alert"


def _joined(article: Article, _visited: bool, _since: datetime) -> str | None:
    if article.story == article.id or article.duplicate_of is not None or article.first_alert is not None:
        return None
    return f"article {article.id}: of one event with article {article.story}, so no second alert"


def _turn(article: Article, _visited: bool, _since: datetime) -> str | None:
    if article.story == article.id or article.first_alert is None:
        return None
    return f"article {article.id}: denies what article {article.story} said, so it is told to whom that was told"


def _revision(article: Article, _visited: bool, _since: datetime) -> str | None:
    if article.revision < 2:
        return None
    return f"article {article.id}: revision {article.revision}, the old wording is kept; no second alert"


def _quiet(article: Article, visited: bool, _since: datetime) -> str | None:
    if not visited or article.matches.topics:
        return None
    return f"article {article.id}: archived, no topic, silence"


def _withdrawn(article: Article, visited: bool, _since: datetime) -> str | None:
    return f"article {article.id}: gone from the site, still in the archive" if visited else None


ARTICLE_FINDINGS: dict[Expected, Callable[[Article, bool, datetime], str | None]] = {
    "alert": _alert,
    "copy": _copy,
    "joined": _joined,
    "turn": _turn,
    "revision": _revision,
    "quiet": _quiet,
    "withdrawn": _withdrawn,
}
