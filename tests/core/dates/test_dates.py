"""Dates as publishers print them, in three calendars, and what is no date."""

from datetime import UTC, datetime
from email.utils import format_datetime
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from core.dates import parse_date
from core.dates.calendars import to_date
from core.dates.printed import AHEAD, EARLIEST

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)  # noon in Baghdad, 12:30 in Tehran, 19 Esfand 1404, 21 Ramadan 1447
ZONES = {"ar": "Asia/Baghdad", "fa": "Asia/Tehran", "en": "unknown", "ckb": "Asia/Baghdad"}


def printed(text: str, language: str, zone: str | None = None) -> str | None:
    """What a text says, in the publisher's own zone; a midnight is shown as the day alone."""
    zone = zone or ZONES[language]
    found = parse_date(text, language=language, timezone=zone, now=NOW)
    if found is None:
        return None
    assert found.tzinfo is UTC
    local = found.astimezone(ZoneInfo("UTC" if zone == "unknown" else zone))
    return local.strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00")


def cases(table: str) -> list[tuple[str, str]]:
    return [(text.strip(), said.strip()) for text, said in (line.rsplit("=", 1) for line in table.strip().split("\n"))]


ARABIC = """
5 آذار 2026 = 2026-03-05
5 شباط 2026 = 2026-02-05
السبت 10 كانون الثاني 2026 08:15 = 2026-01-10 08:15
10 كانون الثانـي 2026 = 2026-01-10
٤ تشرين الأول ٢٠٢٥ - ٩:٠٥ مساءً = 2025-10-04 21:05
نُشر في ٤ تشرين الثاني ٢٠٢٥ الساعة ١٦:٤٠ = 2025-11-04 16:40
4 كانون2 2026 = 2026-01-04
4 تشرين ثان 2025 = 2025-11-04
4 يناير 2026 18:30 (توقيت غرينتش +3) = 2026-01-04 18:30
04-01-2026 18:30 UTC+3 = 2026-01-04 18:30
الثلاثاء 4 شباط 2025م الموافق 5 شعبان 1446هـ - 02:15 مساءاً = 2025-02-04 14:15
قبل 3 ساعات و 20 دقيقة = 2026-03-10 08:40
24 - 26 شباط 2026 = 2026-02-26
4 أيار/مايو 2025 = 2025-05-04
4 أيلول (سبتمبر) 2025 = 2025-09-04
11 نيسان 2025م = 2025-04-11
1 آب = 2025-08-01
10 آذار = 2026-03-10
11 آذار = 2025-03-11
2 حزيران 2025 12:20 ص = 2025-06-02 00:20
2 حزيران 2025 12:20 م = 2025-06-02 12:20
2 حزيران 2025 الساعة 8 مساء = 2025-06-02 20:00
2 حزيران 2025 الساعة 11 و30 دقيقة = 2025-06-02 11:30
مساءً 07:30 | 2/6/2025 = 2025-06-02 19:30
3 يناير 2026 09:00 بتوقيت غرينتش = 2026-01-03 12:00
3 يناير 2026 09:00 بتوقيت القاهرة = 2026-01-03 10:00
3 يناير 2026 الساعة 12:00 بتوقيت بغداد (09:00 غرينتش) = 2026-01-03 12:00
3 يناير 2026 الساعة الثامنة والنصف مساءً = 2026-01-03 20:30
03/02/2026 10:00 = 2026-02-03 10:00
2026/02/03 | 10:00 = 2026-02-03 10:00
03-02-26 = 2026-02-03
10:00 - 03.02.2026 = 2026-02-03 10:00
الأحد 1-3-2026 | 18:20 - عدد القراءات: 2025 = 2026-03-01 18:20
الخامس من شباط 2026 = 2026-02-05
الحادي والعشرين من شباط 2026 = 2026-02-21
قبل ساعة = 2026-03-10 11:00
منذ ساعتين = 2026-03-10 10:00
منذ 5 دقائق = 2026-03-10 11:55
منذ ١١ دقيقة | محليات = 2026-03-10 11:49
قبل ساعة ونصف = 2026-03-10 10:30
منذ نصف ساعة = 2026-03-10 11:30
منذ ثلاث ساعات = 2026-03-10 09:00
قبل يومين = 2026-03-08 12:00
قبل أسبوع = 2026-03-03 12:00
منذ لحظات = 2026-03-10 12:00
اليوم 08:10 = 2026-03-10 08:10
أمس الساعة 10:15 مساءً = 2026-03-09 22:15
أول أمس = 2026-03-08
"""
MAGHREB = """
7 جانفي 2026 14:25 = 2026-01-07 14:25
7 فيفري 2026 = 2026-02-07
7 أفريل 2025 = 2025-04-07
7 ماي 2025 = 2025-05-07
7 جوان 2025 = 2025-06-07
7 جويلية 2025 = 2025-07-07
7 أوت 2025 = 2025-08-07
7 غشت 2025 = 2025-08-07
7 شتنبر 2025 = 2025-09-07
7 نونبر 2025 = 2025-11-07
7 دجنبر 2025 = 2025-12-07
"""
PERSIAN = """
۱۹ اسفند ۱۴۰۴ = 2026-03-10
۱۹ اسفندماه ۱۴۰۴ = 2026-03-10
سه‌شنبه، ۱۹ اسفند ۱۴۰۴ ساعت ۱۱:۵۵ = 2026-03-10 11:55
۱۱:۵۵ · ۱۹ اسفند ۱۴۰۴ = 2026-03-10 11:55
۱۴۰۴/۱۲/۱۹ = 2026-03-10
۱۴۰۴-۱۲-۰۱ ۰۶:۲۰:۳۱ = 2026-02-20 06:20
۰۴/۱۲/۰۱ = 2026-02-20
98/05/10 = 2019-08-01
01/12/1404 = 2026-02-20
تاریخ انتشار: ۱۴۰۴/۱۲/۰۱ - ۱۴:۲۰ کد خبر: ۹۹۱۲۳۴۵ = 2026-02-20 14:20
اول دی ۱۴۰۴ = 2025-12-22
بیست و یکم دی ۱۴۰۴ = 2026-01-11
۱ فروردین = 2025-03-21
۳۰ اسفند ۱۴۰۳ = 2025-03-20
۱۰ مرداد ۱۴۰۰ ۱۲:۰۰ به وقت گرینویچ = 2021-08-01 16:30
۵ دی ۱۴۰۴ ساعت ۹ صبح = 2025-12-26 09:00
۵ دی ۱۴۰۴ ساعت ۹ شب = 2025-12-26 21:00
۵ دی ۱۴۰۴ ۵:۳۰ بعد از ظهر = 2025-12-26 17:30
۵ دی ۱۴۰۴ ساعت هفت و نیم بعدازظهر = 2025-12-26 19:30
تاریخ انتشار: ۵ دی ۱۴۰۴ ساعت ۱۰:۲۰ قبل از ظهر = 2025-12-26 10:20
۵ دی ۰۴ = 2025-12-26
1404-10-05T12:00:00Z = 2025-12-26 15:30
۵ دی ۱۴۰۴ ۰۵:۳۰ ب.ظ = 2025-12-26 17:30
۵ دی ۱۴۰۴ ۰۵:۳۰ ق.ظ = 2025-12-26 05:30
۵ دی ۱۴۰۴ ساعت ۱۲ ظهر = 2025-12-26 12:00
۵ دی ۱۴۰۴ ساعت هشت و نیم شب = 2025-12-26 20:30
۵ دی ۱۴۰۴ ساعت ۳ بامداد = 2025-12-26 03:00
۱۰ فوریه ۲۰۲۶ = 2026-02-10
۱۰ ژوئیهٔ ۲۰۲۵ = 2025-07-10
۱۰ اوت ۲۰۲۵ ساعت ۱۰ به وقت بغداد = 2025-08-10 10:30
۵ دی ۱۴۰۴ برابر با ۲۶ دسامبر ۲۰۲۵ = 2025-12-26
۲۱ رمضان ۱۴۴۷ = 2026-03-10
۳ ساعت پیش = 2026-03-10 09:30
یک ساعت و نیم پیش = 2026-03-10 11:00
نیم ساعت پیش = 2026-03-10 12:00
۲ ساعت و ۱۰ دقیقه قبل = 2026-03-10 10:20
دو روز پیش = 2026-03-08 12:30
دقایقی پیش = 2026-03-10 12:27
امروز ۰۸:۱۰ = 2026-03-10 08:10
دیروز ساعت ۱۸ = 2026-03-09 18:00
پریروز = 2026-03-08
"""
ENGLISH = """
10 February 2026 = 2026-02-10
February 10th, 2026 at 2:25 PM = 2026-02-10 14:25
Feb. 10, 2026, 9:05 a.m. ET = 2026-02-10 14:05
the 10th of February 2026 = 2026-02-10
10-Feb-2026 = 2026-02-10
2026 February 10 = 2026-02-10
Tue, 10 Feb 2026 14:25:00 +0300 = 2026-02-10 11:25
Tue, 10 Feb 26 14:25:00 GMT = 2026-02-10 14:25
Fri, 10 Feb 2026 14:25 EST = 2026-02-10 19:25
Tue Feb 10 14:25:00 UTC 2026 = 2026-02-10 14:25
2026-02-10T14:25:00+03:00 = 2026-02-10 11:25
2026-02-10T14:25:00.5Z = 2026-02-10 14:25
2026-02-10 14:25 +0300 = 2026-02-10 11:25
2026-02-10T24:00:00Z = 2026-02-11
2026-02-10T14:25:00 GMT+03:00 = 2026-02-10 11:25
10/Feb/2026:14:25:00 +0000 = 2026-02-10 14:25
Tue 10 Feb 2026 14.25 GMT = 2026-02-10 14:25
20260210T142500Z = 2026-02-10 14:25
1770733500 = 2026-02-10 14:25
1770733500000 = 2026-02-10 14:25
10/02/2026 2:25 PM = 2026-02-10 14:25
01/13/2026 = 2026-01-13
Published 10 Feb 2026, 14:25 (GMT+3) = 2026-02-10 11:25
10 Feb 2026 14:25 Baghdad time = 2026-02-10 11:25
10 Feb 2026 14:25 Baghdad time (11:25 GMT) = 2026-02-10 11:25
Dec 28 = 2025-12-28
February 2026 = 2026-02-01
14:25 · 21 Bahman 1404 = 2026-02-10 14:25
12 Ramadan 1447 = 2026-03-01
2 hours ago = 2026-03-10 07:00
an hour ago = 2026-03-10 08:00
Updated 40 minutes ago = 2026-03-10 08:20
1 hr 20 min ago = 2026-03-10 07:40
5m = 2026-03-10 08:55
just now = 2026-03-10 09:00
yesterday at 18:30 = 2026-03-09 18:30
Today, 8:10 am = 2026-03-10 08:10
"""
HIJRI = """
١ شعبان ١٤٤٧ هـ = 2026-01-20
١٤٤٧/٠٨/٠١ = 2026-01-20
1447-08-01 هـ = 2026-01-20
12 ربيع الأول 1447 = 2025-09-04
9 ذي القعدة 1446 هجري = 2025-05-07
الثلاثاء ٢١ رمضان ١٤٤٧ هـ - ١٠ مارس ٢٠٢٦ م = 2026-03-10
"""
KURDISH = """
١٠ی شوبات ٢٠٢٦ = 2026-02-10
10ی کانوونی دووەم 2026 = 2026-01-10
10/02/2026 - 14:25 = 2026-02-10 14:25
پێش 2 کاتژمێر = 2026-03-10 10:00
"""


