"""Copies, what is built on them, and the templates that only look like them: a newsroom's day in three scripts."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stories.concepts import compile_concepts
from core.stories.dedup import LONG_TEXT, Evidence, Sample, best, capitals, compare
from core.stories.fingerprints import own_words

LEXICON = (Path(__file__).parents[3] / "lexicon" / "concepts.txt").read_text(encoding="utf-8")
CONCEPTS = compile_concepts(LEXICON)

BRIDGE = {
    "en": "The river council opened the new bridge on Monday after two years of work. Engineers said the old one had "
    "become too narrow for the harvest traffic, and drivers waited for hours. The mayor promised a second lane.",
    "ar": "افتتح مجلس النهر الجسر الجديد يوم الاثنين بعد عامين من العمل. وقال مهندسون إن الجسر القديم صار ضيقا أمام "
    "شاحنات الحصاد، وإن السائقين كانوا ينتظرون ساعات طويلة. ووعد رئيس البلدية بمسار إضافي قبل الشتاء.",
    "fa": "شورای رودخانه پل تازه را روز دوشنبه پس از دو سال کار باز کرد. مهندسان گفتند پل پیشین برای کامیون‌های برداشت "
    "تنگ شده بود و رانندگان ساعت‌ها منتظر می‌ماندند. شهردار قول داد پیش از زمستان راه دیگری هم ساخته شود.",
}
MORE = {
    "en": " Farmers from the valley welcomed the news and asked for a toll-free season, while the opposition in the "
    "council wondered aloud who would pay for the repairs of the quay that the floods had damaged.",
    "ar": " ورحب مزارعو الوادي بالخبر وطالبوا بموسم بلا رسوم، فيما تساءلت المعارضة في المجلس عمن سيدفع كلفة ترميم "
    "الرصيف الذي أتلفته السيول في الربيع الماضي.",
    "fa": " کشاورزان دره از این خبر استقبال کردند و خواهان یک فصل بدون عوارض شدند و مخالفان در شورا پرسیدند هزینه "
    "بازسازی اسکله‌ای که سیل بهار ویران کرد با کیست.",
}
OTHER = {
    "en": "Librarians in the old town have begun to scan the newspapers of a whole century for the museum.",
    "ar": "بدأ أمناء المكتبة في البلدة القديمة تصوير صحف قرن كامل من أجل المتحف.",
    "fa": "کتابداران شهر کهن تصویربرداری از روزنامه‌های یک سده را برای موزه آغاز کرده‌اند.",
}


def text(body: str, language: str = "en") -> Sample:
    return Sample(own_words(body), language, CONCEPTS, capitals(body))


def judge(one: str, other: str, language: str = "en") -> Evidence:
    found = compare(text(one, language), text(other, language))
    assert found == compare(text(other, language), text(one, language))
    return found


scripts = pytest.mark.parametrize("language", ["en", "ar", "fa"])


@scripts
def test_the_same_text_is_a_copy(language: str) -> None:
    found = judge(BRIDGE[language], BRIDGE[language], language)
    assert (found.tier, found.containment, found.alone) == ("copy", 1.0, 0.0)


@scripts
def test_a_text_cut_at_its_end_is_a_copy(language: str) -> None:
    assert judge(BRIDGE[language] + MORE[language], BRIDGE[language], language).tier == "copy"


@scripts
def test_a_new_headline_on_the_same_text_is_a_copy(language: str) -> None:
    assert judge(OTHER[language][:30] + ".\n" + BRIDGE[language], BRIDGE[language], language).tier == "copy"


@scripts
def test_a_sentence_out_of_a_long_report_is_derived(language: str) -> None:
    whole = BRIDGE[language] + MORE[language] + OTHER[language]
    sentence = BRIDGE[language].split(".")[0]
    found = judge(whole, sentence, language)
    assert (found.tier, found.why) == ("derived", "an excerpt")


@scripts
def test_own_wording_on_another_matter_is_neither(language: str) -> None:
    assert judge(BRIDGE[language], OTHER[language], language).tier == "none"


TWINS = [
    ("ar", "استقبل رئيس الجمهورية في القصر وزير خارجية تركيا وبحث معه العلاقات الثنائية",
     "استقبل رئيس الجمهورية في القصر وزير خارجية قطر وبحث معه العلاقات الثنائية"),
    ("fa", "زلزله‌ای به بزرگی ۴ ریشتر حوالی شهر را لرزاند و گزارشی از خسارت نرسیده است",
     "زلزله‌ای به بزرگی ۵ ریشتر حوالی شهر را لرزاند و گزارشی از خسارت نرسیده است"),
    ("fa", "دریا تا جمعه پنجم ماه مواج است و همه فعالیت‌های صیادی ممنوع اعلام شد",
     "دریا تا جمعه ۲۶ ماه مواج است و همه فعالیت‌های صیادی ممنوع اعلام شد"),
    ("en", "The company said it is raising its copper price by half a cent to 66 cents a pound",
     "The company said it is lowering its copper price by half a cent to 65 cents a pound"),
    ("en", "The board of the savings bank in Michigan declared its usual quarterly payout",
     "The board of the savings bank in Minnesota declared its usual quarterly payout"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "one", "other"), TWINS)
def test_a_template_filled_in_anew_is_no_copy(language: str, one: str, other: str) -> None:
    found = judge(one, other, language)
    assert found.containment > 0.6
    assert (found.tier, found.why) in {("none", "other numbers"), ("none", "other names")}


def test_a_number_in_words_is_the_number_in_digits() -> None:
    one = "قتل خمسة عمال وأصيب سبعة آخرون في انهيار سقف المستودع قرب الميناء مساء أمس"
    assert judge(one, one.replace("خمسة", "5").replace("سبعة", "7"), "ar").tier == "copy"


def test_a_spelling_corrected_is_a_copy() -> None:
    one = "رونمایی از پل تازه شهر با حضور شهردار و جمعی از مهندسان جوان"
    assert judge(one, one.replace("رونمایی", "رونمائي").replace("مهندسان", "مهندسین"), "fa").tier == "copy"


def test_a_long_report_with_new_figures_is_derived_not_unrelated() -> None:
    body = (BRIDGE["en"] + MORE["en"]) * 2 + " The toll rose by {} percent, {} cents and {} lines."
    one, other = body.format(3, 14, 21), body.format(5, 18, 44)
    assert len(own_words(one)) >= LONG_TEXT
    assert (judge(one, other).tier, judge(one, other).why) == ("derived", "other numbers")


def test_an_empty_text_shares_nothing() -> None:
    assert judge(BRIDGE["en"], "").tier == "none"


def test_the_beginning_of_a_sentence_is_no_name() -> None:
    assert capitals("Engineers from Basra, Kirkuk and the coast. Drivers waited.") == {"basra", "kirkuk"}


def test_the_best_match_is_a_copy_before_what_is_closer_but_derived() -> None:
    copy = Evidence("copy", 0.8, 40, None, 0.0, "")
    derived = Evidence("derived", 0.9, 60, None, 0.0, "")
    none = Evidence("none", 0.95, 60, None, 0.0, "")
    assert best([(1, derived), (2, copy), (3, copy), (4, none)]) == (2, copy)
    assert best([(4, none)]) is None


@given(st.lists(st.sampled_from(BRIDGE["fa"].split()), max_size=60), st.lists(st.sampled_from(BRIDGE["ar"].split())))
def test_judging_has_no_direction(one: list[str], other: list[str]) -> None:
    left, right = Sample(tuple(one), None, CONCEPTS), Sample((*other, *one[:20]), None, CONCEPTS)
    assert compare(left, right) == compare(right, left)
    assert 0 <= compare(left, right).containment <= 1
