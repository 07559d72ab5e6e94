"""The sources: what is configured, when each is due, who visits it now, and how it fares. Never visits one."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Connection, func, select, update

from archive.conflict import add_missing, put
from archive.first_round import end_first_round, first_round_open
from archive.rows import AnyRow
from archive.schema import article, gap, source
from core.model import Due, Outcome, Pace, Source

__all__ = [
    "LEASE",
    "SourceRow",
    "claim_due",
    "end_first_round",
    "ensure",
    "first_round_open",
    "make_due",
    "pace",
    "release",
    "release_dead",
    "renew",
    "settle",
    "sync",
    "table",
]

LEASE = timedelta(seconds=90)  # a visit that takes longer renews it; a dead process's sources are due again after

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

VISITED = ("enabled", "probe")  # states of sources that are visited


@dataclass(frozen=True, slots=True)
class SourceRow:
    """How a source fares, for tables and health."""

    id: str
    name: str
    kind: str
    url: str
    language: str | None
    affiliation: str
    state: str  # enabled | probe | disabled | removed | imported
    last_visit: datetime | None
    last_success: datetime | None
    last_new: datetime | None
    next_check: datetime | None  # None: never
    failures: float
    reason: str  # of the last failure; "" when the last visit went well
    http_status: int | None
    items: int  # in the last listing
    visits: int  # settled so far
    doubt: str  # why a channel may be somebody else's now; its alerts are held
    articles: int
    missed: int  # posts of a channel that no visit saw


def sync(conn: Connection, sources: Sequence[Source], now: datetime) -> None:
    """Take over the configured sources. New ones are due now; what is no longer configured keeps its articles.

    A source whose address changed is due now and forgets its validators: they belong to the old document. One that
    was only probed begins: nothing of it was recorded yet.
    """
    known = {row.id: row for row in conn.execute(select(source.c.id, source.c.url, source.c.state))}
    rows = [_configured(item, now) for item in sources]
    put(conn, source, rows, update=_CONFIGURED)
    moved = [item.id for item in sources if item.id in known and known[item.id].url != item.url]
    _start_afresh(conn, moved, now)
    begun = [item.id for item in sources if item.id in known and _begins(known[item.id], item)]
    _start_afresh(conn, begun, now, first_success=None)
    make_due(conn, [item.id for item in sources if item.id in known and _wakes(known[item.id], item)], now)
    gone = known.keys() - {item.id for item in sources}
    conn.execute(
        update(source)
        .where(source.c.id.in_(gone), source.c.state.in_((*VISITED, "disabled")))
        .values(state="removed", claimed_by=None)
    )


_CONFIGURED = (
    "name",
    "state",
    "kind",
    "url",
    "host",
    "language",
    "affiliation",
    "owner",
    "every",
    "full_text",
    "selectors",
)


def _configured(item: Source, now: datetime) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name,
        "state": "probe" if item.probe else "enabled" if item.enabled else "disabled",
        "kind": item.kind,
        "url": item.url,
        "host": urlsplit(item.url).hostname or "",
        "language": item.language,
        "affiliation": item.affiliation,
        "owner": item.owner or item.id,
        "every": item.every.total_seconds() if item.every else None,
        "full_text": item.full_text,
        "selectors": dict(item.selectors),
        "next_check": now,
    }


def _wakes(before: AnyRow, item: Source) -> bool:
    """Whether a source that was not visited is visited from now on."""
    return before.state not in VISITED and (item.enabled or item.probe)


def _begins(before: AnyRow, item: Source) -> bool:
    """Whether what was visited without being recorded is recorded from now on."""
    return before.state == "probe" and item.enabled and not item.probe


def _start_afresh(conn: Connection, ids: Collection[str], now: datetime, **further: None) -> None:
    conn.execute(
        update(source)
        .where(source.c.id.in_(ids))
        .values(
            etag=None,
            last_modified=None,
            failures=0.0,
            next_check=now,
            claimed_by=None,
            channel_title="",
            last_post=None,
            doubt="",
            **further,
        )
    )


def ensure(conn: Connection, source_id: str, name: str) -> None:
    """Have a row for a source that is not configured but occurs in imported lines. It is never visited."""
    row = _configured(Source(id=source_id, name=name, kind="", url=""), LONG_AGO)
    add_missing(conn, source, [row | {"state": "imported"}])


# --- being due ---------------------------------------------------------------------------------------------


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
    )
    return Due(item, row.etag, row.last_modified, first_visit=row.first_success is None)


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


# --- having been visited -----------------------------------------------------------------------------------


def pace(conn: Connection, source_id: str) -> Pace:
    """What is known of the source's rhythm; an empty Pace for an unknown source."""
    columns = (source.c.gap, source.c.failures, source.c.last_new, source.c.last_visit)
    row = conn.execute(select(*columns).where(source.c.id == source_id)).one_or_none()
    if row is None:
        return Pace()
    gap = timedelta(seconds=row.gap) if row.gap is not None else None
    return Pace(gap, row.failures, row.last_new, row.last_visit)


def settle(conn: Connection, outcome: Outcome, *, next_check: datetime, pace: Pace) -> None:
    """Write how a visit ended and when to look again; ends the lease.

    Call it after everything the visit yielded is recorded: it saves the validators. A failure keeps the old ones.
    """
    values: dict[str, Any] = {
        "claimed_by": None,
        "next_check": next_check,
        "gap": pace.gap.total_seconds() if pace.gap is not None else None,
        "failures": pace.failures,
        "last_new": pace.last_new,
        "last_visit": outcome.at,
        "reason": outcome.reason,
        "http_status": outcome.http_status,
        "visits": source.c.visits + 1,
    }
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


def table(conn: Connection, configured: Sequence[Source] = ()) -> list[SourceRow]:
    """Every source and how it fares, by id; those of `configured` that the archive does not know yet as well."""
    known = {row.id: row for row in _table(conn)}
    return sorted((known | {item.id: _unknown(item) for item in configured if item.id not in known}).values(), key=_id)


def _id(row: SourceRow) -> str:
    return row.id


def _unknown(item: Source) -> SourceRow:
    now: dict[str, Any] = dict.fromkeys(("last_visit", "last_success", "last_new", "next_check", "http_status"))
    shown = {name: value for name, value in _configured(item, LONG_AGO).items() if name in _SHOWN}
    return SourceRow(**(shown | now), failures=0.0, reason="", items=0, visits=0, doubt="", articles=0, missed=0)


_SHOWN = ("id", "name", "kind", "url", "language", "affiliation", "state")


def _table(conn: Connection) -> list[SourceRow]:
    counts = select(article.c.source, func.count().label("articles")).group_by(article.c.source).subquery()
    holes = select(gap.c.source, func.sum(gap.c.last - gap.c.first + 1).label("missed")).group_by(gap.c.source)
    gaps = holes.subquery()
    columns = [source.c[name] for name in SourceRow.__dataclass_fields__ if name not in ("articles", "missed")]
    rows = conn.execute(
        select(
            *columns,
            func.coalesce(counts.c.articles, 0).label("articles"),
            func.coalesce(gaps.c.missed, 0).label("missed"),
        )
        .outerjoin(counts, counts.c.source == source.c.id)
        .outerjoin(gaps, gaps.c.source == source.c.id)
        .order_by(source.c.id)
    )
    return [_health(row) for row in rows]


def _health(row: AnyRow) -> SourceRow:
    fields = row._asdict()
    if row.state not in VISITED:
        fields["next_check"] = None
    return SourceRow(**fields)