@pytest.mark.parametrize(("text", "said"), cases(ARABIC))
def test_arabic_dates_of_iraq(text: str, said: str) -> None:
    assert printed(text, "ar") == said


@pytest.mark.parametrize(("text", "said"), cases(MAGHREB))
def test_month_names_of_the_maghreb(text: str, said: str) -> None:
    assert printed(text, "ar", "Africa/Tunis") == said


@pytest.mark.parametrize(("text", "said"), cases(PERSIAN))
def test_persian_dates(text: str, said: str) -> None:
    assert printed(text, "fa") == said


@pytest.mark.parametrize(("text", "said"), cases(ENGLISH))
def test_english_and_machine_dates(text: str, said: str) -> None:
    assert printed(text, "en") == said


@pytest.mark.parametrize(("text", "said"), cases(HIJRI))
def test_hijri_dates(text: str, said: str) -> None:
    assert printed(text, "ar", "Asia/Riyadh") == said


@pytest.mark.parametrize(("text", "said"), cases(KURDISH))
def test_kurdish_dates(text: str, said: str) -> None:
    assert printed(text, "ckb") == said


NO_DATES = """0|2999-01-01|0001-01-01|2026-02-29|31/04/2025|30 شباط 2025|٣١ حزيران ٢٠٢٥|32 يناير 2025|۳۰ اسفند ۱۴۰۴
1404/13/01|1447/13/01|1500/01/01|1999-12-31|2026-03-12|0000-00-00|0000-00-00T00:00:00Z|2026-13-45T99:99:99Z
2026-03-01T99:99|Thu, 01 Jan 1970 00:00:00 GMT|-1|99999999999|1234567|2026|1404|14:25|بهمن|الخميس|Thursday
null|None|N/A|undefined|Invalid Date|NaN|غير متوفر|نامشخص|تاريخ النشر|کد خبر: 14041219|رقم الخبر 20260210001
عدد المشاهدات: 1523|in 2 hours|غداً|فردا|tomorrow|منذ|قبل|پیش|ago|منذ 2003|خبر عاجل|تهران- ایرنا|بغداد/ نينا
{{date}}|%Y-%m-%d|v1.2.3|10.0.0.1|3/4|50%|12 Muharram 1300|ص|م|-|:|...""".replace("\n", "|").split("|")


