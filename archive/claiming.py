"""Whose message goes next: picks and claims rows of the outbox, and makes messages of them. Settles nothing.

The order: by lane (the class, bettered by one for each 15 minutes of waiting), then everyone's first before anyone's
second, then by age. Within a chat and a class a message in doubt holds up the later ones.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    bindparam,
    case,
    exists,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from archive import quiet_hours
from archive.cards import Telling, cards_of
from archive.replies import first_messages
from archive.rows import AnyRow, subscribers_of
from archive.schema import outbox, parked, subscriber
from core.messages import Card, Coverage, Notice, Sending, Subscriber

NOTICE = 0  # the priority of notices to admins
NORMAL = 2  # of alerts that are not breaking
DIGEST = 3  # and of digests
UNCERTAIN = "uncertain"  # how the reason begins when a message may or may not have arrived
COMPANY = timedelta(seconds=60)  # how long an alert to a busy chat waits for others
AGE = timedelta(minutes=15)  # of waiting better a message by one class
RECENTLY = timedelta(seconds=60)  # an attempt counts if something was answered in this time before it
AGAIN = ("turn:", "revision:")  # how the occasions begin that only those are told of who were told before
MOST_MERGED = 20  # stories of one message

# Written so that the partial indexes apply: SQLite compares an index's condition with the query's text.
_WAITING = outbox.c.settled.is_(None)
_CLAIMED, _DOUBTFUL = literal_column("'claimed'", Text), literal_column("'ambiguous'", Text)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Whose turn it is, and with what: all rows of one story, of a busy chat's alerts, one digest, or all notices."""

    subscriber: int
    story: int
    row: int
    priority: int
    merges: bool


def claim(
    conn: Connection,
    *,
    channel: str,
    owner: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    notices: int | None = None,
    fence: int = 0,
    answered_at: datetime | None = None,
    skip_chats: Collection[int] = (),
    busy: Mapping[int, datetime] | None = None,
) -> list[Sending]:
    """Claim up to `limit` messages, and `notices` beside them (None: within them), one per subscriber.

    A subscriber with a message in flight waits, which keeps the order. Ambiguous rows come only once the channel
    has answered something (`answered_at`) after they became so. `busy`: chats that had so many alerts that further
    ones wait for each other, and until when. Commit before sending. Two processes never claim the same row.
    """
    lapse(conn, channel, now)
    quiet_hours.hold(conn, channel, now)
    if busy:
        _wait_for_company(conn, channel, busy)
    ready = _ready(now, answered_at)
    turns = _turns_of(conn, ready & (subscriber.c.channel == channel) & sendable(now, skip_chats), limit, notices)
    if not turns:
        return []
    _reserve(conn, turns)
    rows = _rows_of(conn, turns, ready)
    held = {"state": "claimed", "owner": owner, "fence": fence, "lease_until": now + lease}
    spends = answered_at is not None and now - answered_at <= RECENTLY
    claimed = update(outbox).where(outbox.c.id.in_([row.id for row in rows]))
    conn.execute(claimed.values(held | {"spends": spends, "attempted": now, "changed": now}))
    return sendings(conn, rows, fence)


def _ready(now: datetime, answered_at: datetime | None) -> ColumnElement[bool]:
    can_go: ColumnElement[bool] = outbox.c.state.in_(("new", "deferred", "held"))
    if answered_at is not None:
        can_go |= (outbox.c.state == "ambiguous") & (outbox.c.changed < answered_at)
    can_go &= or_(outbox.c.not_before.is_(None), outbox.c.not_before <= now)
    return _WAITING & can_go & ~_in_flight(outbox.c.subscriber)


def _in_flight(who: ColumnElement[int]) -> ColumnElement[bool]:
    flying = outbox.alias("flying")
    return exists().where(flying.c.subscriber == who, flying.c.state == _CLAIMED)


def _held_up() -> ColumnElement[bool]:
    """Whether an earlier message to the same chat still waits: of the same class, or in doubt and of a better one.

    Such a one may rest (to be merged, after a refusal) while a later one may go: the order would be lost.
    """
    earlier = outbox.alias("earlier")
    waits = (earlier.c.priority == outbox.c.priority) & earlier.c.state.in_(("new", "deferred"))
    in_doubt = (earlier.c.priority <= outbox.c.priority) & (earlier.c.state == _DOUBTFUL)
    return exists().where(
        earlier.c.subscriber == outbox.c.subscriber,
        earlier.c.settled.is_(None),
        waits | in_doubt,
        earlier.c.priority != NOTICE,
        earlier.c.story != outbox.c.story,
        earlier.c.id < outbox.c.id,
    )


