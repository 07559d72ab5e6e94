"""The nouns of Rasad as frozen values. They hold no behaviour beyond reading themselves.

Times are aware datetimes in UTC. Text offsets are code points into the original field.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

if TYPE_CHECKING:  # they are built of the nouns here
    from core.stories.attribution import Outlets
    from core.stories.standing import Account, Match, Standing, Turn
    from core.stories.story import Place

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
    timezone: str | None = None  # of its dates that name no zone; None: the newsroom's
    proxy: str | None = None  # address without a password; "": none; None: the one for all


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
    visits: int = 0  # settled before this one
    trusts_guids: bool = True  # False: its GUIDs rotate, only its addresses tell its items apart
    quarantined: datetime | None = None  # from then on it is archived, and nobody is told


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched document. `url` is where it was found in the end, `requested` where it was asked for."""

    url: str
    requested: str
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    fetched: datetime
    moved: bool = False  # every redirect on the way here was permanent, and there was one


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
    post: "Post | None" = None  # what a channel's preview shows beside the text


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
    media: tuple[
        str, ...
    ] = ()  # photo | video | gif | round-video | voice | audio | document | sticker | location | poll


@dataclass(frozen=True, slots=True)
class KeptPost:
    """What was seen of an archived post beside its text: as it was last seen, unless said otherwise."""

    number: int
    last: int  # of an album, the number of its last picture
    views_first: int | None  # at the first sight, as rounded there
    views: int | None
    views_at: datetime  # when they were so for the first time
    edited: datetime | None  # when it was first seen to be edited; the preview does not say when it was
    forwarded_from: str
    forwarded_url: str | None
    links: tuple[str, ...]
    media: tuple[str, ...]


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
Trouble = Literal["", "unreached", "blocked", "gone"]  # of a visit that failed, where more is known than that


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
    trouble: Trouble = ""
    moved_to: str | None = None  # where permanent redirects led
    dated: int = 0  # of the items, those with a date
    garbled: int = 0  # of the items, those whose letters look wrongly decoded
    pages: int = 0  # articles' own pages that were asked for
    pages_read: int = 0  # of these, those that gave an article


@dataclass(frozen=True, slots=True)
class Pace:
    """What is known of a source's rhythm.

    `gap` is the observed time between new items, in hours as long as the source's average one: its nights count less.
    """

    gap: timedelta | None = None
    failures: float = 0.0  # weighted: hard 1, soft ½, temporary ¼
    last_new: datetime | None = None
    last_visit: datetime | None = None
    last_success: datetime | None = None
    hours: tuple[float, ...] = ()  # new items by the hour of the day in UTC, old ones faded; () before there were any


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


class TopicHit(NamedTuple):
    topic: str
    level: Level
    spans: tuple[Span, ...]
    grave: tuple[Span, ...] = ()  # words of @grave among those that make it breaking


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
    `named`: the headline is long enough to name, with its date, an article of its source of which there is no body.
    """

    body: str
    content: str  # of title and body
    telling: bool
    named: bool = False


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
    # the present text, with which an edited one is compared
    title: str = ""
    summary: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What the archive holds that bears on a draft."""

    same: Known | None = None  # this very article: by address, GUID of the source, or text within the source
    twin: Known | None = None  # the earliest article of another source with the same text
    match: "Match | None" = None  # the best match by its text, a copy or derived; None where it is `same`
    place: "Place | None" = None  # where it stands among the live stories; ids are the archive's
    standings: Mapping[int, "Standing"] = field(default_factory=dict)  # of the stories of all these, related ones too
    outlets: "Outlets | None" = None  # by which the sources are found to which its text attributes
    owner: str = ""  # of its source; "" stands for the source's own id
    outlet: str = ""  # the name of its source


ArrivalKind = Literal["live", "first_round", "backlog", "burst", "held", "import"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a draft came to us, which decides whether it may ping.

    live: any later visit. first_round: the archive was empty (one digest follows). backlog: the first visit of a
    source added later; `alerted` counts its alerts so far per topic. burst: far more than the source's
    usual at once: what is not breaking waits for one digest. held: the source may be somebody else's now, or is
    quarantined: never alerts. import: never alerts.
    """

    kind: ArrivalKind = "live"
    catch_up: timedelta = timedelta(hours=6)
    alerted: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edit:
    """What of an edited article is told: its former headline where that turned, the names that came or went."""

    was: str = ""
    entered: tuple[str, ...] = ()  # as the text writes them
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert that is born: to whom it goes is the archive's business.

    first: a topic is newly hit. level:N: it rose to LEVELS[N]. turn:N: the N-th turn, for those who got one of the
    story's alerts. revision:ARTICLE.NUMBER: that text of that article says something else. Each once for a story.
    """

    topic: str
    level: Level
    occasion: str = "first"
    turn: "Turn | None" = None
    edit: Edit | None = None
    unconfirmed: str = ""  # of a grave claim: the name of its single source


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
    story: int | None = None  # that it joins, or is in; None: it founds one
    related: tuple[int, ...] = ()  # stories that are shown with it
    match: "Match | None" = None  # with whose text it was compared: kept as the proof
    account: "Account | None" = None  # what it says as far as its story depends on it; None where nothing is written
    renews: bool = False  # what was told of its story is to be edited: another outlet, another text


@dataclass(frozen=True, slots=True)
class Article:
    """An archived article as it is exported, searched and shown."""

    id: int
    story: int  # the whole one, after merges
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
    revised: datetime | None = None  # when the present text was recorded
    post: KeptPost | None = None  # of a channel
    related: tuple[int, ...] = ()  # stories that are shown with its own
