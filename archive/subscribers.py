"""Who is told, of what, and in which language; and the invites that let people in. Sends nothing.

Following all topics means those of tomorrow too. The first choice of one topic copies what is followed today into
an explicit set, so the topics that exist then are passed in.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from archive import outbox, said, watches
from archive.conflict import add_missing
from archive.conflict import insert as upsert
from archive.rows import subscribers_of
from archive.schema import invite as invites
from archive.schema import mark, mute, parked, subscriber, subscription
from archive.schema import outbox as outbox_table
from core.messages import Subscriber

WEBHOOK = "webhook:"  # how the channel of a webhook begins


class Followed(Protocol):
    """What a webhook follows; no topics are all."""

    @property
    def topics(self) -> Sequence[str]: ...


def join(conn: Connection, *, channel: str, chat: int, language: str, timezone: str, now: datetime) -> Subscriber:
    """Make `chat` an active subscriber of all topics; a known one resumes with what it had chosen."""
    statement = upsert(conn.dialect.name, subscriber).values(
        channel=channel,
        chat=chat,
        language=language,
        timezone=timezone,
        state="active",
        follows_all=True,
        joined=now,
    )
    conn.execute(
        statement.on_conflict_do_update(index_elements=["channel", "chat"], set_={"state": "active", "reason": ""})
    )
    return _one(conn, _is(channel, chat))


def keep_webhooks(conn: Connection, *, webhooks: Mapping[str, Followed], timezone: str, now: datetime) -> None:
    """Let exactly these webhooks be subscribers, of their topics; what waits for others is cancelled."""
    known = select(subscriber.c.channel).where(subscriber.c.channel.startswith(WEBHOOK), _ACTIVE)
    for channel in conn.execute(known).scalars().all():
        if channel.removeprefix(WEBHOOK) not in webhooks:
            leave(conn, channel, 0, now)
    for id_, hook in webhooks.items():
        who = join(conn, channel=f"{WEBHOOK}{id_}", chat=0, language="en", timezone=timezone, now=now)
        conn.execute(delete(subscription).where(subscription.c.subscriber == who.id))
        _subscribe(conn, who.id, hook.topics)
        set_follow_all(conn, who.id, not hook.topics)


def by_chat(conn: Connection, channel: str, chat: int) -> Subscriber | None:
    """The active subscriber of this chat."""
    found = conn.execute(select(subscriber.c.id).where(_is(channel, chat), _ACTIVE)).scalar_one_or_none()
    return None if found is None else subscribers_of(conn, [found])[found]


def state_of(conn: Connection, channel: str, chat: int) -> str | None:
    """active, stopped or suspended; None for a stranger."""
    return conn.execute(select(subscriber.c.state).where(_is(channel, chat))).scalar_one_or_none()


def listing(conn: Connection) -> list[tuple[Subscriber, str, str]]:
    """All subscribers with their state (active, stopped, suspended) and its reason, by age."""
    columns = (subscriber.c.id, subscriber.c.state, subscriber.c.reason)
    rows = conn.execute(select(*columns).order_by(subscriber.c.id)).all()
    who = subscribers_of(conn, [row.id for row in rows])
    return [(who[row.id], row.state, row.reason) for row in rows]


def leave(conn: Connection, channel: str, chat: int, now: datetime) -> bool:
    """Stop at the subscriber's own wish; what waits for it is cancelled. False when it was not active."""
    return _end(conn, channel, chat, "stopped", "", now)


def suspend(conn: Connection, channel: str, chat: int, reason: str, now: datetime) -> bool:
    """Stop because the channel refuses; the choices stay, and joining again resumes. False when not active."""
    return _end(conn, channel, chat, "suspended", reason, now)


def _end(conn: Connection, channel: str, chat: int, state: str, reason: str, now: datetime) -> bool:
    who = by_chat(conn, channel, chat)
    if who is None:
        return False
    conn.execute(update(subscriber).where(subscriber.c.id == who.id).values(state=state, reason=reason))
    outbox.cancel(conn, who.id, reason or state, now)
    return True


def set_follow_all(conn: Connection, subscriber_id: int, follow_all: bool) -> Subscriber:
    """Follow all topics, later ones too; or only the chosen ones."""
    conn.execute(update(subscriber).where(subscriber.c.id == subscriber_id).values(follows_all=follow_all))
    return _one(conn, subscriber.c.id == subscriber_id)


def set_topic(conn: Connection, subscriber_id: int, topic: str, on: bool, *, topics: Iterable[str]) -> Subscriber:
    """Follow `topic` or not. Who followed all until now keeps the others of `topics`, the present ones."""
    who = _one(conn, subscriber.c.id == subscriber_id)
    if who.follows_all:
        conn.execute(delete(subscription).where(subscription.c.subscriber == subscriber_id))
        _subscribe(conn, subscriber_id, topics)
    if on:
        _subscribe(conn, subscriber_id, [topic])
    else:
        chosen = (subscription.c.subscriber == subscriber_id) & (subscription.c.topic == topic)
        conn.execute(delete(subscription).where(chosen))
    return set_follow_all(conn, subscriber_id, False)


