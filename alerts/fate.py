"""What becomes of a message that did not go out: an error and what was tried before → one decision. Pure.

The rules are those of delivery.md, "States" and "Errors". Nothing is sent or stored here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from archive.outbox import UNCERTAIN
from core.errors import (
    Ambiguous,
    ChatGone,
    ChatMigrated,
    DeliveryError,
    NotSent,
    Throttled,
    TokenRevoked,
)
from core.messages import Sending

MOST_ATTEMPTS = 2  # spent ones; then a message is dead as uncertain
RESEND_AFTER = timedelta(seconds=30)
_TRY_AGAIN = timedelta(seconds=1)  # after a call that never left: probes say when it makes sense

State = Literal["deferred", "ambiguous", "dead", "suspended"]


@dataclass(frozen=True, slots=True)
class Fate:
    """The state a message enters. `answered`: the channel said something. `notice`: what admins are told."""

    state: State
    reason: str
    answered: bool
    until: datetime | None = None  # deferred, ambiguous: not before then
    parks: bool = False  # the whole chat rests until then
    spent: bool = False  # ambiguous: this attempt counts
    notice: str = ""


def fate_of(error: DeliveryError, sending: Sending, *, spends: bool, now: datetime) -> Fate:
    """Decide. `spends`: another call had been answered in the minute before this attempt."""
    if isinstance(error, Ambiguous):
        return _ambiguous(error, sending, spends=spends, now=now)
    return _not_sent(error, now + error.retry_after if error.retry_after else now, now)


def _not_sent(error: DeliveryError, later: datetime, now: datetime) -> Fate:
    match error:
        case Throttled():
            return Fate("deferred", error.reason, answered=True, until=later, parks=True)
        case ChatGone():
            return Fate("suspended", error.reason, answered=True)
        case NotSent(retry_after=timedelta()):
            return Fate("deferred", error.reason, answered=True, until=later, parks=True, notice="unreachable")
        case NotSent() | TokenRevoked():
            return Fate("deferred", error.reason, answered=False, until=now + _TRY_AGAIN)
        case ChatMigrated():  # a second time for one message
            return Fate("deferred", error.reason, answered=True, until=now + timedelta(minutes=1))
        case _:  # MessageRefused, BadMarkup even as plain text
            return Fate("dead", error.reason, answered=True, notice="refused")


def worn_out(sending: Sending) -> Fate | None:
    """The end of a message whose attempts are spent before it is sent again: processes died while sending it."""
    if sending.attempt < MOST_ATTEMPTS:
        return None
    reason = f"{UNCERTAIN}: two attempts ended without an answer"
    return Fate("dead", reason, answered=False, notice="uncertain")


def _ambiguous(error: Ambiguous, sending: Sending, *, spends: bool, now: datetime) -> Fate:
    reason = f"{UNCERTAIN}: {error.reason}"
    if sending.kind == "digest":  # never resent: what it tells is in the archive and in /latest
        return Fate("dead", reason, answered=False)
    if spends and sending.attempt + 1 >= MOST_ATTEMPTS:
        return Fate("dead", reason, answered=False, notice="uncertain")
    return Fate("ambiguous", error.reason, answered=False, until=now + RESEND_AFTER, spent=spends)
