"""The loop over the outbox: claim, render, send, settle. It decides nothing about news.

The protocol of one message:
1. It is claimed, and the claim committed, before anything goes over the network.
2. It is rendered; what cannot be rendered is settled as dead and never touches another message.
3. It is sent, one at a time per chat, within the limits. Refused formatting: once more as plain text. A group
   that moved: its id is changed and the message sent once more.
4. It is settled by what was answered (fate.py). A process that dies between 3 and 4 leaves a claimed row, which
   the next start finds and treats as of unknown fate.
While the channel does not answer nothing is claimed (line.py), so an outage leaves the queue as it is.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from alerts.channel import Channel
from alerts.clock import Clock, SystemClock
from alerts.fate import Fate, fate_of, worn_out
from alerts.limits import Limits
from alerts.line import Line
from alerts.message import Message
from alerts.notices import notice
from alerts.press import Press
from alerts.sender import Sender
from archive import outbox, subscribers
from archive.database import Archive
from core.errors import (
    ArchiveError,
    DeliveryError,
    MessageRefused,
    Throttled,
    TokenRevoked,
)
from core.messages import Sending
from core.redaction import one_line
from settings import Edition

log = logging.getLogger(__name__)

_LEASE = timedelta(minutes=2)  # several times longer than the slowest attempt
_IN_FLIGHT = 50
_LOOK_AGAIN = timedelta(seconds=1)  # for what other processes enqueue; our own wakes us
_AFTER_A_FAULT = timedelta(seconds=5)
_TOKEN_GAP = timedelta(minutes=10)
_SETTLE_TRIES = 5
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Look:
    """What a round saw at `at`: when the next waiting row may go, None when none waits or nothing answers."""

    at: datetime
    next: datetime | None


class Delivery:
    """Delivers through one channel. One instance per token: two would each keep the limits only for themselves."""

    def __init__(
        self,
        archive: Archive,
        channel: Channel,
        edition: Callable[[], Edition],
        *,
        owner: str = "delivery",
        limits: Limits | None = None,
        clock: Clock | None = None,
    ) -> None:
        """`limits` default to those of the channel."""
        self._archive = archive
        self._channel = channel
        self._edition = edition
        self._sender = Sender(channel, self._moved)
        self._press = Press()
        self._owner = owner
        self._limits = limits or Limits(channel.rates)
        self._clock = clock or SystemClock()
        self._line = Line(self._clock.now())
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._flights: set[asyncio.Task[None]] = set()
        self._unreachable: set[int] = set()  # chats whose admins were told
        self._shouted = False
        self._loop: asyncio.Task[None] | None = None

    # --- lifetime ---

    async def start(self) -> None:
        """Take up what an earlier process left, then deliver in the background until `stop`."""
        await self.recover()
        self._loop = asyncio.create_task(self.run(), name="delivery")

    async def stop(self, patience: timedelta = timedelta(seconds=3)) -> None:
        """End the loop; what is in flight may settle for `patience`, the rest is of unknown fate to the next start."""
        if self._loop is not None:
            self._loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loop
            self._loop = None
        if self._flights:
            _, late = await asyncio.wait(self._flights, timeout=patience.total_seconds())
            for flight in late:
                flight.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._channel.close()

    async def recover(self) -> None:
        """Rows that are claimed by a process that is no more: their messages may have arrived."""
        await self._archive.write(partial(outbox.recover, channel=self._channel.name, now=self._clock.now()))

    async def run(self) -> None:
        """Deliver until cancelled. A fault of the archive is logged and waited out."""
        while True:
            self._wake.clear()
            try:
                look = await self._round()
                until = min(look.next or _NEVER, look.at + _LOOK_AGAIN) if self._line.open else self._line.probe_at
            except Exception:
                log.exception("delivery: a round failed")
                until = self._clock.now() + _AFTER_A_FAULT
            await self._clock.wait(self._wake, until)

    async def drain(self, patience: timedelta = timedelta(seconds=10)) -> None:
        """Deliver what is due, and what becomes due within `patience`; then return. For `--once`."""
        while True:
            self._wake.clear()
            look = await self._round()
            if self._flights:
                await asyncio.wait(self._flights, return_when=asyncio.FIRST_COMPLETED)
            elif look.next is None or not look.at < look.next <= look.at + patience:
                return
            else:
                await self._clock.wait(self._wake, look.next)

    def wake(self) -> None:
        """New rows are in the outbox: look now."""
        self._wake.set()

    # --- rounds ---

    async def _round(self) -> _Look:
        """Start what may go now."""
        async with self._turn:
            if not self._line.open and self._clock.now() >= self._line.probe_at:
                await self._probe()
            now = self._clock.now()
            if not self._line.open:
                return _Look(now, None)
            chance = await self._next_chance(now)
            claimed = await self._claim() if chance and chance <= now else []
            for sending in claimed:
                self._take_off(sending)
            if chance and chance <= now and not self._flights and self._line.quiet(now):
                await self._probe()  # what is due may be of unknown fate and wait for an answer
            return _Look(now, chance)

    async def _probe(self) -> None:
        try:
            await self._channel.probe()
        except DeliveryError as error:
            self._silent(error)
        else:
            if self._shouted:
                self._shouted = False
                log.warning("%s answers again", self._channel.name)
            self._line.opened(self._clock.now())

    async def _claim(self) -> list[Sending]:
        now = self._clock.now()
        room = self._limits.room(now)
        limit = min(_IN_FLIGHT - len(self._flights), _IN_FLIGHT if room is None else room)
        if limit <= 0:
            return []
        claim = partial(
            outbox.claim,
            channel=self._channel.name,
            owner=self._owner,
            now=now,
            lease=_LEASE,
            limit=limit,
            answered_at=self._line.answered_at,
            skip_chats=self._limits.resting(now).keys(),
        )
        return await self._archive.write(claim)

    async def _next_chance(self, now: datetime) -> datetime | None:
        """When the next waiting row may go, by its own time and by the limits; None when nothing waits."""
        due = await self._next_due(self._limits.resting(now))
        if due is not None and due <= now and self._limits.room(now) != 0:
            return due
        change = self._limits.next_change(now)
        if due is None and (change is None or await self._next_due() is None):
            return None
        return min((moment for moment in (due, change) if moment and moment > now), default=None)

    async def _next_due(self, resting: Collection[int] = ()) -> datetime | None:
        return await self._archive.ask(partial(outbox.next_due, channel=self._channel.name, skip_chats=tuple(resting)))

    # --- one message ---

    def _take_off(self, sending: Sending) -> None:
        self._limits.took(sending.subscriber.chat, self._clock.now())
        flight = asyncio.create_task(self._fly(sending))
        self._flights.add(flight)
        flight.add_done_callback(self._landed)

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flights.discard(flight)
        self._wake.set()
        if not flight.cancelled() and (error := flight.exception()):
            log.error("delivery: a message could not be settled: %s", error)

    async def _fly(self, sending: Sending) -> None:
        spends = self._line.spends(self._clock.now())
        try:
            edition = self._edition()
            messages = self._press.render(sending, topics=edition.settings.topics, edition=edition.number)
        except Exception as error:
            log.exception("delivery: row %s cannot be rendered", sending.rows[0])
            fault = MessageRefused(f"cannot be rendered: {type(error).__name__}")
            await self._settle(sending, fate_of(fault, sending, spends=spends, now=self._clock.now()))
            return
        if end := worn_out(sending):
            await self._end(sending, end, messages)
            return
        try:
            message_id = await self._sender.send(sending.subscriber.chat, messages)
        except DeliveryError as error:
            await self._failed(sending, error, messages, spends=spends)
        else:
            self._line.answered(self._clock.now())
            self._unreachable.discard(sending.subscriber.chat)
            await self._write(partial(outbox.sent, sending=sending, message_id=message_id, now=self._clock.now()))

    async def _moved(self, old: int, new: int) -> None:
        await self._write(
            partial(subscribers.migrate, channel=self._channel.name, old=old, new=new, now=self._clock.now())
        )

    async def _failed(
        self, sending: Sending, error: DeliveryError, messages: tuple[Message, ...], *, spends: bool
    ) -> None:
        now = self._clock.now()
        fate = fate_of(error, sending, spends=spends, now=now)
        if fate.answered:
            self._line.answered(now)
        if fate.parks and fate.until:
            self._hold_back(sending.subscriber.chat, error, fate.until, now)
        try:
            await self._end(sending, fate, messages)
        finally:
            # Only now: the answer that lets an ambiguous row go again must be later than its becoming so.
            if not fate.answered:
                self._line.lost(self._clock.now())

    async def _end(self, sending: Sending, fate: Fate, messages: tuple[Message, ...]) -> None:
        log.warning("delivery: row %s %s: %s", sending.rows[0], fate.state, one_line(fate.reason))
        await self._settle(sending, fate)
        await self._tell_admins(sending, fate, messages)

    def _hold_back(self, chat: int, error: DeliveryError, until: datetime, now: datetime) -> None:
        if isinstance(error, Throttled):
            self._limits.throttled(chat, until, now)
        else:
            self._limits.park(chat, until)

    # --- settling ---

    async def _settle(self, sending: Sending, fate: Fate) -> None:
        await self._write(partial(_store, sending=sending, fate=fate, now=self._clock.now()))

    async def _write(self, work: Callable[[Connection], object]) -> None:
        """Store what became of a message. Tried again for a while: a lost receipt means a second copy later."""
        for trial in range(_SETTLE_TRIES):
            try:
                await self._archive.write(work)
            except ArchiveError as error:
                if trial == _SETTLE_TRIES - 1:
                    raise
                log.warning("delivery: not settled yet: %s", error)
                await self._clock.wait(asyncio.Event(), self._clock.now() + _LOOK_AGAIN)
            else:
                return

    # --- what is known of the channel ---

    def _silent(self, error: DeliveryError) -> None:
        """A probe was not answered. The first time, it is told; a token that is not known, as loud as can be."""
        revoked = isinstance(error, TokenRevoked)
        self._line.silent(self._clock.now(), at_least=_TOKEN_GAP if revoked else timedelta(0))
        if not self._shouted:
            self._shouted = True
            level = logging.CRITICAL if revoked else logging.ERROR
            log.log(level, "%s: nothing is sent, the queue is kept: %s", self._channel.name, one_line(error.reason))

    async def _tell_admins(self, sending: Sending, fate: Fate, messages: tuple[Message, ...]) -> None:
        chat = sending.subscriber.chat
        if not fate.notice or (fate.parks and chat in self._unreachable):
            return
        if fate.parks:
            self._unreachable.add(chat)
        settings = self._edition().settings
        for admin in settings.telegram.admins if self._channel.name == "telegram" else ():
            reader = await self._archive.ask(partial(subscribers.by_chat, channel="telegram", chat=admin))
            language = reader.language if reader else "en"
            timezone = reader.timezone if reader else settings.timezone
            with contextlib.suppress(DeliveryError):  # the log has it already
                await self._channel.send(admin, notice(fate, sending, messages, language, timezone))


def _store(conn: Connection, *, sending: Sending, fate: Fate, now: datetime) -> None:
    """Write a fate down, in the transaction it is called in."""
    if fate.state == "deferred":
        outbox.defer(conn, sending, fate.until or now, fate.reason, now)
    elif fate.state == "ambiguous":
        outbox.ambiguous(conn, sending, now, fate.until or now, fate.reason, spent=fate.spent)
    else:
        outbox.dead(conn, sending, fate.reason, now)
    if fate.state == "suspended":
        who = sending.subscriber
        subscribers.suspend(conn, who.channel, who.chat, fate.reason, now)