@pytest.mark.parametrize("text", [*NO_DATES, "", "   ", "\u200f", "\ud800", "1" * 400])
@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_what_is_no_date_is_never_made_one(text: str, language: str) -> None:
    assert printed(text, language) is None


def test_numbers_are_month_first_only_in_the_americas() -> None:
    assert printed("03/02/2026", "en") == "2026-02-03"
    assert printed("03/02/2026", "en", "America/New_York") == "2026-03-02"


def test_a_day_begins_at_midnight_of_the_publisher() -> None:
    found = parse_date("10 شباط 2026", language="ar", timezone="Asia/Baghdad", now=NOW)
    assert found == datetime(2026, 2, 9, 21, tzinfo=UTC)


def test_yesterday_is_counted_in_the_publishers_zone() -> None:
    late = datetime(2026, 3, 10, 22, tzinfo=UTC)  # already the 11th in Baghdad
    found = parse_date("أمس 10:00", language="ar", timezone="Asia/Baghdad", now=late)
    assert found == datetime(2026, 3, 10, 7, tzinfo=UTC)


def test_tehran_had_summer_time_until_2022() -> None:
    assert parse_date("1401/05/01 12:00", language="fa", timezone="Asia/Tehran", now=NOW) == datetime(
        2022, 7, 23, 7, 30, tzinfo=UTC
    )
    assert parse_date("1402/05/01 12:00", language="fa", timezone="Asia/Tehran", now=NOW) == datetime(
        2023, 7, 23, 8, 30, tzinfo=UTC
    )


