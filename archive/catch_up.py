"""The round after a gap: what was published while no monitor ran comes as one digest for each chat.

1. It begins when no source was visited for more than two hours. 2. Until every source that was due has been
visited, alerts that are not breaking are held. 3. Then one digest for each chat tells of them, and of those that
have waited for more than six hours; breaking ones go alone. A held alert goes by itself if the round never ends.

An archive from a backup knows nothing of what was sent after it: all that waited in it, and all that the first round
brings, breaking or not, becomes one digest, which says that it may repeat.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, exists, func, insert, or_, select, update

from archive import outbox as queue
from archive.cards import Telling
from archive.conflict import put
from archive.rows import AnyRow
from archive.schema import catch_up, milestone, outbox, source
from core.model import LEVELS

GAP = timedelta(hours=2)
OLD = timedelta(hours=6)
AT_MOST = timedelta(minutes=10)  # a round lasts, however many sources are slow
UNTIL_STARTED = timedelta(days=7)  # what waited in a backup waits for a round, and no longer
RESTORED = "restored"  # the milestone of a backup's time, until the round that follows its restoring


def due(conn: Connection, now: datetime) -> bool:
    """Whether a gap has just ended: nothing was visited for so long. Cheap: asked every second."""
    last = _last_visit(conn)
    if last is None or _open(conn) is not None or (now - last <= GAP and _backup(conn) is None):
        return False
    return bool(conn.execute(select(exists().where(milestone.c.name == "first_round"))).scalar_one())


def begin(conn: Connection, now: datetime) -> bool:
    """Begin the round if one is due; to be asked before any source is claimed or message sent. True when it began."""
    last = _last_visit(conn)
    if last is None or not due(conn, now):
        return False
    restored = _backup(conn) is not None
    conn.execute(insert(catch_up).values(began=now, since=last, restored=restored))
    conn.execute(delete(milestone).where(milestone.c.name == RESTORED))
    waits = outbox.c.state.in_(("new", "deferred")) & (outbox.c.born < now - OLD)
    is_old = (outbox.c.state == "held" if restored else waits) & outbox.c.article.is_not(None)
    held = {"state": "held", "not_before": now + queue.HELD_AT_MOST, "changed": now}
    conn.execute(update(outbox).where(outbox.c.settled.is_(None), is_old).values(held))
    return True


def mark_restored(conn: Connection, taken: datetime, now: datetime) -> None:
    """The archive is now as it was when a backup was `taken`: whatever waits may have been sent since."""
    put(conn, milestone, [{"name": RESTORED, "reached": taken}], update=("reached",))
    conn.execute(update(catch_up).where(catch_up.c.ended.is_(None)).values(ended=now))
    waits = outbox.c.settled.is_(None)
    ended = {"settled": now, "changed": now, "owner": None, "lease_until": None}
    is_digest, is_notice = outbox.c.subject == "digest", outbox.c.subject.startswith("notice:")
    given_up = {"state": "dead", "reason": f"{queue.UNCERTAIN}: the archive was restored from a backup"}
    conn.execute(update(outbox).where(waits, is_digest).values(given_up | ended))
    conn.execute(update(outbox).where(waits, is_notice).values({"state": "cancelled"} | ended))
    held = {"state": "held", "not_before": now + UNTIL_STARTED, "owner": None, "lease_until": None, "changed": now}
    conn.execute(update(outbox).where(waits, outbox.c.state != "joined").values(held))


def _backup(conn: Connection) -> datetime | None:
    """When the backup was taken from which this archive was restored, until the round that follows has begun."""
    return conn.execute(select(milestone.c.reached).where(milestone.c.name == RESTORED)).scalar()


def is_open(conn: Connection) -> bool:
    """Whether such a round goes on."""
    return _open(conn) is not None


def end(conn: Connection, now: datetime) -> int | None:
    """End the open round once all that was due is visited, or after ten minutes. The digests it made; None: not yet."""
    began = _open(conn)
    if began is None:
        return None
    unvisited = or_(source.c.last_visit.is_(None), source.c.last_visit < began)
    pending = or_(source.c.next_check <= now, source.c.claimed_by.is_not(None))
    waiting = exists().where(and_(source.c.state == "enabled", unvisited, pending))
    if now - began < AT_MOST and conn.execute(select(waiting)).scalar_one():
        return None
    since, restored = conn.execute(select(catch_up.c.since, catch_up.c.restored).where(catch_up.c.began == began)).one()
    conn.execute(update(catch_up).where(catch_up.c.began == began).values(ended=now))
    held = _held(conn)
    for rows in held:
        _digest(conn, rows, (since, began), now, repeats=restored)
    return len(held)


def _last_visit(conn: Connection) -> datetime | None:
    return conn.execute(select(func.max(source.c.last_visit))).scalar()


def _open(conn: Connection) -> datetime | None:
    return conn.execute(select(func.max(catch_up.c.began)).where(catch_up.c.ended.is_(None))).scalar()


def _held(conn: Connection) -> list[list[AnyRow]]:
    """Per subscriber, what a digest tells: held alerts, and those of a digest of unknown fate."""
    lost = outbox.alias("lost")
    was_lost = exists().where(lost.c.id == outbox.c.digest, lost.c.settled.is_not(None))
    tells = (outbox.c.state == "held") | ((outbox.c.state == "joined") & was_lost)
    names = ("id", "subscriber", "article", "story", "subject", "level")
    query = select(*(outbox.c[name] for name in names)).where(outbox.c.settled.is_(None), tells)
    groups: dict[int, list[AnyRow]] = {}
    for row in conn.execute(query.order_by(outbox.c.subscriber, outbox.c.id)):
        groups.setdefault(row.subscriber, []).append(row)
    return list(groups.values())


def _digest(
    conn: Connection, rows: Sequence[AnyRow], span: tuple[datetime, datetime], now: datetime, *, repeats: bool
) -> None:
    stories: dict[int, list[AnyRow]] = {}
    for row in rows:
        stories.setdefault(row.story, []).append(row)
    tellings = [
        Telling(told[0].article, tuple((row.subject.removeprefix("topic:"), row.level) for row in told))
        for told in stories.values()
    ]
    tellings.sort(key=lambda telling: -max(LEVELS.index(level) for _, level in telling.topics))
    queue.enqueue_digest(
        conn,
        rows[0].subscriber,
        tellings,
        total=len(tellings),
        occasion=f"gap {span[1].isoformat()}",
        now=now,
        span=span,
        repeats=repeats,
        joined=[row.id for row in rows],
    )
