"""Three calendars and the names of their months in the languages of the beat. No parsing, no clock.

Month names are the Gregorian ones of Iraq and the Levant, Egypt and the Gulf, the Maghreb, Iran, Kurdistan and
English; the Jalali ones in Persian and Latin letters; the Hijri ones in Arabic, Persian and Latin letters.
"""

import re
from datetime import date
from functools import cache
from typing import Literal

import hijridate
import jdatetime

from core.text import fold

Calendar = Literal["gregorian", "jalali", "hijri"]

_MONTHS: dict[Calendar, tuple[str, ...]] = {
    "gregorian": (
        "january|jan|يناير|كانون الثاني|كانون ثاني|كانون ثان|كانون 2|ك2|جانفي|ژانویه|جنوری|کانوونی دووەم|کانونی دووەم",
        "february|feb|febr|فبراير|شباط|اشباط|فيفري|فوریه|شوبات",
        "march|mar|مارس|آذار|مارت|ئازار",
        "april|apr|أبريل|ابريل|إبريل|نيسان|أفريل|آوریل|اپریل",
        "may|مايو|أيار|ماي|مه|می|مای|ئایار",
        "june|jun|يونيو|يونيه|حزيران|جوان|ژوئن|جون|حوزەیران|حزەیران",
        "july|jul|يوليو|يوليه|تموز|جويلية|يوليوز|ژوئیه|ژوئيه|جولای|جولائی|تەمموز|تەموز",
        "august|aug|أغسطس|آب|أوت|غشت|اوت|آگوست|اگست|ئاب",
        "september|sept|sep|سبتمبر|أيلول|شتنبر|سپتامبر|ستمبر|ئەیلوول|ئەیلول",
        "october|oct|أكتوبر|تشرين الأول|تشرين أول|تشرين 1|ت1|اکتبر|اكتبر|تشرینی یەکەم",
        "november|nov|نوفمبر|تشرين الثاني|تشرين ثاني|تشرين ثان|تشرين 2|ت2|نونبر|نوامبر|تشرینی دووەم",
        "december|dec|ديسمبر|كانون الأول|كانون أول|كانون 1|ك1|دجنبر|دسامبر|دسمبر|کانوونی یەکەم|کانونی یەکەم",
    ),
    "jalali": (
        "فروردین|farvardin|خاکەلێوە",
        "اردیبهشت|ordibehesht|گوڵان",
        "خرداد|khordad|جۆزەردان",
        "تیر|tir|پووشپەڕ",
        "مرداد|امرداد|mordad|amordad|گەلاوێژ",
        "شهریور|shahrivar|خەرمانان",
        "مهر|mehr|ڕەزبەر",
        "آبان|aban|خەزەڵوەر",
        "آذر|azar|سەرماوەز",
        "دی|dey|بەفرانبار",
        "بهمن|bahman|ڕێبەندان",
        "اسفند|esfand|ڕەشەمە",
    ),
    "hijri": (
        "محرم|المحرم|محرم الحرام|muharram|moharram",
        "صفر|صفر المظفر|safar",
        "ربيع الأول|ربيع أول|ربیع الاول|rabi al awwal|rabi al awal",
        "ربيع الآخر|ربيع الثاني|ربيع ثاني|ربیع الثانی|rabi al thani|rabi al akhir",
        "جمادى الأولى|جمادى الأول|جمادی الاول|جمادي الاول|jumada al awwal|jumada al ula",
        "جمادى الآخرة|جمادى الثانية|جمادى الثاني|جمادى الآخر|جمادی الثانی|jumada al thani|jumada al akhira",
        "رجب|رجب المرجب|rajab",
        "شعبان|شعبان المعظم|shaban|shaaban",
        "رمضان|رمضان المبارك|ramadan|ramazan",
        "شوال|شوال المكرم|shawwal|shawal",
        "ذو القعدة|ذي القعدة|ذوالقعده|ذی القعده|ذیقعده|dhu al qidah|dhul qadah",
        "ذو الحجة|ذي الحجة|ذوالحجه|ذی الحجه|ذیحجه|dhu al hijjah|dhul hijja|dhul hijjah",
    ),
}

FIRST_YEAR: dict[Calendar, int] = {"gregorian": 1900, "jalali": 1300, "hijri": 1300}
LAST_YEAR: dict[Calendar, int] = {"gregorian": 2199, "jalali": 1500, "hijri": 1500}


def to_date(calendar: Calendar, year: int, month: int, day: int) -> date | None:
    """The Gregorian date; None for a day that the calendar does not have. Hijri is Umm al-Qura, ± 1 day elsewhere."""
    if not FIRST_YEAR[calendar] <= year <= LAST_YEAR[calendar]:
        return None
    try:
        if calendar == "jalali":
            return date.fromordinal(jdatetime.date(year, month, day).togregorian().toordinal())
        if calendar == "hijri":
            return date.fromordinal(hijridate.Hijri(year, month, day).to_gregorian().toordinal())
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def from_date(calendar: Calendar, day: date) -> tuple[int, int, int]:
    """Year, month and day of a Gregorian date. Raises ValueError for a day before or after what the calendar covers."""
    if calendar == "jalali":
        jalali = jdatetime.date.fromgregorian(date=day)
        return int(jalali.year), int(jalali.month), int(jalali.day)
    if calendar == "hijri":
        try:
            hijri = hijridate.Gregorian(day.year, day.month, day.day).to_hijri()
        except OverflowError as error:
            raise ValueError(str(error)) from None
        return int(hijri.year), int(hijri.month), int(hijri.day)
    return day.year, day.month, day.day


def year_of(calendar: Calendar, day: date) -> int:
    """The year in which a Gregorian date lies."""
    return from_date(calendar, day)[0]


def month_title(calendar: Calendar, month: int, language: str) -> str:
    """The name of a Jalali or Hijri month, in Arabic letters or, in English, in Latin ones."""
    names = _MONTHS[calendar][month - 1].split("|")
    return next(name for name in names if name.isascii()).title() if language == "en" else names[0]


@cache
def months() -> dict[str, tuple[Calendar, int]]:
    """Folded month names without their spaces → calendar and number."""
    return {
        _closed(name): (calendar, number)
        for calendar in ("hijri", "jalali", "gregorian")
        for number, names in enumerate(_MONTHS[calendar], start=1)
        for name in names.split("|")
    }


def month_named(words: str) -> tuple[Calendar, int] | None:
    """The month of a folded name, however it is spaced."""
    return months().get("".join(words.split()))


@cache
def month_pattern() -> str:
    """A regular expression for any month name in folded text."""
    names = {
        r"\s*".join(re.escape(fold(word)) for word in name.split())
        for every in _MONTHS.values()
        for names in every
        for name in names.split("|")
    }
    return "(?:" + "|".join(sorted(names, key=len, reverse=True)) + ")"


def _closed(name: str) -> str:
    return "".join(fold(word) for word in name.split())
