"""When to look at a source again. Pure: no clock, no chance; what varies between sources varies by their id.

The wait grows with a power of the time between items. For a given number of visits the square root makes the mean time
from publication to fetch the shortest (minimise Σ rate·wait/2 under Σ 1/wait = budget); somewhat less than that spares
the longest times, which are those that people notice: benchmarks/pace.py.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from core.model import Outcome, Pace

SHORTEST = timedelta(minutes=2)
LONGEST = timedelta(hours=24)
RETRY_SHORTEST = timedelta(seconds=60)
PROBE_EVERY = timedelta(hours=24)
JITTER = 0.1  # ± share of the wait
STEADY = timedelta(minutes=55)  # a source with this gap between items is seen at the configured gap between visits
FLATNESS = 0.4  # the power
MEMORY = 16  # items: so many new ones weigh as much as all that is known of the gap

BURST_LEAST, BURST_TIMES = 20, 5

UNCONDITIONAL_EVERY = 12  # visits: some servers send the same ETag with new content

HOUR = timedelta(hours=1)
FADE = timedelta(days=5)  # after so long an item counts half in the hours of the day
PRIOR = 0.5  # items that every hour is taken to have had: a few items make no rhythm

HARD, SOFT, TEMPORARY = 1.0, 0.5, 0.25
LEAVE_ALONE = (403, 429)  # answers that ask for it
MOST_FAILURES = 12.0  # beyond it the wait is the longest anyhow


def is_unconditional(visits: int) -> bool:
    """Whether the visit after so many is to ask for the whole document, whatever the validators say."""
    return visits % UNCONDITIONAL_EVERY == UNCONDITIONAL_EVERY - 1


def observed(before: Pace, outcome: Outcome, published: Sequence[datetime] = ()) -> Pace:
    """What is known of the rhythm after a visit. `published` are the dates of what the listing held."""
    if outcome.status == "failed":
        weighed = min(MOST_FAILURES, before.failures + weight(outcome))
        return replace(before, failures=weighed, last_visit=outcome.at)
    gap, hours = before.gap or _usual_gap(published), before.hours
    if outcome.new and before.last_new is not None:
        seen = lived(hours, before.last_new, outcome.at) / outcome.new
        gap = seen if gap is None else gap + outcome.new / (outcome.new + MEMORY) * (seen - gap)
        hours = _with_new(before, outcome)
    last_new = outcome.at if outcome.new else before.last_new
    return Pace(gap, 0.0, last_new, last_visit=outcome.at, last_success=outcome.at, hours=hours)


def _usual_gap(published: Sequence[datetime]) -> timedelta | None:
    """The median gap between what a listing dates; None with fewer than four dates, or with one date for all."""
    newest = sorted(set(published), reverse=True)[:20]
    if len(newest) < 4:
        return None
    return timedelta(seconds=median((a - b).total_seconds() for a, b in pairwise(newest)))


def weight(outcome: Outcome) -> float:
    """How much a failure says about the source: gone or refused; answered but useless; perhaps only the line."""
    if outcome.retry_after:
        return TEMPORARY
    if outcome.permanent or outcome.http_status in LEAVE_ALONE:
        return HARD
    return TEMPORARY if outcome.http_status is None else SOFT


# --- the source's own day ----------------------------------------------------------------------------------------


def tempo(hours: Sequence[float], moment: datetime) -> float:
    """How fast the source's day runs: its new items in this hour and its neighbours, 1 on the average of the day."""
    if not hours:
        return 1.0
    near = sum(hours[(moment.hour + step) % 24] for step in (-1, 0, 1)) / 3
    return (near + PRIOR) / (sum(hours) / 24 + PRIOR)


def lived(hours: Sequence[float], since: datetime, until: datetime) -> timedelta:
    """The time from `since` to `until` in average hours of the source: a night in which it sleeps is short."""
    if not hours:
        return until - since
    days, rest = divmod(until - since, 24 * HOUR)
    total, moment, end = days * 24 * HOUR, since, since + rest
    while moment < end:
        following = min(end, moment.replace(minute=0, second=0, microsecond=0) + HOUR)
        total += (following - moment) * tempo(hours, moment)
        moment = following
    return total


def _with_new(before: Pace, outcome: Outcome) -> tuple[float, ...]:
    """The hours of the day with what a visit found, older items faded."""
    assert before.last_new is not None
    faded = 0.5 ** ((outcome.at - before.last_new) / FADE)
    hours = [count * faded for count in before.hours or (0.0,) * 24]
    hours[outcome.at.hour] += outcome.new
    return tuple(round(count, 3) for count in hours)


def silence(pace: Pace, now: datetime) -> timedelta:
    """How long nothing new came, in average hours of the source; nothing for one that never had anything new."""
    return lived(pace.hours, pace.last_new, now) if pace.last_new else timedelta(0)


def is_burst(new: int, pace: Pace, now: datetime) -> bool:
    """Whether so many new items at once are far beyond what the rhythm makes expect since the last new one.

    An outage of hours makes no burst, nor does a source that brings its thirty items once a day.
    """
    if new <= BURST_LEAST:
        return False
    if pace.gap is None:
        return True
    usual = silence(pace, now) / max(pace.gap, timedelta(seconds=1))
    return new > BURST_TIMES * usual


# --- the next visit ----------------------------------------------------------------------------------------------


def next_check(
    pace: Pace,
    outcome: Outcome,
    *,
    every: timedelta,
    own: timedelta | None = None,
    probe: bool = False,
) -> datetime:
    """When the source is due again, after `outcome`, with `pace` as `observed` returned it.

    `every` is the wait until the rhythm is known and at a source with a new item every 55 minutes; `own` the source's
    own longest wait while it is healthy (it may be shorter than the usual 2 minutes). A Retry-After is obeyed between
    60 s and 24 h. Nothing is ever dropped: the longest wait is a day.
    """
    if probe:
        wait = PROBE_EVERY
    else:
        wait = _healthy(pace, outcome.at, every=every, own=own)
        if outcome.status == "failed":
            wait = min(LONGEST, max(SHORTEST, min(wait, own or every)) * 2.0**pace.failures)
    wait *= 1 + JITTER * share(outcome.source)
    if outcome.retry_after is not None:
        wait = max(wait, min(LONGEST, max(RETRY_SHORTEST, outcome.retry_after)))
    return outcome.at + wait


def _healthy(pace: Pace, now: datetime, *, every: timedelta, own: timedelta | None) -> timedelta:
    wait = every
    if pace.gap is not None:
        gap = max(pace.gap, silence(pace, now) / 2)  # a source that falls silent is asked less and less
        pulse = max(tempo(pace.hours, now), tempo(pace.hours, now + HOUR))  # a morning is not slept through
        wait = max(SHORTEST, min(LONGEST, every * (gap / pulse / STEADY) ** FLATNESS))
    return wait if own is None else min(wait, own)


def share(source: str) -> float:
    """A number in [-1, 1) that is always the same for a source."""
    digest = hashlib.blake2b(source.encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 2**31 - 1
