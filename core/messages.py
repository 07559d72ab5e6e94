"""What is told, to whom: subscribers, the cards of a message, notices. Frozen values, as in core.model."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.model import Edit, Level, Span
from core.schedule import Every
from core.stories.standing import Turn


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
    sound: Literal["all", "breaking", "none"] = "all"  # which alerts ring
    thread: int | None = None  # of a forum: the topic in which its alerts stand


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
    # how its story stands
    turn: Turn | None = None  # what this article does to it
    about: str = ""  # of a turn: the headline that was told first
    edit: Edit | None = None  # of an edited article: what changed
    unconfirmed: str = ""  # of a grave claim: the name of its single source
    formerly: str = ""  # the name that was told so before, whoever carries it now
    outlets: int = 1  # that carry it
    unlinked: int = 1  # of these, how many are not linked to one another
    watches: tuple[tuple[str, str], ...] = ()  # what the reader's own rules among `topics` are called
    thread: int | None = None  # the forum topic where such a rule was typed
    denied_by: tuple[str, ...] = ()  # names of outlets that deny what these claim


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the monitor itself that its admins are told: a word of the catalogues and what it speaks of."""

    word: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a regular digest looks back on: how many sources answer, and what came between `since` and `until`."""

    every: Every
    since: datetime
    until: datetime
    up: int
    sources: int
    items: int
    copies: int  # of these


@dataclass(frozen=True, slots=True)
class Sending:
    """One claimed message: the outbox rows of one chat that it tells. An alert of several stories is a merged one."""

    rows: tuple[int, ...]
    subscriber: Subscriber
    kind: Literal["alert", "digest", "notice"]
    cards: tuple[Card, ...]
    attempt: int  # attempts spent before this one
    born: datetime
    total: int = 0  # digest: how many stories there were before the cut
    notices: tuple[Notice, ...] = ()
    shares: tuple[tuple[int, ...], ...] = ()  # merged: the rows of each card
    parts: int = 0  # of a message in parts: how many went out before
    fence: int = 0  # of the sender that claimed it
    reply_to: int | None = None  # of a turn or an edit: the first message about its story
    edits: int | None = None  # the message that it takes the place of
    span: tuple[datetime, datetime] | None = None  # digest after a gap: from when to when nothing was watched
    repeats: bool = False  # digest after a restore: what was sent since the backup is told again
    coverage: Coverage | None = None  # of a regular digest
    burst: str = ""  # digest of a burst: the outlet that brought it all at once
