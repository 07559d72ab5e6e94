"""Taking alerts back: what they are, what of them still waits, and in which chats their messages stand. Sends nothing.

A message that tells of something else as well (a digest, merged alerts) is left and counted.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, select, update

from archive.said import DELETABLE
from archive.schema import article, outbox, story, subscriber
from archive.subjects import subject_of

Kind = Literal["topic", "source", "story"]
RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a retraction would do: rows that wait, messages that can be deleted (by chat), and how many cannot."""

    waiting: int
    messages: Mapping[int, Sequence[int]]
    kept: int

    @property
    def deletable(self) -> int:
        """How many messages would be deleted."""
        return sum(map(len, self.messages.values()))


def plan(conn: Connection, channel: str, kind: Kind, what: str, since: datetime, now: datetime) -> Plan:
    """Look, and change nothing."""
    meant = _about(kind, what) & (outbox.c.born >= since)
    waiting = conn.execute(select(outbox.c.id).where(outbox.c.settled.is_(None), meant)).scalars().all()
    own = select(outbox.c.subscriber, subscriber.c.chat, outbox.c.message_id, outbox.c.settled)
    own = own.join(subscriber, subscriber.c.id == outbox.c.subscriber).where(subscriber.c.channel == channel)
    told = conn.execute(own.where(outbox.c.state == "sent", outbox.c.message_id.is_not(None), meant)).all()
    mine = Counter((row.subscriber, row.message_id) for row in told)
    numbers = [row.message_id for row in told]
    rows = conn.execute(
        select(outbox.c.subscriber, outbox.c.message_id).where(
            outbox.c.message_id.in_(numbers), outbox.c.state == "sent"
        )
    )
    all_ = Counter((row.subscriber, row.message_id) for row in rows)
    messages: dict[int, list[int]] = {}
    kept = set()
    for row in told:
        which = (row.subscriber, row.message_id)
        if all_[which] == mine[which] and row.settled > now - DELETABLE:
            if row.message_id not in messages.setdefault(row.chat, []):
                messages[row.chat].append(row.message_id)
        else:
            kept.add(which)
    return Plan(len(waiting), messages, len(kept))


def cancel(conn: Connection, kind: Kind, what: str, since: datetime, now: datetime) -> int:
    """What waits is not sent any more, what is on its way aside. How many rows."""
    meant = _about(kind, what) & (outbox.c.born >= since) & (outbox.c.state != "claimed")
    values = {"state": "cancelled", "settled": now, "changed": now, "reason": RETRACTED}
    return conn.execute(update(outbox).where(outbox.c.settled.is_(None), meant).values(values)).rowcount


def deleted(conn: Connection, channel: str, chat: int, numbers: Collection[int], now: datetime) -> None:
    """These messages stand in their chat no more: nothing edits or answers them."""
    who = select(subscriber.c.id).where(subscriber.c.channel == channel, subscriber.c.chat == chat).scalar_subquery()
    theirs = (outbox.c.subscriber == who) & outbox.c.message_id.in_(numbers)
    values = {"state": "cancelled", "message_id": None, "changed": now, "reason": RETRACTED}
    conn.execute(update(outbox).where(theirs).values(values))


def _about(kind: Kind, what: str) -> ColumnElement[bool]:
    if kind == "topic":
        return outbox.c.subject == subject_of(what)
    if kind == "source":
        return outbox.c.article.in_(select(article.c.id).where(article.c.source == what))
    of = int(what)
    return outbox.c.story.in_(select(story.c.id).where((story.c.id == of) | (story.c.merged_into == of)))
