"""What is wrong with the monitor itself at present: a row per condition, gone when it is mended. Tells nobody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from archive.conflict import put
from archive.schema import condition


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is wrong since a time, in words."""

    name: str
    since: datetime
    detail: str


def begin(conn: Connection, name: str, detail: str, now: datetime) -> bool:
    """Note that `name` holds. False when it held already: its detail is renewed, its time stays."""
    held = conn.execute(select(condition.c.since).where(condition.c.name == name)).scalar_one_or_none()
    put(conn, condition, [{"name": name, "since": held or now, "detail": detail}], update=("detail",))
    return held is None


def end(conn: Connection, name: str) -> bool:
    """Note that `name` holds no longer. False when it did not."""
    return conn.execute(delete(condition).where(condition.c.name == name)).rowcount > 0


def present(conn: Connection) -> list[Condition]:
    """All that holds, the oldest first."""
    rows = conn.execute(select(condition).order_by(condition.c.since, condition.c.name))
    return [Condition(row.name, row.since, row.detail) for row in rows]
