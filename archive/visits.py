"""How visits ended, and what is known of a source because of them: its rhythm and its health. Visits none."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from archive.schema import health_change, source
from core.health.states import Day, Health
from core.health.told import Standing
from core.model import Outcome, Pace


def pace(conn: Connection, source_id: str) -> Pace:
    """What is known of the source's rhythm; an empty Pace for an unknown source."""
    columns = (source.c[name] for name in Pace.__dataclass_fields__)
    row = conn.execute(select(*columns).where(source.c.id == source_id)).one_or_none()
    if row is None:
        return Pace()
    gap = timedelta(seconds=row.gap) if row.gap is not None else None
    return Pace(gap, row.failures, row.last_new, row.last_visit, row.last_success, tuple(row.hours))


_HEALTH = ("failed", "failed_since", "barren", "moved_to", "moved_since", "moved_seen")  # in schema and core alike


def health(conn: Connection, source_id: str) -> Health:
    """What is remembered of how the source fares; a clean bill for an unknown one."""
    columns = (*_HEALTH, "health", "health_since", "health_reason", "extraction")
    row = conn.execute(select(*(source.c[name] for name in columns)).where(source.c.id == source_id)).one_or_none()
    if row is None:
        return Health()
    remembered = {name: getattr(row, name) for name in _HEALTH}
    days = tuple(Day(*day) for day in row.extraction)
    return Health(row.health, row.health_since, row.health_reason, **remembered, extraction=days)


def settle(
    conn: Connection, outcome: Outcome, *, next_check: datetime, pace: Pace, health: Health | None = None
) -> None:
    """Write how a visit ended and when to look again; ends the lease.

    Call it after everything the visit yielded is recorded: it saves the validators. A failure keeps the old ones.
    `health` None: it stays as it is.
    """
    values: dict[str, Any] = {
        "claimed_by": None,
        "next_check": next_check,
        "gap": pace.gap.total_seconds() if pace.gap is not None else None,
        "failures": pace.failures,
        "hours": list(pace.hours),
        "last_new": pace.last_new,
        "last_visit": outcome.at,
        "reason": outcome.reason,
        "http_status": outcome.http_status,
        "visits": source.c.visits + 1,
    }
    if health is not None:
        _note_change(conn, outcome, health)
        values |= {"health": health.state, "health_since": health.since, "health_reason": health.reason}
        values |= {name: getattr(health, name) for name in _HEALTH}
        values["extraction"] = [list(day) for day in health.extraction]
    if outcome.status != "failed":
        values |= {
            "last_success": outcome.at,
            "first_success": func.coalesce(source.c.first_success, outcome.at),
        }
    if outcome.status == "fresh":
        values |= {"etag": outcome.etag, "last_modified": outcome.last_modified, "items": outcome.items}
    elif outcome.status == "unchanged":  # a 304 may repeat its validators, or only one of them, or none
        values |= {name: value for name in ("etag", "last_modified") if (value := getattr(outcome, name))}
    conn.execute(update(source).where(source.c.id == outcome.source).values(values))


def _note_change(conn: Connection, outcome: Outcome, health: Health) -> None:
    """Keep that another state begins."""
    before = conn.execute(select(source.c.health).where(source.c.id == outcome.source)).scalar_one_or_none()
    if before is not None and before != health.state:
        row = {"source": outcome.source, "at": outcome.at, "state": health.state, "reason": health.reason}
        conn.execute(insert(health_change), row)


def put_back(conn: Connection, source_id: str, next_check: datetime) -> None:
    """End the lease of a visit that says nothing of the source, because our own line was down: it does not count."""
    conn.execute(update(source).where(source.c.id == source_id).values(claimed_by=None, next_check=next_check))


def answered_last(conn: Connection, limit: int) -> list[str]:
    """The addresses of watched sources on as many hosts, those first that answered last, then those never visited."""
    rows = conn.execute(
        select(func.min(source.c.url))
        .where(source.c.state == "enabled", source.c.proxy.is_(None))
        .group_by(source.c.host)
        .order_by(func.max(source.c.last_success).desc().nulls_last(), source.c.host)
        .limit(limit)
    )
    return list(rows.scalars())


# --- what admins hear of it --------------------------------------------------------------------------------------


def standings(conn: Connection) -> list[Standing]:
    """How every watched source fares with which anything is, or was told to be, amiss."""
    amiss = (source.c.health != "") | (source.c.health_told != "")
    rows = conn.execute(select(source).where(source.c.state == "enabled", amiss).order_by(source.c.id))
    return [
        Standing(
            id=row.id,
            name=row.name,
            url=row.url,
            language=row.language,
            proxy=row.proxy or "",
            state=row.health,
            since=row.health_since,
            reason=row.health_reason,
            told=row.health_told,
            moved_to=row.moved_to,
        )
        for row in rows
    ]


def mark_told(conn: Connection, marks: Collection[tuple[str, str]]) -> None:
    """Note what has been told of which source."""
    if marks:
        statement = update(source).where(source.c.id == bindparam("of")).values(health_told=bindparam("told"))
        conn.execute(statement, [{"of": of, "told": told} for of, told in marks])


def distrust_guids(conn: Connection, source_id: str) -> None:
    """From now on only addresses tell this source's items apart."""
    conn.execute(update(source).where(source.c.id == source_id).values(guids_rotate=True))
