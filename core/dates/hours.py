"""The time of day and the time zone that a printed date names, in folded text. No calendar, no clock."""

import re
from collections.abc import Iterator
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.text import fold

Span = tuple[int, int]

# Half of the day → its words. A blank in a word stands for any space, a dot for an optional dot and space.
_HALVES = {
    "am": "am|a.m|ص|صباحا|صباح|ق.ظ|قبل از ظهر|قبل الظهر|پیش از ظهر|بامداد|صبح|فجرا|فجر|بەیانی|پ.ن",
    "pm": "pm|p.m|م|مسا|مساا|ب.ظ|بعد از ظهر|بعد الظهر|عصر|عصرا|غروب|in the evening|ئێوارە|د.ن",
    "noon": "noon|ظهر|ظهرا|نیمروز",
    "night": "شب|لیلا|لیل|at night|شەو",
    "midnight": "midnight|نیمه شب|منتصف اللیل|بعد منتصف اللیل",
}

_HOUR_WORDS = (
    "الواحدة,الثانية,الثالثة,الرابعة,الخامسة,السادسة,السابعة,الثامنة,التاسعة,العاشرة,الحادية عشرة|الحادية عشر,"
    "الثانية عشرة|الثانية عشر",
    "یک,دو,سه,چهار,پنج,شش,هفت,هشت,نه,ده,یازده,دوازده",
)

