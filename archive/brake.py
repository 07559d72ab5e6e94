"""The brake of a topic that suddenly hits far too much: the rest is held, until an admin decides or an hour ends.

A wrong rule must not ping everybody for every article. Stories are counted, not articles. Nothing is lost: what is held
goes as one digest for each chat, unless an admin discards it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from archive import bursts, editions
from archive.conflict import put
from archive.outbox import enqueue_notice
from archive.schema import alert, brake, outbox, topic_rate
from archive.subjects import subject_of
from core.errors import InputError
from core.messages import Notice

LEAST = 20  # stories in an hour that no topic is braked for
FACTOR = 5  # times what is to be expected
WITHIN = timedelta(hours=1)
DECIDED_WITHIN = timedelta(hours=1)  # else what was held goes out by itself
HELD = "held by the brake"  # the reason of a waiting row


@dataclass(frozen=True, slots=True)
class Brake:
    """A topic that is braked since then, and how many messages it holds."""

    topic: str
    since: datetime
    held: int


def expect(conn: Connection, rates: Mapping[str, float], now: datetime) -> None:
    """Set how many stories an hour each topic is to be expected to hit."""
    conn.execute(delete(topic_rate))
    if rates:
        rows = [{"topic": topic, "hourly": hourly, "measured": now} for topic, hourly in rates.items()]
        conn.execute(insert(topic_rate), rows)


def measured(conn: Connection) -> datetime | None:
    """When that was set last."""
    return conn.execute(select(func.min(topic_rate.c.measured))).scalar()


def limit(conn: Connection, topic: str) -> int:
    """So many stories of an hour go out; further ones are held."""
    hourly = conn.execute(select(topic_rate.c.hourly).where(topic_rate.c.topic == topic)).scalar()
    return max(LEAST, ceil(FACTOR * (hourly or 0)))


def holds(conn: Connection, topic: str, now: datetime, *, breaking: bool = False) -> bool:
    """Whether an alert of the topic that is born now must wait; applies the brake where it becomes too much.

    What is breaking is counted apart: a noisy topic holds none of it until that, too, is far too much.
    """
    on = conn.execute(select(brake).where(brake.c.topic == topic)).one_or_none()
    braked = on is not None and on.released is None
    if braked and not breaking:
        return True
    since = now - WITHIN if on is None or on.released is None else max(now - WITHIN, on.released)
    alike = alert.c.level == "breaking" if breaking else alert.c.level != "breaking"
    told = (alert.c.subject == subject_of(topic)) & (alert.c.born > since) & alert.c.turn.is_(None) & alike
    if conn.execute(select(func.count(alert.c.story.distinct())).where(told)).scalar_one() <= limit(conn, topic):
        return False
    if not braked:
        put(conn, brake, [{"topic": topic, "since": now, "released": None}], update=("since", "released"))
    return True


def present(conn: Connection) -> list[Brake]:
    """The topics that are braked now."""
    rows = conn.execute(select(brake).where(brake.c.released.is_(None)).order_by(brake.c.since)).all()
    return [Brake(row.topic, row.since, _count(conn, row.topic)) for row in rows]


def _count(conn: Connection, topic: str) -> int:
    return conn.execute(select(func.count()).select_from(outbox).where(_held(topic))).scalar_one()


def _held(topic: str) -> ColumnElement[bool]:
    of_topic = (outbox.c.subject == subject_of(topic)) & (outbox.c.reason == HELD)
    return of_topic & (outbox.c.state == "held") & outbox.c.settled.is_(None)


def release(conn: Connection, topic: str, now: datetime) -> int:
    """Send what is held, as one digest for each chat; how many messages were held. Raises InputError for no brake."""
    on = _braked(conn, topic)
    occasion = f"brake {topic} {on.since.isoformat()}"
    bursts.gather(conn, _held(topic), occasion=occasion, of=subject_of(topic), now=now)
    _end(conn, topic, now)
    return on.held


def discard(conn: Connection, topic: str, now: datetime) -> int:
    """Cancel what is held; how many messages. Raises InputError for no brake."""
    on = _braked(conn, topic)
    values = {"state": "cancelled", "settled": now, "changed": now, "reason": "held by the brake, and discarded"}
    conn.execute(update(outbox).where(_held(topic)).values(values))
    _end(conn, topic, now)
    return on.held


def look(conn: Connection, admins: tuple[int, ...], now: datetime) -> None:
    """Tell the admins of each brake once, and release what nobody decided on in time."""
    for each in present(conn):
        values = {"topic": each.topic, "limit": str(limit(conn, each.topic))}
        values |= {"since": str(int(each.since.timestamp())), "edition": str(editions.active(conn) or 0)}
        occasion = f"{each.topic} {each.since.isoformat()}"
        enqueue_notice(conn, Notice("brake", values), admins=admins, occasion=occasion, now=now)
        if now - each.since >= DECIDED_WITHIN:
            release(conn, each.topic, now)


def _braked(conn: Connection, topic: str) -> Brake:
    found = next((each for each in present(conn) if each.topic == topic), None)
    if found is None:
        raise InputError(f"topic {topic} is not braked")
    return found


def _end(conn: Connection, topic: str, now: datetime) -> None:
    conn.execute(update(brake).where(brake.c.topic == topic).values(released=now))
