"""Who may do what with the bot, and how often. It knows the archive, not Telegram's objects."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from archive import subscribers
from core.messages import Subscriber
from settings import Settings

CHANNEL = "telegram"
_KEYS = 10_000  # chats remembered by one window, so that a flood of strangers costs no memory


@dataclass(slots=True)
class Window:
    """At most `most` events of one key within any stretch of `per`."""

    most: int
    per: timedelta
    _events: dict[int, deque[datetime]] = field(default_factory=dict)

    def allows(self, key: int, now: datetime) -> bool:
        """Count one event of `key`; False when it is one too many (which does not prolong the wait)."""
        events = self._events.pop(key, None) or deque(maxlen=self.most)
        self._events[key] = events  # the least recently seen key is the first
        if len(self._events) > _KEYS:
            del self._events[next(iter(self._events))]
        if len(events) == self.most and events[0] > now - self.per:
            return False
        events.append(now)
        return True


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who sends /start: in which chat, and with which token."""

    chat: int
    user: int
    language: str
    timezone: str
    token: str


def admit(conn: Connection, who: Applicant, settings: Settings, now: datetime) -> tuple[Subscriber, str] | None:
    """Make the chat a subscriber if it may be one: with the words to greet it, else None. One transaction.

    It may: with open access; for admins, also in their groups; with an invite; when it had access before.
    """
    known = subscribers.by_chat(conn, CHANNEL, who.chat)
    if known:
        return known, "start.again"
    before = subscribers.state_of(conn, CHANNEL, who.chat) is not None  # it stopped, or had blocked the bot
    if not (before or settings.telegram.access == "open" or who.user in settings.telegram.admins):
        in_group = who.chat != who.user
        insider = in_group and subscribers.by_chat(conn, CHANNEL, who.user) is not None
        if not insider and not (who.token and subscribers.redeem(conn, who.token, now)):
            return None
    joined = _join(conn, who, now)
    return joined, "start.resumed" if before else "start.joined"


def _join(conn: Connection, who: Applicant, now: datetime) -> Subscriber:
    return subscribers.join(conn, channel=CHANNEL, chat=who.chat, language=who.language, timezone=who.timezone, now=now)


def resume(conn: Connection, chat: int, now: datetime) -> bool:
    """The bot may write to a suspended chat again: its choices are as they were. False for any other chat."""
    if subscribers.state_of(conn, CHANNEL, chat) != "suspended":
        return False
    _join(conn, Applicant(chat, chat, "en", "UTC", ""), now)  # language and zone of a known subscriber stay
    return True
