"""The sources: what is configured, and how each fares. When each is due is `due`'s, how visits ended `visits`'s."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, func, select, update

from archive.conflict import add_missing, put
from archive.due import LEASE, LONG_AGO, VISITED, claim_due, make_due, release, release_dead, renew
from archive.first_round import end_first_round, first_round_open
from archive.rows import AnyRow
from archive.schema import article, gap, source
from archive.visits import distrust_guids, health, pace, put_back, settle
from core.model import Source

__all__ = [
    "LEASE",
    "VISITED",
    "SourceRow",
    "claim_due",
    "distrust_guids",
    "end_first_round",
    "ensure",
    "first_round_open",
    "health",
    "known",
    "make_due",
    "pace",
    "put_back",
    "release",
    "release_dead",
    "renew",
    "settle",
    "sync",
    "table",
]


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
    health: str  # a state of core.health.states; "" when nothing is wrong
    health_since: datetime | None
    health_reason: str
    moved_to: str  # where permanent redirects lead at present
    doubt: str  # why a channel may be somebody else's now; its alerts are held
    quarantined: datetime | None  # from then on it is archived, nobody is told, and it does not count
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
    "timezone",
    "proxy",
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
        "timezone": item.timezone,
        "proxy": item.proxy,
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
            health="",
            health_since=now,
            health_reason="",
            health_told="",
            failed=0,
            failed_since=None,
            barren=0,
            moved_to="",
            moved_since=None,
            moved_seen=0,
            guids_rotate=False,
            **further,
        )
    )


def ensure(conn: Connection, source_id: str, name: str) -> None:
    """Have a row for a source that is not configured but occurs in imported lines. It is never visited."""
    row = _configured(Source(id=source_id, name=name, kind="", url=""), LONG_AGO)
    add_missing(conn, source, [row | {"state": "imported"}])


def known(conn: Connection) -> list[str]:
    """The ids of all sources that the archive has a row for, imported and removed ones too."""
    return list(conn.execute(select(source.c.id)).scalars())


def table(conn: Connection, configured: Sequence[Source] = ()) -> list[SourceRow]:
    """Every source and how it fares, by id; those of `configured` that the archive does not know yet as well."""
    known = {row.id: row for row in _table(conn)}
    return sorted((known | {item.id: _unknown(item) for item in configured if item.id not in known}).values(), key=_id)


def _id(row: SourceRow) -> str:
    return row.id


def _unknown(item: Source) -> SourceRow:
    shown = {name: value for name, value in _configured(item, LONG_AGO).items() if name in _SHOWN}
    return SourceRow(**(dict.fromkeys(_TIMES) | dict.fromkeys(_WORDS, "") | dict.fromkeys(_COUNTS, 0) | shown))  # type: ignore[arg-type]  # each group fits its fields


_SHOWN = ("id", "name", "kind", "url", "language", "affiliation", "state")
_TIMES = ("last_visit", "last_success", "last_new", "next_check", "http_status", "health_since", "quarantined")
_WORDS = ("reason", "health", "health_reason", "moved_to", "doubt")
_COUNTS = ("failures", "items", "visits", "articles", "missed")


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


def visits(conn: Connection) -> int:
    """How many visits were settled so far."""
    return int(conn.execute(select(func.coalesce(func.sum(source.c.visits), 0))).scalar_one())
