"""What is told, to whom: subscribers, the cards of a message, notices. Frozen values, as in core.model."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.model import Level, Span


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A chat that alerts go to. `channel` is telegram or terminal; `chat` is that channel's own id."""

    id: int
    channel: str
    chat: int
    language: str
    timezone: str
    follows_all: bool
    topics: frozenset[str]  # chosen ones, when not all


@dataclass(frozen=True, slots=True)
class Card:
    """What a message tells of one story, by its first article."""

    story: int
    article: int
    title: str
    summary: str
    text: str
    url: str
    language: str | None
    source: str
    source_name: str
    affiliation: str
    published: datetime | None
    fetched: datetime
    recorded: datetime
    topics: tuple[tuple[str, Level], ...]  # why this chat gets it
    spans: tuple[Span, ...]  # matched words
    also: tuple[str, ...] = ()  # names of the other outlets that carry it


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the monitor itself that its admins are told: a word of the catalogues and what it speaks of."""

    word: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sending:
    """One claimed message: all outbox rows of one chat and story, one digest, or the notices that wait for a chat."""

    rows: tuple[int, ...]
    subscriber: Subscriber
    kind: Literal["alert", "digest", "notice"]
    cards: tuple[Card, ...]
    attempt: int  # attempts spent before this one
    born: datetime
    total: int = 0  # digest: how many stories there were before the cut
    notices: tuple[Notice, ...] = ()
