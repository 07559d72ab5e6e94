"""Lengths of time as they are written in the config and on the command line."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.durations import parse_duration, render_duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("10m", timedelta(minutes=10)),
        ("24h", timedelta(days=1)),
        ("7d", timedelta(weeks=1)),
        ("1h 30m", timedelta(minutes=90)),
        ("0s", timedelta()),
    ],
)
def test_a_number_and_a_unit(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize("text", ["", "10", "m", "-5m", "1.5h", "۱۰m", "10 minutes", "10M", "9999999d", "nan", "1h,"])
def test_anything_else_is_refused_with_how_it_is_written(text: str) -> None:
    with pytest.raises(ValueError, match='is written "90s", "10m", "24h" or "7d"'):
        parse_duration(text)


@given(st.integers(0, 900_000))
def test_what_is_rendered_is_read_back(seconds: int) -> None:
    length = timedelta(seconds=seconds)
    assert parse_duration(render_duration(length)) == length
