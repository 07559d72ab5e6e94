"""Languages told apart by letters and frequent words, a headline at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language import detect

HEADLINES = [
    ("ar", "مجلس النواب يعقد جلسته الأولى بعد العطلة"),
    ("ar", "وفد حكومي يصل إلى البصرة"),
    ("ar", "بغداد: توقيع اتفاق جديد مع شركات النفط"),
    ("ar", "هل يعود الوزير؟"),
    ("fa", "نخست‌وزیر عراق وارد تهران شد"),
    ("fa", "دیدار وزیران خارجه ایران و عراق"),
    ("fa", "قیمت نفت افزایش یافت"),
    ("fa", "جلسه مجلس با حضور وزير نفت برگزار شد"),  # typed with Arabic letters
    ("fa", "گزارش تازه از مرز مهران"),
    ("ckb", "سەرۆکی هەرێم لەگەڵ شاندێکی ئەوروپی کۆبووەوە"),
    ("ckb", "هێزەکانی ئاسایش لە هەولێر"),
    ("ur", "وزیراعظم نے کابینہ کے اجلاس سے خطاب کیا"),
    ("en", "Parliament meets to elect a new speaker"),
    ("en", "Baghdad talks resume"),
    ("en", "U.S. AND IRAQ SIGN GAS DEAL"),
]


@pytest.mark.parametrize(("language", "headline"), HEADLINES)
def test_a_headline_is_enough(language: str, headline: str) -> None:
    assert detect(headline) == language


@pytest.mark.parametrize(("language", "headline"), HEADLINES)
def test_a_source_with_another_language_does_not_change_what_is_plain(language: str, headline: str) -> None:
    sentence = f"{headline}. {headline}. {headline}."
    assert detect(sentence, hint="en" if language != "en" else "fa") == language


@pytest.mark.parametrize(
    "text",
    [
        "Правительство Ирака собралось",
        "Le ministre est arrivé à Bagdad pour des entretiens",
        "伊拉克政府",
        "ממשלת עיראק",
    ],
)
def test_another_language_is_none_of_ours(text: str) -> None:
    assert detect(text) is None


@pytest.mark.parametrize("text", ["", "12:30", "🇮🇶 401", "https://a.example/the-new-of-and"])
def test_where_there_is_nothing_to_read_the_source_decides(text: str) -> None:
    assert detect(text, hint="fa") == "fa"
    assert detect(text) is None


def test_arabic_letters_that_say_nothing_are_the_sources_or_arabic() -> None:
    assert detect("بدر بدر", hint="fa") == "fa"
    assert detect("بدر بدر", hint="en") == "ar"


def test_links_and_handles_do_not_count() -> None:
    assert detect("جلسة اليوم https://example.com/the/news/of/the/day @the_news_of_iraq #breaking_news") == "ar"


def test_latin_names_inside_a_persian_text_do_not_count() -> None:
    assert detect("شرکت Lukoil و شرکت BP در میدان‌های نفتی عراق") == "fa"


@given(st.text(max_size=300), st.sampled_from(["ar", "fa", "en", "ckb", None]))
def test_any_text_has_one_of_the_answers(text: str, hint: str | None) -> None:
    assert detect(text, hint) in {"ar", "fa", "en", "ckb", "ur", None}