# What stands in a text for a zone. Fixed offsets in hours where an abbreviation has no place of its own.
_ZONES: dict[str, str | float] = {
    "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "TRT": 3,
    "AST": 3, "KSA": 3, "IRST": 3.5, "IRDT": 4.5, "GST": 4, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7,
    "MDT": -6, "PST": -8, "PDT": -7, "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}  # fmt: skip
_CITIES = {
    "غرينتش|جرينتش|غرينيتش|جرينيتش|گرینویچ|greenwich": "UTC",
    "بغداد|العراق|عراق|أربيل|baghdad|iraq|erbil": "Asia/Baghdad",
    "طهران|إيران|تهران|ایران|tehran|iran": "Asia/Tehran",
    "مكة المكرمة|مكة|السعودية|الرياض|mecca|makkah|riyadh|saudi": "Asia/Riyadh",
    "الدوحة|قطر|doha": "Asia/Qatar",
    "الكويت|kuwait": "Asia/Kuwait",
    "أبوظبي|أبو ظبي|دبي|الإمارات|abu dhabi|dubai|uae": "Asia/Dubai",
    "بيروت|لبنان|beirut": "Asia/Beirut",
    "دمشق|سوريا|damascus": "Asia/Damascus",
    "عمان|الأردن|amman": "Asia/Amman",
    "القدس|فلسطين|jerusalem|israel": "Asia/Jerusalem",
    "القاهرة|مصر|cairo": "Africa/Cairo",
    "تونس|tunis": "Africa/Tunis",
    "الجزائر|algiers": "Africa/Algiers",
    "الرباط|المغرب|rabat": "Africa/Casablanca",
    "أنقرة|إسطنبول|تركيا|istanbul|ankara": "Europe/Istanbul",
    "موسكو|مسکو|moscow": "Europe/Moscow",
    "لندن|london": "Europe/London",
    "باريس|پاریس|برلين|paris|berlin": "Europe/Paris",
    "واشنطن|نيويورك|واشنگتن|نیویورک|شرق أمريكا|شرق آمریکا|washington|new york|eastern": "America/New_York",
}


class Hour(NamedTuple):
    """A time of day at a place in the text. Hour 24 is the end of the day. `valid` is False for 25:70."""

    hour: int
    minute: int
    second: int
    zone: tzinfo | None
    span: Span
    valid: bool = True


def hours(text: str) -> list[Hour]:
    """Every time of day in a folded text with the zone that is named beside it, best first: those with minutes."""
    matches: list[re.Match[str]] = []
    for pattern in _patterns():
        for match in pattern.finditer(text):
            if not any(other.start() < match.end() and match.start() < other.end() for other in matches):
                matches.append(match)
    return [_hour(match, _named_zone(text, match.span(), [other.span() for other in matches])) for match in matches]


def zone(name: str) -> tzinfo:
    """An IANA zone by name; UTC for one that is unknown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _hour(match: re.Match[str], named: tzinfo | None) -> Hour:
    parts = match.groupdict()
    written = parts.get("hour") or str(_hour_words()["".join((parts.get("word") or "").split())])
    hour, minute, second = int(written), int(parts.get("minute") or 0), int(parts.get("second") or 0)
    minute = {"النصف": 30, "نصف": 30, "نیم": 30, "الربع": 15, "ربع": 15}.get(parts.get("part") or "", minute)
    words = parts.get("half") or parts.get("before")
    if words:
        hour = _in_the_day(hour, _halves()["".join(re.split(r"[\s.]+", words))])
    valid = (hour < 24 and minute < 60 and second < 61) or (hour, minute, second) == (24, 0, 0)
    zone = _offset(parts["sign"], parts["away"], parts["rest"]) if parts.get("sign") else named
    return Hour(hour, minute, min(second, 59), UTC if parts.get("zulu") else zone, match.span(), valid)


def _named_zone(text: str, span: Span, every: list[Span]) -> tzinfo | None:
    """The zone between a time and the next one, else between it and the one before."""
    following = min((start for start, _ in every if start >= span[1]), default=len(text))
    preceding = max((end for _, end in every if end <= span[0]), default=0)
    return _zone_in(text[span[1] : following]) or _zone_in(text[preceding : span[0]])


def _zone_in(text: str) -> tzinfo | None:
    offset = re.search(r"(?:gmt|utc|غرینتش|جرینتش|گرینویچ)\s*([+\-−–])\s*(\d{1,2})(?::?(\d\d))?(?!\d)", text)
    if offset:
        return _offset(offset[1], offset[2], offset[3])
    name = _zone_pattern().match(text)
    if name:
        return _zone(_zones()[name[1]])
    city = _city_pattern().search(text)
    return _zone(_cities()["".join((city[1] or city[2] or city[3]).split())]) if city else None


def _in_the_day(hour: int, half: str) -> int:
    """The hour of 24 for one of 12; one that is beyond 12 already is taken as it stands."""
    if hour > 12:
        return hour
    afternoon = {
        "am": False,
        "pm": True,
        "noon": hour == 12 or hour < 6,
        "night": 6 <= hour < 12,
        "midnight": False,
    }[half]
    return hour % 12 + (12 if afternoon else 0)


def _offset(sign: str, hours: str, minutes: str | None) -> tzinfo | None:
    away = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if away > timedelta(hours=14):
        return None
    return timezone(-away if sign in "-−–" else away)


def _zone(place: str | float) -> tzinfo:
    return timezone(timedelta(hours=place)) if isinstance(place, int | float) else zone(place)


# --- tables made once ----------------------------------------------------------------------------------------


def _words(table: dict[str, str]) -> Iterator[tuple[list[str], str]]:
    for names, value in table.items():
        for name in names.split("|"):
            yield [fold(word) for word in re.split(r"[ .]", name)], value


@cache
def _halves() -> dict[str, str]:
    return {"".join(words): half for words, half in _words({v: k for k, v in _HALVES.items()})}


@cache
def _cities() -> dict[str, str]:
    return {"".join(words): place for words, place in _words(_CITIES)}


def _any(words: list[list[str]], gap: str) -> str:
    patterns = sorted((gap.join(map(re.escape, word)) for word in words), key=len, reverse=True)
    return "(?:" + "|".join(patterns) + ")"


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    every = [words for words, _ in _words({v: k for k, v in _HALVES.items()})]
    dotted = r"[\s.]*"
    half = rf"(?<![^\W\d_]){_any(every, dotted)}(?![^\W\d_])\.?"
    many = [words for words in every if len("".join(words)) > 1]
    long = rf"(?<![^\W\d_]){_any(many, dotted)}(?![^\W\d_])\.?"
    offset = r"(?P<sign>[+\-−])(?P<away>\d\d):?(?P<rest>\d\d)?(?![\d/\-.])"
    words = "|".join(r"\s*".join(word) for word in sorted(_hour_words(), key=len, reverse=True))
    part = r"(?:\s*و\s*(?P<part>النصف|الربع|نصف|ربع|نیم))?"
    named = r"(?:الساعه|ساعه|ساعت|کاتژمێر|کاتژمیر|at)\s*"
    return tuple(
        re.compile(pattern)
        for pattern in (
            rf"(?:(?P<before>{long})[\s,،]*)?(?<![\d:.+])(?<!(?:gmt|utc)-)(?P<hour>\d{{1,2}})\s?:\s?(?P<minute>\d\d)"
            rf"(?:\s?:\s?(?P<second>\d\d)(?:[.,]\d+)?)?(?![\d:])"
            rf"(?:\s*(?P<half>{half}))?(?:\s?(?P<zulu>z)\b|\s*\(?{offset})?",
            r"(?<![\d:.])(?P<hour>\d{1,2})h(?P<minute>\d\d)\b",
            rf"(?<![\d:.])(?P<hour>\d{{1,2}})\.(?P<minute>\d\d)\s*(?P<half>{long})",
            r"(?<![\d:.])(?P<hour>\d{1,2})\.(?P<minute>\d\d)(?=\s*(?:gmt|utc|bst|es?t|edt|ces?t)\b)",
            rf"{named}(?P<word>{words})(?![^\W\d_]){part}(?:\s*(?P<half>{half}))?",
            rf"{named}(?P<hour>\d{{1,2}})(?![\d:])\s*(?P<half>{half})",
            rf"(?<![\d:.])(?P<hour>\d{{1,2}})\s*(?P<half>{long})",
            r"(?:الساعه|ساعت|کاتژمیر)\s*(?P<hour>\d{1,2})(?![\d:])(?!\s*دقیق)"
            r"(?:\s*و\s*(?P<minute>\d{1,2})\s*دقیق[^\W\d_]*)?",
        )
    )


@cache
def _zones() -> dict[str, str | float]:
    return {name.lower(): place for name, place in _ZONES.items()}


@cache
def _zone_pattern() -> re.Pattern[str]:
    """A zone's short name right behind a time: elsewhere “est” and “et” are words."""
    return re.compile(rf"[\s,(\[]*({_any([[name] for name in _zones()], '')})(?![^\W\d_])")


@cache
def _hour_words() -> dict[str, int]:
    return {
        "".join(fold(word) for word in name.split()): hour
        for table in _HOUR_WORDS
        for hour, names in enumerate(table.split(","), start=1)
        for name in names.split("|")
    }


@cache
def _city_pattern() -> re.Pattern[str]:
    city = _any([words for words, _ in _words(_CITIES)], r"\s*")
    ar = rf"(?:بتوقیت|توقیت|بوقت|به\s*وقت|وقت)\s*({city})(?![^\W\d_])"
    return re.compile(rf"{ar}|\b({city})\s+(?:local\s+)?time\b|(?<![^\W\d_])(غرینتش|جرینتش|گرینویچ)(?![^\W\d_])")