def sendable(now: datetime, skip_chats: Collection[int]) -> ColumnElement[bool]:
    """Whether a subscriber may be written to now."""
    rests = exists().where(
        parked.c.channel == subscriber.c.channel, parked.c.chat == subscriber.c.chat, parked.c.until > now
    )
    active = (subscriber.c.state == "active") & ~rests
    return active & subscriber.c.chat.not_in(skip_chats) if skip_chats else active


def _wait_for_company(conn: Connection, channel: str, busy: Mapping[int, datetime]) -> None:
    """New alerts to busy chats rest: until the chat is busy no more, at most a minute after their birth.

    A turn does not: it is a reply, and one with sound.
    """
    rows = conn.execute(
        select(outbox.c.id, outbox.c.born, subscriber.c.chat)
        .join(subscriber, subscriber.c.id == outbox.c.subscriber)
        .where(
            _WAITING,
            outbox.c.state == "new",
            outbox.c.not_before.is_(None),
            outbox.c.priority == NORMAL,
            ~outbox.c.occasion.startswith(AGAIN[0]),
            subscriber.c.channel == channel,
            subscriber.c.chat.in_(busy),
        )
    ).all()
    if rows:
        rest = update(outbox).where(outbox.c.id == bindparam("row")).values(not_before=bindparam("until"))
        conn.execute(rest, [{"row": row.id, "until": min(row.born + COMPANY, busy[row.chat])} for row in rows])


def _turns_of(conn: Connection, ready: ColumnElement[bool], limit: int, notices: int | None) -> dict[int, _Turn]:
    """By subscriber: `limit` turns, and `notices` beside them (None: within them)."""
    turns: dict[int, _Turn] = {}
    if notices is not None:
        _turns(conn, ready & (outbox.c.lane == NOTICE), notices, turns)
        ready &= outbox.c.lane > NOTICE
    _turns(conn, ready, limit + len(turns), turns)
    return turns


def _turns(conn: Connection, ready: ColumnElement[bool], limit: int, turns: dict[int, _Turn]) -> None:
    """Add the first row of each of the first subscribers that have none yet, until there are `limit`."""
    page = max(4 * limit, 20)
    while len(turns) < limit:
        rows = conn.execute(
            select(
                outbox.c.id,
                outbox.c.subscriber,
                outbox.c.story,
                outbox.c.priority,
                (outbox.c.not_before.is_not(None) & (outbox.c.state == "new")).label("rested"),
            )
            .join(subscriber, subscriber.c.id == outbox.c.subscriber + 0)  # + 0: in the order of the outbox
            .where(ready, ~_held_up(), outbox.c.subscriber.not_in(turns.keys()))
            .order_by(outbox.c.lane, outbox.c.turn, outbox.c.id)
            .limit(page)
        ).all()
        for row in rows:
            if len(turns) < limit:
                merges = row.priority == NORMAL and bool(row.rested)
                turns.setdefault(row.subscriber, _Turn(row.subscriber, row.story, row.id, row.priority, merges))
        if len(rows) < page:
            break


def _reserve(conn: Connection, turns: dict[int, _Turn]) -> None:
    """Keep other processes from these subscribers until the commit; leave those to them that they have."""
    if conn.dialect.name != "postgresql":
        return  # a writing transaction is alone anyway
    chosen = select(subscriber.c.id).where(subscriber.c.id.in_(turns))
    free = set(conn.execute(chosen.with_for_update(skip_locked=True, key_share=True)).scalars())
    for taken in turns.keys() - free:
        del turns[taken]


def _rows_of(conn: Connection, turns: Mapping[int, _Turn], ready: ColumnElement[bool]) -> Sequence[AnyRow]:
    """The ready rows of these turns, asked anew now that they are reserved; and those that wait to go with them."""
    stories = [(turn.subscriber, turn.story) for turn in turns.values() if turn.story]
    digests = [turn.row for turn in turns.values() if turn.priority == DIGEST]
    notified = [turn.subscriber for turn in turns.values() if turn.priority == NOTICE]
    merging = [turn.subscriber for turn in turns.values() if turn.merges]
    own = tuple_(outbox.c.subscriber, outbox.c.story).in_(stories) | outbox.c.id.in_(digests)
    own |= (outbox.c.priority == NOTICE) & outbox.c.subscriber.in_(notified)
    company = _WAITING & (outbox.c.state == "new") & (outbox.c.priority == NORMAL) & outbox.c.subscriber.in_(merging)
    company &= ~outbox.c.occasion.startswith(AGAIN[0])
    rows = conn.execute(
        select(outbox)
        .where(outbox.c.subscriber.in_(turns.keys()), _WAITING, (ready & own) | company)
        .order_by(outbox.c.priority, outbox.c.id)
    ).all()
    told: dict[int, set[int]] = {}
    for row in rows:
        stories_of = told.setdefault(row.subscriber, set())
        if len(stories_of) < MOST_MERGED:
            stories_of.add(row.story)
    return [row for row in rows if row.story in told[row.subscriber]]


