"""Pages of results that stay where they are, ranked order, facets, fields in the index's own columns."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from archive import facets, search, story_results
from archive.asking import articles_with
from archive.inquiry import Narrow
from archive.schema import story
from core.errors import InputError
from core.rules.match import candidates, compile_query
from tests.archive.scene import DENIAL_AR, NAMES, REPORT_EN, RUMOUR_FA, WEATHER_EN, Scene


def pages(scene: Scene, query: str, order: str, arriving: str = "") -> list[str]:
    """The titles of all pages of two; with `arriving`, an article of that title comes in after the first page."""
    rules, titles, cursor = compile_query(query, NAMES), list[str](), None
    while True:
        page = scene.ask(search.page, rules, order=order, limit=2, cursor=cursor)
        titles += [each.article.title for each in page.found]
        if arriving:
            scene.publishes(title=arriving, text=REPORT_EN + " Just arrived, and cabinet cabinet cabinet.")
            arriving = ""
        if page.next is None:
            return titles
        cursor = page.next


@pytest.mark.parametrize("order", ["recent", "ranked"])
def test_what_arrives_meanwhile_moves_no_page(scene: Scene, order: str) -> None:
    for n in range(5):
        scene.publishes(title=f"T{n}", text=f"{REPORT_EN} {n}")
    before = pages(scene, "cabinet", order)
    assert sorted(before) == [f"T{n}" for n in range(5)]
    assert pages(scene, "cabinet", order, arriving="late") == before


def test_the_last_page_says_so(scene: Scene) -> None:
    for n in range(4):
        scene.publishes(title=f"T{n}", text=f"{REPORT_EN} {n}")
    rules = compile_query("cabinet", NAMES)
    first = scene.ask(search.page, rules, limit=2)
    second = scene.ask(search.page, rules, limit=2, cursor=first.next)
    assert (len(second.found), second.next) == (2, None)


def test_ranked_puts_first_what_speaks_of_it_most(scene: Scene) -> None:
    scene.publishes(title="cabinet, cabinet", text="the cabinet met, and the cabinet spoke")
    scene.publishes(title="Weather", text=WEATHER_EN + " No cabinet.")
    assert pages(scene, "cabinet", "ranked") == ["cabinet, cabinet", "Weather"]
    assert pages(scene, "cabinet", "recent") == ["Weather", "cabinet, cabinet"]


@pytest.mark.parametrize("cursor", ["", "x", "1", "1.-2", "9" * 50 + ".1", "9" * 20 + ".1", "1.2.3"])
def test_a_strange_cursor_is_refused(scene: Scene, cursor: str) -> None:
    with pytest.raises(InputError):
        scene.ask(search.page, compile_query("cabinet", NAMES), cursor=cursor)


def test_facets_count_days_sources_languages_and_topics(scene: Scene) -> None:
    scene.publishes("karun", text=RUMOUR_FA, language="fa")
    scene.later(days=1)
    scene.publishes("tigris", text=DENIAL_AR, language="ar")
    scene.publishes("courier", text=WEATHER_EN, language="en")
    found = scene.ask(facets.facets, compile_query("@qaani", NAMES))
    assert found.days == {"2026-05-14": 1, "2026-05-15": 1}
    assert found.sources == {"karun": 1, "tigris": 1}
    assert found.languages == {"fa": 1, "ar": 1}
    assert found.topics == {"qaani": 2, "cabinet": 2}
    assert (found.counted, found.complete, found.share) == (2, True, 1.0)
    assert (found.names, found.affiliations) == ({"qaani": 2}, {"state": 1, "private": 1})
    assert found.outlets == {"karun": "Karun Daily", "tigris": "Tigris Wire"}
    narrow = scene.ask(facets.facets, compile_query("@qaani", NAMES), Narrow(source="karun"))
    assert (narrow.sources, narrow.topics) == ({"karun": 1}, {"qaani": 1, "cabinet": 1})
    nothing = scene.ask(facets.facets, compile_query("nowhere", NAMES))
    assert (nothing.days, nothing.counted) == ({}, 0)


def test_a_search_is_confined_to_an_affiliation_or_to_what_has_no_language(scene: Scene) -> None:
    scene.publishes("karun", "K", RUMOUR_FA, language="fa")
    scene.publishes("tigris", "T", DENIAL_AR)
    rules = compile_query("@qaani", NAMES)
    for narrow, left in (
        (Narrow(affiliation="state"), ["K"]),
        (Narrow(language=""), ["T"]),
        (Narrow(language="en"), []),
    ):
        assert [each.article.title for each in scene.ask(search.page, rules, narrow).found] == left
        assert scene.ask(facets.count, rules, narrow) == facets.Count(len(left), complete=True, share=1.0)


def test_a_story_stands_on_the_page_of_its_newest_match_only(scene: Scene) -> None:
    """Two stories, told in turn; what comes in after the first page changes neither."""
    texts = (REPORT_EN, WEATHER_EN.replace("its morning", "its cabinet"))
    for outlet in ("courier", "gazette"):
        for text in texts:
            scene.publishes(outlet, f"{outlet} on {text[:4]}", text)
    rules = compile_query("cabinet", NAMES)
    first = scene.ask(story_results.page, rules, limit=1)
    scene.publishes("karun", "karun on Late", REPORT_EN)
    second = scene.ask(story_results.page, rules, limit=1, cursor=first.next)
    told = [[each.article.title for each in page.stories[0].found] for page in (first, second)]
    assert told == [["gazette on Dust", "courier on Dust"], ["gazette on Late", "courier on Late"]]
    assert second.next is None


def proposed(scene: Scene, query: str) -> int:
    """How many articles the index proposes, before the rule is asked."""
    wanted = candidates(compile_query(query, NAMES))
    return scene.ask(lambda conn: sum(len(ids) for ids in articles_with(conn, wanted)))


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("source:karun", 1),
        ("source:(karun OR tigris)", 2),
        ("lang:fa", 1),
        ("date:2026-05-14", 2),
        ("date:۱۴۰۵/۰۲ lang:ar", 1),
        ("topic:qaani", 3),
        ("Qaani source:courier", 1),
        ("Qaani source:karun", 0),
        ("Qaani NOT cabinet", 0),
        ("title:(قاآنی NOT cabinet)", 2),
        ('"party leaders"', 1),
        ('"قاآنی به بغداد"', 1),
        ("nowhere", 0),
    ],
)
def test_fields_order_and_absence_are_asked_of_the_index(scene: Scene, query: str, count: int) -> None:
    scene.publishes("karun", text=RUMOUR_FA, language="fa")
    scene.publishes("tigris", text=DENIAL_AR, language="ar")
    scene.later(days=30)
    scene.publishes("courier", text=REPORT_EN, language="en")
    assert proposed(scene, query) == count


def test_a_story_is_found_by_the_number_of_the_whole(scene: Scene) -> None:
    """What was merged into another story is found under that one's number, and shown with it."""
    kept, merged = scene.publishes("karun", text=RUMOUR_FA), scene.publishes("courier", text=WEATHER_EN)
    scene.write(
        lambda conn: conn.execute(update(story).where(story.c.id == merged.story).values(merged_into=kept.story))
    )
    found = scene.ask(search.search, compile_query(f"story:{kept.story}", NAMES))
    assert [(each.article.id, each.article.story) for each in found] == [(merged.id, kept.story), (kept.id, kept.story)]
    assert scene.ask(search.search, compile_query(f"story:{merged.story}", NAMES)) == []


