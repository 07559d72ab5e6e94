"""A date as a publisher printed it → the instant it means, or None. Pure; it never guesses and never raises.

Gregorian, Jalali and Hijri, relative forms, ISO and RFC 822, in Arabic, Persian, English and Sorani Kurdish.
Where several calendars are printed the Gregorian one decides. A zone in the text beats the source's. Numbers are
day/month/year except in the Americas. Years 1300 to 1500 are never Gregorian.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import NamedTuple

from core.dates.calendars import Calendar, month_named, month_pattern, to_date, year_of
from core.dates.hours import Hour, hours, zone
from core.dates.relative import Ago, DayBefore, relative
from core.text import INVISIBLE, MARKS, fold

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=24)  # how far a publisher's clock may be before ours
LONGEST = 300  # code points: what is longer is no date

_NOISE = re.compile(f"[{MARKS}{INVISIBLE}ـ]")
_WORD = re.compile(r"[^\W_]+")
_ORDER: tuple[Calendar, ...] = ("gregorian", "jalali", "hijri")


class _Found(NamedTuple):
    """A date at a place in the text. `day` is None where the calendar has no such day."""

    calendar: Calendar
    day: date | None
    start: int
    end: int


class _Context(NamedTuple):
    language: str | None
    today: date  # in the publisher's zone
    american: bool
    persian: bool


def parse_date(text: str, *, language: str | None, timezone: str, now: datetime) -> datetime | None:
    """The instant in UTC, between 2000 and 24 hours from `now`; the start of the day where no hour is printed.

    `timezone` is the IANA name of the source's zone, or "unknown" for UTC. None for what is not a date, or no date
    that exists, and for a time without a day.
    """
    try:
        found = _read(text, language, zone(timezone), timezone, now)
        instant = found.astimezone(UTC) if found else None
    except (ValueError, OverflowError):
        return None
    return instant if instant and EARLIEST <= instant <= now + AHEAD else None


def _read(text: str, language: str | None, home: tzinfo, timezone: str, now: datetime) -> datetime | None:
    raw = unicodedata.normalize("NFKC", text[: LONGEST + 1].replace("\u200c", " ").replace("_", " "))
    raw = _NOISE.sub("", raw).strip()
    if not raw or len(raw) > LONGEST:
        return None
    formal = _formal(raw, home)
    if formal:
        return formal
    folded = _WORD.sub(lambda match: fold(match[0]), raw)
    folded = re.sub(r"(?<=\d)t(?=\d\d?:\d)|(?<=\d{4}):(?=\d\d:\d\d)", " ", folded)
    clock = hours(folded)
    blank = _blanked(folded, clock)
    today = now.astimezone(home).date()
    american = language == "en" and timezone.startswith(("America/", "US/"))
    context = _Context(language, today, american, language == "fa" or timezone == "Asia/Tehran")
    found = _dates(blank, context)
    days = sorted((each for each in found if each.day), key=lambda each: (_ORDER.index(each.calendar), each.start))
    if days:
        return _at(days[0].day, _nearest(clock, days[0]), home)
    return None if found else _relative(folded, clock, home, now)


def _relative(text: str, clock: list[Hour], here: tzinfo, now: datetime) -> datetime | None:
    said = relative(text)
    if isinstance(said, Ago):
        return now - said.length
    if isinstance(said, DayBefore):
        day = now.astimezone(here).date() - timedelta(days=said.days)
        return _at(day, clock[0] if clock else None, here)
    return None


def _at(day: date | None, hour: Hour | None, here: tzinfo) -> datetime | None:
    if day is None or (hour and not hour.valid):
        return None
    if hour is None:
        return datetime.combine(day, time(), here)
    start = datetime.combine(day + timedelta(days=hour.hour // 24), time(), hour.zone or here)
    return start.replace(hour=hour.hour % 24, minute=hour.minute, second=hour.second)


def _nearest(clock: list[Hour], found: _Found) -> Hour | None:
    def gap(hour: Hour) -> int:
        return max(hour.span[0] - found.end, found.start - hour.span[1])

    return min(clock, key=gap, default=None)


def _blanked(text: str, clock: list[Hour]) -> str:
    """The text with its times of day taken out, so that a year behind one stands beside its month."""
    for hour in clock:
        start, end = hour.span
        text = text[:start] + "\x00" * (end - start) + text[end:]
    return text


# --- what machines write -------------------------------------------------------------------------------------


def _formal(raw: str, home: tzinfo) -> datetime | None:
    """ISO 8601 in full, and seconds or milliseconds since 1970."""
    plain = raw.translate(_digits())
    if re.fullmatch(r"\d{9,10}(?:\.\d+)?|\d{12,13}", plain):
        seconds = float(plain)
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    if not re.match(r"(?:19|20)\d\d(?:-?\d\d-?\d\d|-W\d)", plain):
        return None
    try:
        found = datetime.fromisoformat(plain.replace("z", "Z"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=home)


@cache
def _digits() -> dict[int, int]:
    return str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


# --- what people read ----------------------------------------------------------------------------------------


def _dates(text: str, context: _Context) -> list[_Found]:
    """Every date printed in a folded text, each stretch of text read once, days that do not exist among them."""
    found: list[_Found] = []
    for pattern, read in _forms():
        for match in pattern.finditer(text):
            each = read(match, context)
            if each is not None:
                found.append(_Found(*each, match.start(), match.end()))
                text = text[: match.start()] + "\x01" * len(match[0]) + text[match.end() :]
    return found


_Reading = tuple[Calendar, date | None]


def _year_first(match: re.Match[str], context: _Context) -> _Reading | None:
    return _numeric(match, context, int(match["a"]), int(match["b"]), int(match["c"]))


def _year_last(match: re.Match[str], context: _Context) -> _Reading | None:
    first, second, year = int(match["a"]), int(match["b"]), int(match["c"])
    american = context.american if max(first, second) <= 12 else second > 12
    day, month = (second, first) if american else (first, second)
    found = _numeric(match, context, year, month, day)
    if context.language == "en" and found and found[1] and not _plausible(found[1], context):
        other = to_date("gregorian", year, day, month)
        return ("gregorian", other) if other and _plausible(other, context) else found
    return found


def _numeric(match: re.Match[str], context: _Context, year: int, month: int, day: int) -> _Reading:
    if not 1300 <= year <= 1500:
        return "gregorian", to_date("gregorian", year, month, day)
    hijri = to_date("hijri", year, month, day)
    if _marked_hijri(match.string[match.end() :]):
        return "hijri", hijri
    jalali = to_date("jalali", year, month, day)
    if hijri and not context.persian and not (jalali and _plausible(jalali, context)):
        return "hijri", hijri
    return "jalali", jalali


def _marked_hijri(tail: str) -> bool:
    return bool(re.match(r"\s*(?:ه(?:\s*\.?\s*ق)?|هجری(?:\s*قمری)?|قمری|ah)(?![^\W\d_])(?!\s*\.?\s*(?:ش|شمسی))", tail))


def _short_year(match: re.Match[str], context: _Context) -> _Reading:
    """Three small numbers. The first order that gives a day which can be meant is taken."""
    a, b, c = int(match["a"]), int(match["b"]), int(match["c"])
    orders: list[tuple[Calendar, int, int, int]] = [("gregorian", 2000 + c, b, a), ("gregorian", 2000 + a, b, c)]
    if context.american:
        orders.insert(0, ("gregorian", 2000 + c, a, b))
    elif context.language == "en":
        orders.append(("gregorian", 2000 + c, a, b))
    if context.persian:
        orders[:0] = [("jalali", 1400 + a, b, c), ("jalali", 1300 + a, b, c), ("jalali", 1400 + c, b, a)]
    for calendar, *numbers in orders:
        day = to_date(calendar, *numbers)
        if day and _plausible(day, context):
            return calendar, day
    return "gregorian", None


def _named(match: re.Match[str], context: _Context) -> _Reading | None:
    """A day and a month in words, with or without a year."""
    parts = match.groupdict()
    named = month_named(parts["month"])
    if named is None:
        return None
    calendar, month = named
    written = parts.get("day") or "1"
    day = int(written) if written.isdecimal() else _ordinals()["".join(written.split())]
    year = parts.get("year") or parts.get("before")
    if year is None:
        return calendar, _latest(calendar, month, day, context.today)
    number = int(year)
    if len(year) == 2:
        number += {"gregorian": 2000, "jalali": 1400, "hijri": 1400}[calendar]
    return calendar, to_date(calendar, number, month, day)


def _latest(calendar: Calendar, month: int, day: int, today: date) -> date | None:
    """The last such day that is not after today: eight years back for 29 February."""
    this_year = year_of(calendar, today)
    days = (to_date(calendar, year, month, day) for year in range(this_year, this_year - 9, -1))
    return next((found for found in days if found and found <= today), None)


def _plausible(day: date, context: _Context) -> bool:
    return EARLIEST.date() <= day <= context.today + AHEAD


@cache
def _ordinals() -> dict[str, int]:
    persian = (
        "اول|یکم دوم سوم چهارم پنجم ششم هفتم هشتم نهم دهم یازدهم دوازدهم سیزدهم چهاردهم پانزدهم شانزدهم هفدهم "
        "هجدهم نوزدهم بیستم بیست‌و‌یکم بیست‌و‌دوم بیست‌و‌سوم بیست‌و‌چهارم بیست‌و‌پنجم بیست‌و‌ششم بیست‌و‌هفتم "
        "بیست‌و‌هشتم بیست‌و‌نهم سی‌ام|سیم سی‌و‌یکم"
    )
    ones = ["الحادي", "الثاني", "الثالث", "الرابع", "الخامس", "السادس", "السابع", "الثامن", "التاسع"]
    arabic = [*("الأول", *ones[1:], "العاشر"), *(f"{one}عشر" for one in ones), "العشرين|العشرون"]
    arabic += [
        *(f"{one}والعشرين|{one}والعشرون" for one in ones),
        "الثلاثين|الثلاثون",
        "الحادي والثلاثين|الحادي والثلاثون",
    ]
    return {
        fold(name.replace("\u200c", "").replace(" ", "")): number
        for table in (persian.split(), arabic)
        for number, names in enumerate(table, start=1)
        for name in names.split("|")
    }


@cache
def _forms() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Context], _Reading | None]], ...]:
    """The shapes of dates in the order in which they are looked for."""
    month = rf"(?<![^\W\d_])(?P<month>{month_pattern()})(?:ماه|ی)?(?![^\W\d_])"
    again = rf"(?:\s*ماه(?![^\W\d_]))?(?:\s*[/(،\-]+\s*{month_pattern()}(?![^\W\d_])\s*\)?)?"
    ordinal = "|".join(r"\s*".join(word) for word in sorted(_ordinals(), key=len, reverse=True))
    day = rf"(?<![\w])(?P<day>\d{{1,2}}(?!\d)|(?:{ordinal})(?![^\W\d_]))(?:st|nd|rd|th|ام|م|ی)?"
    gap = r"[\s,،.\-/'\x00]*"
    of = r"(?:(?:من|of|شهر)\s+)?(?:شهر\s+)?"
    in_year = r"(?:(?:لعام|لسنه|عام|سنه|سال|سالی)\s*)?"
    four = r"\d{4}(?!\d)"
    two = r"\d\d(?![\d:])(?=\s*(?:$|[\x00\x01,;|)\-–]))"
    small = r"(?<![\d.:/\-])(?P<a>\d{1,2})\s?(?P<by>[-/.])\s?(?P<b>\d{1,2})\s?(?P=by)\s?"
    large = r"(?<![\d\-/.])(?P<a>\d{4})\s?(?P<by>[-/.])\s?(?P<b>\d{1,2})\s?(?P=by)\s?"
    end = r"(?![\d:]|[-/.]\d)"
    return (
        (re.compile(rf"{large}(?P<c>\d{{1,2}}){end}"), _year_first),
        (re.compile(rf"{small}(?P<c>\d{{4}}){end}"), _year_last),
        (re.compile(rf"{small}(?P<c>\d\d){end}"), _short_year),
        (re.compile(rf"{day}{gap}{of}{month}{again}{gap}{in_year}(?P<year>{four}|{two})?"), _named),
        (
            re.compile(
                rf"(?:(?<!\d)(?P<before>{four})[\s,\-/]*)?{month}{again}[\s,،.\-/]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d])"
                rf"{gap}(?:(?<=[\x00\s])[a-z]{{2,5}}\s+)?(?P<year>{four})?"
            ),
            _named,
        ),
        (re.compile(rf"{month}{again}{gap}{in_year}(?P<year>{four})"), _named),
    )  # fmt: skip
