"""Who carries a story: its outlets, which of them are linked and why, and who had it first. Pure.

Carrying is not confirming: nothing here says that a story is true. Two outlets are linked when they have one owner,
when one's text is built of the other's, when one cites the other, or when both do so with a third. Quarantined sources
and withdrawn articles are not counted; what was copied from them still has them as a common origin. Who denies what
others claim does not carry it.
"""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.dates.hours import hours
from core.stories.standing import Member
from core.text import fold

Reason = Literal["owner", "copy", "derived", "citation"]


@dataclass(frozen=True, slots=True)
class Link:
    """Why an outlet is not counted apart from another: which rule linked the two."""

    outlet: str
    to: str
    reason: Reason
    article: int  # of the first outlet, which shows it


@dataclass(frozen=True, slots=True)
class Carriage:
    """The outlets of a story by name, in order of arrival, and the groups of those that are linked."""

    outlets: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    links: tuple[Link, ...] = ()
    origin: str = ""  # to whom most of the links lead in the end; "" where there is none
    denied_by: tuple[str, ...] = ()

    @property
    def unlinked(self) -> int:
        """How many tell it without being linked to one another."""
        return len(self.groups)


def carriage(members: Sequence[Member], title: Callable[[str], str] = str) -> Carriage:
    """Who carries what these members tell. `title` names the outlets that are cited and are no source."""
    heard = [member for member in members if not member.quarantined and not member.withdrawn]
    counted = _carriers(heard)
    ties = _Ties()
    for member in members:
        for node in _nodes(member):
            ties.tie(("source", member.source), node)
    groups: dict[Hashable, dict[str, None]] = {}
    for member in counted:
        groups.setdefault(ties.root(("source", member.source)), {})[member.outlet] = None
    links = tuple(_links(counted, members, title))
    return Carriage(
        outlets=tuple(dict.fromkeys(member.outlet for member in counted)),
        groups=tuple(tuple(group) for group in groups.values()),
        links=links,
        origin=_origin(links),
        denied_by=tuple(dict.fromkeys(member.outlet for member in heard if member not in counted)),
    )


def first(members: Iterable[Member]) -> tuple[Member, ...]:
    """Those among whom the first is: nobody else was surely there before. In order of arrival.

    An article appeared between the source's visit before and the one that found it; without a visit before, its own
    time counts for the beginning, as far as it has an hour: without one it never wins where another may have.
    """
    heard = [member for member in members if not member.quarantined and member.seen is not None]
    counted = _carriers(heard)
    dated = [member for member in counted if _since(member) is not None] or counted
    ends = min((member.seen for member in dated if member.seen is not None), default=None)
    return tuple(member for member in dated if not _surely_after(member, ends))


def _carriers(members: list[Member]) -> list[Member]:
    """Those of the members that carry the story: where something grave is claimed, all who do not deny it."""
    claimed = any(member.account.grave for member in members)
    return [member for member in members if not (claimed and member.account.denies)]


def has_hour(member: Member) -> bool:
    """Whether the publisher's own time tells more than the day."""
    if member.published is None:
        return False
    if not member.printed:
        return member.published.hour + member.published.minute + member.published.second > 0
    return bool(hours(" ".join(map(fold, member.printed.split()))) or _HOURS.search(member.printed))


# An ISO time, seconds since 1970, "2 hours ago".
_HOURS = re.compile(r"\d[:٫]\d\d|\d{9,}|(?i:hour|minute|\bmin\b)|ساع|دقي|دقی")


def _since(member: Member) -> datetime | None:
    """The beginning of the time in which an article may have appeared."""
    return member.absent or (member.published if has_hour(member) else None)


def _surely_after(member: Member, seen: datetime | None) -> bool:
    since = _since(member)
    return since is not None and seen is not None and since >= seen and member.seen != seen


def _nodes(member: Member) -> list[Hashable]:
    """What ties an outlet to others that have the same."""
    nodes: list[Hashable] = [("owner", member.owner or member.source), ("article", member.article)]
    if member.match is not None:
        nodes.append(("article", member.match.article))
    return nodes + [("source", cited) for cited in sorted(member.account.cites)]


def _links(counted: Sequence[Member], members: Sequence[Member], title: Callable[[str], str]) -> Iterable[Link]:
    """One link for each reason, from the later outlet to the earlier, or to the one that is cited."""
    by_article = {member.article: member for member in members}
    by_source = {member.source: member.outlet for member in reversed(members)}
    owners: dict[str, Member] = {}
    for member in counted:
        owner = owners.setdefault(member.owner or member.source, member)
        if owner.source != member.source:
            yield Link(member.outlet, owner.outlet, "owner", member.article)
        original = by_article.get(member.match.article) if member.match is not None else None
        if original is not None and original.source != member.source and member.match is not None:
            reason: Reason = "copy" if member.match.evidence.tier == "copy" else "derived"
            yield Link(member.outlet, original.outlet, reason, member.article)
        for name in dict.fromkeys(by_source.get(cited) or title(cited) for cited in sorted(member.account.cites)):
            yield Link(member.outlet, name, "citation", member.article)


def _origin(links: Iterable[Link]) -> str:
    """Where the links of texts end: what most copy or cite, by way of others too."""
    told = [link for link in links if link.reason != "owner" and link.outlet != link.to]
    onward = {link.outlet: link.to for link in reversed(told)}
    return max(Counter(_end(link.to, onward) for link in told).items(), key=lambda item: item[1], default=("", 0))[0]


def _end(outlet: str, onward: dict[str, str]) -> str:
    passed = {outlet}
    while (following := onward.get(outlet)) is not None and following not in passed:
        outlet = following
        passed.add(outlet)
    return outlet


class _Ties:
    """Which nodes hang together (union-find)."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def root(self, node: Hashable) -> Hashable:
        while (above := self._above.get(node, node)) != node:
            node = above
        return node

    def tie(self, one: Hashable, other: Hashable) -> None:
        one, other = self.root(one), self.root(other)
        if one != other:
            self._above[other] = one
