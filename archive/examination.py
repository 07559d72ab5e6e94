"""Whether the archive is whole and the clock right: what rasad doctor and the monitor look at. Mends nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from sqlalchemy import Connection, func, select, text

from archive import evidence as evidence_store
from archive.schema import article, evidence, hit

CLOCK_HOSTS = 3  # that must agree before our clock is said to be wrong
CLOCK_LOOKS = 60  # newest documents


def broken(conn: Connection) -> list[str]:
    """What the database says of its own file; empty when it is whole. PostgreSQL looks after itself."""
    if conn.dialect.name == "postgresql":
        return []
    faults = [row[0] for row in conn.execute(text("PRAGMA quick_check(5)")) if row[0] != "ok"]
    orphans = conn.execute(text("PRAGMA foreign_key_check")).all()
    return faults + ([f"{len(orphans)} rows refer to what is not there"] if orphans else [])


def unindexed(conn: Connection) -> int:
    """How many articles search cannot find."""
    words = "article_words" if conn.dialect.name == "postgresql" else "article_words_indexed"
    there = select(text("article")).select_from(text(words))
    return conn.execute(select(func.count()).where(article.c.id.not_in(there))).scalar_one()


def homeless(conn: Connection) -> int:
    """How many hits belong to no article."""
    return conn.execute(select(func.count()).where(hit.c.article.not_in(select(article.c.id)))).scalar_one()


@dataclass(frozen=True, slots=True)
class Documents:
    """Evidence that rows name and no file holds, and files that no row names."""

    missing: int
    stray: int


def documents(conn: Connection, folder: Path) -> Documents:
    """Compare the rows with the files. Reads names only."""
    named = set(evidence_store.named(conn))
    there = {file.name.removesuffix(".zst") for file in folder.glob("??/*.zst")}
    return Documents(len(named - there), len(there - named))


def clock_error(conn: Connection) -> timedelta | None:
    """How far our clock is ahead of the servers that were visited last; None where too few say what time it is."""
    rows = conn.execute(
        select(evidence.c.url, evidence.c.headers, evidence.c.fetched)
        .order_by(evidence.c.article.desc(), evidence.c.revision)
        .limit(CLOCK_LOOKS)
    )
    hosts: dict[str, list[float]] = {}
    for row in rows:
        for told in _told(row.headers):
            hosts.setdefault(urlsplit(row.url).hostname or "", []).append((row.fetched - told).total_seconds())
    if len(hosts) < CLOCK_HOSTS:
        return None
    return timedelta(seconds=median(median(errors) for errors in hosts.values()))


def _told(headers: dict[str, str]) -> Iterator[datetime]:
    """The time by the server; a cache's is that of an earlier answer."""
    if "age" in headers or "date" not in headers:
        return
    try:
        told = parsedate_to_datetime(headers["date"])
    except ValueError:
        return
    yield told if told.tzinfo is not None else told.replace(tzinfo=UTC)
