"""What the page shows of sources beside how they fare: how much comes from each per day, and one of them whole.

Reads only. Ids rise in time, so the days of a month are ranges of ids.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, func, select

from archive.front import first_since
from archive.rows import articles
from archive.schema import article, health_change, source
from archive.sources import SourceRow
from core.health.states import ADVICE, State
from core.model import Article


@dataclass(frozen=True, slots=True)
class Change:
    """From `at` on the source was in this state; "" is well."""

    at: datetime
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outlet:
    """What is known of one source beside its row in the table."""

    gap: timedelta | None  # between two new items, as it has been lately
    hours: tuple[float, ...]  # new items by the hour of the day, UTC, older ones fading
    changes: tuple[Change, ...]  # newest first
    latest: tuple[Article, ...]  # newest first


def daily(conn: Connection, *, days: int, now: datetime, timezone: str) -> Mapping[str, Mapping[date, int]]:
    """Articles recorded per source and day of the zone in the last `days` days; of sources that brought any."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    stretch = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    borders = [first_since(conn, datetime.combine(day, time(), zone)) for day in stretch]
    ends = [*borders, (conn.execute(select(func.max(article.c.id))).scalar() or 0) + 1]
    counted: dict[str, dict[date, int]] = defaultdict(lambda: dict.fromkeys(stretch, 0))
    for day, (first, after) in zip(stretch, pairwise(ends), strict=True):
        for id_, count in conn.execute(_PER_SOURCE, {"first": first, "after": after}):
            counted[id_][day] = count
    return dict(counted)


def gaps(conn: Connection) -> Mapping[str, timedelta | None]:
    """The usual gap between new items of every source."""
    rows = conn.execute(select(source.c.id, source.c.gap))
    return {id_: None if gap is None else timedelta(seconds=gap) for id_, gap in rows}


def outlet(conn: Connection, id_: str, *, latest: int = 20) -> Outlet | None:
    """One source; None for one that the archive does not know."""
    row = conn.execute(select(source.c.gap, source.c.hours).where(source.c.id == id_)).one_or_none()
    if row is None:
        return None
    ids = select(article.c.id).where(article.c.source == id_).order_by(article.c.id.desc()).limit(latest)
    changes = select(health_change).where(health_change.c.source == id_).order_by(health_change.c.id.desc())
    return Outlet(
        gap=None if row.gap is None else timedelta(seconds=row.gap),
        hours=tuple(row.hours),
        changes=tuple(Change(each.at, each.state, each.reason) for each in conn.execute(changes.limit(100))),
        latest=tuple(articles(conn, list(conn.execute(ids).scalars()))),
    )


def advice(row: SourceRow) -> str:
    """A command or a deed that helps, in English; "" where there is nothing to be done."""
    if row.quarantined:
        return f"rasad sources release {row.id}"
    if row.doubt:
        return f"rasad sources trust {row.id}"
    return ADVICE.get(cast(State, row.health), "").replace("ID", row.id)


def standing(row: SourceRow) -> str:
    """One word for how a source fares: its health, or what stands above that."""
    if row.quarantined:
        return "quarantined"
    if row.doubt:
        return "doubted"
    if row.health:
        return row.health
    if row.state != "enabled":
        return row.state
    return "well" if row.last_success else "new"


STANDINGS: Sequence[str] = (
    *("quarantined", "doubted", "gone", "blocked", "failing", "empty", "moved", "quiet", "thin", "encoding"),
    *("undated", "new", "well", "probe", "disabled", "imported", "removed"),
)
"""Every word of `standing`, gravest first."""

_PER_SOURCE = (
    select(article.c.source, func.count())
    .with_hint(article, "INDEXED BY article_facets", "sqlite")
    .where(article.c.id >= bindparam("first"), article.c.id < bindparam("after"))
    .group_by(article.c.source)
)
