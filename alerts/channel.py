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
    def rates(self) -> Rates:
        """How fast it may be used."""
        ...

    async def send(self, chat: int, message: Message) -> int:
        """Send one message and return the channel's id of it. Raises DeliveryError."""
        ...

    async def probe(self) -> None:
        """Ask for a sign of life that changes nothing. Raises DeliveryError without one."""
        ...

    async def close(self) -> None:
        """Let go of connections; harmless when repeated."""
        ...
