"""An article is found by a search if and only if the same rule matches it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from archive import facets, search
from archive.asking import articles_with
from archive.inquiry import Inquiry
from core.errors import QueryError
from core.rules.candidates import AllOf, AnyOf, Candidate, Everything, Word
from core.rules.match import RuleSet, compile_query
from tests.archive.scene import DENIAL_AR, NAMES, REPORT_EN, RUMOUR_FA, WEATHER_EN, Scene

TEXTS = (
    REPORT_EN,
    DENIAL_AR,
    RUMOUR_FA,
    WEATHER_EN,
    "والقاآني كان في بغداد",
    "حزب\u200cالله و سازمان بدر",
    "حزب الله",
    "#الحشد_الشعبي يصدر بيانا",
    "C++ and foo-bar at a:b, F-35 it's O'Brien",
    "کابینه‌های تازه و وزیران",
    "على علي الى",
)


def finds(scene: Scene, query: str, **narrowed: object) -> list[str]:
    rules = compile_query(query, NAMES)
    found = scene.ask(search.search, rules, **narrowed)
    return [each.article.text for each in found]


def test_words_phrases_names_and_fields(scene: Scene) -> None:
    for number, text in enumerate(TEXTS):
        scene.publishes(text=text, title=f"Title {number}")
    assert finds(scene, "cabinet Baghdad") == [REPORT_EN]
    assert finds(scene, '"party leaders"') == [REPORT_EN]
    assert finds(scene, '"leaders party"') == []
    assert finds(scene, "@qaani NOT cabinet") == ["والقاآني كان في بغداد", RUMOUR_FA, DENIAL_AR]
    assert finds(scene, "قاآني") == finds(scene, "قاآنی") == ["والقاآني كان في بغداد", RUMOUR_FA, DENIAL_AR]
    assert finds(scene, "حزب\u200cالله") == finds(scene, "حزب الله") == ["حزب الله", "حزب\u200cالله و سازمان بدر"]
    assert finds(scene, 'title:"Title 3"') == [WEATHER_EN]
    assert finds(scene, "nowhere OR dust") == [WEATHER_EN]


@pytest.mark.parametrize(
    "typed",
    ["خامنه‌ای", "خامنه ای", "خامنهای", "خامنه‌اي", "خامنه اى", "خامنۀ‌ای", "«خامنه ای»", "خَامِنِه‌ایـ"],
)
def test_eight_ways_of_typing_a_persian_name_find_the_same(scene: Scene, typed: str) -> None:
    texts = [f"دیدار با {written} در تهران" for written in ("خامنه‌ای", "خامنه ای", "خامنهای", "خامنه\u200cاي")]
    for text in texts:
        scene.publishes(text=text)
    scene.publishes(text="شهر خامنه در آذربایجان")
    assert finds(scene, typed) == texts[::-1]


@pytest.mark.parametrize(
    "typed", ["2026-05-14", "2026-05", "۱۴۰۵/۰۲/۲۴", "1405-02", "۱۴۰۵", "1447-11", "2026-05-01..2026-05-20", "٢٠٢٦/٠٥"]
)
def test_days_and_months_of_three_calendars_are_dates(scene: Scene, typed: str) -> None:
    scene.publishes(text=REPORT_EN)
    scene.publishes(text=WEATHER_EN, published=scene.now - timedelta(days=400))
    assert finds(scene, f"date:{typed}") == [REPORT_EN]
    assert finds(scene, f"cabinet date:{typed}") == [REPORT_EN]


def test_recorded_topics_and_names_can_be_asked_for(scene: Scene) -> None:
    scene.publishes("karun", text=RUMOUR_FA)
    scene.publishes(text=WEATHER_EN)
    assert finds(scene, "topic:qaani") == finds(scene, "name:qaani") == [RUMOUR_FA]
    assert finds(scene, "dust NOT topic:qaani") == [WEATHER_EN]
    assert finds(scene, "topic:qaani OR dust") == [WEATHER_EN, RUMOUR_FA]


def test_older_news_that_is_filled_in_comes_first_until_sorted_by_publication(scene: Scene) -> None:
    scene.publishes(title="new", text=REPORT_EN)
    scene.publishes(title="old", text=REPORT_EN, published=scene.now - timedelta(days=400))
    rules = compile_query("cabinet", NAMES)

    def order(by: search.Order) -> list[str]:
        return [each.article.title for each in scene.ask(search.page, rules, order=by).found]

    assert (order("recent"), order("published")) == (["old", "new"], ["new", "old"])


def test_newest_first_and_no_more_than_asked(scene: Scene) -> None:
    for n in range(30):
        scene.later(minutes=1)
        scene.publishes(text=f"{REPORT_EN} {n}", title=f"T{n}")
    assert finds(scene, "cabinet", limit=3) == [f"{REPORT_EN} {n}" for n in (29, 28, 27)]
    assert len(finds(scene, "cabinet", limit=1000)) == 30


def test_more_candidates_than_a_page(scene: Scene) -> None:
    scene.publishes(text="alpha beta gamma in this order stand here once")
    for n in range(210):
        scene.publishes(text=f"beta alpha gamma stand here in another order, number {n}")
    assert finds(scene, '"alpha beta"') == ["alpha beta gamma in this order stand here once"]


def test_narrowed_by_time_language_and_source(scene: Scene) -> None:
    old = scene.publishes("karun", text=RUMOUR_FA, language="fa")
    scene.later(days=10)
    scene.publishes("tigris", text=DENIAL_AR, language="ar", published=None)
    scene.publishes("courier", text=REPORT_EN, language="en", published=scene.now - timedelta(days=400))
    assert finds(scene, "@qaani", since=scene.now - timedelta(days=7)) == [DENIAL_AR]
    assert finds(scene, "@qaani", until=scene.now - timedelta(days=7)) == [REPORT_EN, RUMOUR_FA]
    assert old.published is not None
    assert finds(scene, "@qaani", since=old.published, until=old.published + timedelta(seconds=1)) == [RUMOUR_FA]
    assert finds(scene, "@qaani", language="fa") == [RUMOUR_FA]
    assert finds(scene, "@qaani", source="courier") == [REPORT_EN]


def test_an_edited_article_is_found_by_its_present_text(scene: Scene) -> None:
    draft = scene.draft(text=REPORT_EN)
    scene.admit(draft)
    scene.admit(replace(draft, text=WEATHER_EN))
    assert finds(scene, "cabinet") == []
    assert finds(scene, "dust") == [WEATHER_EN]
    candidates = scene.ask(lambda conn: [n for page in articles_with(conn, Word(("cabinet",))) for n in page])
    assert candidates == []


def test_the_words_that_made_it_true_are_marked(scene: Scene) -> None:
    scene.publishes(text=DENIAL_AR, title="x")
    (found,) = scene.ask(search.search, compile_query("@qaani OR الحكومة", NAMES))
    assert {DENIAL_AR[span.start : span.end] for span in found.spans} == {"قاآني", "الحكومة"}


@pytest.mark.parametrize(
    "query", ["NOT cabinet", "", '"', "NEAR(", "C++", "foo-bar", "a:b", "\x00", "(" * 5000, "x" * 100_000]
)
def test_any_text_gives_results_or_one_clear_fault(scene: Scene, query: str) -> None:
    scene.publishes()
    try:
        finds(scene, query)
    except QueryError as error:
        assert error.column >= 1


def test_huge_and_deep_questions_are_answered(scene: Scene) -> None:
    article = scene.publishes()
    deep: Candidate = Word(("qaani",))
    for _ in range(300):
        deep = AllOf((AnyOf((deep, Word(("nothing",)))), Word(("cabinet",))))
    wide = Word(("qaani", *(f"w{n}" for n in range(20_000))))
    broad = Word(("qaani", *(f"w{n}" for n in range(7_000))))
    for wanted in (deep, wide, broad, Everything()):
        assert scene.ask(lambda conn, asked=wanted: [list(p) for p in articles_with(conn, asked)]) == [[article.id]]
    assert scene.ask(lambda conn: list(articles_with(conn, AnyOf(())))) == []


def test_letters_that_an_older_unicode_did_not_know(scene: Scene) -> None:
    text = "𞤀𞤣𞤤𞤢𞤥 ۀ ḿ ǆ ﷲ ﻻ x²"
    scene.publishes(text=text)
    assert finds(scene, "𞤀𞤣𞤤𞤢𞤥") == [text]


def test_latest_of_topics(scene: Scene) -> None:
    first = scene.publishes(text=REPORT_EN)
    scene.publishes("gazette", text=REPORT_EN)
    scene.publishes(text=WEATHER_EN)
    last = scene.publishes("tigris", text=DENIAL_AR)
    ids = [article.id for article in scene.ask(search.latest, ["qaani", "cabinet"], 5)]
    assert ids == [last.id, first.id]
    assert [article.id for article in scene.ask(search.latest, ["qaani"], 1)] == [last.id]
    assert scene.ask(search.latest, [], 5) == []


WORDS = st.sampled_from(
    "Qaani قاآني قاآنی والقاآني قاآنی‌ها حزب الله حزب\u200cالله الحكومة للحكومة كابينه کابینه "  # noqa: SIM905  legible
    "cabinet Cabinets بدر وبدر منظمة".split()
)
TEXT = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)  # too short to be the same article as another
PHRASE = st.tuples(WORDS, WORDS).map(lambda two: f'"{two[0]} {two[1]}"')
OTHERS = [
    "@qaani",
    "@badr",
    "cab*",
    "الح*",
    "للح*",
    '"منظمة بدر قاآني"',
    "title:(بدر NOT حزب)",
    "title:(قاآني OR cabinet)",
    "title:حزب lang:en",
    "NOT title:بدر lang:en",
    "title:@qaani",
    "NOT حزب بدر",
    "lang:en",
    "=بدر",
]
LEAF = st.one_of(WORDS, PHRASE, st.sampled_from(OTHERS))
QUERY = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} AND {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} AND NOT {two[1]})"),
    ),
    max_leaves=5,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(st.tuples(WORDS, TEXT), min_size=1, max_size=4), queries=st.lists(QUERY, min_size=1, max_size=6))
def test_a_search_finds_what_the_rule_matches(scene: Scene, told: list[tuple[str, str]], queries: list[str]) -> None:
    drafts = [scene.draft(text=text, title=title) for title, text in told]
    for draft in drafts:
        scene.admit(draft)
    for query in queries:
        try:
            rules = compile_query(query, NAMES)
        except QueryError:
            continue  # only says what must not occur
        expected = {draft.url for draft in drafts if rules.match(draft).topics}
        found = {each.article.url for each in scene.ask(search.search, rules, limit=10_000)}
        assert found & {draft.url for draft in drafts} == expected
        beside_facets = scene.ask(_after_the_facets, rules)
        assert beside_facets & {draft.url for draft in drafts} == expected


def _after_the_facets(conn: Connection, rules: RuleSet) -> set[str]:
    """What a page finds that shows the facets, too, and so shares what was asked and judged for them."""
    inquiry = Inquiry(conn, rules)
    facets.facets_of(inquiry)
    return {each.article.url for each in search.page_of(inquiry, limit=10_000).found}