def _subscribe(conn: Connection, subscriber_id: int, topics: Iterable[str]) -> None:
    add_missing(conn, subscription, [{"subscriber": subscriber_id, "topic": topic} for topic in topics])


def set_language(conn: Connection, subscriber_id: int, language: str) -> Subscriber:
    """Write to the subscriber in `language` from now on."""
    conn.execute(update(subscriber).where(subscriber.c.id == subscriber_id).values(language=language))
    return _one(conn, subscriber.c.id == subscriber_id)


def set_timezone(conn: Connection, subscriber_id: int, timezone: str) -> Subscriber:
    """Write hours to the subscriber in this zone (IANA) from now on."""
    conn.execute(update(subscriber).where(subscriber.c.id == subscriber_id).values(timezone=timezone))
    return _one(conn, subscriber.c.id == subscriber_id)


def set_sound(conn: Connection, subscriber_id: int, sound: str) -> Subscriber:
    """Let all alerts ring, breaking ones only, or none."""
    conn.execute(update(subscriber).where(subscriber.c.id == subscriber_id).values(sound=sound))
    return _one(conn, subscriber.c.id == subscriber_id)


def set_thread(conn: Connection, subscriber_id: int, thread: int | None) -> Subscriber:
    """Have the alerts of a forum stand in one of its topics."""
    conn.execute(update(subscriber).where(subscriber.c.id == subscriber_id).values(thread=thread))
    return _one(conn, subscriber.c.id == subscriber_id)


def messages_to(conn: Connection, channel: str, chat: int) -> list[tuple[int, datetime]]:
    """The messages that the chat got, by their ids, with when; of a message in parts the first one."""
    sent = outbox_table.c.message_id.is_not(None) & outbox_table.c.settled.is_not(None)
    rows = conn.execute(
        select(outbox_table.c.message_id, func.min(outbox_table.c.settled))
        .join(subscriber, subscriber.c.id == outbox_table.c.subscriber)
        .where(_is(channel, chat), sent)
        .group_by(outbox_table.c.message_id)
    )
    return [(row[0], row[1]) for row in rows]


def forget(conn: Connection, channel: str, chat: int) -> bool:
    """Nothing of this chat is known any more, whatever its state. False for a stranger."""
    who = conn.execute(select(subscriber.c.id).where(_is(channel, chat))).scalar_one_or_none()
    if who is not None:
        watches.forget(conn, who)
    for table in (outbox_table, mark, mute, subscription):
        conn.execute(delete(table).where(table.c.subscriber == who))
    said.forget(conn, channel, chat)
    conn.execute(delete(parked).where(parked.c.channel == channel, parked.c.chat == chat))
    return conn.execute(delete(subscriber).where(subscriber.c.id == who)).rowcount > 0


def migrate(conn: Connection, channel: str, old: int, new: int, now: datetime) -> None:
    """A group has another id now: its subscriber, choices and waiting messages move along.

    Where the new chat is a subscriber of its own already, that one stays and the old one is stopped.
    """
    if conn.execute(select(subscriber.c.id).where(_is(channel, new))).first() is not None:
        leave(conn, channel, old, now)
    else:
        conn.execute(update(subscriber).where(_is(channel, old)).values(chat=new))


_ACTIVE = subscriber.c.state == "active"


def _is(channel: str, chat: int) -> ColumnElement[bool]:
    return (subscriber.c.channel == channel) & (subscriber.c.chat == chat)


def _one(conn: Connection, which: ColumnElement[bool]) -> Subscriber:
    found = conn.execute(select(subscriber.c.id).where(which)).scalar_one()
    return subscribers_of(conn, [found])[found]


# --- invites -----------------------------------------------------------------------------------------------


def invite(conn: Connection, *, uses: int, expires: datetime, now: datetime) -> str:
    """A new token for `uses` people until `expires`. Returned once: only its hash is kept."""
    token = token_urlsafe(16)  # fits Telegram's deep links: at most 64 of A-Z a-z 0-9 _ -
    conn.execute(insert(invites).values(token_hash=_hashed(token), uses_left=uses, expires=expires, created=now))
    return token


def redeem(conn: Connection, token: str, now: datetime) -> bool:
    """Use up one use of an invite; False when it is unknown, expired or used up."""
    taken = conn.execute(
        update(invites)
        .where(invites.c.token_hash == _hashed(token), invites.c.uses_left > 0, invites.c.expires > now)
        .values(uses_left=invites.c.uses_left - 1)
    )
    return taken.rowcount == 1


def _hashed(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
