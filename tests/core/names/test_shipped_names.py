"""The shipped names and topics on what readers of this beat know: other bearers, false friends, levels by event."""

from functools import cache
from pathlib import Path

import pytest

from core.model import Draft
from core.rules.match import RuleSet, compile_rules
from settings import load
from tests.core.newsdesk import article, day, doubts, sees


@cache
def shipped() -> RuleSet:
    settings = load(Path(__file__).parents[3] / "config.toml")
    return compile_rules(settings.names, settings.topics)


def topics(text: Draft | str) -> dict[str, str]:
    """Topic → level."""
    draft = article(text) if isinstance(text, str) else text
    return {hit.topic: hit.level for hit in shipped().match(draft).topics}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("qaani", "سردار قانی در بغداد"),
        ("qaani", "اللواء القاني يصل بغداد"),
        ("qaani", "وصل إسماعيل قاآنى"),
        ("qaani", "Brig. Gen. Ghani of the Quds Force"),
        ("soleimani", "شهيد سليماني"),
        ("soleimani", "اغتيال اللواء سليماني"),
        ("sadr", "السيد الصدر يغرد"),
        ("sadr", "سید مقتدی صدر بیانیه داد"),
        ("sistani", "مكتب السيد السيستانى"),
        ("khazali", "شیخ قیس الخزعلي"),
        ("muhandis", "ابو مهدى المهندس"),
        ("kadhimi", "حكومة الكاظمي"),
        ("khamenei", "خامنه اي"),
        ("khamenei", "فخامنئي قال"),
        ("amiri", "الحاج العامري"),
        ("maliki", "زعيم ائتلاف دولة القانون المالكي"),
        ("fayyadh", "رئيس هيئة الحشد الفياض"),
        ("quds_force", "لفيلق القدس"),
        ("irgc", "التابعة لحرس الثورة"),
        ("irgc", "نیروی هوافضای سپاه"),
        ("pmf", "#هيئة_الحشد_الشعبي"),
        ("pmf", "حشدالشعبي عراق"),
        ("asaib", "عصايب اهل الحق"),
        ("kataib_hezbollah", "حزب‌الله عراق"),
        ("nujaba", "جنبش نجباي عراق"),
        ("badr", "بمنظمة بدر"),
        ("saraya_salam", "لسرايا السلام"),
        ("fatah_alliance", 'قائمة "الفتح"'),
        ("coordination_framework", "للاطار التنسيقي"),
        ("sadrist_movement", 'تحالف "سائرون"'),
        ("sayyid_shuhada", "ابو آلآء الولائي"),
        ("zaidi", "رئيس مجلس الوزراء علي الزيدي"),
        # spellings of public sanction lists, and pairs of first name and surname that no list has
        ("khazali", "Qais Hadi Sayed Hasan al-Khazali"),
        ("khazali", "قال قيس هادي سيد حسن الخزعلي"),
        ("khazali", "Kays al-Khathali"),
        ("muhandis", "Jamal Ja'afar Muhammad Ali al-Ibrahimi"),
        ("muhandis", "Abu-Mahdi al-Basari"),
        ("soleimani", "Gassem Soulaimani"),
        ("sadr", "Mouktada Assadr"),
        ("qaani", "Ismaiel Ghanee"),
        ("amiri", "Haadi al-Aamiri"),
        ("fayyadh", "Falih Faisal Fahad al-Fayyadh"),
        ("fayyadh", "Faalih Alfayyadh"),
        ("shibl_zaidi", "Hajji Shibl Muhsin 'Ubayd al-Zaydi"),
        ("faction_leaders", "Akram 'Abbas al-Kabi"),
        ("faction_leaders", "Shaykh Abu-Akram al-Ka'abi"),
        ("faction_leaders", "أكرم عباس الكعبي"),
        ("faction_leaders", "الكعبي: حركة النجباء لن تسلم سلاحها"),
        ("faction_leaders", "Layth Hadi Sa'id al-Khazali"),
        ("faction_leaders", "ابوزینب اللامی"),
        ("faction_leaders", "Ahmad Muhsin Faraj al-Hamidawi"),
        ("sayyid_shuhada", "Hashim Finyan Rahim al-Saraji"),
        ("sayyid_shuhada", "هاشم فنيان رحيم السراجي"),
        ("awfiya", "Haydar Muzhir al-Gharawi"),
        ("nujaba", "Ammar ibn Yasir Brigade"),
        ("militias", "الشيخ أكرم الكعبي"),
    ],
)
def test_a_name_is_found_in_the_spellings_of_the_day(name: str, text: str) -> None:
    assert name in sees(shipped(), text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("qaani", "الرئيس الأفغاني أشرف غني"),
        ("qaani", "President Ashraf Ghani fled Kabul"),
        ("soleimani", "انفجار في السليمانية"),
        ("soleimani", "سردار غلامرضا سلیمانی رئیس بسیج"),
        ("sadr", "انتشار أمني في مدينة الصدر شرقي بغداد"),
        ("sadr", "أصيب برصاصة في الصدر في بغداد"),
        ("sadr", "محمد باقر الصدر"),
        ("sadr", "ابوالحسن بنی‌صدر"),
        ("sistani", "کشاورزان سیستانی"),
        ("muhandis", "ماجد المهندس يغني في بغداد"),
        ("kadhimi", "وحید کاظمی داور دیدار شد"),
        ("khamenei", "آیت‌الله سیدمجتبی خامنه‌ای"),
        ("amiri", "أنيس العامري"),
        ("maliki", "العقيد الركن تركي المالكي: المالكي عن مسيرات من العراق"),
        ("fayyadh", "سلام فياض"),
        ("khazali", "النائب فالح الخزعلي عن البصرة في العراق"),
        ("khazali", "الدكتور عبد الكريم الخزعلي"),
        ("maliki", "حسن هادي محمد المالكي في بغداد"),
        ("faction_leaders", "خالد الكعبي مدرب النجباء"),
        ("quds_force", "يوم القدس العالمي"),
        ("quds_force", "سرايا القدس"),
        ("irgc", "الحرس الوطني"),
        ("irgc", "باشگاه سپاهان"),
        ("pmf", "مساع لحشد الجهود"),
        ("asaib", "عصابات مسلحة في العراق"),
        ("kataib_hezbollah", "حزب الله اللبناني"),
        ("kataib_hezbollah", "كتائب القسام"),
        ("nujaba", "وأنجبا طفلا"),
        ("badr", "غزوة بدر في العراق"),
        ("badr", "بدر البوسعيدي"),
        ("saraya_salam", "سرايا الأشتر"),
        ("fatah_alliance", "نادي الفتح السعودي"),
        ("fatah_alliance", "حركة فتح"),
        ("coordination_framework", "وفي هذا الإطار قال"),
        ("sadrist_movement", "القفص الصدري"),
        ("islamic_resistance_iraq", "المقاومة الإسلامية في لبنان"),
    ],
)
def test_a_false_friend_is_no_mention(name: str, text: str) -> None:
    assert name not in sees(shipped(), text)


