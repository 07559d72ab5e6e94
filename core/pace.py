"""When to look at a source again. Pure: no clock, no chance; what varies between sources varies by their id."""

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
VISITS_PER_GAP = 2  # twice per usual gap: half a gap is the longest that a new item waits at a steady source
LEARNING = 0.3  # weight of the newest gap seen

HARD, SOFT, TEMPORARY = 1.0, 0.5, 0.25
MOST_FAILURES = 12.0  # beyond it the wait is the longest anyhow


def observed(before: Pace, outcome: Outcome, published: Sequence[datetime] = ()) -> Pace:
    """What is known of the rhythm after a visit. `published` are the dates of what the listing held."""
    if outcome.status == "failed":
        weighed = min(MOST_FAILURES, before.failures + weight(outcome))
        return replace(before, failures=weighed, last_visit=outcome.at)
    gap = before.gap or _usual_gap(published)
    if outcome.new and before.last_new is not None:
        seen = (outcome.at - before.last_new) / outcome.new
        gap = seen if gap is None else gap + LEARNING * (seen - gap)
    last_new = outcome.at if outcome.new else before.last_new
    return Pace(gap=gap, failures=0.0, last_new=last_new, last_visit=outcome.at)


def _usual_gap(published: Sequence[datetime]) -> timedelta | None:
    """The median gap between what a listing dates; None with fewer than four dates, or with one date for all."""
    newest = sorted(set(published), reverse=True)[:20]
    if len(newest) < 4:
        return None
    return timedelta(seconds=median((a - b).total_seconds() for a, b in pairwise(newest)))


def weight(outcome: Outcome) -> float:
    """How much a failure says about the source: gone or refused; answered but useless; perhaps only the line."""
    if outcome.permanent:
        return HARD
    return TEMPORARY if outcome.http_status is None or outcome.retry_after else SOFT


def next_check(
    pace: Pace,
    outcome: Outcome,
    *,
    every: timedelta,
    own: timedelta | None = None,
    probe: bool = False,
) -> datetime:
    """When the source is due again, after `outcome`, with `pace` as `observed` returned it.

    `every` is the wait until the rhythm is known, `own` the source's own longest wait while it is healthy (it may be
    shorter than the usual 2 minutes). A Retry-After is obeyed between 60 s and 24 h. Nothing is ever dropped: the
    longest wait is a day.
    """
    if probe:
        wait = PROBE_EVERY
    elif outcome.status == "failed":
        wait = min(LONGEST, max(SHORTEST, own or every) * 2.0**pace.failures)
    else:
        wait = _healthy(pace, outcome.at, every=every, own=own)
    wait *= 1 + JITTER * _share(outcome.source)
    if outcome.retry_after is not None:
        wait = max(wait, min(LONGEST, max(RETRY_SHORTEST, outcome.retry_after)))
    return outcome.at + wait


def _healthy(pace: Pace, now: datetime, *, every: timedelta, own: timedelta | None) -> timedelta:
    wait = every
    if pace.gap is not None:
        silence = now - pace.last_new if pace.last_new else timedelta(0)
        expected = max(pace.gap, silence / 2)  # a source that falls silent is asked less and less
        wait = max(SHORTEST, min(LONGEST, expected / VISITS_PER_GAP))
    return wait if own is None else min(wait, own)


def _share(source: str) -> float:
    """A number in [-1, 1) that is always the same for a source."""
    digest = hashlib.blake2b(source.encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 2**31 - 1
