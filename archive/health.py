"""Tells the admins of the sources' health what is to be told, in one transaction. Decides nothing: core.health.told."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from archive import visits
from archive.due import make_due
from archive.outbox import enqueue_notice
from core.health.told import tell


def tell_admins(conn: Connection, *, admins: Collection[int], now: datetime) -> int:
    """Enqueue what changed since it was told last, note that it is told, wake whom it concerns. The notices."""
    told = tell(visits.standings(conn), now)
    for place, notice in enumerate(told.notices):
        occasion = f"{now.isoformat()} {place}"
        enqueue_notice(conn, notice, admins=admins, occasion=occasion, now=now)
    visits.mark_told(conn, told.marks)
    make_due(conn, told.wake, now)
    return len(told.notices)
