"""The collecting half of the monitor, real from socket to archive, with the vocabulary of its tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import articles, editions, outbox, sources, subscribers
from archive.database import Archive
from core.model import Article, Due, Outcome
from core.rules.match import compile_rules
from demo.newsroom import Newsroom, Outlet
from settings import Edition, parse
from spiders.desk import Desk
from spiders.engine import Crawl
from spiders.guard import Guard
from spiders.workers import Workers
from tests.spiders.conftest import Collect

OWNER = "this process"


@dataclass
class Monitor:
    """Visits the newsroom's outlets and remembers every Outcome."""

    archive: Archive
    desk: Desk
    crawl: Crawl
    newsroom: Newsroom
    outcomes: list[Outcome] = field(default_factory=list)

    def claim(self, *, in_hours: float = 0, limit: int = 1000) -> list[Due]:
        """All sources whose time has come, `in_hours` from now."""
        now = datetime.now(UTC) + timedelta(hours=in_hours)
        with self.archive.writing() as conn:
            return sources.claim_due(conn, owner=OWNER, now=now, limit=limit, per_host=100)

    async def visit(self, *outlets: Outlet) -> list[Outcome]:
        """One visit of each outlet (all, when none is named), now; the Outcomes in the order of their end."""
        ids = [outlet.id for outlet in outlets] or None
        seen = len(self.outcomes)
        with self.archive.writing() as conn:
            sources.make_due(conn, ids, datetime.now(UTC))
        for due in self.claim():
            await self.desk.queue.put(due)
        await self.desk.idle()
        return self.outcomes[seen:]

    async def look(self, outlet: Outlet) -> Outcome:
        """One visit of one outlet: the one Outcome it must have."""
        (outcome,) = await self.visit(outlet)
        return outcome

    def archived(self) -> list[Article]:
        with self.archive.reading() as conn:
            return list(articles.export(conn))

    def source(self, outlet: Outlet) -> sources.SourceRow:
        with self.archive.reading() as conn:
            return next(row for row in sources.table(conn) if row.id == outlet.id)

    def subscribe(self) -> None:
        """Somebody reads the terminal."""
        with self.archive.writing() as conn:
            subscribers.join(conn, channel="terminal", chat=0, language="en", timezone="UTC", now=datetime.now(UTC))

    def alerts(self) -> int:
        """The rows of the outbox, whatever they tell; nobody sends here."""
        with self.archive.reading() as conn:
            return sum(outbox.counts(conn).values())

    def end_first_round(self) -> None:
        with self.archive.writing() as conn:
            sources.end_first_round(conn, datetime.now(UTC))


@asynccontextmanager
async def monitoring(
    newsroom: Newsroom,
    workers: Workers,
    folder: Path,
    *,
    timeout: float = 5.0,  # noqa: ASYNC109 (the crawl's, per request)
    distance: timedelta = timedelta(0),
    private: bool = True,
    guard: Guard | None = None,
    users: str = "",
) -> AsyncIterator[Monitor]:
    """A monitor over all outlets founded so far. `distance`: between requests to one host."""
    settings = parse(newsroom.config(), file="config.toml", folder=folder)
    collect = Collect(host_delay=distance, allow_private_networks=private, users=users)
    archive = Archive.open(settings.archive.url, evidence=folder / "evidence")
    now = datetime.now(UTC)
    with archive.writing() as conn:
        number = editions.publish(conn, settings.text, now)
        sources.sync(conn, settings.sources, now)
    edition = Edition(number, settings, compile_rules(settings.names, settings.topics))
    outcomes: list[Outcome] = []
    crawl = Crawl(collect, guard=guard, timeout=timeout)
    await crawl.start()
    desk = Desk(archive, lambda: edition, fetch=crawl.fetch, survey=workers.survey, heard=outcomes.append)
    await desk.start()
    try:
        yield Monitor(archive, desk, crawl, newsroom, outcomes)
    finally:
        await desk.stop()
        await crawl.stop()
        archive.close()
