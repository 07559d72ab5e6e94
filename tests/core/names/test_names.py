"""Who is meant: forms, weak forms, contexts, ranks, rivals, dates, and what is somebody else."""

import pytest

from core.errors import QueryError
from core.model import Form
from core.rules.match import compile_query
from tests.core.newsdesk import article, day, doubts, finds, name, named, sees

QUDS = name("quds_force", ["Quds Force", "فيلق القدس", "نیروی قدس"])
QAANI = name(
    "qaani",
    ["Qaani", "قاآني", "Esmail Ghani"],
    not_=["Ashraf Ghani", "أشرف قاني"],
    weak=["Ghani", "قاني"],
    context=["@quds_force", "طهران"],
)
DESK = named(QUDS, QAANI)


# --- forms and weak forms ---------------------------------------------------------------------------------------


def test_one_entry_may_stand_for_many_spellings() -> None:
    desk = named(name("khazali", ["Qais|Kays Hadi| al-Khazali|Kazali", "أبو|أم علي الخزعلي"]))
    for text in ("Qais Kazali", "Kays Hadi al-Khazali", "ابوعلي الخزعلي", "أم علي الخزعلي"):
        assert sees(desk, f"x {text} y")["khazali"] == [text]
    assert not sees(desk, "Qais Hadi")
    with pytest.raises(QueryError, match="more than 1,000 spellings"):
        named(name("many", [" ".join(["a|b|c"] * 7)]))


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("Qaani in Baghdad", ["Qaani"]),
        ("وصل قاآني إلى بغداد", ["قاآني"]),
        ("سفر قاآنی به بغداد", ["قاآنی"]),
        ("Esmail al-Ghani", ["Esmail al-Ghani"]),
        ("Ghani in Kabul", None),
        ("قاني", None),
    ],
)
def test_a_form_counts_alone_and_a_weak_form_does_not(text: str, marks: list[str] | None) -> None:
    assert sees(DESK, text).get("qaani") == marks


@pytest.mark.parametrize(
    "text",
    [
        "سردار قانی گفت",
        "اللواء قاني",
        "واللواء «قاني»",
        "اللواء الركن الدكتور قاني",
        "سردار سرتیپ پاسدار قانی",
        "General Ghani",
        "Brig. Gen. Ghani",
    ],
)
def test_a_rank_directly_before_a_weak_form_licenses_it(text: str) -> None:
    assert "qaani" in sees(DESK, text)


def test_a_context_near_a_weak_form_licenses_it() -> None:
    assert sees(DESK, "قائد فيلق القدس، كما قال قاني") == {"quds_force": ["فيلق القدس"], "qaani": ["قاني"]}
    assert "qaani" in sees(DESK, "قاني يعود إلى طهران")
    assert "qaani" not in sees(DESK, "طهران " + "كلمة " * 40 + "قاني")
    assert "qaani" not in sees(DESK, article("قاني", title="طهران"))


def test_an_article_that_names_somebody_in_full_means_him_by_the_surname_too() -> None:
    assert sees(DESK, "Esmail Ghani came. " + "word " * 40 + "Then Ghani left.")["qaani"] == ["Esmail Ghani", "Ghani"]


def test_somebody_else_is_never_counted() -> None:
    assert "qaani" not in sees(DESK, "President Ashraf Ghani and the Quds Force")
    assert "qaani" not in sees(DESK, "فيلق القدس وأشرف قاني")


def test_a_surname_is_somebodys_of_whom_alone_the_article_gives_the_first_name() -> None:
    assert "qaani" not in sees(DESK, "Quds Force: Ashraf Ghani spoke. Ghani left.")
    assert sees(DESK, "Esmail Ghani met Ashraf Ghani. Ghani left.")["qaani"] == ["Esmail Ghani", "Ghani"]


@pytest.mark.parametrize(
    ("form", "text", "is_his"),
    [
        ("المالكي", "قال تركي المالكي", False),
        ("المالكي", "قال العقيد تركي المالكي، ثم أضاف المالكي", False),
        ("المالكي", "قال نوري: المالكي هنا", True),
        ("Maliki", "Riyad al-Maliki spoke", False),
        ("Maliki", "On Tuesday al-Maliki spoke", True),
        ("خامنه‌ای", "سیدمجتبی خامنه‌ای", False),
        ("خامنه‌ای", "مجتبی حسینی خامنه‌ای", False),
        ("الخامنئي", "أبا المجتبى الحسيني الخامنئي", True),
    ],
)
def test_a_surname_after_anothers_first_name_is_never_taken(form: str, text: str, is_his: bool) -> None:
    assert ("somebody" in sees(named(name("somebody", [form])), text)) is is_his


