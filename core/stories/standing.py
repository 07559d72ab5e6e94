"""What is known of a story when an article may join it: who tells it, what was told of it. Frozen values, no behaviour.

The archive fills them for core.judge and core.stories.carriage; what they hold of an article was decided when that
article was judged (`Account`) and is kept with it.

A story is what may be silent together. An article whose place is not sure founds a story of its own, which is related
to the one it stands near; a later merge may unite them (merged_into), and the standing of what is united holds both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from core.model import Level
from core.stories.dedup import Evidence

Turn = Literal["denial", "second source", "withdrawal"]
"""Why a story that was told before is told again: each at most once for a story."""


@dataclass(frozen=True, slots=True)
class Account:
    """What an article says, as far as the standing of its story depends on it."""

    grave: bool = False  # claims something grave of a watched person: words of @grave are among what makes it breaking
    denies: bool = False  # denies something of what is watched; such an article claims nothing grave
    cites: frozenset[str] = frozenset()  # ids of the sources to which its text attributes


@dataclass(frozen=True, slots=True)
class Match:
    """The archived article whose text it shares most, the earliest of equals. `evidence.tier` is copy or derived."""

    article: int
    story: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story as its sources are counted and compared."""

    article: int
    source: str  # its id
    outlet: str  # the source's name as it is shown
    owner: str  # outlets of one owner are linked
    affiliation: str = "unknown"
    language: str | None = None
    published: datetime | None = None
    printed: str = ""  # that time as the publisher printed it: a date without an hour tells no order
    absent: datetime | None = None  # the source's visit before: it was not there. None: the source was never visited
    seen: datetime | None = None  # the visit that found it
    match: Match | None = None  # whose text it shares
    account: Account = Account()
    withdrawn: bool = False
    quarantined: bool = False  # its source may lie: archived, shown, never counted


@dataclass(frozen=True, slots=True)
class Standing:
    """A story as far as the next article may change it."""

    story: int
    # The highest level of each topic that it has hit or alerted so far, told or silently (a first round, an import).
    # What a held or quarantined source brought is left out: it told nobody and must not silence who tells it next.
    topics: Mapping[str, Level] = field(default_factory=dict)
    alerted: Mapping[str, Level] = field(default_factory=dict)  # as far as alerts were born
    told: frozenset[int] = frozenset()  # the articles of which they were born
    turns: frozenset[Turn] = frozenset()  # that were told
    # Those that claim something grave or deny it, in order of arrival; where a withdrawal is judged, all of them.
    members: tuple[Member, ...] = ()
    held: bool = False  # all its articles are of held or quarantined sources