@pytest.mark.parametrize("zone", ["unknown", "", "Nowhere/Nothing", "../etc/passwd", "Asia"])
def test_an_unknown_zone_is_utc(zone: str) -> None:
    found = parse_date("2026-02-10 14:25", language=None, timezone=zone, now=NOW)
    assert found == datetime(2026, 2, 10, 14, 25, tzinfo=UTC)


def test_a_publishers_clock_may_be_a_day_ahead_and_no_more() -> None:
    assert printed("2026-03-11T08:59:00Z", "en") == "2026-03-11 08:59"
    assert printed("2026-03-11T09:01:00Z", "en") is None


# --- laws --------------------------------------------------------------------------------------------------------

WORDS = [
    "منذ",
    "قبل",
    "ساعة",
    "دقائق",
    "10",
    "٢٠٢٦",
    "۱۴۰۴",
    "/",
    "-",
    ":",
    "كانون",
    "الثاني",
    "بهمن",
    "پیش",
    "Jan",
    "am",
    "ago",
    "T",
    "Z",
    "+03:00",
    "2026",
    "31",
    "م",
    "ب.ظ",
    "هـ",
    "رمضان",
    ",",
    "ET",
    "الساعة",
    "و",
    "نیم",
]


@given(
    st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)),
    st.sampled_from(["ar", "fa", "en", "ckb", None]),
    st.sampled_from(["Asia/Baghdad", "Asia/Tehran", "America/New_York", "unknown"]),
)
@effort(max_examples=300, deadline=None)
def test_any_text_gives_a_day_in_range_or_nothing(text: str, language: str | None, zone: str) -> None:
    found = parse_date(text, language=language, timezone=zone, now=NOW)
    assert found is None or EARLIEST <= found <= NOW + AHEAD


@given(st.integers(946_771_200, 1_773_000_000), st.sampled_from(["ar", "fa", "en", None]))
@effort(deadline=None)
def test_what_machines_write_is_read_back(seconds: int, language: str | None) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    for text in (
        moment.isoformat(),
        moment.astimezone(ZoneInfo("Asia/Tehran")).isoformat(),
        moment.strftime("%Y%m%dT%H%M%SZ"),
        format_datetime(moment),
        format_datetime(moment, usegmt=True),
        str(seconds) if seconds >= 10**9 else moment.isoformat(),
    ):
        assert parse_date(text, language=language, timezone="Asia/Baghdad", now=NOW) == moment


@given(st.integers(1379, 1403), st.integers(1, 12), st.integers(1, 31))
@effort(deadline=None)
def test_every_jalali_day_is_read_in_digits_of_both_kinds(year: int, month: int, day: int) -> None:
    latin = f"{year}/{month:02}/{day:02} 12:00"
    for text in (latin, latin.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))):
        found = parse_date(text, language="fa", timezone="Asia/Tehran", now=NOW)
        assert (found.date() if found else None) == to_date("jalali", year, month, day)


@pytest.mark.parametrize("piece", ["1", "1/", "1 ", "كانون ", "10:", "منذ ", "ago ", "يناير 1 ", "- 1 ", "ب.", "1 2 "])
def test_no_text_takes_long(piece: str) -> None:
    start = perf_counter()
    printed((piece * 300)[:300], "ar")
    assert perf_counter() - start < 0.5


def test_marks_of_direction_between_the_numbers_do_not_matter() -> None:
    assert printed("\u200f03\u200f/02\u200f/2026", "ar") == "2026-02-03"