def test_a_half_space_ties_a_weak_form_to_another_word() -> None:
    desk = named(name("sadr", ["مقتدی صدر"], weak=["صدر"], context=["عراق"]))
    assert sees(desk, "صدر در عراق") == {"sadr": ["صدر"]}
    assert sees(desk, "بنی‌صدر در عراق") == {}


# --- kunya, names within names ----------------------------------------------------------------------------------


BEARER = name("bearer", ["Qaani", "قاآني", "الخزعلي"], weak=["العامري"])


@pytest.mark.parametrize(
    "text",
    [
        "the visit, he said Qaani would come",
        "Said Qaani on Monday",
        "WHAT SAID QAANI",
        "Train fares Qaani",
        "in Riyadh Qaani met",
        "المتحدث باسم الخزعلي",
        "طالب الخزعلي الحكومة",
        "وطالب الخزعلي الحكومة",
        "لصالح الخزعلي",
        "أشرف قاآني على التدريب",
        "أكرم الخزعلي ضيوفه",
        "حجة الإسلام الخزعلي",
        "نجف اشرف: سالم قاآنی",
        "پیام قاآنی",
        "خلیج فارس قاآنی",
        "سلام قاآنی",
        "أنصارها عليها الخزعلي",
    ],
)
def test_an_everyday_word_before_a_surname_is_nobodys_first_name(text: str) -> None:
    assert "bearer" in sees(named(BEARER), text)


@pytest.mark.parametrize(
    "text",
    [
        "the minister Said Qaani came",
        "Ali Qaani said",
        "ali qaani said",
        "النائب باسم الخزعلي",
        "الدكتور طالب الخزعلي",
        "محمد أكرم الخزعلي",
        "لمحسن الخزعلي",
        "سیدحسین قاآنی",
    ],
)
def test_a_first_name_that_is_meant_as_one_takes_the_surname_away(text: str) -> None:
    assert sees(named(BEARER), text) == {}


MUHANDIS = name("muhandis", ["أبو مهدي المهندس", "Abu Mahdi al-Muhandis"])


@pytest.mark.parametrize(
    "text",
    [
        "أبو مهدي المهندس",
        "ابو مهدی المهندس",
        "لأبي مهدي المهندس",
        "أبا مهدي المهندس",
        "ابومهدی المهندس",
        "أبومهدي المهندس",
        "ابو\u200cمهدی المهندس",
        "Abu Mahdi al-Muhandis",
        "Abou Mahdi Muhandis",
        "Abo Mahdi el-Muhandis",
        "Abu-Mahdi al Muhandis",
        "Abu Mahdi ul-Muhandis",
        "Abumahdi Almuhandis",
    ],
)
def test_a_kunya_is_written_once_and_found_in_all_its_forms(text: str) -> None:
    assert "muhandis" in sees(named(MUHANDIS), text)


@pytest.mark.parametrize(
    "text", ["Hashd al-Shaabi", "Hashd ash-Shaabi", "Hashd Shaabi", "Hashd Alshaabi", "Hashd Ashshaabi"]
)
def test_the_latin_article_is_written_in_many_ways(text: str) -> None:
    assert "pmf" in sees(named(name("pmf", ["Hashd al-Shaabi"])), text)


def test_a_name_may_contain_others() -> None:
    factions = name("factions", ["@badr", "@asaib"])
    desk = named(factions, name("badr", ["منظمة بدر"]), name("asaib", ["عصائب", "العصائب"], not_=["عصائب الرأس"]))
    assert sees(desk, "منظمة بدر وعصائب الرأس") == {"badr": ["منظمة بدر"], "factions": ["منظمة بدر"]}


@pytest.mark.parametrize("forms", [(["@a"], ["@a"]), (["@b"], ["@a"])])
def test_names_that_contain_one_another_are_refused(forms: tuple[list[str], list[str]]) -> None:
    with pytest.raises(QueryError, match="contain one another: @a → "):
        named(name("a", forms[0]), name("b", forms[1]))


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(QueryError, match=r"no name @quds_forse .did you mean @quds_force"):
        named(QUDS, name("a", ["@quds_forse"]))


