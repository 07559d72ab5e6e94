"""How fast messages may go: per chat and overall, and who must rest. Pure; `now` is passed in. Sends nothing.

Telegram's limits (https://core.telegram.org/bots/faq, "My bot is hitting limits"): about one message a second to
a chat, 20 a minute to a group, 30 a second in all. Ours stay below, and the 25 a second go in fives, so that few
are in flight at a time. The library's own limiter has none per private chat, and halts everything on one 429.
What outlives a process is read back from the archive at the start (delivery.py): what was sent, and the pause.
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
    """None means unlimited. `notices` go on top of `overall`; a chat that got `alone` has further alerts merged."""

    chat: Rate | None = Rate(1, timedelta(seconds=1))
    group: Rate | None = Rate(18, timedelta(minutes=1))
    overall: Rate | None = Rate(5, timedelta(milliseconds=200))
    notices: Rate | None = Rate(3, timedelta(seconds=1))
    alone: Rate | None = Rate(3, timedelta(minutes=1))


UNLIMITED = Rates(None, None, None, None, None)


class Limits:
    """Remembers what went out. Group chats have negative ids."""

    def __init__(self, rates: Rates = UNLIMITED) -> None:
        self._rates = rates
        self._sent: deque[datetime] = deque()
        self._notices: deque[datetime] = deque()
        self._sent_to: dict[int, deque[datetime]] = {}
        self._told: dict[int, deque[datetime]] = {}  # the same without replies
        self._throttled: deque[tuple[datetime, int, datetime]] = deque()  # when, chat, until
        self._paused_until: datetime | None = None

    def room(self, now: datetime) -> int | None:
        """How many messages may go now in all, notices aside; None for any number."""
        return self._room(self._rates.overall, self._sent, now)

    def room_for_notices(self, now: datetime) -> int | None:
        """How many notices may go now, whatever else goes; None for any number."""
        return self._room(self._rates.notices, self._notices, now)

    def resting(self, now: datetime) -> dict[int, datetime]:
        """The chats to which nothing may go now, and until when."""
        self._forget(now)
        rests: dict[int, datetime] = {}
        for chat, moments in self._sent_to.items():
            for rate in self._rates_of(chat):
                if (until := _full_until(moments, rate)) and until > now:
                    rests[chat] = max(until, rests.get(chat, until))
        return rests

    def busy(self, now: datetime) -> dict[int, datetime]:
        """The chats that got so many messages that further alerts wait for each other, and until when."""
        rate = self._rates.alone
        ends = {chat: _full_until(moments, rate) for chat, moments in self._told.items()} if rate else {}
        return {chat: until for chat, until in ends.items() if until and until > now}

    def took(self, chat: int, now: datetime, *, notice: bool = False) -> None:
        """A message is on its way to `chat`."""
        if notice and self._rates.notices:
            self._notices.append(now)
        elif self._rates.overall and not notice:
            self._sent.append(now)
        self.replied(chat, now)
        if self._rates.alone:
            self._told.setdefault(chat, deque(maxlen=self._rates.alone.most)).append(now)

    def replied(self, chat: int, now: datetime) -> None:
        """A person in `chat` is answered: messages to it keep their distance; it takes no room and merges nothing."""
        if any(self._rates_of(chat)):
            self._sent_to.setdefault(chat, deque(maxlen=64)).append(now)

    def reply_after(self, chat: int, now: datetime) -> datetime | None:
        """When a person who waits may be answered: at once (None), but for a pause and a group that had its share."""
        self._forget(now)
        pause = self._paused_until if self._paused_until and now < self._paused_until else None
        share = self._rates.group if chat < 0 else None
        full = _full_until(self._sent_to[chat], share) if share and chat in self._sent_to else None
        return max((moment for moment in (pause, full) if moment and moment > now), default=None)

    def throttled(self, chat: int, until: datetime, now: datetime) -> datetime | None:
        """`chat` was answered with 429. Three chats within 5 s: everything pauses for the longest, until the answer."""
        self._throttled.append((now, chat, until))
        while self._throttled[0][0] < now - _FLOOD_WINDOW:
            self._throttled.popleft()
        if len({each for _, each, _ in self._throttled}) < _FLOOD_CHATS:
            return None
        self.pause(max(end for _, _, end in self._throttled))
        return self._paused_until

    def pause(self, until: datetime) -> None:
        """Nothing goes to anybody before `until`."""
        self._paused_until = max(until, self._paused_until or until)

    def next_change(self, now: datetime) -> datetime | None:
        """When something that is held back now may go; None when nothing is."""
        if self._paused_until and now < self._paused_until:
            return self._paused_until
        moments = list(self.resting(now).values())
        for rate, sent in ((self._rates.overall, self._sent), (self._rates.notices, self._notices)):
            if rate and self._room(rate, sent, now) == 0:
                moments.append(sent[0] + rate.per)
        return min(moments, default=None)

    def forget(self) -> None:
        """As if nothing had gone out: what counts is told anew."""
        self._sent.clear()
        self._notices.clear()
        self._sent_to.clear()
        self._told.clear()
        self._paused_until = None

    def _room(self, rate: Rate | None, sent: deque[datetime], now: datetime) -> int | None:
        if self._paused_until and now < self._paused_until:
            return 0
        if rate is None:
            return None
        while sent and sent[0] <= now - rate.per:
            sent.popleft()
        return max(0, rate.most - len(sent))

    def _rates_of(self, chat: int) -> Iterator[Rate]:
        if self._rates.chat:
            yield self._rates.chat
        if chat < 0 and self._rates.group:
            yield self._rates.group

    def _forget(self, now: datetime) -> None:
        kept = (self._rates.chat, self._rates.group, self._rates.alone)
        longest = max((rate.per for rate in kept if rate), default=timedelta(0))
        for kind in (self._sent_to, self._told):
            for chat in [chat for chat, moments in kind.items() if moments[-1] <= now - longest]:
                del kind[chat]


def _full_until(moments: deque[datetime], rate: Rate) -> datetime | None:
    """When the rate that is used up has room again; None when it has now or had always."""
    return moments[-rate.most] + rate.per if len(moments) >= rate.most else None
