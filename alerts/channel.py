"""The port through which messages leave: what a channel promises to the delivery. No channel's own details."""

from typing import Protocol

from alerts.limits import Rates
from alerts.message import Message


class Channel(Protocol):
    """A way to reach subscribers. Every fault comes out as a core.errors.DeliveryError, whose kind decides what
    becomes of the message; anything else that escapes is treated as Ambiguous."""

    @property
    def name(self) -> str:
        """As subscribers name it: telegram or terminal."""
        ...

    @property
    def key(self) -> str:
        """What must have one sender at a time: the same for every process that uses the same account. No secret."""
        ...

    @property
    def rates(self) -> Rates:
        """How fast it may be used."""
        ...

    async def send(self, chat: int, message: Message, *, reply_to: int | None = None) -> int:
        """Send one message, as a reply to another of ours where that still stands; its id. Raises DeliveryError."""
        ...

    @property
    def edits(self) -> bool:
        """Whether a message can be edited."""
        ...

    async def edit(self, chat: int, number: int, message: Message) -> None:
        """Put `message` in the place of one of ours; the same again is no fault. Raises DeliveryError, MessageGone."""
        ...

    async def probe(self) -> None:
        """Ask for a sign of life that changes nothing. Raises DeliveryError without one."""
        ...

    async def close(self) -> None:
        """Let go of connections; harmless when repeated."""
        ...
