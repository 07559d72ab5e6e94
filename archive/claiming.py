"""Whose message goes next: picks and claims rows of the outbox, and makes messages of them. Settles nothing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    case,
    exists,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from archive.cards import Telling, cards_of
from archive.rows import AnyRow, subscribers_of
from archive.schema import outbox, subscriber
from core.messages import Card, Notice, Sending, Subscriber

NOTICE = 0  # the priority of notices to admins
DIGEST = 3  # and of digests
UNCERTAIN = "uncertain"  # how the reason begins when a message may or may not have arrived

# Written so that the partial indexes apply: SQLite compares an index's condition with the query's text.
_WAITING = outbox.c.settled.is_(None)
_CLAIMED = literal_column("'claimed'", Text)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Whose turn it is, and with what: all rows of one story, one digest, or all notices."""

    subscriber: int
    story: int
    row: int
    priority: int


def claim(
    conn: Connection,
    *,
    channel: str,
    owner: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    answered_at: datetime | None = None,
    skip_chats: Collection[int] = (),
) -> list[Sending]:
    """Claim up to `limit` messages: breaking first, then by age, one per subscriber.

    A subscriber with a message in flight waits, which keeps the order. Ambiguous rows come only once the channel
    has answered something (`answered_at`) after they became so. Commit before sending. Two processes never claim
    the same row.
    """
    lapse(conn, channel, now)
    ready = _ready(now, answered_at)
    turns = _turns(conn, ready & (subscriber.c.channel == channel) & _sendable(skip_chats), limit)
    _reserve(conn, turns)
    rows = _rows_of(conn, turns, ready)
    conn.execute(
        update(outbox)
        .where(outbox.c.id.in_([row.id for row in rows]))
        .values(state="claimed", owner=owner, lease_until=now + lease, changed=now)
    )
    return _sendings(conn, rows)


def _ready(now: datetime, answered_at: datetime | None) -> ColumnElement[bool]:
    can_go: ColumnElement[bool] = outbox.c.state.in_(("new", "deferred"))
    if answered_at is not None:
        can_go |= (outbox.c.state == "ambiguous") & (outbox.c.changed < answered_at)
    can_go &= or_(outbox.c.not_before.is_(None), outbox.c.not_before <= now)
    return _WAITING & can_go & ~_in_flight(outbox.c.subscriber)


def _in_flight(who: ColumnElement[int]) -> ColumnElement[bool]:
    flying = outbox.alias("flying")
    return exists().where(flying.c.subscriber == who, flying.c.state == _CLAIMED)


def _sendable(skip_chats: Collection[int]) -> ColumnElement[bool]:
    active = subscriber.c.state == "active"
    return active & subscriber.c.chat.not_in(skip_chats) if skip_chats else active


def _turns(conn: Connection, ready: ColumnElement[bool], limit: int) -> dict[int, _Turn]:
    """The first row of each of the first `limit` subscribers, by subscriber."""
    turns: dict[int, _Turn] = {}
    page = max(4 * limit, 20)
    while len(turns) < limit:
        rows = conn.execute(
            select(outbox.c.id, outbox.c.subscriber, outbox.c.story, outbox.c.priority)
            .join(subscriber, subscriber.c.id == outbox.c.subscriber + 0)  # + 0: in the order of the outbox
            .where(ready, outbox.c.subscriber.not_in(turns.keys()))
            .order_by(outbox.c.priority, outbox.c.id)
            .limit(page)
        ).all()
        for row in rows:
            if len(turns) < limit:
                turns.setdefault(row.subscriber, _Turn(row.subscriber, row.story, row.id, row.priority))
        if len(rows) < page:
            break
    return turns


def _reserve(conn: Connection, turns: dict[int, _Turn]) -> None:
    """Keep other processes from these subscribers until the commit; leave those to them that they have."""
    chosen = select(subscriber.c.id).where(subscriber.c.id.in_(turns))
    free = set(conn.execute(chosen.with_for_update(skip_locked=True, key_share=True)).scalars())
    for taken in turns.keys() - free:
        del turns[taken]


def _rows_of(conn: Connection, turns: Mapping[int, _Turn], ready: ColumnElement[bool]) -> Sequence[AnyRow]:
    """The ready rows of these turns, asked anew now that they are reserved."""
    stories = [(turn.subscriber, turn.story) for turn in turns.values() if turn.story]
    digests = [turn.row for turn in turns.values() if turn.priority == DIGEST]
    notified = [turn.subscriber for turn in turns.values() if turn.priority == NOTICE]
    notices = (outbox.c.priority == NOTICE) & outbox.c.subscriber.in_(notified)
    return conn.execute(
        select(outbox)
        .where(ready, outbox.c.subscriber.in_(turns.keys()))
        .where(tuple_(outbox.c.subscriber, outbox.c.story).in_(stories) | outbox.c.id.in_(digests) | notices)
        .order_by(outbox.c.priority, outbox.c.id)
    ).all()


def _sendings(conn: Connection, rows: Sequence[AnyRow]) -> list[Sending]:
    groups: dict[int, list[AnyRow]] = {}
    for row in rows:
        groups.setdefault(row.subscriber, []).append(row)
    to = subscribers_of(conn, groups)
    cards = iter(cards_of(conn, [telling for group in groups.values() for telling in _tellings(group)]))
    return [_sending(to[who], group, cards) for who, group in groups.items()]


def _tellings(group: Sequence[AnyRow]) -> list[Telling]:
    """What a message tells: the stories of a digest, or one story by its first article; no story in notices."""
    if group[0].priority == NOTICE:
        return []
    if group[0].payload is not None:
        stories = group[0].payload["stories"]
        return [Telling(item, tuple((topic, level) for topic, level in topics)) for item, topics in stories]
    topics = tuple((row.subject.removeprefix("topic:"), row.level) for row in group)
    return [Telling(min(row.article for row in group), topics)]


def _sending(to: Subscriber, group: Sequence[AnyRow], cards: Iterator[Card]) -> Sending:
    priority, payload = group[0].priority, group[0].payload
    is_notice = priority == NOTICE
    return Sending(
        rows=tuple(row.id for row in group),
        subscriber=to,
        kind="notice" if is_notice else "digest" if priority == DIGEST else "alert",
        cards=tuple(next(cards) for _ in _tellings(group)),
        attempt=max(row.attempts for row in group),
        born=min(row.born for row in group),
        total=payload["total"] if priority == DIGEST else 0,
        notices=tuple(Notice(row.payload["word"], row.payload["values"]) for row in group) if is_notice else (),
    )


def lapse(conn: Connection, channel: str, now: datetime, *, everything: bool = False) -> int:
    """Rows whose lease has run out (or, at start, every claimed row) may have been sent: ambiguous, an attempt spent.

    A digest is never sent twice, so that one is given up. The number of rows.
    """
    whose = select(subscriber.c.channel).where(subscriber.c.id == outbox.c.subscriber).scalar_subquery()
    over = literal(True) if everything else outbox.c.lease_until < now
    is_digest = outbox.c.priority == DIGEST
    return conn.execute(
        update(outbox)
        .where(outbox.c.state == _CLAIMED, over, whose == channel)
        .values(
            state=case((is_digest, "dead"), else_="ambiguous"),
            settled=case((is_digest, literal(now, outbox.c.settled.type)), else_=None),
            reason=f"{UNCERTAIN}: the process ended while sending",
            attempts=outbox.c.attempts + 1,
            changed=now,
            owner=None,
            lease_until=None,
            not_before=None,
        )
    ).rowcount
