"""One claimed message from take-off to its settled end: render, send, settle. It claims nothing and waits for nobody.

Whatever follows from an end (a chat that rests, a pause of everything, a notice to the admins, a subscriber that is
suspended) is written in the same transaction.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from alerts.channel import Channel
from alerts.clock import Clock
from alerts.fate import Fate, fate_of, worn_out
from alerts.ledger import Ledger
from alerts.limits import Limits
from alerts.line import Line
from alerts.message import Message
from alerts.notices import notice_of
from alerts.press import Renderer
from alerts.rendering import told
from alerts.sender import Sender
from alerts.tenure import Tenure
from archive import outbox, senders, subscribers
from core.errors import DeliveryError, MessageRefused, Throttled
from core.messages import Sending
from core.redaction import one_line
from settings import Edition

log = logging.getLogger(__name__)


class Dispatch:
    """Sends claimed messages over one channel, and tells `line` and `limits` what was answered."""

    def __init__(
        self,
        channel: Channel,
        edition: Callable[[], Edition],
        *,
        ledger: Ledger,
        limits: Limits,
        line: Line,
        tenure: Tenure,
        clock: Clock,
        press: Renderer,
    ) -> None:
        self._channel = channel
        self._edition = edition
        self._ledger = ledger
        self._limits = limits
        self._line = line
        self._tenure = tenure
        self._clock = clock
        self._press = press
        self._sender = Sender(channel, self._moved)

    async def send(self, sending: Sending) -> None:
        """Send it and write down what became of it. Raises ArchiveError when that cannot be written."""
        spends = self._line.spends(self._clock.now())
        try:
            edition = self._edition()
            messages = self._press.render(sending, topics=edition.settings.topics, edition=edition.number)
            count = told(sending)
        except Exception as error:
            log.exception("delivery: row %s cannot be rendered", sending.rows[0])
            fault = MessageRefused(f"cannot be rendered: {type(error).__name__}")
            await self._settle(sending, fate_of(fault, sending, spends=spends, now=self._clock.now()), ())
            return
        if count < len(sending.cards):
            sending = await self._first_of(sending, count)
        if end := worn_out(sending):
            await self._end(sending, end, messages)
            return
        part = min(sending.parts, len(messages) - 1)
        try:
            message_id = await self._sender.send(sending.subscriber.chat, messages[part], reply_to=sending.reply_to)
        except DeliveryError as error:
            await self._failed(sending, error, messages[part:], spends=spends)
        else:
            self._line.answered(self._clock.now())
            await self._arrived(sending, message_id, last=part + 1 == len(messages))

    async def _first_of(self, sending: Sending, count: int) -> Sending:
        """The stories of a merged alert that fit into one message; the others wait for the next one."""
        rest = [row for share in sending.shares[count:] for row in share]
        await self._ledger.write(partial(outbox.release, sending=sending, rows=rest, now=self._clock.now()))
        rows = tuple(row for share in sending.shares[:count] for row in share)
        return replace(sending, rows=rows, cards=sending.cards[:count], shares=sending.shares[:count])

    async def _arrived(self, sending: Sending, message_id: int, *, last: bool) -> None:
        now = self._clock.now()
        if last:
            await self._ledger.sent(outbox.Receipt(sending, message_id, now))
        else:
            await self._ledger.write(partial(outbox.continued, sending=sending, message_id=message_id, now=now))

    async def _moved(self, old: int, new: int) -> None:
        now = self._clock.now()
        await self._ledger.write(partial(subscribers.migrate, channel=self._channel.name, old=old, new=new, now=now))

    async def _failed(
        self, sending: Sending, error: DeliveryError, messages: tuple[Message, ...], *, spends: bool
    ) -> None:
        now = self._clock.now()
        fate = fate_of(error, sending, spends=spends, now=now)
        if fate.answered:
            self._line.answered(now)
        pause = None
        if isinstance(error, Throttled) and fate.until:
            pause = self._limits.throttled(sending.subscriber.chat, fate.until, now)
        try:
            await self._end(sending, fate, messages, pause)
        finally:
            # Only now: the answer that lets an ambiguous row go again must be later than its becoming so.
            if not fate.answered:
                self._line.lost(self._clock.now())

    async def _end(
        self, sending: Sending, fate: Fate, messages: tuple[Message, ...], pause: datetime | None = None
    ) -> None:
        log.warning("delivery: row %s %s: %s", sending.rows[0], fate.state, one_line(fate.reason))
        await self._settle(sending, fate, messages, pause)

    async def _settle(
        self, sending: Sending, fate: Fate, messages: tuple[Message, ...], pause: datetime | None = None
    ) -> None:
        """Write down a fate with all that follows from it, in one transaction."""
        now = self._clock.now()
        admins = self._edition().settings.telegram.admins
        key, fence = self._channel.key, self._tenure.fence

        def store(conn: Connection) -> None:
            _store(conn, sending, fate, now)
            if pause and fence is not None:
                senders.pause(conn, key, fence, pause)
            if fate.notice and messages and sending.kind != "notice":
                notice, occasion = notice_of(fate, sending, messages)
                outbox.enqueue_notice(conn, notice, admins=admins, occasion=occasion, now=now, rest=timedelta(0))

        await self._ledger.write(store)


def _store(conn: Connection, sending: Sending, fate: Fate, now: datetime) -> None:
    """Write a fate down, in the transaction it is called in."""
    who, until = sending.subscriber, fate.until or now
    if fate.state == "deferred":
        outbox.defer(conn, sending, until, fate.reason, now)
    elif fate.state == "ambiguous":
        outbox.ambiguous(conn, sending, now, until, fate.reason, spent=fate.spent)
    else:
        outbox.dead(conn, sending, fate.reason, now)
    if fate.parks:
        outbox.park(conn, who.channel, who.chat, until, fate.reason)
    if fate.state == "suspended":
        subscribers.suspend(conn, who.channel, who.chat, fate.reason, now)
