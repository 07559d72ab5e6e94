"""The right to send: taken, kept, lost, given back. One process at a time has it (archive/senders.py)."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from alerts.channel import Channel
from archive import senders
from archive.database import Archive

log = logging.getLogger(__name__)

_RENEW = senders.LEASE / 3


class Tenure:
    """`fence` is None while another process is the sender."""

    def __init__(self, archive: Archive, channel: Channel, owner: str, alive: Callable[[str], bool]) -> None:
        self.fence: int | None = None
        self._archive = archive
        self._channel = channel
        self._owner = owner
        self._alive = alive
        self._renewed: datetime | None = None
        self._told = False

    async def take(self, now: datetime) -> bool:
        """Become the sender, if nobody else is. The first time that somebody is, it is told."""
        self.fence = await self._archive.write(
            partial(
                senders.take,
                key=self._channel.key,
                channel=self._channel.name,
                owner=self._owner,
                now=now,
                alive=self._alive,
            )
        )
        self._renewed = now
        if self.fence is None and not self._told:
            self._told = True
            other = await self._archive.ask(partial(senders.holder, key=self._channel.key))
            log.warning("%s sends already: this process waits until it has ended", other or "another process")
        elif self.fence is not None and self._told:
            self._told = False
            log.warning("the other sender is gone: this process sends from now on")
        return self.fence is not None

    async def keep(self, now: datetime) -> None:
        """Renew the lease when a third of it is over. Raises LeaseLost."""
        if self.fence is not None and (self._renewed is None or abs(now - self._renewed) >= _RENEW):
            await self._archive.write(partial(senders.hold, key=self._channel.key, fence=self.fence, now=now))
            self._renewed = now

    def lost(self) -> None:
        """Another process has taken over."""
        self.fence = None
        self._told = True
        log.warning("another process sends now: this one waits")

    async def leave(self, now: datetime) -> None:
        """Let another process take over at once."""
        if self.fence is not None:
            await self._archive.write(partial(senders.leave, key=self._channel.key, fence=self.fence, now=now))
            self.fence = None

    async def tell(self, trouble: str = "") -> None:
        """Write why nothing is sent, for whoever looks; "" when it goes again."""
        if self.fence is not None:
            tell = partial(senders.note_trouble, key=self._channel.key, fence=self.fence, reason=trouble)
            await self._archive.write(tell)
