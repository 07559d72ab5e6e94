"""Our own voice: complete in three languages, neutral, with numbers, dates and plurals as natives write."""

import re
import string
from collections.abc import Iterator, Mapping
from datetime import datetime

import pytest

from alerts.catalogue import WORDS, say
from core.affiliations import AFFILIATIONS
from core.tongue import LANGUAGES, instant, language_of, title, zone

CATEGORIES = {"en": {"one", "other"}, "ar": {"zero", "one", "two", "few", "many", "other"}, "fa": {"one", "other"}}
PARTISAN = re.compile(
    r"شهيد|شهید|ميليشي|میلیشیا|شبه.?نظامی|إرهاب|ارهاب|تروریست|رژیم|النظام|martyr|regime|terroris|militia", re.I
)


def templates(words: Mapping[str, str | Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    for key, value in words.items():
        for form in [value] if isinstance(value, str) else value.values():
            yield key, form


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_language_says_everything() -> None:
    assert {key for key in WORDS["ar"] if key != "zone"} == set(WORDS["en"])
    assert set(WORDS["fa"]) == set(WORDS["ar"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_every_form_and_no_value_is_forgotten(language: str) -> None:
    english = {key: fields(form) for key, form in templates(WORDS["en"])}
    for key, value in WORDS[language].items():
        assert isinstance(value, str) == isinstance(WORDS["en"].get(key, ""), str), key
        if not isinstance(value, str):
            assert set(value) == CATEGORIES[language], key
    for key, form in templates(WORDS[language]):
        if key in english:
            assert english[key] - {"count"} <= fields(form) <= english[key] | {"count"}, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_voice_takes_no_side(language: str) -> None:
    for key, form in templates(WORDS[language]):
        assert not PARTISAN.search(form), key
        assert "confirmed" not in form.lower().replace("unconfirmed", ""), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_affiliation_has_a_name(language: str) -> None:
    assert all(say(language, f"affiliation.{each}") for each in AFFILIATIONS)


@pytest.mark.parametrize(
    ("count", "english", "arabic", "persian"),
    [
        (1, "+1 other outlet", "ومصدر آخر", "و یک منبع دیگر"),
        (2, "+2 other outlets", "ومصدران آخران", "و ۲ منبع دیگر"),
        (3, "+3 other outlets", "و3 مصادر أخرى", "و ۳ منبع دیگر"),
        (10, "+10 other outlets", "و10 مصادر أخرى", "و ۱۰ منبع دیگر"),
        (11, "+11 other outlets", "و11 مصدراً آخر", "و ۱۱ منبع دیگر"),
        (26, "+26 other outlets", "و26 مصدراً آخر", "و ۲۶ منبع دیگر"),
        (99, "+99 other outlets", "و99 مصدراً آخر", "و ۹۹ منبع دیگر"),
        (100, "+100 other outlets", "و100 مصدر آخر", "و ۱۰۰ منبع دیگر"),
        (101, "+101 other outlets", "و101 مصدر آخر", "و ۱۰۱ منبع دیگر"),
        (103, "+103 other outlets", "و103 مصادر أخرى", "و ۱۰۳ منبع دیگر"),
        (111, "+111 other outlets", "و111 مصدراً آخر", "و ۱۱۱ منبع دیگر"),
    ],
)
def test_counts(count: int, english: str, arabic: str, persian: str) -> None:
    assert [say(language, "others", count=count) for language in LANGUAGES] == [english, arabic, persian]


@pytest.mark.parametrize(
    ("moment", "english", "arabic", "persian"),
    [
        ("2026-11-22T11:05Z", "22 Nov 2026 14:05 +03", "22 تشرين الثاني 2026 14:05 بتوقيت بغداد",
         "۱ آذر ۱۴۰۵ (۲۲ نوامبر ۲۰۲۶)، ساعت ۱۴:۳۵ به وقت تهران"),
        ("2026-01-01T00:00Z", "1 Jan 2026 03:00 +03", "1 كانون الثاني 2026 03:00 بتوقيت بغداد",
         "۱۱ دی ۱۴۰۴ (۱ ژانویه ۲۰۲۶)، ساعت ۰۳:۳۰ به وقت تهران"),
        ("2026-02-28T21:00Z", "1 Mar 2026 00:00 +03", "1 آذار 2026 00:00 بتوقيت بغداد",
         "۱۰ اسفند ۱۴۰۴ (۱ مارس ۲۰۲۶)، ساعت ۰۰:۳۰ به وقت تهران"),
        ("2026-03-20T20:29Z", "20 Mar 2026 23:29 +03", "20 آذار 2026 23:29 بتوقيت بغداد",
         "۲۹ اسفند ۱۴۰۴ (۲۰ مارس ۲۰۲۶)، ساعت ۲۳:۵۹ به وقت تهران"),
        ("2026-03-20T20:30Z", "20 Mar 2026 23:30 +03", "20 آذار 2026 23:30 بتوقيت بغداد",
         "۱ فروردین ۱۴۰۵ (۲۱ مارس ۲۰۲۶)، ساعت ۰۰:۰۰ به وقت تهران"),
        ("2026-04-15T09:09Z", "15 Apr 2026 12:09 +03", "15 نيسان 2026 12:09 بتوقيت بغداد",
         "۲۶ فروردین ۱۴۰۵ (۱۵ آوریل ۲۰۲۶)، ساعت ۱۲:۳۹ به وقت تهران"),
        ("2026-05-14T12:00Z", "14 May 2026 15:00 +03", "14 أيار 2026 15:00 بتوقيت بغداد",
         "۲۴ اردیبهشت ۱۴۰۵ (۱۴ مه ۲۰۲۶)، ساعت ۱۵:۳۰ به وقت تهران"),
        ("2026-06-30T23:59Z", "1 Jul 2026 02:59 +03", "1 تموز 2026 02:59 بتوقيت بغداد",
         "۱۰ تیر ۱۴۰۵ (۱ ژوئیه ۲۰۲۶)، ساعت ۰۳:۲۹ به وقت تهران"),
        ("2026-08-08T08:08Z", "8 Aug 2026 11:08 +03", "8 آب 2026 11:08 بتوقيت بغداد",
         "۱۷ مرداد ۱۴۰۵ (۸ اوت ۲۰۲۶)، ساعت ۱۱:۳۸ به وقت تهران"),
        ("2026-09-22T20:45Z", "22 Sep 2026 23:45 +03", "22 أيلول 2026 23:45 بتوقيت بغداد",
         "۱ مهر ۱۴۰۵ (۲۳ سپتامبر ۲۰۲۶)، ساعت ۰۰:۱۵ به وقت تهران"),
        ("2026-10-10T10:10Z", "10 Oct 2026 13:10 +03", "10 تشرين الأول 2026 13:10 بتوقيت بغداد",
         "۱۸ مهر ۱۴۰۵ (۱۰ اکتبر ۲۰۲۶)، ساعت ۱۳:۴۰ به وقت تهران"),
        ("2026-12-31T20:59Z", "31 Dec 2026 23:59 +03", "31 كانون الأول 2026 23:59 بتوقيت بغداد",
         "۱۱ دی ۱۴۰۵ (۱ ژانویه ۲۰۲۷)، ساعت ۰۰:۲۹ به وقت تهران"),
    ],
)  # fmt: skip
def test_instants(moment: str, english: str, arabic: str, persian: str) -> None:
    at = datetime.fromisoformat(moment)
    assert instant("en", at, "Asia/Baghdad") == english
    assert instant("ar", at, "Asia/Baghdad") == arabic
    assert instant("fa", at, "Asia/Tehran") == persian


def test_zones_are_told_by_city_or_offset() -> None:
    at = datetime.fromisoformat("2026-07-01T00:00Z")
    assert [zone("en", at, each) for each in ("UTC", "Asia/Tehran", "America/New_York")] == ["UTC", "+03:30", "-04"]
    assert zone("ar", at, "Europe/London") == "بتوقيت لندن"
    assert zone("fa", at, "Asia/Baghdad") == "به وقت بغداد"


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("ar", "ar"),
        ("ar-IQ", "ar"),
        ("fa_IR", "fa"),
        ("FA", "fa"),
        ("en-GB", "en"),
        ("ckb", "en"),
        (None, "en"),
        ("", "en"),
    ],
)
def test_the_language_of_a_user(code: str | None, language: str) -> None:
    assert language_of(code) == language


def test_titles_fall_back() -> None:
    assert title({"en": "A", "ar": "ب"}, "ar", "id") == "ب"
    assert title({"en": "A"}, "fa", "id") == "A"
    assert title({"ar": "ب"}, "fa", "id") == "ب"
    assert title({}, "fa", "id") == "id"
