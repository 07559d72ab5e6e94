"""In which state a source is, decided from what was known of it and how a visit ended. Pure; tells and stores nothing.

One state at a time, the gravest: what is wrong with a source that does not answer is not that it has no dates.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, cast

from core.model import Outcome, Pace
from core.pace import silence

State = Literal["", "gone", "blocked", "failing", "empty", "moved", "quiet", "thin", "encoding", "undated"]
DOWN: frozenset[State] = frozenset({"gone", "blocked", "failing"})  # no news come from it

FAILED_OFTEN, FAILED_LONG = 3, timedelta(minutes=30)  # both, else it is a hiccup
REFUSED_OFTEN = 2  # blocked and gone are said, not guessed: one more look is enough
BARREN_OFTEN = 3
MOVED_OFTEN, MOVED_LONG = 3, timedelta(hours=24)
QUIET_GAPS, QUIET_LEAST = 10, timedelta(hours=12)
GARBLED_SHARE = 0.2
UNDATED_LEAST = 3  # items
BASELINE_DAYS = 7
THIN_SHARE, THIN_PAGES, BASELINE_PAGES = 0.5, 10, 20


class Day(NamedTuple):
    """How many articles' own pages a source gave on a day, and how many of them could be read."""

    day: int  # proleptic ordinal in UTC
    pages: int
    pages_read: int


@dataclass(frozen=True, slots=True)
class Health:
    """What is remembered of a source between visits, and the state that follows from it."""

    state: State = ""
    since: datetime | None = None  # when it began, as far as visits can tell
    reason: str = ""
    failed: int = 0  # visits in a row
    failed_since: datetime | None = None
    barren: int = 0  # visits in a row whose listing had no item
    moved_to: str = ""
    moved_since: datetime | None = None
    moved_seen: int = 0  # visits in a row that were led there
    extraction: tuple[Day, ...] = ()  # the last days, the present one at the end


ADVICE: dict[State, str] = {
    "gone": "look for its successor: rasad sources discover SITE",
    "blocked": "open it in a browser; from elsewhere it may answer: give it a proxy",
    "failing": "see each step: rasad sources test ID",
    "empty": "open its address: the listing may have moved, or its selectors fit no longer",
    "moved": "put the new address into config.toml",
    "quiet": "compare with the site: this listing may be abandoned",
    "thin": "its pages have changed: see rasad sources test ID, or give it selectors",
    "encoding": "letters arrive wrongly decoded: see rasad sources test ID",
    "undated": "give it a selector for dates; alerts go by when items are first seen",
}
"""What an operator can do, by state."""


def after(before: Health, outcome: Outcome, pace: Pace) -> Health:
    """The health after a visit that ended so; `pace` is what is known of the rhythm after it."""
    noted = _noted(before, outcome)
    state, since, reason = _failed(noted, outcome) if outcome.status == "failed" else _answered(noted, outcome, pace)
    if state == before.state:
        since = before.since
    return replace(noted, state=state, since=since, reason=reason)


def _noted(before: Health, outcome: Outcome) -> Health:
    """The counts with this visit in them."""
    if outcome.status == "failed":
        return replace(before, failed=before.failed + 1, failed_since=before.failed_since or outcome.at)
    noted = replace(before, failed=0, failed_since=None)
    if outcome.status == "fresh":
        noted = replace(noted, barren=0 if outcome.items else before.barren + 1)
    elif before.barren:
        noted = replace(noted, barren=before.barren + 1)  # the same empty document
    return replace(_moved(noted, outcome), extraction=_tally(before, outcome))


def _moved(before: Health, outcome: Outcome) -> Health:
    if not outcome.moved_to:
        return replace(before, moved_to="", moved_since=None, moved_seen=0)
    if outcome.moved_to != before.moved_to:
        return replace(before, moved_to=outcome.moved_to, moved_since=outcome.at, moved_seen=1)
    return replace(before, moved_seen=before.moved_seen + 1)


