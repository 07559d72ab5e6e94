"""The nouns of Rasad as frozen values. They hold no behaviour beyond reading themselves.

Times are aware datetimes in UTC. Text offsets are code points into the original field.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, Protocol

Level = Literal["breaking", "normal", "low"]
FieldName = Literal["title", "summary", "text"]

FIELDS: tuple[FieldName, ...] = ("title", "summary", "text")
LEVELS: tuple[Level, ...] = ("low", "normal", "breaking")  # rising


# --- what is watched -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """An outlet's feed, site or channel as the operator configured it."""

    id: str
    name: str
    kind: str
    url: str
    language: str | None = None
    affiliation: str = "unknown"
    owner: str = ""  # outlets of one owner are linked when outlets are counted; the source's own id when not given
    every: timedelta | None = None
    full_text: bool = True
    enabled: bool = True
    probe: bool = False  # tried daily, nothing recorded
    selectors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """One spelling of a name, valid for articles published in [since, until)."""

    text: str
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NameSet:
    """A named set of spellings, used in rules as @id. Without a title it is a vocabulary: for rules, never reported."""

    id: str
    title: Mapping[str, str]  # language → title
    forms: tuple[Form, ...]
    not_: tuple[str, ...] = ()  # contexts that are somebody else
    weak: tuple[Form, ...] = ()  # count only after a rank or title, or near `context`
    context: tuple[str, ...] = ()  # spellings or @names that license a weak form
    rivals: tuple[str, ...] = ()  # ids of other bearers of the same surname


@dataclass(frozen=True, slots=True)
class Topic:
    """What subscribers follow: a rule, and the rules that raise or lower its level."""

    id: str
    title: Mapping[str, str]
    match: str
    level: Level = "normal"
    levels: Mapping[Level, str] = field(default_factory=dict)  # level → rule; breaking wins over low


# --- fetching and reading ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """A source whose visit this process has claimed."""

    source: Source
    etag: str | None = None
    last_modified: str | None = None
    first_visit: bool = False  # nothing of this source was ever recorded by a visit


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched document. `url` is where it was found in the end, `requested` where it was asked for."""

    url: str
    requested: str
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    fetched: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as a reader found it, not yet judged. `url` is canonical."""

    source: str
    url: str
    title: str
    text: str = ""
    summary: str = ""
    guid: str | None = None
    published: datetime | None = None
    published_raw: str = ""  # the date as the publisher printed it
    language: str | None = None
    authors: tuple[str, ...] = ()
    image: str | None = None
    aliases: tuple[str, ...] = ()  # other canonical addresses of it: feed link, redirects, rel=canonical
    listing: str = ""  # hash of what the listing said of it: changed means look again
    titled: bool = True  # False: its listing gave no title, words of its text or address stand in
    complete: bool = True  # False: its page could not be read, this is only what the listing said
    fetched: datetime | None = None


@dataclass(frozen=True, slots=True)
class Follow:
    """A draft whose text is on its own page, at `url` as the publisher wrote it."""

    url: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class Post:
    """A channel's post as far as it is no article: what its preview shows beside the text."""

    id: int
    last: int  # the highest id of an album; `id` for a single post
    views: int | None = None  # rounded, as shown
    edited: bool = False
    forwarded_from: str = ""  # the name of whom it was passed on from
    forwarded_url: str | None = None  # and the post or channel there, where it is public
    links: tuple[str, ...] = ()  # addresses in its text


@dataclass(frozen=True, slots=True)
class Channel:
    """What one page of a public channel shows of the channel. Posts rise by id, service messages among them."""

    name: str  # as in its address
    title: str
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a reader makes of one document of a source: what it lists, and where more of it is."""

    entries: tuple[Draft | Follow, ...]
    parts: tuple[str, ...] = ()  # the listings that it consists of, best first: a sitemap index
    older: str | None = None  # the page before this one: a channel
    channel: Channel | None = None


OutcomeStatus = Literal["fresh", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a visit ended: exactly one per visit."""

    source: str
    status: OutcomeStatus
    at: datetime
    items: int = 0  # what the listing held
    new: int = 0  # what was recorded as new, copies included
    reason: str = ""  # one plain sentence when failed
    permanent: bool = False
    http_status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """What is known of a source's rhythm. `gap` is the observed time between new items."""

    gap: timedelta | None = None
    failures: float = 0.0  # weighted: hard 1, soft ½, temporary ¼
    last_new: datetime | None = None
    last_visit: datetime | None = None


# --- matching ----------------------------------------------------------------------------------------------------


class Readable(Protocol):
    """What a rule can look at: drafts and archived articles both are."""

    @property
    def title(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def language(self) -> str | None: ...
    @property
    def published(self) -> datetime | None: ...
    @property
    def authors(self) -> tuple[str, ...]: ...


class Span(NamedTuple):
    """[start, end) in code points of the original field."""

    field: FieldName
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NameHit:
    name: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class TopicHit:
    topic: str
    level: Level
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """What the rules found in one article. An ambiguous mention is never among the names."""

    names: tuple[NameHit, ...] = ()
    topics: tuple[TopicHit, ...] = ()
    ambiguous: tuple[NameHit, ...] = ()


# --- judging -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells a draft's text from others, over normalised tokens: spacing, marks and letter variants do not count.

    `body` is "" where the body is too short to be anybody's own. `telling`: the body is long enough to name an article
    of its source whatever the headline; a shorter one may be the notice under which the source hides its articles.
    """

    body: str
    content: str  # of title and body
    telling: bool


@dataclass(frozen=True, slots=True)
class Known:
    """An archived article as far as judging needs it."""

    article: int
    story: int
    source: str
    url: str
    text_hash: str  # of the body: the same text elsewhere is a copy
    content_hash: str  # of title and body: another one at the same address is a revision
    complete: bool
    revision: int
    topics: frozenset[str] = frozenset()  # what its story has hit so far


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What the archive holds that bears on a draft."""

    same: Known | None = None  # this very article: by address, GUID of the source, or text within the source
    twin: Known | None = None  # the earliest article of another source with the same text


ArrivalKind = Literal["live", "first_round", "backlog", "held", "import"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a draft came to us, which decides whether it may ping.

    live: any later visit. first_round: the archive was empty (one digest follows). backlog: the first visit of a
    source added later; `alerted` counts its alerts so far per topic. held: the source may be somebody else's now, never
    alerts. import: never alerts.
    """

    kind: ArrivalKind = "live"
    catch_up: timedelta = timedelta(hours=6)
    alerted: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert that is born: to whom it goes is the archive's business."""

    topic: str
    level: Level
    occasion: str = "first"  # first | level:N | turn:N | revision:ID


Action = Literal["new", "copy", "revision", "known"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with a draft, and why."""

    action: Action
    why: str
    fingerprint: Fingerprint
    known: Known | None = None  # the article that is revised or seen again
    duplicate_of: Known | None = None
    matches: Matches = Matches()
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """An archived article as it is exported, searched and shown."""

    id: int
    story: int
    source: str
    source_name: str
    url: str
    title: str
    text: str
    summary: str
    language: str | None
    published: datetime | None
    published_raw: str
    fetched: datetime
    recorded: datetime
    first_alert: datetime | None
    authors: tuple[str, ...]
    image: str | None
    guid: str | None
    duplicate_of: int | None
    revision: int  # 1 for the first text
    sha256: str | None  # of the fetched bytes, where they are kept
    matches: Matches
    withdrawn: datetime | None = None  # when its publisher was seen to have taken it back
