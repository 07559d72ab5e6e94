"""One message edited in place, since its story has grown. What must not wait or be lost is none of its business."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from alerts.channel import Channel
from alerts.clock import Clock
from alerts.fate import fate_of
from alerts.ledger import Ledger
from alerts.line import Line
from alerts.message import Message
from alerts.press import Press
from archive import edits, outbox, subscribers
from core.errors import Ambiguous, ChatGone, DeliveryError, MessageGone, Throttled
from core.messages import Sending
from core.redaction import one_line
from settings import Edition

log = logging.getLogger(__name__)


class Editing:
    """An edit that may have arrived is not repeated: the next report of the story brings the next one."""

    def __init__(
        self, channel: Channel, edition: Callable[[], Edition], *, ledger: Ledger, line: Line, clock: Clock
    ) -> None:
        self._channel = channel
        self._edition = edition
        self._ledger = ledger
        self._line = line
        self._clock = clock
        self._press = Press()

    async def edit(self, sending: Sending) -> None:
        """Put what is known now in the place of the message; a new one where it stands no more."""
        assert sending.edits is not None
        edition = self._edition()
        (message,) = self._press.render(sending, topics=edition.settings.topics, edition=edition.number)
        try:
            await self._put(sending, sending.edits, message)
        except DeliveryError as error:
            await self._failed(sending, error)
        else:
            self._line.answered(self._clock.now())

    async def _put(self, sending: Sending, number: int, message: Message) -> None:
        chat = sending.subscriber.chat
        try:
            await self._channel.edit(chat, number, message)
        except MessageGone:
            new = await self._channel.send(chat, message)
            await self._ledger.write(partial(edits.replaced, sending=sending, message_id=new))

    async def _failed(self, sending: Sending, error: DeliveryError) -> None:
        log.warning("delivery: row %s not edited: %s", sending.rows[0], one_line(error.reason))
        who, now = sending.subscriber, self._clock.now()
        if not fate_of(error, sending, spends=False, now=now).answered:
            self._line.lost(now)  # else every message that is due to be edited would try, and fail
            if not isinstance(error, Ambiguous):
                await self._ledger.write(partial(edits.put_off, sending=sending))
        elif isinstance(error, Throttled):
            until = now + (error.retry_after or timedelta(0))
            park = partial(outbox.park, channel=who.channel, chat=who.chat, until=until, reason=error.reason)
            await self._ledger.write(park)
            await self._ledger.write(partial(edits.put_off, sending=sending))
        elif isinstance(error, ChatGone):
            await self._ledger.write(
                partial(subscribers.suspend, channel=who.channel, chat=who.chat, reason=error.reason, now=now)
            )
