"""What admins and operators did to the monitor, and who tried in vain. Decides nothing.

`who` is a keyed hash of an account (core.pseudonym), so that the log names nobody and survives /forget.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from archive.door import storable_text
from archive.schema import audit

LONGEST = 200  # code points of a detail


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the log."""

    at: datetime
    who: str
    action: str
    detail: str


def note(conn: Connection, who: str, action: str, detail: str, now: datetime) -> None:
    """Write a line, in the transaction of what it tells of."""
    said = storable_text(" ".join(detail.split()))[:LONGEST]
    conn.execute(insert(audit).values(at=now, who=who, action=action, detail=said))


def latest(conn: Connection, limit: int = 20) -> list[Deed]:
    """The newest lines, newest first."""
    rows = conn.execute(select(audit).order_by(audit.c.id.desc()).limit(limit))
    return [Deed(row.at, row.who, row.action, row.detail) for row in rows]
