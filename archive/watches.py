"""Rules of readers' own: proposed, then confirmed, paused or removed. Compiles none of them and sends nothing.

A watch takes part in matching once it is confirmed; a running monitor takes it over when `stamp` changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, func, insert, select, update

from archive.rows import AnyRow
from archive.schema import alert, article, hit, mark, mute, outbox, watch
from archive.subjects import WATCH, as_topic, is_watch, number_of
from core.errors import InputError
from core.model import Topic

MOST = 20  # of a chat
LONGEST = 1_000  # code points of a rule
LONGEST_TITLE = 120
PROPOSED = timedelta(days=1)  # for so long a proposal can be confirmed

State = Literal["proposed", "active", "paused"]


@dataclass(frozen=True, slots=True)
class Watch:
    """A reader's rule. `title` is what its alerts call it; `thread` the forum topic where it was typed."""

    id: int
    subscriber: int
    query: str
    title: str
    state: State
    thread: int | None


def propose(
    conn: Connection, subscriber_id: int, query: str, title: str, now: datetime, thread: int | None = None
) -> Watch:
    """A rule that waits for its confirmation; the one that the chat has already, where it has it.

    Raises InputError when the chat has as many as it may.
    """
    mine = watch.c.subscriber == subscriber_id
    old = mine & (watch.c.state == "proposed") & (watch.c.made <= now - PROPOSED)
    conn.execute(delete(watch).where(old))
    known = conn.execute(select(watch).where(mine, watch.c.query == query)).one_or_none()
    if known is not None:
        return _watch(known)
    count = conn.execute(select(func.count()).where(mine, watch.c.state != "proposed")).scalar_one()
    if count >= MOST:
        raise InputError(f"a chat has at most {MOST} watches")
    waiting = conn.execute(select(func.count()).where(mine, watch.c.state == "proposed")).scalar_one()
    if waiting >= MOST:  # whoever asks for many previews keeps the newest
        first = select(func.min(watch.c.id)).where(mine, watch.c.state == "proposed").scalar_subquery()
        conn.execute(delete(watch).where(watch.c.id == first))
    row = {"subscriber": subscriber_id, "query": query, "title": title[:LONGEST_TITLE], "thread": thread}
    row |= {"state": "proposed", "made": now, "changed": now}
    number = conn.execute(insert(watch).values(row)).inserted_primary_key
    assert number is not None
    return _watch(conn.execute(select(watch).where(watch.c.id == number[0])).one())


def turn(conn: Connection, subscriber_id: int, number: int, state: State, now: datetime) -> Watch | None:
    """Put one's own watch into that state; None where there is none. What waits of a paused one is not sent.

    Raises InputError when the chat would have more than it may.
    """
    mine = (watch.c.subscriber == subscriber_id) & (watch.c.id == number)
    known = conn.execute(select(watch).where(mine)).one_or_none()
    if known is None:
        return None
    if known.state == "proposed" and len(of(conn, subscriber_id)) >= MOST:
        raise InputError(f"a chat has at most {MOST} watches")
    conn.execute(update(watch).where(mine).values(state=state, changed=now))
    if state == "paused":
        _cancel(conn, number, now)
    return _watch(conn.execute(select(watch).where(mine)).one())


def remove(conn: Connection, subscriber_id: int, number: int, now: datetime) -> bool:
    """Let go of one's own watch and of what it found. False where there is none."""
    mine = (watch.c.subscriber == subscriber_id) & (watch.c.id == number)
    if conn.execute(delete(watch).where(mine)).rowcount == 0:
        return False
    _cancel(conn, number, now)
    _erase(conn, [number])
    return True


def forget(conn: Connection, subscriber_id: int) -> None:
    """Let go of everything that a chat watched."""
    numbers = list(conn.execute(select(watch.c.id).where(watch.c.subscriber == subscriber_id)).scalars())
    conn.execute(delete(watch).where(watch.c.subscriber == subscriber_id))
    _erase(conn, numbers)


def _cancel(conn: Connection, number: int, now: datetime) -> None:
    waits = outbox.c.settled.is_(None) & (outbox.c.subject == f"{WATCH}{number}") & (outbox.c.state != "claimed")
    conn.execute(update(outbox).where(waits).values(state="cancelled", settled=now, changed=now, reason="not watched"))


def _erase(conn: Connection, numbers: Sequence[int]) -> None:
    names = [f"{WATCH}{number}" for number in numbers]
    conn.execute(delete(hit).where(hit.c.kind == "watch", hit.c.what.in_(names)))
    conn.execute(delete(alert).where(alert.c.subject.in_(names)))
    conn.execute(delete(mark).where(mark.c.subject.in_(names)))
    conn.execute(delete(mute).where(mute.c.kind == "topic", mute.c.what.in_(names)))


def get(conn: Connection, subscriber_id: int, number: int) -> Watch | None:
    """One's own."""
    mine = (watch.c.subscriber == subscriber_id) & (watch.c.id == number)
    row = conn.execute(select(watch).where(mine)).one_or_none()
    return None if row is None else _watch(row)


def of(conn: Connection, subscriber_id: int) -> list[Watch]:
    """What a chat watches, the oldest first; proposals are none."""
    mine = (watch.c.subscriber == subscriber_id) & (watch.c.state != "proposed")
    return [_watch(row) for row in conn.execute(select(watch).where(mine).order_by(watch.c.id))]


def active(conn: Connection) -> dict[str, Topic]:
    """All watches that take part in matching, as topics by their ids."""
    rows = conn.execute(select(watch).where(watch.c.state == "active").order_by(watch.c.id))
    topics = (as_topic(row.id, row.title, row.query) for row in rows)
    return {topic.id: topic for topic in topics}


def stamp(conn: Connection) -> tuple[object, ...]:
    """What changes whenever `active` does."""
    told = select(func.count(), func.max(watch.c.id), func.max(watch.c.changed)).where(watch.c.state != "proposed")
    return tuple(conn.execute(told).one())


def titles(conn: Connection, topics: Iterable[str]) -> Mapping[str, tuple[str, int | None]]:
    """What the watches among these topics are called, and the forum topics where they were typed."""
    numbers = [number_of(topic) for topic in topics if is_watch(topic)]
    if not numbers:
        return {}
    rows = conn.execute(select(watch.c.id, watch.c.title, watch.c.thread).where(watch.c.id.in_(numbers)))
    return {f"{WATCH}{row.id}": (row.title, row.thread) for row in rows}


def alerts_since(conn: Connection, number: int, since: datetime) -> int:
    """How many alerts the watch bore since then."""
    mine = (alert.c.subject == f"{WATCH}{number}") & (alert.c.born >= since)
    return conn.execute(select(func.count()).where(mine)).scalar_one()


def reaches_back(conn: Connection, since: datetime) -> datetime | None:
    """When the first article was recorded since then."""
    return conn.execute(select(func.min(article.c.recorded)).where(article.c.recorded >= since)).scalar()


def _watch(row: AnyRow) -> Watch:
    return Watch(row.id, row.subscriber, row.query, row.title, row.state, row.thread)
