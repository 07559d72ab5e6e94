"""How fast messages may go: per chat and overall, and who must rest. Pure; `now` is passed in. Sends nothing.

Telegram's limits (https://core.telegram.org/bots/faq, "My bot is hitting limits"): about one message a second to
a chat, 20 a minute to a group, 30 a second in all. Ours stay below. The library's own limiter has none per private
chat, and halts everything on one 429.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

_FLOOD_WINDOW = timedelta(seconds=5)
_FLOOD_CHATS = 3


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` within any stretch of `per`."""

    most: int
    per: timedelta


@dataclass(frozen=True, slots=True)
class Rates:
    """None means unlimited."""

    chat: Rate | None = Rate(1, timedelta(seconds=1))
    group: Rate | None = Rate(18, timedelta(minutes=1))
    overall: Rate | None = Rate(25, timedelta(seconds=1))


UNLIMITED = Rates(None, None, None)


class Limits:
    """Remembers what went out. Group chats have negative ids."""

    def __init__(self, rates: Rates = UNLIMITED) -> None:
        self._rates = rates
        self._sent: deque[datetime] = deque()
        self._sent_to: dict[int, deque[datetime]] = {}
        self._parked: dict[int, datetime] = {}
        self._throttled: deque[tuple[datetime, int, datetime]] = deque()  # when, chat, until
        self._paused_until: datetime | None = None

    def room(self, now: datetime) -> int | None:
        """How many messages may go now in all; None for any number."""
        if self._paused_until and now < self._paused_until:
            return 0
        rate = self._rates.overall
        if rate is None:
            return None
        while self._sent and self._sent[0] <= now - rate.per:
            self._sent.popleft()
        return max(0, rate.most - len(self._sent))

    def resting(self, now: datetime) -> dict[int, datetime]:
        """The chats to which nothing may go now, and until when."""
        self._forget(now)
        parked = dict(self._parked)
        for chat, moments in self._sent_to.items():
            for rate in self._rates_of(chat):
                if len(moments) >= rate.most and moments[-rate.most] + rate.per > now:
                    until = moments[-rate.most] + rate.per
                    parked[chat] = max(until, parked.get(chat, until))
        return parked

    def took(self, chat: int, now: datetime) -> None:
        """A message is on its way to `chat`."""
        if self._rates.overall:
            self._sent.append(now)
        if any(self._rates_of(chat)):
            self._sent_to.setdefault(chat, deque(maxlen=64)).append(now)

    def park(self, chat: int, until: datetime) -> None:
        """Nothing goes to `chat` before `until`."""
        self._parked[chat] = max(until, self._parked.get(chat, until))

    def throttled(self, chat: int, until: datetime, now: datetime) -> None:
        """`chat` was answered with 429. Three chats within 5 s: everything pauses for the longest of them."""
        self.park(chat, until)
        self._throttled.append((now, chat, until))
        while self._throttled[0][0] < now - _FLOOD_WINDOW:
            self._throttled.popleft()
        if len({each for _, each, _ in self._throttled}) >= _FLOOD_CHATS:
            self._paused_until = max(end for _, _, end in self._throttled)

    def next_change(self, now: datetime) -> datetime | None:
        """When something that is held back now may go; None when nothing is."""
        moments = list(self.resting(now).values())
        if self.room(now) == 0:
            moments = [self._paused_until] if self._paused_until and now < self._paused_until else []
            if self._rates.overall and self._sent:
                moments.append(self._sent[0] + self._rates.overall.per)
        return min(moments, default=None)

    def _rates_of(self, chat: int) -> Iterator[Rate]:
        if self._rates.chat:
            yield self._rates.chat
        if chat < 0 and self._rates.group:
            yield self._rates.group

    def _forget(self, now: datetime) -> None:
        self._parked = {chat: until for chat, until in self._parked.items() if until > now}
        longest = max((rate.per for rate in (self._rates.chat, self._rates.group) if rate), default=timedelta(0))
        idle = [chat for chat, moments in self._sent_to.items() if moments[-1] <= now - longest]
        for chat in idle:
            del self._sent_to[chat]
