"""Rendered messages, made once for all chats that read the same: a fan-out renders per language, not per chat."""

from collections.abc import Mapping
from typing import Any, Protocol

from alerts.message import Message
from alerts.rendering import render
from core.messages import Sending
from core.model import Topic

_KEPT = 64


def _told(sending: Sending) -> tuple[Any, ...]:
    return tuple((notice.word, *sorted(notice.values.items())) for notice in sending.notices)


class Renderer(Protocol):
    """Makes messages of a sending."""

    def render(self, sending: Sending, *, topics: Mapping[str, Topic], edition: int) -> tuple[Message, ...]:
        """As message.render. `edition` numbers the topics, whose titles may change."""
        ...


class Press:
    """Remembers the latest messages by what they say and how their reader reads."""

    def __init__(self) -> None:
        self._kept: dict[Any, tuple[Message, ...]] = {}

    def render(self, sending: Sending, *, topics: Mapping[str, Topic], edition: int) -> tuple[Message, ...]:
        """As Renderer says."""
        reader = sending.subscriber
        reads = (reader.language, reader.timezone, reader.sound, reader.thread)
        digest = (sending.total, sending.span, sending.repeats, sending.burst, sending.coverage)
        key = (edition, *reads, sending.kind, *digest, sending.cards, _told(sending))
        messages = self._kept.pop(key, None) or render(sending, topics=topics)
        self._kept[key] = messages
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]  # the one used longest ago
        return messages
