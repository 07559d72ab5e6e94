"""“Two hours ago”, «منذ ساعتين», «دیروز»: how far before now a folded text says it was. No calendar, no clock."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from core.text import fold

_UNITS = {
    timedelta(seconds=1): "second|seconds|sec|secs|s|ثانية|ثواني|ثوان|ثانیه|چرکە",
    timedelta(minutes=1): "minute|minutes|min|mins|m|دقيقة|دقائق|دقايق|دقیقه|خولەک|دەقە",
    timedelta(hours=1): "hour|hours|hr|hrs|h|ساعة|ساعات|ساعت|کاتژمێر|سەعات",
    timedelta(days=1): "day|days|d|يوم|يوما|أيام|روز|ڕۆژ",
    timedelta(days=7): "week|weeks|w|wk|wks|أسبوع|أسبوعا|أسابيع|هفته|هەفتە",
    timedelta(days=30): "month|months|mo|شهر|شهرا|أشهر|شهور|ماه|مانگ",
    timedelta(days=365): "year|years|yr|yrs|y|سنة|سنوات|سنين|عام|عاما|أعوام|سال|ساڵ",
}
_DUALS = {
    timedelta(seconds=2): "ثانيتين|ثانيتان",
    timedelta(minutes=2): "دقيقتين|دقيقتان",
    timedelta(hours=2): "ساعتين|ساعتان",
    timedelta(days=2): "يومين|يومان",
    timedelta(days=14): "أسبوعين|أسبوعان",
    timedelta(days=60): "شهرين|شهران",
    timedelta(days=730): "سنتين|سنتان|عامين|عامان",
}
_NUMBERS = (
    "one|a|an|واحد|واحدة|یک|یه|ساعتی|یەک",
    "two|a couple of|couple of|اثنين|اثنتين|دو|دوو",
    "three|ثلاث|ثلاثة|سه|سێ",
    "four|أربع|أربعة|چهار|چوار",
    "five|خمس|خمسة|پنج|پێنج",
    "six|ست|ستة|شش|شەش",
    "seven|سبع|سبعة|هفت|حەوت",
    "eight|ثماني|ثمان|ثمانية|هشت|هەشت",
    "nine|تسع|تسعة|نه|نۆ",
    "ten|عشر|عشرة|ده",
    "eleven|إحدى عشرة|أحد عشر|یازده",
    "twelve|اثنتا عشرة|اثني عشر|دوازده",
)
_TENS = {
    15: "fifteen|پانزده",
    20: "twenty|عشرين|بیست",
    30: "thirty|ثلاثين|سی",
    40: "forty|أربعين|چهل",
    50: "fifty|خمسين|پنجاه",
}
_HALF_HOUR = "half an hour|half hour|نصف ساعة|نیم ساعت|نیمساعت|نیو کاتژمێر"
_QUARTER = "quarter of an hour|ربع ساعة|یک ربع|یکربع|ربع ساعت"
_MOMENTS = "لحظات|قليل|لحظاتی|لحظه|لحظه ای|ثوان|moments|a moment|few seconds|a few seconds|seconds"
_SOME_MINUTES = "دقائق|دقایقی|چند دقیقه|بضع دقائق|few minutes|a few minutes|minutes"
_SOME_HOURS = "ساعات|ساعاتی|چند ساعت|بضع ساعات|few hours|a few hours"
_NOW = "now|just now|الآن|هم اکنون|اکنون|همین الان|الان|ئێستا"
_DAYS = {
    2: "day before yesterday|the day before yesterday|أول أمس|أول من أمس|قبل أمس|أمس الأول|پریروز|پێرێ",
    1: "yesterday|أمس|البارحة|الليلة الماضية|دیروز|دیشب|روز گذشته|شب گذشته|دوێنێ",
    0: "today|اليوم|امروز|امشب|ئەمڕۆ|ئەمرۆ",
}


class Ago(NamedTuple):
    """An instant so long before now."""

    length: timedelta


class DayBefore(NamedTuple):
    """A whole day, so many before today in the publisher's zone; the time of day stands elsewhere in the text."""

    days: int


