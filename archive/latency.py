"""How long articles take, from the publisher to the reader: p50 and p95 of each stage. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from archive.schema import article, outbox

LOOKED_AT = 2_000  # newest articles and messages
PLAUSIBLE = timedelta(days=1)  # between a date and the visit: beyond, it was old news or the date is wrong
STAGES = ("published_fetched", "fetched_recorded", "recorded_sent")


@dataclass(frozen=True, slots=True)
class Latency:
    """Of one stage: the seconds that half and 95 % of so many stayed within."""

    stage: str
    p50: float
    p95: float
    count: int


def latencies(conn: Connection, since: datetime) -> tuple[Latency, ...]:
    """The stages of what was collected live and sent since then; a stage without any is left out."""
    stages = zip(STAGES, (*_collected(conn, since), _sent(conn, since)), strict=True)
    return tuple(_latency(stage, sorted(seconds)) for stage, seconds in stages if seconds)


def _collected(conn: Connection, since: datetime) -> tuple[list[float], list[float]]:
    columns = (article.c.published, article.c.fetched, article.c.recorded)
    live = select(*columns).where(article.c.arrival == "live", article.c.recorded >= since)
    rows = conn.execute(live.order_by(article.c.id.desc()).limit(LOOKED_AT)).all()
    waits = [row.fetched - row.published for row in rows if row.published is not None]
    return (
        [wait.total_seconds() for wait in waits if timedelta(0) <= wait <= PLAUSIBLE],
        [max(0.0, (row.recorded - row.fetched).total_seconds()) for row in rows],
    )


def _sent(conn: Connection, since: datetime) -> list[float]:
    """Of alerts that went alone or merged; what a digest told had to wait."""
    alone = (outbox.c.state == "sent") & outbox.c.digest.is_(None) & outbox.c.article.is_not(None)
    rows = select(outbox.c.born, outbox.c.settled).where(alone, outbox.c.settled >= since)
    found = conn.execute(rows.order_by(outbox.c.id.desc()).limit(LOOKED_AT))
    return [max(0.0, (row.settled - row.born).total_seconds()) for row in found]


def _latency(stage: str, seconds: Sequence[float]) -> Latency:
    return Latency(stage, _quantile(seconds, 0.5), _quantile(seconds, 0.95), len(seconds))


def _quantile(rising: Sequence[float], part: float) -> float:
    return round(rising[min(len(rising) - 1, int(part * len(rising)))], 3)