def sendings(conn: Connection, rows: Sequence[AnyRow], fence: int) -> list[Sending]:
    """The messages that claimed rows make, one for each subscriber among them."""
    groups: dict[int, list[AnyRow]] = {}
    for row in rows:
        groups.setdefault(row.subscriber, []).append(row)
    to = subscribers_of(conn, groups)
    told = {who: _tellings(group) for who, group in groups.items()}
    different = list(dict.fromkeys(telling for tellings in told.values() for telling in tellings))
    cards = dict(zip(different, cards_of(conn, different), strict=True))
    again = [(row.subscriber, row.story) for row in rows if row.occasion.startswith(AGAIN)]
    firsts = first_messages(conn, again)
    return [
        _sending(
            to[who],
            group,
            tuple(cards[each] for each in told[who]),
            fence,
            next((firsts[pair] for row in group if (pair := (who, row.story)) in firsts), None),
        )
        for who, group in groups.items()
    ]


def _tellings(group: Sequence[AnyRow]) -> list[Telling]:
    """What a message tells: the stories of a digest, or each story by one article; no story in notices."""
    if group[0].priority == NOTICE:
        return []
    if group[0].payload is not None:
        stories = group[0].payload["stories"]
        return [Telling(item, tuple((topic, level) for topic, level in topics)) for item, topics in stories]
    return [
        Telling(
            _foremost(rows),
            tuple({row.subject.removeprefix("topic:"): row.level for row in rows}.items()),
            tuple({row.occasion: None for row in rows}),
        )
        for rows in _by_story(group)
    ]


def _foremost(rows: Sequence[AnyRow]) -> int:
    """The article of a story by which it is told: the last one that turned it or was edited, else the first."""
    turning: list[int] = [row.article for row in rows if row.occasion.startswith(AGAIN)]
    return max(turning) if turning else min([int(row.article) for row in rows])


def _by_story(group: Sequence[AnyRow]) -> list[list[AnyRow]]:
    stories: dict[int, list[AnyRow]] = {}
    for row in group:
        stories.setdefault(row.story, []).append(row)
    return list(stories.values())


def _sending(
    to: Subscriber, group: Sequence[AnyRow], cards: tuple[Card, ...], fence: int, reply_to: int | None
) -> Sending:
    priority, payload = group[0].priority, group[0].payload
    is_notice = priority == NOTICE
    shares = () if is_notice or payload else tuple(tuple(row.id for row in rows) for rows in _by_story(group))
    return Sending(
        rows=tuple(row.id for row in group),
        subscriber=to,
        kind="notice" if is_notice else "digest" if priority == DIGEST else "alert",
        cards=cards,
        attempt=max(row.attempts for row in group),
        born=min(row.born for row in group),
        total=payload["total"] if priority == DIGEST else 0,
        notices=tuple(Notice(row.payload["word"], row.payload["values"]) for row in group) if is_notice else (),
        shares=shares,
        parts=max(row.parts for row in group),
        fence=fence,
        reply_to=reply_to if len(cards) == 1 else None,
        span=_span(payload) if priority == DIGEST else None,
        repeats=priority == DIGEST and payload.get("repeats", False),
        burst=payload.get("burst", "") if priority == DIGEST else "",
        coverage=_coverage(payload) if priority == DIGEST else None,
    )


def _coverage(payload: Mapping[str, Any]) -> Coverage | None:
    if "coverage" not in payload:
        return None
    told = payload["coverage"]
    return Coverage(**told | {end: datetime.fromisoformat(told[end]) for end in ("since", "until")})


def _span(payload: Mapping[str, str]) -> tuple[datetime, datetime] | None:
    if "since" not in payload:
        return None
    since, until = (datetime.fromisoformat(payload[end]).astimezone(UTC) for end in ("since", "until"))
    return since, until


def lapse(conn: Connection, channel: str, now: datetime, *, everything: bool = False) -> int:
    """Rows whose lease has run out (or, at start, every claimed row) may have been sent: ambiguous.

    Their attempt is spent if something had been answered shortly before it. A digest is never sent twice, so that
    one is given up; what it told goes into the next one. The number of rows.
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
            attempts=outbox.c.attempts + case((outbox.c.spends, 1), else_=0),
            changed=now,
            owner=None,
            lease_until=None,
            not_before=None,
        )
    ).rowcount


def age(conn: Connection, now: datetime) -> None:
    """Better what has waited long: one class for each 15 minutes, breaking at best."""
    for priority in (NORMAL, DIGEST):
        for steps in range(1, priority):
            lane = priority - steps
            overdue = (outbox.c.priority == priority) & (outbox.c.lane > lane) & (outbox.c.born <= now - steps * AGE)
            conn.execute(update(outbox).where(_WAITING, outbox.c.state != "joined", overdue).values(lane=lane))
