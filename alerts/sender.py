"""Sends one message, with the two remedies that need no decision: plain text, and a new group id.

Must not store or retry anything else: what an error means is decided in fate.py.
"""

import logging
from collections.abc import Awaitable, Callable

from alerts.channel import Channel
from alerts.message import Message
from core.errors import Ambiguous, BadMarkup, ChatMigrated, DeliveryError
from core.redaction import one_line

log = logging.getLogger(__name__)


class Sender:
    """`moved` is told the old and the new id of a group before anything goes to the new one."""

    def __init__(self, channel: Channel, moved: Callable[[int, int], Awaitable[None]]) -> None:
        self._channel = channel
        self._moved = moved

    async def send(self, chat: int, message: Message, *, reply_to: int | None = None, moved: bool = False) -> int:
        """Send it; its id. Raises DeliveryError."""
        try:
            return await self._channel.send(chat, message, reply_to=reply_to)
        except BadMarkup as error:
            if not message.markup:
                raise
            log.warning("delivery: formatting refused, sent as plain text: %s", one_line(error.reason))
            return await self.send(chat, message.unformatted(), reply_to=reply_to, moved=moved)
        except ChatMigrated as error:
            if moved:
                raise
            await self._moved(chat, error.chat)
            return await self.send(error.chat, message, moved=True)
        except DeliveryError:
            raise
        except Exception as error:  # a bug of a channel: the message may have left
            log.exception("delivery: the channel failed")
            raise Ambiguous(f"{type(error).__name__} in the channel") from error
