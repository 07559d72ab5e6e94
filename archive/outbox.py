"""The messages that wait, one row per thing to tell one subscriber: enqueue, claim, settle. Sends nothing.

1. A row is born in its article's transaction. 2. A claim is committed before the network call. 3. What became of
the call is settled after it. 4. A row found claimed by nobody alive is ambiguous: its message may have arrived.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, case, exists, func, select, update

from archive.cards import Telling
from archive.claiming import DIGEST, NOTICE, UNCERTAIN, claim, lapse
from archive.conflict import Insert, add_missing, insert
from archive.schema import article, outbox, subscriber, subscription
from core.messages import Notice, Sending
from core.model import Alert, Level

__all__ = [
    "UNCERTAIN",
    "ambiguous",
    "cancel",
    "claim",
    "counts",
    "dead",
    "defer",
    "enqueue",
    "enqueue_digest",
    "enqueue_notice",
    "next_due",
    "oldest_unsent",
    "recover",
    "sent",
]

NOTICES_REST = timedelta(seconds=30)
PRIORITY: Mapping[Level, int] = {"breaking": 1, "normal": 2, "low": 2}

_WAITING = outbox.c.settled.is_(None)  # written so that the partial indexes apply


# --- being born --------------------------------------------------------------------------------------------


def enqueue(conn: Connection, *, story: int, article: int, alerts: Sequence[Alert], now: datetime) -> int:
    """One row per alert and active subscriber that follows its topic; those told before are left out.

    The number of new rows. Part of the transaction that records the article.
    """
    return sum(_enqueue(conn, story, article, alert, now) for alert in alerts)


def _enqueue(conn: Connection, story: int, article_id: int, alert: Alert, now: datetime) -> int:
    values = {
        "story": story,
        "article": article_id,
        "subject": f"topic:{alert.topic}",
        "occasion": alert.occasion,
        "level": alert.level,
        "priority": PRIORITY[alert.level],
        "state": "new",
        "attempts": 0,
        "born": now,
        "changed": now,
        "reason": "",
    }
    given = {f"the_{name}": value for name, value in values.items()} | {"topic": alert.topic}
    options = {"preserve_rowcount": True}  # of an INSERT the driver's count is kept only when asked for
    return conn.execute(_enqueuing(conn.dialect.name, tuple(values)), given, execution_options=options).rowcount


@cache
def _enqueuing(dialect: str, names: tuple[str, ...]) -> Insert:
    """A row for each active follower of :topic, with the columns `names` as given in :the_NAME."""
    is_chosen = (subscription.c.subscriber == subscriber.c.id) & (subscription.c.topic == bindparam("topic"))
    followers = (
        select(subscriber.c.id, *(bindparam(f"the_{name}", type_=outbox.c[name].type) for name in names))
        .where(subscriber.c.state == "active", subscriber.c.follows_all | exists().where(is_chosen))
        .order_by(subscriber.c.id)
    )
    statement = insert(dialect, outbox).from_select(["subscriber", *names], followers, include_defaults=False)
    return statement.on_conflict_do_nothing()


def enqueue_digest(
    conn: Connection, subscriber_id: int, tellings: Sequence[Telling], *, total: int, occasion: str, now: datetime
) -> None:
    """One message that tells of several articles, out of `total`. Never twice for one occasion."""
    row = {
        "subscriber": subscriber_id,
        "story": 0,
        "subject": "digest",
        "occasion": occasion,
        "level": "normal",
        "priority": DIGEST,
        "payload": {"stories": [[telling.article, list(telling.topics)] for telling in tellings], "total": total},
        "state": "new",
        "attempts": 0,
        "born": now,
        "changed": now,
    }
    add_missing(conn, outbox, [row])


def enqueue_notice(conn: Connection, notice: Notice, *, admins: Collection[int], occasion: str, now: datetime) -> None:
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
        "payload": {"word": notice.word, "values": dict(notice.values)},
        "state": "new",
        "attempts": 0,
        "not_before": now + NOTICES_REST,
        "born": now,
        "changed": now,
    }
    told = conn.execute(select(subscriber.c.id).where(subscriber.c.state == "active", to)).scalars()
    add_missing(conn, outbox, [row | {"subscriber": who} for who in told])


# --- being settled -----------------------------------------------------------------------------------------


def sent(conn: Connection, sending: Sending, message_id: int, now: datetime) -> None:
    """The channel has taken it. The articles' first alert is now, unless they had one."""
    _settle(conn, sending, now, state="sent", settled=now, message_id=message_id, reason="")
    if sending.kind == "alert":
        told = select(outbox.c.article).where(outbox.c.id.in_(sending.rows))
        conn.execute(
            update(article).where(article.c.id.in_(told), article.c.first_alert.is_(None)).values(first_alert=now)
        )


def defer(conn: Connection, sending: Sending, until: datetime, reason: str, now: datetime) -> None:
    """Provably not sent: again from `until` on. Spends no attempt."""
    _settle(conn, sending, now, state="deferred", not_before=until, reason=reason)


def ambiguous(
    conn: Connection, sending: Sending, now: datetime, not_before: datetime, reason: str, *, spent: bool
) -> None:
    """Perhaps sent. Claimed again from `not_before` on, once the channel has answered after `now`.

    `spent`: whether this counts as an attempt. A digest is never sent twice: it is dead.
    """
    if sending.kind == "digest":
        dead(conn, sending, f"{UNCERTAIN}: {reason}", now)
        return
    attempts = outbox.c.attempts + int(spent)
    _settle(conn, sending, now, state="ambiguous", not_before=not_before, reason=reason, attempts=attempts)


def dead(conn: Connection, sending: Sending, reason: str, now: datetime) -> None:
    """It will never be sent."""
    _settle(conn, sending, now, state="dead", settled=now, reason=reason)


def _settle(conn: Connection, sending: Sending, now: datetime, **values: Any) -> None:
    """End the claim. What was settled meanwhile (its subscriber left) stays so."""
    conn.execute(
        update(outbox)
        .where(outbox.c.id.in_(sending.rows), _WAITING)
        .values(owner=None, lease_until=None, changed=now, **values)
    )


def cancel(conn: Connection, subscriber_id: int, reason: str, now: datetime) -> int:
    """Nothing that waits for this subscriber is sent any more. The number of rows."""
    return conn.execute(
        update(outbox)
        .where(outbox.c.subscriber == subscriber_id, _WAITING)
        .values(state="cancelled", settled=now, changed=now, reason=reason, owner=None, lease_until=None)
    ).rowcount


def recover(conn: Connection, channel: str, now: datetime) -> int:
    """At start, before any claim: what a dead process had claimed is ambiguous. The number of rows.

    Only for the one sender of a channel: it would take a living sender's messages for lost.
    """
    return lapse(conn, channel, now, everything=True)


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

    None when nothing waits. What is in flight counts from the end of its lease.
    """
    when = case(
        (outbox.c.state == "claimed", outbox.c.lease_until),
        else_=func.coalesce(outbox.c.not_before, outbox.c.born),
    )
    mine: ColumnElement[bool] = (subscriber.c.channel == channel) & (subscriber.c.state == "active")
    if skip_chats:
        mine &= subscriber.c.chat.not_in(skip_chats)
    joined = select(func.min(when)).join_from(outbox, subscriber, subscriber.c.id == outbox.c.subscriber)
    return conn.execute(joined.where(_WAITING, mine)).scalar()
