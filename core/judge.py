"""THE decision: a draft, what the archive knows of it, the rules and the time → one Verdict. Pure; acts on nothing.

Every branch says why. Stories and near-duplicates deepen `Neighbours` and the branches here, not their callers.
"""

from collections.abc import Collection
from datetime import datetime

from core.model import Alert, Arrival, Draft, Fingerprint, Known, Matches, Neighbours, TopicHit, Verdict
from core.rules.match import RuleSet
from core.text import text_hash, tokenise

BACKLOG_ALERTS = 3  # per topic, of a source that was added later
OWN_TOKENS = 8  # «عاجل» or "Watch live" is every outlet's text: a shorter body makes nothing a copy
TELLING_TOKENS = 100  # a consent notice or a paywall's teaser is shorter


def fingerprint_of(draft: Draft) -> Fingerprint:
    """What tells the draft's text from others."""
    title, body = tokenise(draft.title), tokenise(draft.text or draft.summary)
    return Fingerprint(
        body=text_hash(body) if len(body) >= OWN_TOKENS else "",
        content=text_hash(title, body),
        telling=len(body) >= TELLING_TOKENS,
    )


def judge(
    draft: Draft, fingerprint: Fingerprint, neighbours: Neighbours, rules: RuleSet, arrival: Arrival, now: datetime
) -> Verdict:
    """Decide whether `draft` is new, a copy, a revision or known, what it hits, and which alerts are born.

    `fingerprint` is the draft's fingerprint, by which the neighbours were found.
    """
    if neighbours.same is not None:
        return _seen_again(draft, fingerprint, neighbours.same, rules, arrival, now)
    matches = rules.match(draft)
    twin = neighbours.twin
    told: Collection[str] = twin.topics if twin is not None else ()
    return Verdict(
        action="copy" if twin is not None else "new",
        why=f"the same text as article {twin.article}" if twin is not None else "not seen before",
        fingerprint=fingerprint,
        duplicate_of=twin,
        matches=matches,
        alerts=_alerts(matches, told, draft, arrival, now),
    )


def _seen_again(
    draft: Draft, fingerprint: Fingerprint, known: Known, rules: RuleSet, arrival: Arrival, now: datetime
) -> Verdict:
    why = _why_revised(draft, known, fingerprint.content)
    if why is None:
        reason = "already archived" if draft.complete else "its page could not be read: the archived text stays"
        return Verdict("known", reason, fingerprint, known=known)
    matches = rules.match(draft)
    return Verdict(
        action="revision",
        why=why,
        fingerprint=fingerprint,
        known=known,
        matches=matches,
        alerts=_alerts(matches, known.topics, draft, arrival, now),
    )


def _why_revised(draft: Draft, known: Known, content: str) -> str | None:
    """Why the archived text gives way to the draft's, or None. A poorer copy never replaces a full one."""
    if content == known.content_hash or (known.complete and not draft.complete):
        return None
    # Another source that lists this address has seen the article; only its own source edits it.
    if draft.source != known.source:
        return None
    return "edited by its publisher" if known.complete else "its full text arrived"


def _alerts(
    matches: Matches, told: Collection[str], draft: Draft, arrival: Arrival, now: datetime
) -> tuple[Alert, ...]:
    """The alerts of topics that are newly hit, as far as this kind of arrival may ping."""
    return tuple(
        Alert(hit.topic, hit.level)
        for hit in matches.topics
        if hit.topic not in told and _may_ping(hit, draft, arrival, now)
    )


def _may_ping(hit: TopicHit, draft: Draft, arrival: Arrival, now: datetime) -> bool:
    match arrival.kind:
        case "live":
            return True
        case "backlog":
            fresh = draft.published is not None and draft.published >= now - arrival.catch_up
            return fresh and arrival.alerted.get(hit.topic, 0) < BACKLOG_ALERTS
        case _:
            return False  # a first round ends in one digest; what is held or imported never alerts