def test_names_may_be_the_context_of_one_another() -> None:
    desk = named(name("a", ["alpha"], weak=["ay"], context=["@b"]), name("b", ["beta"], weak=["bee"], context=["@a"]))
    assert sees(desk, "ay beta") == {"a": ["ay"], "b": ["beta"]}
    assert sees(desk, "ay bee") == {}


def test_a_name_without_a_title_is_a_vocabulary_for_rules_and_never_reported() -> None:
    words = name("grave", ["قتل", "killed"], title="")
    assert sees(named(words, QAANI, QUDS), "Qaani was killed; قتل قاآني") == {"qaani": ["Qaani", "قاآني"]}
    assert finds("@qaani NEAR/3 @grave", "Qaani was killed", QAANI, QUDS, words) == ["Qaani", "killed"]
    assert finds("@grave", "محمد قتل", words) == ["قتل"]


# --- rivals -----------------------------------------------------------------------------------------------------

ZAIDI = name("zaidi", ["علي فالح الزيدي"], weak=["الزيدي"], context=["رئيس الوزراء"], rivals=["shibl", "sheikh"])
SHIBL = name("shibl", ["شبل الزيدي"], weak=["الزيدي"], context=["كتائب الإمام علي"], rivals=["zaidi", "sheikh"])
SHEIKH = name("sheikh", ["الشيخ علي الزيدي"], rivals=["zaidi", "shibl"])
ZAIDIS = named(ZAIDI, SHIBL, SHEIKH)


def test_a_surname_of_several_is_somebodys_by_his_own_context_only() -> None:
    assert sees(ZAIDIS, "قال رئيس الوزراء الزيدي") == {"zaidi": ["الزيدي"]}
    assert sees(ZAIDIS, "كتائب الإمام علي: الزيدي") == {"shibl": ["الزيدي"]}
    assert sees(ZAIDIS, "شبل الزيدي. قال الزيدي") == {"shibl": ["شبل الزيدي", "الزيدي"]}


@pytest.mark.parametrize("text", ["قال الزيدي", "القائد الزيدي", "رئيس الوزراء الزيدي وكتائب الإمام علي"])
def test_a_surname_of_several_is_otherwise_ambiguous_and_no_name(text: str) -> None:
    assert sees(ZAIDIS, text) == {}
    assert doubts(ZAIDIS, text) == {"zaidi": ["الزيدي"], "shibl": ["الزيدي"]}


def test_an_ambiguous_mention_makes_no_rule_true() -> None:
    assert finds("@zaidi", "قال الزيدي", ZAIDI, SHIBL, SHEIKH) is None


# --- dates ------------------------------------------------------------------------------------------------------

PRIME_MINISTER = name(
    "prime_minister",
    [
        Form("السوداني", since=day("2022-10-27"), until=day("2026-05-14")),
        Form("الزيدي", since=day("2026-05-14")),
    ],
)


def test_an_office_belongs_to_its_holder_on_the_articles_date() -> None:
    desk = named(PRIME_MINISTER)

    def seen(published: str) -> list[str]:
        return sees(desk, article("السوداني والزيدي", published=day(published))).get("prime_minister", [])

    assert seen("2022-10-26") == []
    assert seen("2022-10-27") == ["السوداني"]
    assert seen("2026-05-13") == ["السوداني"]
    assert seen("2026-05-14") == ["والزيدي"]
    assert sees(desk, "السوداني والزيدي") == {"prime_minister": ["والزيدي"]}  # undated: taken for a current one


def test_an_office_may_refer_to_the_names_of_its_holders() -> None:
    until, since = Form("@sudani", until=day("2026-05-14")), Form("@zaidi", since=day("2026-05-14"))
    desk = named(name("office", [until, since]), name("sudani", ["السوداني"]), name("zaidi", ["الزيدي"]))
    assert sees(desk, article("السوداني والزيدي", published=day("2025-01-01")))["office"] == ["السوداني"]
    assert sees(desk, article("السوداني والزيدي", published=day("2026-06-01")))["office"] == ["والزيدي"]


# --- names in rules ---------------------------------------------------------------------------------------------


def test_a_search_compiles_only_the_names_it_speaks_of() -> None:
    names = {each.id: each for each in (QAANI, QUDS, MUHANDIS, ZAIDI, SHIBL, SHEIKH)}
    assert set(compile_query("@qaani", names).names) == {"qaani", "quds_force"}
    assert set(compile_query("@zaidi", names).names) == {"zaidi", "shibl", "sheikh"}
    assert not compile_query("Baghdad", names).names