def relative(text: str) -> Ago | DayBefore | None:
    """What a folded text says relative to now, if it does."""
    for days, pattern in _days().items():
        if pattern.search(text):
            return DayBefore(days)
    for words in _quantities(text):
        length = _length(words)
        if length is not None:
            return Ago(length)
    return Ago(timedelta()) if _now().search(text) else None


def _quantities(text: str) -> Iterator[str]:
    """What may be a length: the words after «منذ», or before “ago” and «پیش», the longest first."""
    for match in re.finditer(r"(?<![^\W_])(?:منذ|قبل|پێش|پیش)\s+", text):
        words = re.findall(r"[^\W_]+", text[match.end() :])[:6]
        yield from (" ".join(words[:count]) for count in range(len(words), 0, -1))
    for match in re.finditer(r"(?<![^\W_])(?:ago|پیش|قبل|لهمهوبهر|لهمهو بهر)(?![^\W_])", text):
        words = re.findall(r"[^\W_]+", text[: match.start()])[-6:]
        yield from (" ".join(words[-count:]) for count in range(len(words), 0, -1))
    if re.fullmatch(r"\s*\d{1,3}\s?(?:m|h|d|w|mins?|hrs?)\s*", text):
        yield text.strip()


def _length(what: str) -> timedelta | None:
    """`3 hours`, `ساعتين`, `ساعة ونصف`, `نیم ساعت`."""
    what = what.strip(" ,،")
    closed = "".join(what.split())
    if closed in _fixed():
        return _fixed()[closed]
    extra = timedelta()
    half = re.search(r"\s*(?:و\s*نصف|و\s*نیم|and a half)", what)
    if half:
        what, closed = what[: half.start()] + what[half.end() :], ""
    total = timedelta()
    for part in re.split(r"(?<=[^\W\d_])\s+(?:(?:و|and)\s*)?(?=\d)", what):
        length = _simple(part.strip())
        if length is None:
            return None
        total += length
        extra = _unit_of(part) / 2 if half else extra
    return total + extra


def _simple(part: str) -> timedelta | None:
    closed = "".join(part.split())
    if closed in _fixed():
        return _fixed()[closed]
    if closed in _units():
        return _units()[closed]
    match = re.fullmatch(r"(\d{1,4}|\D+?)\s*([^\W\d_]+)", part)
    if not match or match[2] not in _units():
        return None
    number = int(match[1]) if match[1].isdigit() else _numbers().get("".join(match[1].split()))
    return number * _units()[match[2]] if number is not None else None


def _unit_of(part: str) -> timedelta:
    words = part.split()
    return next((_units()[word] for word in reversed(words) if word in _units()), timedelta())


# --- tables made once ----------------------------------------------------------------------------------------


def _folded(names: str) -> list[list[str]]:
    return [[fold(word) for word in name.split()] for name in names.split("|")]


def _closed(names: str) -> list[str]:
    return ["".join(words) for words in _folded(names)]


@cache
def _units() -> dict[str, timedelta]:
    return {name: unit for unit, names in _UNITS.items() for name in _closed(names)}


@cache
def _numbers() -> dict[str, int]:
    few = {name: number for number, names in enumerate(_NUMBERS, start=1) for name in _closed(names)}
    return few | {name: number for number, names in _TENS.items() for name in _closed(names)}


@cache
def _fixed() -> dict[str, timedelta]:
    fixed = {name: length for length, names in _DUALS.items() for name in _closed(names)}
    for length, names in (
        (timedelta(minutes=30), _HALF_HOUR),
        (timedelta(minutes=15), _QUARTER),
        (timedelta(), _MOMENTS),
        (timedelta(minutes=3), _SOME_MINUTES),
        (timedelta(hours=3), _SOME_HOURS),
        (timedelta(hours=1), "ساعتی"),
        (timedelta(days=7), "هفته گذشته"),
    ):
        fixed |= dict.fromkeys(_closed(names), length)
    return fixed


@cache
def _days() -> dict[int, re.Pattern[str]]:
    return {days: _whole(names) for days, names in _DAYS.items()}


@cache
def _now() -> re.Pattern[str]:
    return _whole(_NOW)


def _whole(names: str) -> re.Pattern[str]:
    words = sorted((r"\s+".join(map(re.escape, words)) for words in _folded(names)), key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])")
