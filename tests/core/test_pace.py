"""The rhythm of visits: what is learnt from a visit, and when the next one is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Outcome, Pace
from core.pace import (
    FLATNESS,
    LONGEST,
    SHORTEST,
    STEADY,
    is_burst,
    is_unconditional,
    lived,
    next_check,
    observed,
    silence,
    tempo,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
EVERY = timedelta(minutes=10)
HOUR = timedelta(hours=1)

FRESH = Outcome("news", "fresh", NOW, items=20)
UNCHANGED = Outcome("news", "unchanged", NOW, http_status=304)
FAILED = Outcome("news", "failed", NOW, reason="took longer than 30 s")


def wait(pace: Pace, outcome: Outcome = FRESH, **how: timedelta | bool | None) -> timedelta:
    """The time until the next visit, jitter left out."""
    due = next_check(pace, outcome, every=EVERY, **how)  # type: ignore[arg-type]  # own and probe as the test names them
    jitter = (next_check(Pace(), FRESH, every=EVERY) - NOW) / EVERY
    return (due - NOW) / jitter


def about(expected: timedelta) -> object:
    return pytest.approx(expected, abs=timedelta(seconds=1))


def test_an_unknown_source_is_seen_at_the_configured_gap() -> None:
    assert wait(Pace()) == about(EVERY)


def test_the_dates_of_a_first_listing_tell_its_rhythm() -> None:
    hourly = [NOW - i * HOUR for i in range(10)]
    assert observed(Pace(), replace(FRESH, new=10), hourly).gap == HOUR


def test_a_listing_with_one_date_for_all_tells_nothing() -> None:
    assert observed(Pace(), replace(FRESH, new=10), [NOW] * 10).gap is None


def test_new_items_draw_the_gap_towards_what_was_seen() -> None:
    before = Pace(gap=HOUR, last_new=NOW - 2 * HOUR)
    assert HOUR < (observed(before, replace(FRESH, new=1)).gap or HOUR) < 2 * HOUR
    assert (observed(before, replace(FRESH, new=8)).gap or HOUR) < HOUR


def test_a_source_with_an_item_every_fifty_five_minutes_is_seen_at_the_configured_gap() -> None:
    assert wait(Pace(gap=STEADY, last_new=NOW)) == about(EVERY)
    assert wait(Pace(gap=STEADY / 10, last_new=NOW)) == about(EVERY / 10**FLATNESS)


def test_a_silent_source_is_asked_less_and_less() -> None:
    waits = [wait(Pace(gap=HOUR, last_new=NOW - silent * HOUR), UNCHANGED) for silent in (0, 2, 8, 24, 24 * 30)]
    assert waits == sorted(waits)
    assert waits[0] == pytest.approx(waits[1], rel=0.01)
    assert waits[-1] > 10 * waits[0]


def day_and_night() -> Pace:
    """A source that has written every half hour from 4 to 20, and nothing at night, for a fortnight."""
    pace = Pace(last_new=NOW - timedelta(days=14))
    for half_hours in range(14 * 48):
        at = NOW - timedelta(days=14) + half_hours * HOUR / 2
        outcome = replace(FRESH, at=at, new=1) if 4 <= at.hour < 20 else replace(UNCHANGED, at=at)
        pace = observed(pace, outcome)
    return pace


def test_a_source_is_asked_less_in_the_hours_in_which_it_sleeps() -> None:
    pace = day_and_night()
    asleep, awake = NOW.replace(hour=23), NOW.replace(hour=10)
    assert tempo(pace.hours, asleep) < 0.3
    assert tempo(pace.hours, awake) > 1
    by_day = wait(replace(pace, last_new=NOW))
    at_night = next_check(replace(pace, last_new=asleep), replace(UNCHANGED, at=asleep), every=EVERY) - asleep
    assert at_night > 1.5 * by_day


def test_a_night_is_no_silence_and_does_not_widen_the_gap() -> None:
    pace = day_and_night()
    evening, morning = NOW.replace(hour=19), NOW.replace(hour=19) + 9 * HOUR
    assert silence(replace(pace, last_new=evening), morning) < 4 * HOUR
    assert pace.gap is not None
    after = observed(replace(pace, last_new=evening), replace(FRESH, at=morning, new=1))
    assert after.gap is not None
    assert after.gap < 1.3 * pace.gap


def test_a_burst_is_more_than_twenty_items_and_five_times_the_usual() -> None:
    half_hourly = Pace(gap=HOUR / 2, last_new=NOW)
    assert is_burst(21, half_hourly, NOW + HOUR)
    assert not is_burst(20, half_hourly, NOW + HOUR)
    assert is_burst(21, Pace(last_new=NOW), NOW + HOUR)


def test_neither_an_outage_nor_a_source_that_brings_its_items_once_a_day_makes_a_burst() -> None:
    assert not is_burst(80, Pace(gap=HOUR / 2, last_new=NOW), NOW + 10 * HOUR)
    assert not is_burst(30, Pace(gap=0.8 * HOUR, last_new=NOW - 24 * HOUR), NOW)


@given(st.lists(st.floats(0, 1000), min_size=24, max_size=24).map(tuple), st.integers(0, 23), st.floats(0, 100))
def test_time_lived_is_additive_and_a_day_is_a_day(hours: tuple[float, ...], split: int, length: float) -> None:
    begin, end = NOW, NOW + timedelta(hours=length)
    middle = begin + min(timedelta(hours=split), end - begin)
    parts = lived(hours, begin, middle) + lived(hours, middle, end)
    assert parts / HOUR == pytest.approx(lived(hours, begin, end) / HOUR, abs=1e-3)
    assert lived(hours, begin, begin + 24 * HOUR) == 24 * HOUR


def test_every_twelfth_visit_asks_for_the_whole_document() -> None:
    assert [visits for visits in range(40) if is_unconditional(visits)] == [11, 23, 35]


def test_the_wait_stays_between_two_minutes_and_a_day() -> None:
    assert wait(Pace(gap=timedelta(seconds=1), last_new=NOW)) == about(SHORTEST)
    assert wait(Pace(gap=timedelta(days=30000), last_new=NOW)) == about(LONGEST)


def test_its_own_every_is_the_longest_wait_of_a_healthy_source() -> None:
    rare = Pace(gap=timedelta(days=2), last_new=NOW)
    assert wait(rare, own=timedelta(minutes=30)) == about(timedelta(minutes=30))
    assert wait(Pace(gap=STEADY / 10, last_new=NOW), own=HOUR) == about(EVERY / 10**FLATNESS)
    assert wait(Pace(), own=timedelta(seconds=5)) == about(timedelta(seconds=5))


def test_failures_double_the_wait_by_their_weight_and_a_success_forgets_them() -> None:
    pace = Pace(gap=HOUR)
    gone = observed(pace, replace(FAILED, permanent=True, http_status=404))
    useless = observed(pace, replace(FAILED, http_status=500))
    silent = observed(pace, FAILED)
    assert (gone.failures, useless.failures, silent.failures) == (1.0, 0.5, 0.25)
    refused = [observed(pace, replace(FAILED, http_status=status)).failures for status in (403, 429, 503)]
    assert refused == [1.0, 1.0, 0.5]
    assert wait(gone, FAILED) == about(2 * EVERY)
    assert wait(replace(gone, failures=30.0), FAILED) == about(LONGEST)
    assert observed(gone, UNCHANGED).failures == 0
    assert observed(gone, FAILED).gap == HOUR


def test_a_hiccup_of_a_busy_source_is_measured_by_its_own_wait() -> None:
    busy = observed(Pace(gap=timedelta(minutes=5), last_new=NOW), FAILED)
    assert wait(busy, FAILED) < EVERY


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (timedelta(seconds=1), EVERY),
        (timedelta(hours=3), timedelta(hours=3)),
        (timedelta(days=400), LONGEST),
    ],
)
def test_retry_after_is_obeyed_within_reason(asked: timedelta, given: timedelta) -> None:
    outcome = replace(FAILED, http_status=429, retry_after=asked)
    due = next_check(Pace(), outcome, every=EVERY) - NOW
    assert due >= given * 0.9
    assert due <= given * 1.1


def test_retry_after_is_at_least_a_minute_even_for_a_hurried_source() -> None:
    outcome = replace(UNCHANGED, retry_after=timedelta(0))
    assert next_check(Pace(), outcome, every=EVERY, own=timedelta(seconds=1)) - NOW >= timedelta(seconds=60)


def test_a_probe_is_tried_daily_whatever_it_answers() -> None:
    assert wait(Pace(gap=HOUR), probe=True) == about(LONGEST)
    assert wait(Pace(failures=5.0), FAILED, probe=True) == about(LONGEST)


def test_jitter_parts_sources_and_is_always_the_same_for_one() -> None:
    dues = {next_check(Pace(), replace(FRESH, source=f"outlet-{i}"), every=EVERY) for i in range(100)}
    assert len(dues) == 100
    assert max(dues) - min(dues) <= 0.2 * EVERY
    assert next_check(Pace(), FRESH, every=EVERY) == next_check(Pace(), FRESH, every=EVERY)


GAPS = st.timedeltas(timedelta(0), timedelta(days=400))


@given(
    gap=st.none() | GAPS,
    silence=st.none() | GAPS,
    failures=st.floats(0, 100),
    status=st.sampled_from(["fresh", "unchanged", "failed"]),
    new=st.integers(0, 500),
    asked=st.none() | GAPS,
)
def test_nothing_is_dropped_for_good_and_nothing_is_hammered(
    gap: timedelta | None, silence: timedelta | None, failures: float, status: str, new: int, asked: timedelta | None
) -> None:
    before = Pace(gap, failures, last_new=NOW - silence if silence is not None else None)
    outcome = replace(FRESH, status=status, new=new, retry_after=asked)  # type: ignore[arg-type]  # drawn from the three
    after = observed(before, outcome)
    due = next_check(after, outcome, every=EVERY)
    assert NOW + SHORTEST * 0.9 <= due <= NOW + LONGEST * 1.1