def test_the_order_of_words_is_known_to_sqlites_index(scene: Scene) -> None:
    scene.publishes("courier", text=REPORT_EN, language="en")
    in_order = scene.ask(lambda conn: conn.dialect.name) == "sqlite"
    assert proposed(scene, '"leaders party"') == (0 if in_order else 1)


def test_a_word_that_stands_too_often_for_a_position_is_found_in_its_phrase(scene: Scene) -> None:
    scene.publishes(text="alpha gamma " * 9_000 + "alpha beta")
    assert len(scene.ask(search.search, compile_query('"alpha beta"', NAMES))) == 1
    assert proposed(scene, '"beta alpha"') <= 1


def test_a_search_may_be_confined_and_paged_at_once(scene: Scene) -> None:
    for n in range(6):
        scene.publishes("courier" if n % 2 else "gazette", title=f"T{n}", text=f"{REPORT_EN} {n}")
    narrow = Narrow(since=scene.now - timedelta(days=1), source="courier")
    first = scene.ask(search.page, compile_query("cabinet", NAMES), narrow, limit=2)
    rest = scene.ask(search.page, compile_query("cabinet", NAMES), narrow, limit=2, cursor=first.next)
    assert [each.article.title for each in (*first.found, *rest.found)] == ["T5", "T3", "T1"]
