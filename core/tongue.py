"""Numbers, dates, zones and plurals as natives of the three languages write them. Pure; holds no sentence of ours.

Filled sentences come from catalogues: key → template, or plural category (CLDR, by Babel) → template.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import jdatetime
from babel import Locale
from babel.core import get_global
from babel.dates import format_timedelta, get_timezone_location

LANGUAGES = ("en", "ar", "fa")
RIGHT_TO_LEFT = frozenset({"ar", "fa"})
Words = Mapping[str, str | Mapping[str, str]]  # key → template, or plural category → template

_LOCALES = {"en": "en", "ar": "ar_IQ", "fa": "fa_IR"}
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_ZONE = {"ar": "بتوقيت {city}", "fa": "به وقت {city}"}
_INSTANT = {"en": "{date} {clock} {zone}", "ar": "{date} {clock} {zone}", "fa": "{date}، ساعت {clock} {zone}"}


def language_of(code: str | None) -> str:
    """The catalogue for a language tag of a user (`fa-IR` → fa); English where there is none."""
    base = (code or "").lower().replace("_", "-").split("-")[0]
    return base if base in LANGUAGES else "en"


def fill(words: Words, language: str, key: str, count: int | None, values: Mapping[str, object]) -> str:
    """The words of `key`, filled. `count` chooses the plural form and stands for {count}.

    Numbers among `values` are written in the digits of the language. KeyError for an unknown key.
    """
    template = words[key]
    if not isinstance(template, str):
        template = template[_locale(language).plural_form(count or 0)]
    given = values if count is None else {**values, "count": count}
    filled = {name: number(language, value) if isinstance(value, int) else value for name, value in given.items()}
    return template.format(**filled)


def number(language: str, value: int) -> str:
    """A whole number in the digits of the language: ۰-۹ in Persian, 0-9 elsewhere (also in Arabic)."""
    return digits(language, str(value))


def digits(language: str, text: str) -> str:
    """`text` with its digits as the language writes them."""
    return text.translate(_PERSIAN_DIGITS) if language == "fa" else text


def decimal(language: str, value: float) -> str:
    """A number with one decimal where it is not whole: 2.5, in Persian ۲٫۵."""
    written = f"{value:.1f}".removesuffix(".0")
    return digits(language, written.replace(".", "٫") if language == "fa" else written)


def language_name(language: str, code: str) -> str:
    """What the language with a BCP 47 code is called in another; the code itself where it is not known."""
    return str(_locale(language).languages.get(code.lower().replace("-", "_").split("_")[0], code))


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


def month(language: str, number: int) -> str:
    """The name of a Gregorian month, in Arabic as in Iraq."""
    return _month(language, number)


def weekdays(language: str) -> tuple[tuple[int, str], ...]:
    """The days of a week as it begins in the language's country: Monday is 0, and their short names."""
    locale = _locale(language)
    order = [(locale.first_week_day + place) % 7 for place in range(7)]
    return tuple((day, str(locale.days["stand-alone"]["short"][day])) for day in order)


def clock(language: str, moment: datetime, timezone: str) -> str:
    """The hour at `timezone`, 24 h: 14:05."""
    return digits(language, f"{moment.astimezone(ZoneInfo(timezone)):%H:%M}")


def zone(language: str, moment: datetime, timezone: str) -> str:
    """How the zone is told: +03 in English, «بتوقيت بغداد», «به وقت تهران»."""
    if language == "en":
        return _offset(moment.astimezone(ZoneInfo(timezone)).utcoffset() or timedelta())
    city = get_timezone_location(timezone, locale=_LOCALES[language], return_city=True)
    return _ZONE[language].format(city=city)


def zone_called(name: str) -> str | None:
    """The zone with this IANA name, or of the city so called in any of the languages; None for no or several zones."""
    found = _zones().get(_folded(name), set())
    return next(iter(found)) if len(found) == 1 else None


@cache
def _zones() -> Mapping[str, set[str]]:
    """All zones by their names and by their cities."""
    zones: dict[str, set[str]] = {}
    aliases = get_global("zone_aliases")
    for each in available_timezones():
        zones.setdefault(_folded(each), set()).add(each)
        if "/" in each and not each.startswith("Etc/"):
            for locale in _LOCALES.values():
                city = get_timezone_location(each, locale=locale, return_city=True)
                zones.setdefault(_folded(city), set()).add(aliases.get(each, each))
    return zones


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("ي", "ی").replace("ك", "ک").split())


def instant(language: str, moment: datetime, timezone: str) -> str:
    """Day, hour and zone: 22 Nov 2026 14:05 +03."""
    return _INSTANT[language].format(
        date=date(language, moment, timezone),
        clock=clock(language, moment, timezone),
        zone=zone(language, moment, timezone),
    )


def duration(language: str, length: timedelta) -> str:
    """A length of time in its largest unit: 3 hours · 3 ساعات · ۳ ساعت."""
    return digits(language, format_timedelta(length, locale=_LOCALES[language], threshold=1.0))


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
