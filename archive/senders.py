"""Who may send over a channel: one process per token, by a lease with a fence. Sends nothing.

1. A lease is taken when it is free, has run out, or its owner is known to be dead; each taking raises the fence.
2. Every claim renews the lease in its own transaction and is refused with LeaseLost once the fence is another's.
3. A receipt counts only for rows that carry the fence under which they were claimed (outbox.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from archive.conflict import add_missing
from archive.schema import parked, sender
from core.errors import LeaseLost

LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Sender:
    """As it stands in the archive. `trouble` says why nothing is sent; "" while it goes."""

    channel: str
    owner: str
    since: datetime
    lease_until: datetime
    paused_until: datetime | None
    trouble: str
    parked: int  # chats of the channel that rest


def take(
    conn: Connection, *, key: str, channel: str, owner: str, now: datetime, alive: Callable[[str], bool]
) -> int | None:
    """Become the sender of `key`: the fence from now on. None while another is.

    `alive` tells of an owner whether it may still be at work.
    """
    row = {"key": key, "channel": channel, "owner": "", "fence": 0, "lease_until": now, "since": now, "trouble": ""}
    add_missing(conn, sender, [row])
    held = conn.execute(select(sender).where(sender.c.key == key).with_for_update()).one()
    if held.owner not in {"", owner} and held.lease_until > now and alive(held.owner):
        return None
    fence = int(held.fence) + 1
    values = {"owner": owner, "fence": fence, "lease_until": now + LEASE, "since": now, "trouble": ""}
    conn.execute(update(sender).where(sender.c.key == key).values(values))
    return fence


def hold(conn: Connection, key: str, fence: int, now: datetime) -> None:
    """Renew the lease. Raises LeaseLost when it has passed to another process."""
    if not _change(conn, key, fence, lease_until=now + LEASE):
        raise LeaseLost("another process is the sender now")


def leave(conn: Connection, key: str, fence: int, now: datetime) -> None:
    """Let another process take over at once; harmless when one has."""
    mine = (sender.c.key == key) & (sender.c.fence == fence)
    conn.execute(update(sender).where(mine).values(owner="", lease_until=now))


def note_trouble(conn: Connection, key: str, fence: int, reason: str) -> None:
    """Write why nothing is sent at present; "" when it goes again. Of another sender nothing changes."""
    _change(conn, key, fence, trouble=reason)


def pause(conn: Connection, key: str, fence: int, until: datetime) -> None:
    """Nothing goes out before `until`, whoever is the sender then."""
    _change(conn, key, fence, paused_until=until)


def paused_until(conn: Connection, key: str) -> datetime | None:
    """Until when everything rests, as written by `pause`."""
    return conn.execute(select(sender.c.paused_until).where(sender.c.key == key)).scalar_one_or_none()


def holder(conn: Connection, key: str) -> str:
    """The owner of the lease; "" when there is none."""
    return conn.execute(select(sender.c.owner).where(sender.c.key == key)).scalar_one_or_none() or ""


def listing(conn: Connection, now: datetime) -> tuple[Sender, ...]:
    """The senders that are at work or whose lease has not been given back, the latest first."""
    resting = select(parked.c.channel, func.count()).where(parked.c.until > now).group_by(parked.c.channel)
    counts = {row[0]: row[1] for row in conn.execute(resting)}
    rows = conn.execute(select(sender).where(sender.c.owner != "").order_by(sender.c.since.desc()))
    return tuple(
        Sender(
            channel=row.channel,
            owner=row.owner,
            since=row.since,
            lease_until=row.lease_until,
            paused_until=row.paused_until if row.paused_until and row.paused_until > now else None,
            trouble=row.trouble,
            parked=counts.get(row.channel, 0),
        )
        for row in rows
    )


def _change(conn: Connection, key: str, fence: int, **values: object) -> bool:
    mine = (sender.c.key == key) & (sender.c.fence == fence)
    return conn.execute(update(sender).where(mine).values(**values)).rowcount == 1


def blocked(conn: Connection) -> bool:
    """Whether a channel refuses everything."""
    return conn.execute(select(sender.c.key).where(sender.c.trouble != "").limit(1)).first() is not None
