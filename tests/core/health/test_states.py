"""The state of a source: what each is decided by, what keeps it, and what ends it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.health.states import ADVICE, Day, Health, State, after
from core.model import Outcome, Pace

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIVELY = Pace(gap=HOUR, last_new=NOW)

FRESH = Outcome("daily", "fresh", NOW, items=20, dated=20)
UNCHANGED = Outcome("daily", "unchanged", NOW, http_status=304)
FAILED = Outcome("daily", "failed", NOW, reason="took longer than 30 s", trouble="unreached")
REFUSED = replace(FAILED, reason="answered 403", http_status=403, trouble="blocked")
GONE = replace(FAILED, reason="answered 410", http_status=410, trouble="gone", permanent=True)


def seen(outcomes: Iterable[Outcome], *, every: timedelta = HOUR, pace: Pace = LIVELY) -> Health:
    """The health after visits that ended so, an hour between them."""
    health = Health()
    for number, outcome in enumerate(outcomes):
        at = NOW + number * every
        health = after(health, replace(outcome, at=at), replace(pace, last_new=pace.last_new and at))
    return health


def states(outcomes: Iterable[Outcome], **how: timedelta) -> list[State]:
    outcomes = list(outcomes)
    return [seen(outcomes[: number + 1], **how).state for number in range(len(outcomes))]  # type: ignore[arg-type]  # every alone


def test_three_failures_over_half_an_hour_are_failing_and_one_answer_ends_it() -> None:
    assert states([FRESH, FAILED, FAILED, FAILED, FAILED, UNCHANGED]) == ["", "", "", "failing", "failing", ""]
    assert states([FAILED] * 5, every=timedelta(minutes=9)) == ["", "", "", "", "failing"]


def test_failing_counts_from_the_first_failure_and_gives_the_last_reason() -> None:
    health = seen([FRESH, FAILED, FAILED, FAILED, replace(FAILED, reason="name not found")])
    assert (health.since, health.reason) == (NOW + HOUR, "name not found")


def test_a_refusal_that_is_repeated_is_blocked_and_a_410_gone() -> None:
    assert states([FRESH, REFUSED, REFUSED]) == ["", "", "blocked"]
    assert states([FRESH, GONE, GONE]) == ["", "", "gone"]
    assert seen([REFUSED, REFUSED]).reason == "answered 403"


def test_what_was_said_stays_while_the_source_is_only_silent() -> None:
    assert states([REFUSED, REFUSED, FAILED, FAILED, FAILED, GONE]) == ["", *["blocked"] * 4, "gone"]


def test_a_hiccup_leaves_another_state_as_it_is() -> None:
    undated = replace(FRESH, dated=0)
    assert states([undated, FAILED, FAILED, undated]) == ["undated"] * 4


def test_a_listing_without_items_is_empty_at_the_third_look_even_if_it_says_unchanged() -> None:
    empty = replace(FRESH, items=0, dated=0)
    assert states([empty, UNCHANGED, UNCHANGED, FRESH]) == ["", "", "empty", ""]


def test_a_permanent_redirect_is_a_move_when_it_was_seen_three_times_over_a_day() -> None:
    moved = replace(FRESH, moved_to="https://new.example/feed")
    assert states([moved] * 4, every=8 * HOUR) == ["", "", "", "moved"]
    assert states([moved] * 4, every=HOUR) == [""] * 4
    assert states([moved, moved, FRESH, moved, moved], every=13 * HOUR) == [""] * 5
    other = replace(FRESH, moved_to="https://another.example/feed")
    assert states([moved, other, moved, other], every=13 * HOUR) == [""] * 4
    assert seen([moved] * 4, every=8 * HOUR).moved_to == "https://new.example/feed"


def test_a_source_is_quiet_after_ten_of_its_usual_gaps_but_not_within_half_a_day() -> None:
    def state(gap: timedelta, silent: timedelta) -> State:
        return after(Health(), UNCHANGED, Pace(gap=gap, last_new=NOW - silent)).state

    assert state(timedelta(minutes=5), 11 * HOUR) == ""
    assert state(timedelta(minutes=5), 13 * HOUR) == "quiet"
    assert state(6 * HOUR, 59 * HOUR) == ""
    assert state(6 * HOUR, 61 * HOUR) == "quiet"
    assert after(Health(), UNCHANGED, Pace(gap=HOUR, last_new=NOW - 20 * HOUR)).since == NOW - 20 * HOUR


def test_a_night_does_not_make_a_source_quiet() -> None:
    by_day = tuple(50.0 if 4 <= hour < 20 else 0.0 for hour in range(24))
    friday_evening = NOW.replace(hour=19)
    pace = Pace(gap=timedelta(minutes=90), last_new=friday_evening, hours=by_day)
    assert after(Health(), replace(UNCHANGED, at=friday_evening + 14 * HOUR), pace).state == ""


def test_extraction_is_thin_below_half_of_the_week_before_and_stays_so_until_pages_are_read_again() -> None:
    good, bad = replace(FRESH, pages=12, pages_read=11), replace(FRESH, pages=12, pages_read=3)
    day = timedelta(days=1)
    assert states([good, good, bad, bad, good], every=day) == ["", "", "thin", "thin", ""]
    assert states([good, bad], every=day) == ["", ""]  # a day is no baseline
    weeks = states([good] * 7 + [bad] * 20, every=day)
    assert weeks == [""] * 7 + ["thin"] * 20  # what is thin does not become the measure


def test_a_morning_with_few_pages_says_nothing_of_extraction() -> None:
    good, bad, few = (replace(FRESH, pages=pages, pages_read=read) for pages, read in ((12, 12), (12, 0), (1, 0)))
    day = timedelta(days=1)
    assert states([good, good, few], every=day) == ["", "", ""]
    assert states([good, good, bad, few], every=day) == ["", "", "thin", "thin"]


def test_wrong_letters_and_missing_dates_are_seen_in_a_document_and_kept_while_it_is_unchanged() -> None:
    garbled, undated = replace(FRESH, garbled=5), replace(FRESH, dated=0)
    assert states([garbled, UNCHANGED, FRESH]) == ["encoding", "encoding", ""]
    assert states([undated, UNCHANGED, FRESH]) == ["undated", "undated", ""]
    assert seen([replace(FRESH, garbled=3)]).state == ""
    assert seen([replace(undated, items=2)]).state == ""


def test_every_state_has_advice() -> None:
    assert set(ADVICE) == set(State.__args__) - {""}  # type: ignore[attr-defined]  # a Literal


OUTCOMES = st.builds(
    replace,
    st.sampled_from([FRESH, UNCHANGED, FAILED, REFUSED, GONE]),
    items=st.integers(0, 30),
    dated=st.integers(0, 30),
    garbled=st.integers(0, 30),
    pages=st.integers(0, 30),
    moved_to=st.sampled_from([None, "https://new.example/"]),
)


@given(st.lists(OUTCOMES, max_size=30))
def test_a_state_begins_with_a_reason_and_a_time_and_remembers_at_most_eight_days(outcomes: list[Outcome]) -> None:
    health = seen(outcomes, every=timedelta(hours=7))
    assert len(health.extraction) <= 8
    assert all(isinstance(day, Day) for day in health.extraction)
    if health.state:
        assert health.since is not None
        assert health.reason


@pytest.mark.parametrize("state", ["", "failing", "thin", "quiet"])
@given(OUTCOMES)
def test_one_answer_in_order_ends_every_state_but_thin(state: State, outcome: Outcome) -> None:
    before = Health(state, NOW - HOUR, "why", failed=9, failed_since=NOW - HOUR)
    healed = after(after(before, outcome, LIVELY), replace(FRESH, at=NOW + HOUR), replace(LIVELY, last_new=NOW))
    assert healed.state == ""
