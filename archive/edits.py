"""Which messages tell less than is known by now: stories that grew after they were told. Sends and renders nothing.

A message is edited at most once a minute, and only while nothing else waits for its chat. Edited are first messages
that tell one story; a text that its publisher changed since is told by a reply, not put in the place of what was said.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Subquery, exists, func, or_, select, tuple_, update

from archive.claiming import AGAIN, sendable, sendings
from archive.schema import article, outbox, story, subscriber
from core.messages import Sending

EVERY = timedelta(minutes=1)
GROWING = timedelta(hours=1)  # how long after a report the messages of its story are looked for

_WHOLE = func.coalesce(story.c.merged_into, story.c.id)


def claim_edits(
    conn: Connection, *, channel: str, now: datetime, limit: int, fence: int = 0, skip_chats: Collection[int] = ()
) -> list[Sending]:
    """Up to `limit` messages to be edited, one per subscriber; they count as edited from now on."""
    grown = _grown(now)
    since = func.coalesce(outbox.c.edited, outbox.c.attempted)  # what was known when it was last written
    flying = outbox.alias("flying")
    found = conn.execute(
        select(outbox.c.subscriber, outbox.c.message_id)
        .join(story, story.c.id == outbox.c.story)
        .join(grown, grown.c.whole == _WHOLE)
        .join(article, article.c.id == outbox.c.article)
        .join(subscriber, subscriber.c.id == outbox.c.subscriber)
        .where(
            _is_first_message(),
            since < grown.c.latest,
            since <= now - EVERY,
            article.c.revised <= outbox.c.settled,
            subscriber.c.channel == channel,
            sendable(now, skip_chats),
            ~exists().where(flying.c.subscriber == outbox.c.subscriber, flying.c.settled.is_(None)),
        )
        .order_by(outbox.c.id)
        .limit(4 * limit)
    ).all()
    chosen = {row.subscriber: row.message_id for row in reversed(found)}
    which = list(chosen.items())[-limit:]
    if not which:
        return []
    these = tuple_(outbox.c.subscriber, outbox.c.message_id).in_(which) & (outbox.c.state == "sent")
    rows = conn.execute(select(outbox).where(these).order_by(outbox.c.id)).all()
    conn.execute(update(outbox).where(these).values(edited=now))
    return [replace(each, edits=chosen[each.subscriber.id]) for each in sendings(conn, rows, fence)]


def _grown(now: datetime) -> Subquery:
    """The stories that were reported on lately, with the time of the latest report."""
    return (
        select(_WHOLE.label("whole"), func.max(article.c.recorded).label("latest"))
        .join(story, story.c.id == article.c.story)
        .where(article.c.recorded > now - GROWING)
        .group_by(_WHOLE)
        .subquery()
    )


def _is_first_message() -> ColumnElement[bool]:
    """Whether a row's message is the first about its story, and tells of no other."""
    other = outbox.alias("other")
    tells_more = exists().where(
        other.c.subscriber == outbox.c.subscriber,
        other.c.message_id == outbox.c.message_id,
        other.c.story != outbox.c.story,
        other.c.state == "sent",
    )
    again = (outbox.c.occasion.startswith(occasion) for occasion in AGAIN)
    is_alert = (outbox.c.state == "sent") & outbox.c.message_id.is_not(None) & outbox.c.digest.is_(None)
    return is_alert & ~or_(*again) & ~tells_more


def replaced(conn: Connection, sending: Sending, message_id: int) -> None:
    """The message was gone from its chat: another stands for it now."""
    conn.execute(update(outbox).where(outbox.c.id.in_(sending.rows)).values(message_id=message_id))


def put_off(conn: Connection, sending: Sending) -> None:
    """The edit was refused for now: it is due again."""
    conn.execute(update(outbox).where(outbox.c.id.in_(sending.rows)).values(edited=None))
