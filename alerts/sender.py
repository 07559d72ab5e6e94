"""Sends the messages of one sending, with the two remedies that need no decision: plain text, and a new group id.

Must not store or retry anything else: what an error means is decided in fate.py.
"""

import logging
from collections.abc import Awaitable, Callable

from alerts.channel import Channel
from alerts.message import Message
from core.errors import Ambiguous, BadMarkup, ChatMigrated, DeliveryError, MessageRefused
from core.redaction import one_line

log = logging.getLogger(__name__)


class Sender:
    """`moved` is told the old and the new id of a group before anything goes to the new one."""

    def __init__(self, channel: Channel, moved: Callable[[int, int], Awaitable[None]]) -> None:
        self._channel = channel
        self._moved = moved

    async def send(self, chat: int, messages: tuple[Message, ...]) -> int:
        """Send all parts; the id of the first. Raises DeliveryError.

        A later part is never worth a second copy of the first: its failure is MessageRefused.
        """
        first = await self._send(chat, messages[0])
        for part, message in enumerate(messages[1:], 2):
            try:
                await self._send(chat, message)
            except DeliveryError as error:
                raise MessageRefused(f"only {part - 1} of {len(messages)} parts went out: {error.reason}") from None
        return first

    async def _send(self, chat: int, message: Message, *, moved: bool = False) -> int:
        try:
            return await self._channel.send(chat, message)
        except BadMarkup as error:
            if not message.markup:
                raise
            log.warning("delivery: formatting refused, sent as plain text: %s", one_line(error.reason))
            return await self._send(chat, message.unformatted(), moved=moved)
        except ChatMigrated as error:
            if moved:
                raise
            await self._moved(chat, error.chat)
            return await self._send(error.chat, message, moved=True)
        except DeliveryError:
            raise
        except Exception as error:  # a bug of a channel: the message may have left
            log.exception("delivery: the channel failed")
            raise Ambiguous(f"{type(error).__name__} in the channel") from error