def _tally(before: Health, outcome: Outcome) -> tuple[Day, ...]:
    """The days with this visit's pages. While extraction is thin its days do not become the measure of themselves."""
    today = outcome.at.toordinal()
    last = before.extraction[-1] if before.extraction and before.extraction[-1].day == today else Day(today, 0, 0)
    thin_since = before.since.toordinal() if before.state == "thin" and before.since else today
    past = [each for each in before.extraction if each.day < min(today, thin_since)]
    now = Day(today, last.pages + outcome.pages, last.pages_read + outcome.pages_read)
    return (*past[-BASELINE_DAYS:], now)


Finding = tuple[State, datetime | None, str]


def _failed(noted: Health, outcome: Outcome) -> Finding:
    """A state that was told stays until another is as sure; before that a failure changes nothing."""
    assert noted.failed_since is not None
    if outcome.trouble in ("gone", "blocked") and noted.failed >= REFUSED_OFTEN:
        return cast(State, outcome.trouble), noted.failed_since, outcome.reason
    long = outcome.at - noted.failed_since >= FAILED_LONG
    if noted.state not in DOWN and noted.failed >= FAILED_OFTEN and long:
        return "failing", noted.failed_since, outcome.reason
    return noted.state, noted.since, outcome.reason if noted.state == "failing" else noted.reason


def _answered(noted: Health, outcome: Outcome, pace: Pace) -> Finding:
    """The gravest of what is wrong with a source that answers."""
    found = (_empty(noted), _moved_away(noted, outcome), _quiet(pace, outcome), _thin(noted), _letters(noted, outcome))
    state, reason, since = next((each for each in found if each), ("", "", None))
    return state, since or outcome.at, reason


Suspicion = tuple[State, str, datetime | None] | None  # the time where the beginning is known


def _empty(noted: Health) -> Suspicion:
    return ("empty", "answers, but lists nothing", None) if noted.barren >= BARREN_OFTEN else None


def _moved_away(noted: Health, outcome: Outcome) -> Suspicion:
    since = noted.moved_since
    if since is None or noted.moved_seen < MOVED_OFTEN or outcome.at - since < MOVED_LONG:
        return None
    return "moved", f"moved for good to {noted.moved_to}", since


def _quiet(pace: Pace, outcome: Outcome) -> Suspicion:
    if pace.gap is None or silence(pace, outcome.at) <= max(QUIET_LEAST, QUIET_GAPS * pace.gap):
        return None
    return "quiet", f"nothing new; usually something every {_roughly(pace.gap)}", pace.last_new


def _thin(noted: Health) -> Suspicion:
    """Whether far fewer pages than before can be read; as long as there are too few to tell, as before."""
    *past, today = noted.extraction
    pages, read = sum(day.pages for day in past), sum(day.pages_read for day in past)
    if pages < BASELINE_PAGES:
        return None
    if today.pages < THIN_PAGES:
        return ("thin", noted.reason, noted.since) if noted.state == "thin" else None
    if today.pages_read / today.pages >= THIN_SHARE * read / pages:
        return None
    return "thin", f"{today.pages_read} of {today.pages} pages could be read today, {read} of {pages} before", None


def _letters(noted: Health, outcome: Outcome) -> Suspicion:
    """What is wrong with the document itself; one that is unchanged still has what was wrong with it."""
    if outcome.status == "unchanged":
        return (noted.state, noted.reason, noted.since) if noted.state in ("encoding", "undated") else None
    if outcome.items and outcome.garbled >= GARBLED_SHARE * outcome.items:
        return "encoding", f"{outcome.garbled} of {outcome.items} items look wrongly decoded", None
    if outcome.items >= UNDATED_LEAST and not outcome.dated:
        return "undated", f"none of its {outcome.items} items has a date that can be read", None
    return None


def _roughly(length: timedelta) -> str:
    """A length of time in its largest fitting unit."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if length.total_seconds() >= 2 * size:
            return f"{length.total_seconds() / size:.0f} {unit}"
    return "1 min"
