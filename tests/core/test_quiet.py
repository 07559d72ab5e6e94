"""Quiet hours: over midnight, over a change of the clocks, in any digits."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quiet import Quiet, parse_quiet

NIGHT = Quiet(time(23), time(7))


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-23 19:59", None),  # 22:59 in Baghdad
        ("2026-11-23 20:00", "2026-11-24 04:00"),
        ("2026-11-24 03:59", "2026-11-24 04:00"),
        ("2026-11-24 04:00", None),
    ],
)
def test_a_night_in_baghdad(now: str, until: str | None) -> None:
    assert NIGHT.until(at(now), "Asia/Baghdad") == (at(until) if until else None)


def test_the_night_in_which_the_clocks_change_ends_by_the_clock() -> None:
    assert NIGHT.until(at("2026-10-24 22:30"), "Europe/London") == at("2026-10-25 07:00")


@pytest.mark.parametrize("text", ["23:00-07:00", "۲۳:۰۰-۰۷:۰۰", "٢٣:٠٠–٠٧:٠٠", " 23:00 - 7:00 "])
def test_hours_are_read_in_any_digits(text: str) -> None:
    assert parse_quiet(text) == (time(23), time(7))


@pytest.mark.parametrize("text", ["", "23-7", "24:00-07:00", "23:60-07:00", "07:00-07:00", "23:00-07:00-08:00"])
def test_anything_else_is_none(text: str) -> None:
    assert parse_quiet(text) is None


@given(st.times(), st.times(), st.timedeltas(timedelta(), timedelta(days=365)))
def test_quiet_ends_later_than_now_and_within_a_day(begin: time, end: time, since: timedelta) -> None:
    now = at("2026-01-01 00:00") + since
    until = Quiet(begin, end).until(now, "Europe/London")
    assert until is None or now < until <= now + timedelta(hours=25)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
