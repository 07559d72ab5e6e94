"""Which sources are due, and who visits each: claims that are leases. The one door to due sources; visits none."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from archive.rows import AnyRow
from archive.schema import source
from core.model import Due, Source

LEASE = timedelta(seconds=90)  # a visit that takes longer renews it; a dead process's sources are due again after

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

VISITED = ("enabled", "probe")  # states of sources that are visited


def claim_due(conn: Connection, *, owner: str, now: datetime, limit: int, per_host: int = 1) -> list[Due]:
    """Claim up to `limit` sources whose time has come, longest due first, at most `per_host` at once of one host.

    A claim is a lease of 90 s: next_check moves and `owner` is written, so a crash loses nothing. Two processes
    never claim the same source. The one door to due sources.
    """
    chosen = conn.execute(
        select(source.c.id)
        .where(source.c.id.in_(_next_in_turn(now, limit, per_host)), _is_due(now))
        .order_by(source.c.next_check, source.c.id)
        .with_for_update(skip_locked=True)
    )
    ids = list(chosen.scalars())
    lease = update(source).where(source.c.id.in_(ids)).values(next_check=now + LEASE, claimed_by=owner)
    claimed = {row.id: row for row in conn.execute(lease.returning(*source.c))}
    return [_due(claimed[each]) for each in ids]


def _is_due(now: datetime) -> ColumnElement[bool]:
    return source.c.state.in_(VISITED) & (source.c.next_check <= now)


def _next_in_turn(now: datetime, limit: int, per_host: int) -> Any:
    """The ids of due sources, each host's share respected: what of it is being visited already counts."""
    busy = (
        select(source.c.host, func.count().label("visits"))
        .where(source.c.claimed_by.is_not(None), source.c.next_check > now)
        .group_by(source.c.host)
        .subquery()
    )
    place = func.row_number().over(partition_by=source.c.host, order_by=(source.c.next_check, source.c.id))
    ranked = (
        select(
            source.c.id,
            source.c.next_check,
            (place + func.coalesce(busy.c.visits, 0)).label("place"),
        )
        .outerjoin(busy, busy.c.host == source.c.host)
        .where(_is_due(now))
        .subquery()
    )
    return (
        select(ranked.c.id)
        .where(ranked.c.place <= per_host)
        .order_by(ranked.c.next_check, ranked.c.id)
        .limit(limit)
        .scalar_subquery()
    )


def _due(row: AnyRow) -> Due:
    item = Source(
        id=row.id,
        name=row.name,
        kind=row.kind,
        url=row.url,
        language=row.language,
        affiliation=row.affiliation,
        owner=row.owner,
        every=timedelta(seconds=row.every) if row.every is not None else None,
        full_text=row.full_text,
        enabled=row.state == "enabled",
        probe=row.state == "probe",
        selectors=row.selectors,
        timezone=row.timezone,
        proxy=row.proxy,
    )
    return Due(
        item,
        row.etag,
        row.last_modified,
        first_visit=row.first_success is None,
        visits=row.visits,
        trusts_guids=not row.guids_rotate,
        quarantined=row.quarantined,
    )


def renew(conn: Connection, owner: str, ids: Collection[str], now: datetime) -> None:
    """Prolong the leases of visits that are still on."""
    conn.execute(
        update(source).where(source.c.id.in_(ids), source.c.claimed_by == owner).values(next_check=now + LEASE)
    )


def release(conn: Connection, owner: str) -> int:
    """Give back what `owner` claimed and did not settle: due since its last visit. The number of sources."""
    return conn.execute(
        update(source)
        .where(source.c.claimed_by == owner)
        .values(claimed_by=None, next_check=func.coalesce(source.c.last_visit, LONG_AGO))
    ).rowcount


def release_dead(conn: Connection, alive: Callable[[str], bool]) -> int:
    """Give back what owners claimed that are no longer `alive`. The number of sources."""
    owners = conn.execute(select(source.c.claimed_by).distinct().where(source.c.claimed_by.is_not(None)))
    return sum(release(conn, owner) for owner in owners.scalars().all() if not alive(owner))


def make_due(conn: Connection, ids: Collection[str] | None, now: datetime) -> int:
    """Make the sources `ids` (None: all that are visited) due now. Their number, those in work left out."""
    resting = source.c.claimed_by.is_(None) | (source.c.next_check <= now)
    chosen = source.c.state.in_(VISITED) & resting
    if ids is not None:
        chosen &= source.c.id.in_(ids)
    return conn.execute(update(source).where(chosen).values(next_check=now, claimed_by=None)).rowcount
