"""The loop over the outbox: who may send, what may go now, and when to look again. It decides nothing about news.

The protocol of one message:
1. It is claimed, and the claim committed, before anything goes over the network. Only the sender may claim: one
   process per account, by a lease with a fence (tenure.py).
2. It is rendered; what cannot be rendered is settled as dead and never touches another message.
3. It is sent, one at a time per chat, within the limits. Refused formatting: once more as plain text. A group
   that moved: its id is changed and the message sent once more. Of a message in parts, one part: the next one is
   claimed like any other message.
4. It is settled by what was answered (fate.py). A process that dies between 3 and 4 leaves a claimed row, which
   the next sender finds and treats as of unknown fate.
While the channel does not answer nothing is claimed (line.py), so an outage leaves the queue as it is.
Steps 2 to 4 are in dispatch.py.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from alerts.channel import Channel
from alerts.clock import Clock, SystemClock
from alerts.dispatch import Dispatch
from alerts.editing import Editing
from alerts.ledger import Ledger
from alerts.limits import Limits, Rates
from alerts.line import Line
from alerts.press import Press, Renderer
from alerts.tenure import Tenure
from archive import edits, outbox, senders
from archive.claiming import NOTICE
from archive.database import Archive
from core.errors import DeliveryError, LeaseLost, TokenRevoked
from core.messages import Sending
from core.redaction import one_line
from settings import Edition

log = logging.getLogger(__name__)

_LEASE = timedelta(minutes=2)  # of a claim: several times longer than the slowest attempt
_IN_FLIGHT = 512  # so many may stall at once before the others wait for them
_BATCH = 256  # most messages of one claim
_LOOK_AGAIN = timedelta(seconds=1)  # for what other processes enqueue; our own wakes us
_WAIT_FOR_LEASE = timedelta(seconds=2)
_AFTER_A_FAULT = timedelta(seconds=5)
_TOKEN_GAP = timedelta(minutes=10)
_TIDY_EVERY = timedelta(minutes=1)
_EDIT_EVERY = timedelta(milliseconds=200)  # five at a time, as the limits have room
_REMEMBERED = timedelta(seconds=60)  # of what went out, at a start: the longest stretch of the limits


@dataclass(frozen=True, slots=True)
class _Look:
    """What a round saw at `at`: when the next waiting row may go, None when none waits or nothing answers.

    A time that is over: it waits for one that is in flight or in doubt.
    """

    at: datetime
    next: datetime | None


def _believed(_owner: str) -> bool:
    return True


class Delivery:
    """Delivers through one channel. Of several on one account one sends and the others wait."""

    def __init__(
        self,
        archive: Archive,
        channel: Channel,
        edition: Callable[[], Edition],
        *,
        owner: str = "delivery",
        alive: Callable[[str], bool] = _believed,
        rates: Rates | None = None,
        clock: Clock | None = None,
        press: Renderer | None = None,
    ) -> None:
        """`alive` tells whether another owner may still be at work; `rates` default to those of the channel, `press`
        to the one that writes messages for people."""
        self._archive = archive
        self._channel = channel
        self._owner = owner
        self._clock = clock or SystemClock()
        self._limits = Limits(rates or channel.rates)
        self._line = Line(self._clock.now())
        self._tenure = Tenure(archive, channel, owner, alive)
        ledger = Ledger(archive, self._clock)
        self._editing = Editing(channel, edition, ledger=ledger, line=self._line, clock=self._clock)
        self._edited: datetime | None = None  # when edits were looked for
        self._dispatch = Dispatch(
            channel,
            edition,
            ledger=ledger,
            limits=self._limits,
            line=self._line,
            tenure=self._tenure,
            clock=self._clock,
            press=press or Press(),
        )
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._flights: set[asyncio.Task[None]] = set()
        self._landings = 0
        self._more = False  # the last claim left something behind
        self._tidied: datetime | None = None
        self._shouted = False
        self._loop: asyncio.Task[None] | None = None

    @property
    def limits(self) -> Limits:
        """What went to whom: the bot counts its replies in it, where it runs in the same process."""
        return self._limits

    # --- lifetime ---

    async def start(self) -> None:
        """Deliver in the background until `stop`, as soon as no other process does."""
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
        await self._tenure.leave(self._clock.now())
        await self._channel.close()

    async def recover(self) -> bool:
        """Become the sender and take up what an earlier one left. False while another process is.

        What that one had claimed may have arrived; what it sent in the last minute counts for the limits.
        """
        now = self._clock.now()
        if not await self._tenure.take(now):
            return False
        await self._archive.write(partial(outbox.recover, channel=self._channel.name, now=now))
        self._limits.forget()
        since = now - _REMEMBERED
        for at, chat, priority in await self._archive.ask(
            partial(outbox.attempted_since, channel=self._channel.name, since=since)
        ):
            self._limits.took(chat, at, notice=priority == NOTICE)
        if pause := await self._archive.ask(partial(senders.paused_until, key=self._channel.key)):
            self._limits.pause(pause)
        return True

    async def run(self) -> None:
        """Deliver until cancelled. A fault of the archive is logged and waited out."""
        while True:
            self._wake.clear()
            try:
                until = self._until(await self._round())
            except LeaseLost:
                self._tenure.lost()
                until = self._clock.now() + _WAIT_FOR_LEASE
            except Exception:
                log.exception("delivery: a round failed")
                until = self._clock.now() + _AFTER_A_FAULT
            await self._clock.wait(self._wake, until)

    def _until(self, look: _Look) -> datetime:
        """When to look again, unless woken."""
        if self._tenure.fence is None:
            return look.at + _WAIT_FOR_LEASE
        if not self._line.open:
            return min(self._line.probe_at, look.at + senders.LEASE / 3)
        soon = look.at + _LOOK_AGAIN
        return min(look.next, soon) if look.next is not None and look.next > look.at else soon

    async def drain(self, patience: timedelta = timedelta(seconds=10)) -> None:
        """Deliver what is due, and what becomes due within `patience`; then return. For `--once`."""
        while True:
            self._wake.clear()
            landed = self._landings
            look = await self._round()
            if self._flights:
                await asyncio.wait(self._flights, return_when=asyncio.FIRST_COMPLETED)
            elif self._landings > landed:
                continue  # during the look, which may have seen what waited behind it
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
            if not await self._is_sender():
                return _Look(self._clock.now(), None)
            if not self._line.open and self._clock.now() >= self._line.probe_at:
                await self._probe()
            now = self._clock.now()
            if not self._line.open:
                return _Look(now, None)
            chance = now if self._more else await self._next_chance(now)
            if chance is None or chance > now:
                await self._refresh(now)
                return _Look(now, chance)
            await self._tidy(now)
            await self._depart()
            if not self._flights and self._line.quiet(now):
                await self._probe()  # what is due may be of unknown fate and wait for an answer
            return _Look(now, self._limits.next_change(now) if self._more else await self._next_chance(now))

    async def _is_sender(self) -> bool:
        if self._tenure.fence is None:
            return await self.recover()
        await self._tenure.keep(self._clock.now())
        return True

    async def _probe(self) -> None:
        try:
            await self._channel.probe()
        except DeliveryError as error:
            await self._silent(error)
        else:
            if self._shouted:
                self._shouted = False
                log.warning("%s answers again", self._channel.name)
                await self._tenure.tell()
            self._line.opened(self._clock.now())

    async def _silent(self, error: DeliveryError) -> None:
        """A probe was not answered. The first time, it is told; a token that is not known, as loud as can be."""
        revoked = isinstance(error, TokenRevoked)
        self._line.silent(self._clock.now(), at_least=_TOKEN_GAP if revoked else timedelta(0))
        if not self._shouted:
            self._shouted = True
            reason = one_line(error.reason)
            level = logging.CRITICAL if revoked else logging.ERROR
            log.log(level, "%s: nothing is sent, the queue is kept: %s", self._channel.name, reason)
            await self._tenure.tell(reason)

    async def _tidy(self, now: datetime) -> None:
        """Once a minute: what has waited long moves up, rests that are over are forgotten."""
        if self._tidied is None or now - self._tidied >= _TIDY_EVERY:
            self._tidied = now
            await self._archive.write(partial(outbox.age, now=now))
            await self._archive.write(partial(outbox.unpark, channel=self._channel.name, now=now))

    async def _refresh(self, now: datetime) -> None:
        """With nothing to send: edit what tells of stories that have grown."""
        fence, room = self._tenure.fence, self._limits.room(now)
        due = self._edited is None or now - self._edited >= _EDIT_EVERY
        if not (self._channel.edits and due and fence is not None and room != 0):
            return
        self._edited = now
        resting = self._limits.resting(now).keys()
        claim = partial(
            edits.claim_edits,
            channel=self._channel.name,
            now=now,
            limit=room or _BATCH,
            fence=fence,
            skip_chats=resting,
        )
        for sending in await self._archive.write(claim):
            self._take_off(sending)

    async def _depart(self) -> None:
        """Claim and start messages until the room is used up, or nothing more may go."""
        while True:
            now = self._clock.now()
            room = self._limits.room(now)
            limit = _BATCH if room is None else min(room, _BATCH)
            if limit == 0 or _IN_FLIGHT - len(self._flights) < limit:
                return  # full: a claim of few costs as much as one of many
            claimed = await self._archive.write(self._claiming(now, limit))
            for sending in claimed:
                self._take_off(sending)
            self._more = len(claimed) >= limit
            if not self._more:
                return

    def _claiming(self, now: datetime, limit: int) -> Callable[[Connection], list[Sending]]:
        """A claim of up to `limit` messages. It raises LeaseLost when another process is the sender."""
        key, fence = self._channel.key, self._tenure.fence
        if fence is None:
            raise LeaseLost("not the sender")
        claim = partial(
            outbox.claim,
            channel=self._channel.name,
            owner=self._owner,
            now=now,
            lease=_LEASE,
            limit=limit,
            notices=self._limits.room_for_notices(now),
            fence=fence,
            answered_at=self._line.answered_at,
            skip_chats=self._limits.resting(now).keys(),
            busy=self._limits.busy(now),
        )

        def as_sender(conn: Connection) -> list[Sending]:
            senders.hold(conn, key, fence, now)
            return claim(conn)

        return as_sender

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
        self._limits.took(sending.subscriber.chat, self._clock.now(), notice=sending.kind == "notice")
        work = self._dispatch.send(sending) if sending.edits is None else self._editing.edit(sending)
        flight = asyncio.create_task(work)
        self._flights.add(flight)
        flight.add_done_callback(self._landed)

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flights.discard(flight)
        self._landings += 1
        if len(self._flights) in {0, _IN_FLIGHT // 2}:
            self._wake.set()
        if not flight.cancelled() and (error := flight.exception()):
            log.error("delivery: a message could not be settled: %s", error)
