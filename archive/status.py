"""The archive on one screen: counts and dates for `rasad status` and the bot. Judges nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, Select, func, select, text

from archive import brake, conditions, editions, evidence, monitors, outbox, senders
from archive.brake import Brake
from archive.complaints import Complaint, complaints
from archive.conditions import Condition
from archive.first_round import first_round_open
from archive.latency import Latency, latencies
from archive.monitors import Monitor
from archive.schema import article, source, story, subscriber
from archive.senders import Sender

RECENT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Status:
    """How the archive stands at `at`."""

    at: datetime
    database: str  # with its version
    edition: int | None
    first_round_open: bool
    sources: Mapping[str, int]  # by state
    sources_failing: int  # watched ones whose last visit failed; probed ones are expected to
    sources_unvisited: int  # watched ones that were not visited yet
    subscribers: Mapping[str, int]  # by state
    queue: Mapping[str, int]  # outbox rows by state
    oldest_unsent: datetime | None
    articles: int
    stories: int
    last_article: datetime | None
    size: int  # bytes of the database, evidence not counted
    documents: int  # kept as evidence
    evidence: int  # bytes of their files
    monitors: tuple[Monitor, ...]  # at work, or ended without saying so
    senders: tuple[Sender, ...]  # who sends, and what holds it back
    conditions: tuple[Condition, ...]  # what is wrong with the monitor itself
    brakes: tuple[Brake, ...]  # topics whose alerts are held
    latency: tuple[Latency, ...]  # of the last 24 hours
    errors: tuple[Complaint, ...]  # what is wrong or went wrong in them, and what to do about it

    @property
    def sources_answering(self) -> int:
        """Watched ones whose last visit went well."""
        return max(0, self.sources.get("enabled", 0) - self.sources_failing - self.sources_unvisited)


def status(conn: Connection, now: datetime) -> Status:
    """Count everything."""
    watched = source.c.state == "enabled"
    documents, kept = evidence.stored(conn)
    wrong, sending = tuple(conditions.present(conn)), senders.listing(conn, now)
    return Status(
        at=now,
        database=_database(conn),
        edition=editions.active(conn),
        first_round_open=first_round_open(conn),
        sources=_by_state(conn, source.c.state),
        sources_failing=_count(conn, select(func.count()).where(watched, source.c.reason != "")),
        sources_unvisited=_count(conn, select(func.count()).where(watched, source.c.last_visit.is_(None))),
        subscribers=_by_state(conn, subscriber.c.state),
        queue=outbox.counts(conn),
        oldest_unsent=outbox.oldest_unsent(conn),
        articles=_count(conn, select(func.count()).select_from(article)),
        stories=_count(conn, select(func.count()).select_from(story).where(story.c.merged_into.is_(None))),
        last_article=conn.execute(select(func.max(article.c.recorded))).scalar(),
        size=_size(conn),
        documents=documents,
        evidence=kept,
        monitors=tuple(monitors.heard_of(conn)),
        senders=sending,
        conditions=wrong,
        brakes=tuple(brake.present(conn)),
        latency=latencies(conn, now - RECENT),
        errors=complaints(conn, wrong, sending, now - RECENT),
    )


def is_watched(conn: Connection, now: datetime) -> bool:
    """Whether a monitor that collects was heard of lately."""
    return any(now - each.seen < monitors.SILENT and "collect" in each.roles for each in monitors.heard_of(conn))


def _by_state(conn: Connection, state: Column[str]) -> dict[str, int]:
    return {row[0]: row[1] for row in conn.execute(select(state, func.count()).group_by(state))}


def _count(conn: Connection, question: Select[int]) -> int:
    return conn.execute(question).scalar_one()


def _database(conn: Connection) -> str:
    if conn.dialect.name == "postgresql":
        return f"PostgreSQL {conn.execute(text('SHOW server_version')).scalar_one()}"
    return f"SQLite {conn.execute(text('SELECT sqlite_version()')).scalar_one()}"


def _size(conn: Connection) -> int:
    if conn.dialect.name == "postgresql":
        return int(conn.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    return int(conn.execute(text(pages)).scalar_one())
