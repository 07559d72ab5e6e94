"""What Rasad itself says, in the reader's language: plurals, numbers, dates and zones as natives write. Pure.

The words stand in words_en, words_ar and words_fa. Must not hold a word of its own, nor take sides: the voice is
neutral, sources are quoted elsewhere.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import jdatetime
from babel import Locale
from babel.dates import get_timezone_location

from alerts import words_ar, words_en, words_fa

LANGUAGES = ("en", "ar", "fa")
Words = Mapping[str, str | Mapping[str, str]]  # key → template, or plural category → template

WORDS: Mapping[str, Words] = {"en": words_en.WORDS, "ar": words_ar.WORDS, "fa": words_fa.WORDS}
_LOCALES = {"en": "en", "ar": "ar_IQ", "fa": "fa"}
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def language_of(code: str | None) -> str:
    """The catalogue for a language tag of a user (`fa-IR` → fa); English where there is none."""
    base = (code or "").lower().replace("_", "-").split("-")[0]
    return base if base in LANGUAGES else "en"


def say(language: str, key: str, /, *, count: int | None = None, **values: object) -> str:
    """The words of `key`, filled. `count` chooses the plural form and stands for {count}.

    Numbers among `values` are written in the digits of the language. KeyError for an unknown key.
    """
    words = WORDS[language][key]
    if not isinstance(words, str):
        words = words[_locale(language).plural_form(count or 0)]
    if count is not None:
        values["count"] = count
    filled = {name: number(language, value) if isinstance(value, int) else value for name, value in values.items()}
    return words.format(**filled)


def number(language: str, value: int) -> str:
    """A whole number in the digits of the language: ۰-۹ in Persian, 0-9 elsewhere (also in Arabic)."""
    return digits(language, str(value))


def digits(language: str, text: str) -> str:
    """`text` with its digits as the language writes them."""
    return text.translate(_PERSIAN_DIGITS) if language == "fa" else text


def title(titles: Mapping[str, str], language: str, fallback: str) -> str:
    """The title in the language, else in English, else any, else `fallback`."""
    return titles.get(language) or titles.get("en") or next(iter(titles.values()), fallback)


def date(language: str, moment: datetime, timezone: str) -> str:
    """The day at `timezone`: 22 Nov 2026 · 22 تشرين الثاني 2026 · ۱ آذر ۱۴۰۵ (۲۲ نوامبر ۲۰۲۶)."""
    day = moment.astimezone(ZoneInfo(timezone))
    gregorian = f"{day.day} {_month(language, day.month)} {day.year}"
    if language != "fa":
        return gregorian
    jalali = jdatetime.date.fromgregorian(date=day.date())
    jalali_month = jdatetime.date.j_months_fa[jalali.month - 1]
    return digits("fa", f"{jalali.day} {jalali_month} {jalali.year} ({gregorian})")


def clock(language: str, moment: datetime, timezone: str) -> str:
    """The hour at `timezone`, 24 h: 14:05."""
    return digits(language, f"{moment.astimezone(ZoneInfo(timezone)):%H:%M}")


def zone(language: str, moment: datetime, timezone: str) -> str:
    """How the zone is told: +03 in English, «بتوقيت بغداد», «به وقت تهران»."""
    if language == "en":
        return _offset(moment.astimezone(ZoneInfo(timezone)).utcoffset() or timedelta())
    city = get_timezone_location(timezone, locale=_LOCALES[language], return_city=True)
    return say(language, "zone", city=city)


def instant(language: str, moment: datetime, timezone: str) -> str:
    """Day, hour and zone: 22 Nov 2026 14:05 +03."""
    return say(
        language,
        "instant",
        date=date(language, moment, timezone),
        clock=clock(language, moment, timezone),
        zone=zone(language, moment, timezone),
    )


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"{'+' if minutes > 0 else '-'}{hours:02}" + (f":{rest:02}" if rest else "")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES[language])


def _month(language: str, month: int) -> str:
    # English and Persian use the shorter names: the wide Persian ones carry a genitive sign of running text.
    width = "wide" if language == "ar" else "abbreviated"
    return str(_locale(language).months["format"][width][month])
