"""THE decision: a draft, what the archive knows of it, the rules and the time → one Verdict. Pure; acts on nothing.

Every branch says why.

    copy       the text of an archived article: it edits what its story told, and pings only a topic that the story did
               not hit (a wrong match must not silence it), or by denying what it copies
    derived    built of one, or
    sure place of one event with others: it edits too, and pings only where a topic is newly hit, the level rises or
               the story turns
    else       it founds a story and speaks for itself: a wrong merge silences an alert, a wrong split only repeats one

A story turns once by a denial of something grave, once by a second unlinked source for it, once by its withdrawal.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Literal

from core.model import (
    LEVELS,
    Alert,
    Arrival,
    Draft,
    Edit,
    Fingerprint,
    Known,
    Matches,
    Neighbours,
    TopicHit,
    Verdict,
)
from core.rules.match import RuleSet
from core.stories.carriage import carriage
from core.stories.dedup import Evidence
from core.stories.revisions import edit_of
from core.stories.standing import Account, Match, Member, Standing, Turn
from core.stories.turns import account_of
from core.text import text_hash, tokenise

BACKLOG_ALERTS = 3  # per topic, of a source that was added later
OWN_TOKENS = 8  # «عاجل» or "Watch live" is every outlet's text: a shorter body makes nothing a copy
TELLING_TOKENS = 100  # a consent notice or a paywall's teaser is shorter
TITLE_TOKENS = 4  # of a headline that can be told again from others of its day


def fingerprint_of(draft: Draft) -> Fingerprint:
    """What tells the draft's text from others."""
    title, body = tokenise(draft.title), tokenise(draft.text or draft.summary)
    return Fingerprint(
        body=text_hash(body) if len(body) >= OWN_TOKENS else "",
        content=text_hash(title, body),
        telling=len(body) >= TELLING_TOKENS,
        named=draft.titled and len(title) >= TITLE_TOKENS,
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """A draft with everything that bears on its alerts."""

    draft: Draft
    matches: Matches
    account: Account
    near: Neighbours
    arrival: Arrival
    now: datetime
    article: int = 0  # of a revision


@dataclass(frozen=True, slots=True)
class _Side:
    """The story at whose side a draft is put; None: it founds one."""

    how: Literal["copy", "part", "alone"]
    why: str
    story: int | None = None


def judge(
    draft: Draft, fingerprint: Fingerprint, neighbours: Neighbours, rules: RuleSet, arrival: Arrival, now: datetime
) -> Verdict:
    """Decide whether `draft` is new, a copy, a revision or known, which story it joins, and which alerts are born.

    `fingerprint` is the draft's fingerprint, by which the neighbours were found.
    """
    if neighbours.same is not None:
        return _seen_again(draft, fingerprint, neighbours.same, neighbours, rules, arrival, now)
    matches = rules.match(draft)
    if neighbours.twin is not None:
        neighbours = replace(neighbours, match=_same_words(draft, neighbours.twin))
    case = _Case(draft, matches, account_of(draft, matches), neighbours, arrival, now)
    side = _side(case)
    standing = _standing(neighbours, side.story)
    if matches.topics or (standing is not None and standing.topics):  # nobody counts the outlets of other stories
        case = replace(case, account=account_of(draft, matches, neighbours.outlets))
    return Verdict(
        action="copy" if side.how == "copy" else "new",
        why=side.why,
        fingerprint=fingerprint,
        duplicate_of=neighbours.twin,
        matches=matches,
        alerts=_alerts_of_new(case, side, standing),
        story=side.story,
        related=_related(neighbours, side),
        match=neighbours.match,
        account=case.account,
        renews=standing is not None and bool(standing.alerted),
    )


# --- at whose side ---------------------------------------------------------------------------------------------------


def _side(case: _Case) -> _Side:
    match, place = case.near.match, case.near.place
    if match is not None and (match.evidence.tier == "copy" or place is None or match.story == place.story):
        found = match.evidence  # a derived text that stands elsewhere shares background, not the report
        why = f"{found.why} as article {match.article}: {found.containment:.0%} of the word pairs"
        return _Side("copy" if found.tier == "copy" else "part", f"{found.tier}, {why}", match.story)
    if place is not None and place.sure:
        shared = f": {', '.join(place.shared)}" if place.shared else ""
        return _Side("part", f"the same event as story {place.story}{shared}", place.story)
    denied = _denied_story(case)
    if denied is not None:  # it is heard as a turn, so nothing is silenced if the place is wrong
        return _Side("part", f"denies what story {denied} tells", denied)
    if place is not None and place.story != place.article:
        return _Side("alone", f"near story {place.story}, not surely: it speaks for itself")
    return _Side("alone", "not seen before")


def _same_words(draft: Draft, twin: Known) -> Match:
    """The proof of a copy whose body is word for word the other's."""
    words = [token.form for token in tokenise(draft.text or draft.summary)]
    evidence = Evidence("copy", 1.0, len(set(pairwise(words))), None, 0.0, "the same words")
    return Match(twin.article, twin.story, evidence)


def _denied_story(case: _Case) -> int | None:
    """The story near the draft, on a topic of the draft, that it denies first."""
    place = case.near.place
    if place is None or not case.account.denies:
        return None
    topics = {hit.topic for hit in case.matches.topics}
    for story in (place.story, *place.related):
        standing = case.near.standings.get(story)
        if standing is not None and not topics.isdisjoint(standing.alerted) and _turn(case, standing) == "denial":
            return story
    return None


def _standing(near: Neighbours, story: int | None) -> Standing | None:
    """How a story stands; by what is known of its article, where the archive told no more."""
    if story is None or story in near.standings:
        return near.standings.get(story) if story is not None else None
    known = near.same or near.twin
    topics = known.topics if known is not None else frozenset()
    return Standing(story, topics=dict.fromkeys(topics, "breaking"), held=not topics)


def _related(near: Neighbours, side: _Side) -> tuple[int, ...]:
    place = near.place
    if place is None:
        return ()
    return tuple(sorted({place.story, *place.related} - {side.story, place.article}))


# --- a new article ---------------------------------------------------------------------------------------------------


def _alerts_of_new(case: _Case, side: _Side, standing: Standing | None) -> tuple[Alert, ...]:
    if standing is None or standing.held:  # held: whom it stands beside told nobody
        return _news(case, Standing(0))
    if side.how == "copy":
        if case.account.denies:  # the same words under the headline that they are untrue
            return _turns(case, standing)
        # What a copy hits and its original did not is its own: a wrong match must not silence it.
        return tuple(alert for alert in _news(case, standing) if alert.occasion == "first")
    return (*_news(case, standing), *_turns(case, standing))


def _news(case: _Case, standing: Standing, edit: Edit | None = None) -> tuple[Alert, ...]:
    """Topics that are newly hit, and those whose level rises, as far as this kind of arrival may ping."""
    weak = _weakness(case, standing)
    return tuple(
        Alert(hit.topic, hit.level, occasion, edit=edit, unconfirmed=weak if hit.grave else "")
        for hit in case.matches.topics
        if (occasion := _occasion(hit, standing)) and _may_ping(hit.topic, case)
    )


def _occasion(hit: TopicHit, standing: Standing) -> str:
    """Why a topic is told, or ""."""
    told = standing.topics.get(hit.topic)
    if told is None:
        return "first"
    risen = LEVELS.index(hit.level)
    return f"level:{risen}" if risen > LEVELS.index(told) else ""


def _may_ping(topic: str, case: _Case) -> bool:
    match case.arrival.kind:
        case "live" | "burst":  # of a burst what is not breaking waits for a digest
            return True
        case "backlog":
            return _is_fresh(case) and case.arrival.alerted.get(topic, 0) < BACKLOG_ALERTS
        case _:
            return False  # a first round ends in one digest; what is held or imported never alerts


def _is_fresh(case: _Case) -> bool:
    published = case.draft.published
    return published is not None and published >= case.now - case.arrival.catch_up


# --- turns -----------------------------------------------------------------------------------------------------------


def _turns(case: _Case, standing: Standing) -> tuple[Alert, ...]:
    """The alerts of a story that turns, for every topic of which it alerted."""
    turn = _turn(case, standing)
    may_ping = case.arrival.kind in ("live", "burst") or (case.arrival.kind == "backlog" and _is_fresh(case))
    return _told_again(standing, turn) if turn is not None and may_ping else ()


def _told_again(standing: Standing, turn: Turn) -> tuple[Alert, ...]:
    occasion = f"turn:{len(standing.turns) + 1}"
    return tuple(Alert(topic, level, occasion, turn=turn) for topic, level in sorted(standing.alerted.items()))


def _turn(case: _Case, standing: Standing) -> Turn | None:
    """How the draft turns a story that was told."""
    if not standing.alerted:
        return None
    claims = _claims(standing, case.article)
    if case.account.denies:
        heard = "denial" in standing.turns or not (claims or _is_undenied(standing, case.article))
        return None if heard else "denial"
    if not claims or not case.account.grave or "second source" in standing.turns:
        return None
    before, after = _unlinked(claims), _unlinked((*claims, _as_member(case, standing)))
    return "second source" if before < 2 <= after else None


def _weakness(case: _Case, standing: Standing) -> str:
    """The name of the single source of a grave claim; "" where there is no claim, or unlinked outlets carry it."""
    member = _as_member(case, standing)
    alone = case.account.grave and _unlinked((*_claims(standing, case.article), member)) < 2
    return member.outlet if alone else ""


def _claims(standing: Standing, but: int) -> list[Member]:
    """The members that claim something grave, without one."""
    return [member for member in standing.members if member.account.grave and member.article != but]


def _is_undenied(standing: Standing, but: int) -> bool:
    """Whether others than one article told the story, and none of them by denying it."""
    others = (member for member in standing.members if member.article != but)
    return bool(standing.told - {but}) and not any(member.account.denies for member in others)


def _unlinked(members: Sequence[Member]) -> int:
    return carriage(members).unlinked


def _as_member(case: _Case, standing: Standing) -> Member:
    """The draft beside the members of its story. An edited copy stays linked to what it was copied from."""
    source = case.draft.source
    kept = (member.match for member in standing.members if member.article == case.article)
    return Member(
        article=case.article,
        source=source,
        outlet=case.near.outlet or source,
        owner=case.near.owner or source,
        match=case.near.match or next(kept, None),
        account=case.account,
        quarantined=case.arrival.kind == "held",
    )


def judge_withdrawal(article: int, standing: Standing) -> tuple[Alert, ...]:
    """The alerts of a story one of whose articles is taken back: it turns when nobody else still carries it.

    `standing` has all members of the story; of one that claims something grave only those who claim it count.
    """
    carriers = [member for member in standing.members if member.account.grave] or list(standing.members)
    if "withdrawal" in standing.turns or article not in {member.article for member in carriers}:
        return ()
    if any(_still_tells(member) for member in carriers if member.article != article):
        return ()
    return _told_again(standing, "withdrawal")


def _still_tells(member: Member) -> bool:
    return not member.withdrawn and not member.quarantined


# --- seen before -----------------------------------------------------------------------------------------------------


def _seen_again(
    draft: Draft,
    fingerprint: Fingerprint,
    known: Known,
    neighbours: Neighbours,
    rules: RuleSet,
    arrival: Arrival,
    now: datetime,
) -> Verdict:
    why = _why_revised(draft, known, fingerprint.content)
    if why is None:
        reason = "already archived" if draft.complete else "its page could not be read: the archived text stays"
        return Verdict("known", reason, fingerprint, known=known, story=known.story)
    matches = rules.match(draft)
    account = account_of(draft, matches, neighbours.outlets if matches.topics else None)
    case = _Case(draft, matches, account, neighbours, arrival, now, known.article)
    standing = _standing(neighbours, known.story) or Standing(known.story)
    edit = _edit(draft, known, matches, rules) if known.complete else None
    return Verdict(
        action="revision",
        why=why,
        fingerprint=fingerprint,
        known=known,
        matches=matches,
        alerts=_alerts_of_edited(case, standing, known, edit),
        story=known.story,
        account=account,
        renews=bool(standing.alerted),
    )


def _why_revised(draft: Draft, known: Known, content: str) -> str | None:
    """Why the archived text gives way to the draft's, or None. A poorer copy never replaces a full one."""
    if content == known.content_hash or (known.complete and not draft.complete):
        return None
    # Another source that lists this address has seen the article; only its own source edits it.
    if draft.source != known.source:
        return None
    return "edited by its publisher" if known.complete else "its full text arrived"


def _edit(draft: Draft, known: Known, matches: Matches, rules: RuleSet) -> Edit | None:
    former = replace(draft, title=known.title, summary=known.summary, text=known.text)
    return edit_of(former, rules.match(former), draft, matches)


def _alerts_of_edited(case: _Case, standing: Standing, known: Known, edit: Edit | None) -> tuple[Alert, ...]:
    """What is new in it, or how it turns its story; else its edit, where readers were told of this very article."""
    born = (*_news(case, standing, edit), *_turns(case, standing))
    was_told = known.article in standing.told and case.arrival.kind in ("live", "burst")
    if born or edit is None or not was_told:
        return born
    occasion = f"revision:{known.article}.{known.revision + 1}"
    return tuple(Alert(topic, level, occasion, edit=edit) for topic, level in sorted(standing.alerted.items()))
