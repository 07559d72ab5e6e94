"""What became of claimed messages: sent, again later, in doubt, dead. Decides nothing: see alerts.fate.

A settlement counts only for rows that still carry the fence under which they were claimed and that nobody settled
meanwhile: another sender's rows stay its own.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, update

from archive.claiming import UNCERTAIN, lapse
from archive.schema import article, outbox
from core.messages import Sending

_WAITING = outbox.c.settled.is_(None)  # written so that the partial indexes apply


@dataclass(frozen=True, slots=True)
class Receipt:
    """That the channel took the message of `sending` at `at`, as its `message_id`."""

    sending: Sending
    message_id: int
    at: datetime


def sent(conn: Connection, sending: Sending, message_id: int, now: datetime) -> None:
    """The channel has taken it. The articles' first alert is now, unless they had one."""
    sent_all(conn, [Receipt(sending, message_id, now)])


def sent_all(conn: Connection, receipts: Sequence[Receipt]) -> None:
    """As `sent`, for many at once. A receipt under an old fence changes nothing: the row is another sender's."""
    rows = [
        {"row": row, "claimed": each.sending.fence, "number": each.message_id, "at": each.at}
        for each in receipts
        for row in each.sending.rows
    ]
    conn.execute(_SENT, rows)
    digests = [
        {"row": each.sending.rows[0], "number": each.message_id, "at": each.at}
        for each in receipts
        if each.sending.kind == "digest"
    ]
    if digests:
        conn.execute(_JOINED_SENT, digests)
    firsts: dict[int, datetime] = {}
    for each in receipts:
        if each.sending.kind == "alert":
            for card in each.sending.cards:
                firsts[card.article] = min(each.at, firsts.get(card.article, each.at))
    if firsts:
        conn.execute(_FIRST_ALERT, [{"told": article_id, "at": at} for article_id, at in firsts.items()])


def continued(conn: Connection, sending: Sending, message_id: int, now: datetime) -> None:
    """A part of it went out; the next one is claimed like any message, so that it keeps the limits."""
    first = func.coalesce(outbox.c.message_id, message_id)
    state = {"state": "deferred", "not_before": now, "reason": "", "attempts": 0}
    _settle(conn, sending, now, **state, parts=sending.parts + 1, message_id=first)


def release(conn: Connection, sending: Sending, rows: Collection[int], now: datetime) -> None:
    """These rows of it did not fit into its message: they wait for the next one."""
    _settle(conn, replace(sending, rows=tuple(rows)), now, state="new", not_before=now, reason="")


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
    """It will never be sent. What a digest of unknown fate told goes into the next one."""
    _settle(conn, sending, now, state="dead", settled=now, reason=reason)
    if sending.kind == "digest" and not reason.startswith(UNCERTAIN):
        told = outbox.c.digest.in_(sending.rows) & (outbox.c.state == "joined")
        conn.execute(update(outbox).where(told, _WAITING).values(state="dead", settled=now, changed=now, reason=reason))


def _settle(conn: Connection, sending: Sending, now: datetime, **values: Any) -> None:
    """End the claim. What was settled meanwhile (its subscriber left), or claimed by another sender, stays so.

    What was taken for lost stays in doubt: a second settlement would count one attempt twice.
    """
    conn.execute(
        update(outbox)
        .where(outbox.c.id.in_(sending.rows), outbox.c.fence == sending.fence, outbox.c.state == "claimed", _WAITING)
        .values(owner=None, lease_until=None, changed=now, **values)
    )


_SENT = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"), outbox.c.fence == bindparam("claimed"), _WAITING)
    .values(
        state="sent",
        settled=bindparam("at"),
        changed=bindparam("at"),
        message_id=func.coalesce(outbox.c.message_id, bindparam("number")),
        reason="",
        owner=None,
        lease_until=None,
    )
)
_JOINED_SENT = (
    update(outbox)
    .where(outbox.c.digest == bindparam("row"), outbox.c.state == "joined", _WAITING)
    .values(state="sent", settled=bindparam("at"), changed=bindparam("at"), message_id=bindparam("number"))
)
_FIRST_ALERT = (
    update(article)
    .where(article.c.id == bindparam("told"), article.c.first_alert.is_(None))
    .values(first_alert=bindparam("at"))
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
