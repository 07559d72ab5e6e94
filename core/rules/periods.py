"""Days, months and years as people type them in a search, Gregorian, Jalali or Hijri → [since, until) in UTC.

    2026-05-14   2026-05   2026   2026-05-01..2026-06-15   ۱۴۰۵/۰۴   1448-02

The year tells the calendar: 1380 to 1420 is Jalali, 1421 to 1500 Hijri, else Gregorian.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

import jdatetime
from hijridate import Hijri

from core.rules.refusals import refused
from core.text import fold

_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?")


def period(text: str) -> tuple[datetime, datetime]:
    """Raises QueryError when the text is no date, month or year."""
    first, _, last = text.partition("..")
    since, until = _days(first)
    if last:
        until = _days(last)[1]
    if until <= since:
        raise refused("backwards", text=text)
    return _midnight(since), _midnight(until)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _days(text: str) -> tuple[date, date]:
    """The first day of it and the first day after it."""
    plain = "".join(fold(letter) or letter for letter in text.strip())
    found = _DATE.fullmatch(plain)
    if found is None:
        raise refused("no date", text=text)
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        return _bounds(year or 0, month, day)
    except (ValueError, OverflowError):
        raise refused("no day", text=text) from None


def _bounds(year: int, month: int | None, day: int | None) -> tuple[date, date]:
    since = _gregorian(year, month or 1, day or 1)
    if day is not None:
        return since, since + timedelta(days=1)
    if month is not None and month < 12:
        return since, _gregorian(year, month + 1, 1)
    return since, _gregorian(year + 1, 1, 1)


def _gregorian(year: int, month: int, day: int) -> date:
    if 1380 <= year <= 1420:
        converted: date = jdatetime.date(year, month, day).togregorian()
        return converted
    if 1420 < year <= 1500:
        return date(*Hijri(year, month, day).to_gregorian().datetuple())
    return date(year, month, day)
