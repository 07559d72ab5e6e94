"""Quiet hours: what is born in them waits for their end and goes as one batch. Sends nothing."""

from datetime import datetime, time

from sqlalchemy import Connection, select, tuple_, update

from archive.schema import outbox, subscriber
from core.quiet import Quiet

_NOTICE, _BREAKING, _NORMAL = 0, 1, 2  # priorities of the outbox


def quiet_of(conn: Connection, subscriber_id: int) -> Quiet | None:
    """The quiet hours of a subscriber, by its own zone."""
    row = conn.execute(select(subscriber).where(subscriber.c.id == subscriber_id)).one()
    return _quiet(row.quiet_from, row.quiet_until, passes=row.quiet_breaking)


def set_quiet(conn: Connection, subscriber_id: int, quiet: Quiet | None, now: datetime) -> None:
    """Have these quiet hours from now on, or none. What was held by the old ones is looked at anew."""
    values = {
        "quiet_from": f"{quiet.begin:%H:%M}" if quiet else None,
        "quiet_until": f"{quiet.end:%H:%M}" if quiet else None,
        "quiet_breaking": bool(quiet and quiet.breaking_passes),
    }
    conn.execute(update(subscriber).where(subscriber.c.id == subscriber_id).values(values))
    held = (outbox.c.subscriber == subscriber_id) & (outbox.c.state == "new") & (outbox.c.not_before > now)
    conn.execute(update(outbox).where(outbox.c.settled.is_(None), held).values(not_before=now))


def hold(conn: Connection, channel: str, now: datetime) -> None:
    """What waits for those who are left alone now, waits until their hours end; notices to admins do not.

    Held breaking alerts become part of the batch, unless their reader lets them pass. One look for all readers whose
    hours are the same: it precedes every claim.
    """
    hours = (subscriber.c.quiet_from, subscriber.c.quiet_until, subscriber.c.quiet_breaking, subscriber.c.timezone)
    who = (subscriber.c.channel == channel) & (subscriber.c.state == "active") & subscriber.c.quiet_from.is_not(None)
    fresh = outbox.c.settled.is_(None) & (outbox.c.state == "new") & (outbox.c.priority != _NOTICE)
    fresh &= outbox.c.not_before.is_(None) | (outbox.c.not_before <= now)
    told = select(*hours).distinct().join(outbox, outbox.c.subscriber == subscriber.c.id).where(who, fresh)
    for row in conn.execute(told).all():
        quiet = _quiet(row.quiet_from, row.quiet_until, passes=row.quiet_breaking)
        until = quiet.until(now, row.timezone) if quiet else None
        if quiet and until:
            same = select(subscriber.c.id).where(who, tuple_(*hours) == tuple_(*row))
            held = fresh & (outbox.c.level != "breaking") if quiet.breaking_passes else fresh
            waiting = update(outbox).where(held, outbox.c.subscriber.in_(same))
            conn.execute(waiting.where(outbox.c.priority == _BREAKING).values(priority=_NORMAL, lane=_NORMAL))
            conn.execute(waiting.values(not_before=until))


def _quiet(begin: str | None, end: str | None, *, passes: bool) -> Quiet | None:
    return Quiet(time.fromisoformat(begin), time.fromisoformat(end), passes) if begin and end else None
