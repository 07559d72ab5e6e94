"""Months of three calendars as a wall calendar shows them. Pure; knows no language."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.dates.calendars import Calendar, from_date, to_date

CALENDARS: tuple[Calendar, ...] = ("gregorian", "jalali", "hijri")


@dataclass(frozen=True, slots=True)
class Day:
    """A day by its number in the month."""

    number: int
    date: date


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks of seven; None where a week reaches into another month."""

    calendar: Calendar
    year: int
    number: int
    weeks: tuple[tuple[Day | None, ...], ...]

    @property
    def first(self) -> date:
        return next(day.date for day in self.weeks[0] if day)

    @property
    def last(self) -> date:
        return [day.date for day in self.weeks[-1] if day][-1]


def month(calendar: Calendar, year: int, number: int, *, begins: int = 0) -> Month | None:
    """The month, weeks beginning on `begins` (Monday is 0); None where the calendar does not have it."""
    first = to_date(calendar, year, number, 1)
    if first is None:
        return None
    days: list[Day | None] = [None] * ((first.weekday() - begins) % 7)
    found = [to_date(calendar, year, number, day) for day in range(1, 32)]
    days += [Day(place, day) for place, day in enumerate(found, start=1) if day]
    days += [None] * (-len(days) % 7)
    weeks = tuple(tuple(days[start : start + 7]) for start in range(0, len(days), 7))
    return Month(calendar, year, number, weeks)


def month_of(calendar: Calendar, day: date, *, begins: int = 0) -> Month | None:
    """The month in which a date lies."""
    try:
        year, number, _ = from_date(calendar, day)
    except ValueError:
        return None
    return month(calendar, year, number, begins=begins)


def neighbours(of: Month) -> tuple[date, date]:
    """A day of the month before and one of the month after."""
    return of.first - timedelta(days=1), of.last + timedelta(days=1)