def test_three_zaidis_and_two_halbousis_are_told_apart_or_left_open() -> None:
    assert "sheikh_ali_zaidi" in sees(shipped(), "الشيخ علي الزيدي مدير الأمن والانضباط")
    assert "shibl_zaidi" in sees(shipped(), "كتائب الإمام علي: قال الزيدي")
    assert {"zaidi", "sheikh_ali_zaidi", "shibl_zaidi"} <= set(doubts(shipped(), "قال الزيدي اليوم"))
    assert "halbousi" in sees(shipped(), article("قال الحلبوسي", published=day("2021-06-01")))
    assert set(doubts(shipped(), article("قال الحلبوسي", published=day("2026-06-01")))) == {
        "halbousi",
        "haibat_halbousi",
    }


def test_the_prime_minister_is_who_held_the_office_that_day() -> None:
    text = "محمد شياع السوداني وعلي فالح الزيدي"
    assert sees(shipped(), article(text, published=day("2024-01-01")))["prime_minister"] == ["محمد شياع السوداني"]
    assert sees(shipped(), article(text, published=day("2026-06-01")))["prime_minister"] == ["وعلي فالح الزيدي"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("مقتل قاآني في غارة", {"qaani": "breaking"}),
        ("سردار قاآنی ترور شد", {"qaani": "breaking"}),
        ("Qaani was reportedly killed", {"qaani": "breaking"}),
        ("حضور سردار قاآنی در مراسم سالگرد", {"qaani": "low"}),
        ("سردار قاآنی: شهادت رهبری راه ماست", {"qaani": "normal"}),
        ("فرمانده نیروی قدس سپاه هشدار داد", {"qaani": "normal", "quds_force": "normal"}),
        ("قاسم سليماني قائد فيلق القدس", {"quds_force": "normal"}),
        ("سپاه پاسداران بیانیه داد", {}),
        ("خدمات الحشد الشعبي للزائرين", {"iraqi_militias": "low"}),
        ("حصر السلاح بيد الدولة في العراق", {"iraqi_militias": "normal"}),
        ("خلع سلاح گروه‌های مسلح در عراق", {"iraqi_militias": "normal"}),
        ("خلع سلاح پ.ک.ک در ترکیه", {}),
        ("تكليف مرشح الكتلة الأكبر بتشكيل الحكومة العراقية", {"government_formation": "normal"}),
        ("Iraq's parliament votes on nine ministers", {"government_formation": "normal"}),
        ("تشكيل الحكومة اللبنانية الجديدة في بيروت", {}),
        ("تشکیل کابینه اقلیم کردستان", {"government_formation": "low"}),
        ("رئيس الوزراء العراقي يستقبل السفير", {}),
    ],
)
def test_topics_and_levels_follow_what_happened(text: str, found: dict[str, str]) -> None:
    assert topics(text) == found
