"""The messages that wait, one row per thing to tell one subscriber: enqueue, claim, settle. Sends nothing.

1. A row is born in its article's transaction. 2. A claim is committed before the network call. 3. What became of
the call is settled after it. 4. A row found claimed by nobody alive is ambiguous: its message may have arrived.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, bindparam, case, delete, exists, func, select, update

from archive.cards import Telling
from archive.claiming import AGAIN, DIGEST, NOTICE, UNCERTAIN, age, claim
from archive.conflict import Insert, add_missing, insert, put
from archive.reactions import is_muted
from archive.schema import catch_up, outbox, parked, story, subscriber, subscription, watch
from archive.settling import (
    Receipt,
    ambiguous,
    cancel,
    continued,
    dead,
    defer,
    recover,
    release,
    sent,
    sent_all,
)
from archive.subjects import is_watch, number_of, subject_of
from core.messages import Coverage, Notice
from core.model import Alert, Level

__all__ = [
    "UNCERTAIN",
    "Receipt",
    "age",
    "ambiguous",
    "attempted_since",
    "cancel",
    "claim",
    "continued",
    "counts",
    "dead",
    "defer",
    "enqueue",
    "enqueue_digest",
    "enqueue_notice",
    "hold",
    "next_due",
    "oldest_unsent",
    "park",
    "recover",
    "release",
    "sent",
    "sent_all",
    "unpark",
]

NOTICES_REST = timedelta(seconds=30)
HELD_AT_MOST = timedelta(minutes=15)  # then a held alert goes by itself, whatever became of its round
HELD_FOR_DECISION = timedelta(hours=2)  # the same, where somebody is asked
PRIORITY: Mapping[Level, int] = {"breaking": 1, "normal": 2, "low": 2}

_WAITING = outbox.c.settled.is_(None)  # written so that the partial indexes apply


# --- being born --------------------------------------------------------------------------------------------


def enqueue(
    conn: Connection, *, story: int, article: int, alerts: Sequence[Alert], now: datetime, hold: bool = False
) -> int:
    """One row per alert and active subscriber that follows its topic; those told before are left out.

    `hold`: an article of which nothing is breaking waits for a digest (bursts.py). The number of new rows. Part of the
    transaction that records the article.
    """
    held_until = None
    if alerts:
        quiet = all(alert.level != "breaking" for alert in alerts)  # in pieces a story would be told twice
        held_until = now + HELD_AT_MOST if hold and quiet else _held_until(conn, quiet=quiet)
    return sum(_enqueue(conn, story, article, alert, now, held_until) for alert in alerts)


def hold(conn: Connection, *, story: int, article: int, alerts: Sequence[Alert], now: datetime, reason: str) -> int:
    """As enqueue, but they wait for whoever decides on them, breaking ones too; at last they go by themselves."""
    until = now + HELD_FOR_DECISION
    return sum(_enqueue(conn, story, article, alert, now, until, reason) for alert in alerts)


def _held_until(conn: Connection, *, quiet: bool) -> datetime | None:
    """Until when alerts are held for the digest after a gap (catch_up.py); None when no such round is on.

    What is not `quiet` waits after a restore only.
    """
    on = catch_up.c.ended.is_(None) if quiet else catch_up.c.ended.is_(None) & catch_up.c.restored
    began = conn.execute(select(func.max(catch_up.c.began)).where(on)).scalar()
    return None if began is None else began + HELD_AT_MOST


def _enqueue(
    conn: Connection,
    story: int,
    article_id: int,
    alert: Alert,
    now: datetime,
    held_until: datetime | None,
    reason: str = "",
) -> int:
    values = {
        "story": story,
        "article": article_id,
        "subject": subject_of(alert.topic),
        "occasion": alert.occasion,
        "level": alert.level,
        "priority": PRIORITY[alert.level],
        "lane": PRIORITY[alert.level],
        "state": "held" if held_until else "new",
        "not_before": held_until,
        "attempts": 0,
        "born": now,
        "changed": now,
        "reason": reason,
    }
    given = {f"the_{name}": value for name, value in values.items()} | {"topic": alert.topic}
    options = {"preserve_rowcount": True}  # of an INSERT the driver's count is kept only when asked for
    to_told = alert.occasion.startswith(AGAIN)
    whom = "told" if to_told else "watching" if is_watch(alert.topic) else "following"
    given["watch"] = number_of(alert.topic) if is_watch(alert.topic) else 0
    statement = _enqueuing(conn.dialect.name, tuple(values), whom)
    return conn.execute(statement, given, execution_options=options).rowcount


@cache
def _enqueuing(dialect: str, names: tuple[str, ...], whom: Literal["following", "watching", "told"]) -> Insert:
    """A row for each active follower of :topic, with the columns `names` as given in :the_NAME.

    Watching: for whoever has :watch. Told: for each that got an alert of the story on the same subject, whatever it
    follows now.

    Its turn is one more than the last of those that wait for the same subscriber in the same class, 0 where none does:
    so in each class everyone's first goes before anyone's second, and nobody's second before the first.
    """
    before = outbox.alias("before")
    turn = (
        select(func.coalesce(func.max(before.c.turn) + 1, 0))
        .where(
            before.c.subscriber == subscriber.c.id,
            before.c.settled.is_(None),
            before.c.priority == bindparam("the_priority", type_=outbox.c.priority.type),
            before.c.story != bindparam("the_story", type_=outbox.c.story.type),
        )
        .scalar_subquery()
    )
    followers = (
        select(subscriber.c.id, turn, *(bindparam(f"the_{name}", type_=outbox.c[name].type) for name in names))
        .where(subscriber.c.state == "active", _TO[whom](), ~is_muted())
        .order_by(subscriber.c.id)
    )
    names_of = ["subscriber", "turn", *names]
    statement = insert(dialect, outbox).from_select(names_of, followers, include_defaults=False)
    return statement.on_conflict_do_nothing()


def _follows() -> ColumnElement[bool]:
    is_chosen = (subscription.c.subscriber == subscriber.c.id) & (subscription.c.topic == bindparam("topic"))
    return subscriber.c.follows_all | exists().where(is_chosen)


def _watches() -> ColumnElement[bool]:
    own = (watch.c.id == bindparam("watch")) & (watch.c.state == "active")
    return exists().where(own, watch.c.subscriber == subscriber.c.id)


def _was_told() -> ColumnElement[bool]:
    told, of = outbox.alias("told"), bindparam("the_story", type_=outbox.c.story.type)
    parts = select(story.c.id).where((story.c.id == of) | (story.c.merged_into == of))
    return exists().where(
        told.c.subscriber == subscriber.c.id,
        told.c.subject == bindparam("the_subject", type_=outbox.c.subject.type),
        told.c.story.in_(parts),
        told.c.state.not_in(("dead", "cancelled")),
    )


_TO = {"following": _follows, "watching": _watches, "told": _was_told}


def enqueue_digest(
    conn: Connection,
    subscriber_id: int,
    tellings: Sequence[Telling],
    *,
    total: int,
    occasion: str,
    now: datetime,
    span: tuple[datetime, datetime] | None = None,
    repeats: bool = False,
    burst: str = "",
    coverage: Coverage | None = None,
    joined: Collection[int] = (),
) -> None:
    """One message that tells of several articles, out of `total`. Never twice for one occasion.

    `span`: from when to when nothing was watched; `repeats`: and of that time a part may have been told before.
    `coverage`: of a regular digest, what it looks back on. `burst`: the outlet that brought them all at once. The
    waiting rows `joined` are told by it and share its end.
    """
    stories = [[telling.article, list(telling.topics)] for telling in tellings]
    payload: dict[str, Any] = {"stories": stories, "total": total}
    if burst:
        payload["burst"] = burst
    if coverage:
        ends = {"since": coverage.since.isoformat(), "until": coverage.until.isoformat()}
        payload["coverage"] = asdict(coverage) | ends
    if span:
        payload |= {"since": span[0].isoformat(), "until": span[1].isoformat(), "repeats": repeats}
    row = {
        "subscriber": subscriber_id,
        "story": 0,
        "subject": "digest",
        "occasion": occasion,
        "level": "normal",
        "priority": DIGEST,
        "lane": DIGEST,
        "payload": payload,
        "state": "new",
        "attempts": 0,
        "born": now,
        "changed": now,
    }
    add_missing(conn, outbox, [row])
    if joined:
        _join(conn, subscriber_id, occasion, joined, now)


def _join(conn: Connection, subscriber_id: int, occasion: str, rows: Collection[int], now: datetime) -> None:
    it = (outbox.c.subscriber == subscriber_id) & (outbox.c.subject == "digest") & (outbox.c.occasion == occasion)
    number = conn.execute(select(outbox.c.id).where(it)).scalar_one()
    values = {"state": "joined", "digest": number, "lane": DIGEST, "not_before": None, "changed": now}
    conn.execute(update(outbox).where(outbox.c.id.in_(rows), _WAITING).values(values))


def enqueue_notice(
    conn: Connection,
    notice: Notice,
    *,
    admins: Collection[int],
    occasion: str,
    now: datetime,
    rest: timedelta = NOTICES_REST,
) -> None:
    """Tell the active subscribers among the Telegram chats `admins`, and whoever reads the terminal. Never twice.

    Notices rest for a moment, so that those of one cause become one message.
    """
    to = (subscriber.c.channel == "terminal") | subscriber.c.chat.in_(admins)
    row = {
        "story": 0,
        "subject": f"notice:{notice.word}",
        "occasion": occasion,
        "level": "normal",
        "priority": NOTICE,
        "lane": NOTICE,
        "payload": {"word": notice.word, "values": dict(notice.values)},
        "state": "new",
        "attempts": 0,
        "not_before": now + rest,
        "born": now,
        "changed": now,
    }
    told = conn.execute(select(subscriber.c.id).where(subscriber.c.state == "active", to)).scalars()
    add_missing(conn, outbox, [row | {"subscriber": who} for who in told])


# --- being looked at ---------------------------------------------------------------------------------------


def counts(conn: Connection) -> dict[str, int]:
    """The number of rows per state; states without rows are left out."""
    rows = conn.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    return {row[0]: row[1] for row in rows}


def oldest_unsent(conn: Connection) -> datetime | None:
    """When the oldest waiting row was born."""
    return conn.execute(select(func.min(outbox.c.born)).where(_WAITING)).scalar()


def next_due(conn: Connection, channel: str, skip_chats: Collection[int] = ()) -> datetime | None:
    """When the next row of the channel can be claimed (a past time: now), ambiguous ones as if it had answered.

    None when nothing waits. What is in flight counts from the end of its lease, a parked chat from the end of its rest.
    """
    own = case(
        (outbox.c.state == "claimed", outbox.c.lease_until),
        else_=func.coalesce(outbox.c.not_before, outbox.c.born),
    )
    when = case((parked.c.until > own, parked.c.until), else_=own)
    mine: ColumnElement[bool] = (subscriber.c.channel == channel) & (subscriber.c.state == "active")
    if skip_chats:
        mine &= subscriber.c.chat.not_in(skip_chats)
    chats = outbox.join(subscriber, subscriber.c.id == outbox.c.subscriber).outerjoin(
        parked, (parked.c.channel == subscriber.c.channel) & (parked.c.chat == subscriber.c.chat)
    )
    joined = select(func.min(when)).select_from(chats)
    return conn.execute(joined.where(_WAITING, outbox.c.state != "joined", mine)).scalar()


def attempted_since(conn: Connection, channel: str, since: datetime) -> list[tuple[datetime, int, int]]:
    """What was tried since then, oldest first: when, the chat, the class. One entry for a message of several rows."""
    rows = conn.execute(
        select(outbox.c.attempted, subscriber.c.chat, func.min(outbox.c.priority))
        .join(subscriber, subscriber.c.id == outbox.c.subscriber)
        .where(outbox.c.attempted > since, subscriber.c.channel == channel)
        .group_by(outbox.c.attempted, subscriber.c.chat)
        .order_by(outbox.c.attempted)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def park(conn: Connection, channel: str, chat: int, until: datetime, reason: str) -> None:
    """Nothing goes to `chat` before `until`."""
    row = {"channel": channel, "chat": chat, "until": until, "reason": reason}
    put(conn, parked, [row], update=("until", "reason"))


def unpark(conn: Connection, channel: str, now: datetime) -> None:
    """Forget the rests that are over."""
    conn.execute(delete(parked).where(parked.c.channel == channel, parked.c.until <= now))
