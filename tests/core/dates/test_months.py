"""Wall calendars of three calendars, in weeks."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.dates.calendars import from_date, month_title, to_date
from core.dates.months import CALENDARS, month, month_of, neighbours

DAYS = st.dates(date(1950, 1, 1), date(2076, 12, 31))


@given(DAYS, st.sampled_from(CALENDARS), st.integers(0, 6))
def test_a_month_holds_each_of_its_days_once_in_order(day: date, calendar: str, begins: int) -> None:
    shown = month_of(calendar, day, begins=begins)  # type: ignore[arg-type]  # one of CALENDARS
    assert shown is not None
    days = [cell for week in shown.weeks for cell in week if cell]
    assert [cell.number for cell in days] == list(range(1, len(days) + 1))
    assert all(later.date - earlier.date == timedelta(days=1) for earlier, later in pairwise(days))
    assert day in [cell.date for cell in days]
    assert all(len(week) == 7 for week in shown.weeks)
    assert all(
        cell is None or cell.date.weekday() == (begins + place) % 7
        for week in shown.weeks
        for place, cell in enumerate(week)
    )


@given(DAYS, st.sampled_from(CALENDARS))
def test_a_date_goes_there_and_back(day: date, calendar: str) -> None:
    assert to_date(calendar, *from_date(calendar, day)) == day  # type: ignore[arg-type]


def test_the_months_beside_it() -> None:
    jalali = month("jalali", 1405, 2)
    assert jalali is not None
    before, after = neighbours(jalali)
    assert (from_date("jalali", before)[:2], from_date("jalali", after)[:2]) == ((1405, 1), (1405, 3))
    assert month("hijri", 1600, 1) is None


def test_months_have_names_of_their_language() -> None:
    assert [month_title("jalali", 2, language) for language in ("en", "ar", "fa")] == [
        "Ordibehesht",
        "اردیبهشت",
        "اردیبهشت",
    ]
    assert [month_title("hijri", 9, language) for language in ("en", "ar", "fa")] == ["Ramadan", "رمضان", "رمضان"]
