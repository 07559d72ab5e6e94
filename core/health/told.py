"""What admins are told of the sources' health: once per change, many of one cause as one. Pure; sends nothing itself.

It compares how each source fares with what was told of it last, so nothing is lost or said twice whenever it is asked.
What was told is a state, "" after a recovery, or `with LABEL` for a source that was told among others of that label.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from core.health.states import DOWN, State
from core.messages import Notice
from core.model import Outcome, Pace, Source

REST = timedelta(minutes=45)  # from the first failure to the telling: others of the same cause may follow
RECOVERY_REST = timedelta(minutes=10)
JUST_NOW = timedelta(seconds=90)  # a little more than from one telling to the next
RELATED, WITHIN = 5, timedelta(minutes=30)  # so many that began to fail within so long are one matter
JOINS_FOR = timedelta(hours=24)  # who fails so long after the first of a matter belongs to it
NAMED = 12  # of the sources of one matter
GROUPED = "with "


@dataclass(frozen=True, slots=True)
class Standing:
    """How a source fares, and what was told of it last."""

    id: str
    name: str
    url: str
    language: str | None
    proxy: str  # by which it alone is visited; "" for none of its own
    state: State
    since: datetime
    reason: str
    told: str
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """The notices that are due, what has been told of which source then, and whom to look at soon."""

    notices: tuple[Notice, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()  # source → what is told of it now
    wake: tuple[str, ...] = ()  # sources of a matter that seems over


def doubt_of(source: Source, doubt: str) -> Notice:
    """That a channel may be somebody else's now, and why: an operator has to look at it."""
    return Notice("changed_hands", {"source": source.name, "id": source.id, "reason": doubt})


def burst_of(source: Source, new: int) -> Notice:
    """That a source brought far more at once than it usually does."""
    return Notice("burst", {"source": source.name, "id": source.id, "count": str(new)})


def news_of(source: Source, before: Pace, outcome: Outcome) -> Notice | None:
    """A probed source that answers, after it never did or had failed: that is worth a decision of the operator's."""
    silent_before = before.last_visit is None or before.failures > 0
    if source.probe and outcome.status != "failed" and silent_before:
        return Notice("probe_answers", {"source": source.name, "id": source.id})
    return None


def tell(standings: Sequence[Standing], now: datetime) -> Told:
    """What is to be told now of all the sources that are watched."""
    fallen = [each for each in standings if each.state in DOWN and each.told not in DOWN and not _is_grouped(each)]
    joined = _joined(fallen, standings)
    fallen = [each for each in fallen if each.id not in dict(joined)]
    ripe = [each for each in fallen if each.since <= now - REST]
    matters = list(_matters(fallen, ripe))
    grouped = {each.id for _, members in matters for each in members}
    single = [each for each in ripe if each.id not in grouped] + [each for each in standings if _is_news(each)]
    back = _back(standings, now)
    notices = [_matter(label, members) for label, members in matters]
    notices += [_single(each) for each in single]
    notices += _recoveries(back)
    marks = [*joined, *((each.id, GROUPED + label) for label, members in matters for each in members)]
    marks += [(each.id, each.state) for each in (*single, *back)]
    return Told(tuple(notices), tuple(marks), _to_wake(standings, now))


def labels(each: Standing) -> tuple[str, str, str, str]:
    """What the source may share with others that fail: its own proxy, its country's domain, its language, the reason.
    "" where there is none.

    The country is read from the address alone: affiliation and owner tell who is behind an outlet, not by which network
    it is reached. What cannot be told from the address, the language stands for.
    """
    domain = (urlsplit(each.url).hostname or "").rpartition(".")[2]
    return each.proxy, f".{domain}" if len(domain) == 2 else "", each.language or "", each.reason


def _is_grouped(each: Standing) -> bool:
    return each.told.startswith(GROUPED)


def _is_news(each: Standing) -> bool:
    """A state that is told as soon as it begins: the source answers, so nobody else has to do with it."""
    return bool(each.state) and each.state not in DOWN and each.state != each.told


def _joined(fallen: Sequence[Standing], standings: Sequence[Standing]) -> list[tuple[str, str]]:
    """Those who belong to a matter that was told already: nothing more is said of them."""
    begun: dict[str, datetime] = {}
    for each in standings:
        if _is_grouped(each) and each.state in DOWN:
            begun[each.told] = min(begun.get(each.told, each.since), each.since)
    joined = []
    for each in fallen:
        known = (GROUPED + label for label in labels(each) if label)
        mark = next((mark for mark in known if mark in begun and each.since - begun[mark] <= JOINS_FOR), None)
        if mark is not None:
            joined.append((each.id, mark))
    return joined


def _matters(fallen: Sequence[Standing], ripe: Sequence[Standing]) -> Iterable[tuple[str, list[Standing]]]:
    """The labels that ≥ 5 sources share which began to fail within 30 minutes, the largest first; each source once.

    Only where at least one is ripe: a matter is told when the first of it would be.
    """
    left = list(fallen)
    while True:
        shared = {label: _cluster([each for each in left if label in labels(each)]) for label in _all_labels(left)}
        label = max(shared, key=lambda label: len(shared[label]), default="")
        members = shared.get(label, [])
        if len(members) < RELATED:
            return
        left = [each for each in left if each not in members]
        if any(each in ripe for each in members):
            yield label, members


def _all_labels(standings: Iterable[Standing]) -> list[str]:
    """What explains best comes first: the proxy, then the country, the language, the reason."""
    return [label for kind in zip(*map(labels, standings), strict=True) for label in dict.fromkeys(kind) if label]


def _cluster(members: list[Standing]) -> list[Standing]:
    """The most that began within 30 minutes of one another."""
    members = sorted(members, key=lambda each: each.since)
    runs = ([other for other in members[i:] if other.since - each.since <= WITHIN] for i, each in enumerate(members))
    return max(runs, key=len, default=[])


def _matter(label: str, members: Sequence[Standing]) -> Notice:
    return Notice("related_failures", {"label": label, "sources": _names(members)})


def _names(members: Sequence[Standing]) -> str:
    named = [each.name for each in members[:NAMED]]
    return ", ".join(named + ["…"] * (len(members) > NAMED))


def _single(each: Standing) -> Notice:
    values = {"source": each.name, "id": each.id, "reason": each.reason}
    if each.state == "moved":
        values["reason"] = each.moved_to
    return Notice(f"health_{each.state}", values)


def _back(standings: Sequence[Standing], now: datetime) -> list[Standing]:
    """Those that are well and were told otherwise, after a rest; of a matter all at once, when the first has rested."""
    well = [each for each in standings if not each.state and each.told]
    rested = [each for each in well if each.since <= now - RECOVERY_REST]
    matters = {each.told for each in rested if _is_grouped(each)}
    return [each for each in well if each in rested or each.told in matters]


def _recoveries(back: Sequence[Standing]) -> list[Notice]:
    """One notice per matter, one per source that was told alone."""
    alone = [Notice("health_well", {"source": each.name}) for each in back if not _is_grouped(each)]
    matters: dict[str, list[Standing]] = {}
    for each in back:
        if _is_grouped(each):
            matters.setdefault(each.told.removeprefix(GROUPED), []).append(each)
    return alone + [
        Notice("related_well", {"label": label, "sources": _names(members)}) for label, members in matters.items()
    ]


def _to_wake(standings: Sequence[Standing], now: datetime) -> tuple[str, ...]:
    """The others of a matter of which one has just answered again."""
    over = {each.told for each in standings if _is_grouped(each) and not each.state and each.since > now - JUST_NOW}
    return tuple(each.id for each in standings if each.told in over and each.state in DOWN)
