"""Which monitors are at work on this archive: each writes that it lives. Starts and stops none."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from archive.conflict import put
from archive.schema import monitor

BEAT = timedelta(seconds=30)  # how often a monitor writes that it lives
SILENT = 3 * BEAT  # after so long it is taken for dead


@dataclass(frozen=True, slots=True)
class Monitor:
    """A process that runs roles, as it was last heard of."""

    owner: str
    roles: str
    started: datetime
    seen: datetime


def beat(conn: Connection, owner: str, roles: Collection[str], started: datetime, now: datetime) -> None:
    """Write that the monitor `owner`, which runs `roles` since `started`, lives."""
    row = {"owner": owner, "roles": ",".join(roles), "started": started, "seen": now}
    put(conn, monitor, [row], update=("roles", "started", "seen"))


def gone(conn: Connection, owner: str) -> None:
    """Write that it has ended."""
    conn.execute(delete(monitor).where(monitor.c.owner == owner))


def heard_of(conn: Connection) -> list[Monitor]:
    """All that have not said that they ended, the one heard of last first."""
    rows = conn.execute(select(monitor).order_by(monitor.c.seen.desc()))
    return [Monitor(row.owner, row.roles, row.started, row.seen) for row in rows]
