"""Search as an analyst uses it: results, facets, stories, days of three calendars, and queries that cannot be read."""

import html
import re
import time
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import pytest

from tests.archive.scene import DENIAL_AR, REPORT_EN, RUMOUR_FA, WEATHER_EN, Scene
from tests.web.conftest import Browser, Opens
from web.gate import Rules


@pytest.fixture
def press(scene: Scene) -> Scene:
    """Three outlets on Qaani in three languages, and the weather."""
    scene.publishes("courier", "Qaani in Baghdad", REPORT_EN, language="en")
    scene.later(minutes=10)
    scene.publishes("karun", "سردار قاآنی در بغداد", RUMOUR_FA, language="fa")
    scene.publishes("tigris", "نفي وصول قاآني", DENIAL_AR, language="ar")
    scene.publishes("gazette", "Dust on the way", WEATHER_EN, language="en", published=None)
    return scene


def searching(**asked: str) -> str:
    return f"/search?{urlencode(asked)}"


def titles(page: str) -> list[str]:
    """The headlines of the cards, without markup."""
    found = re.findall(r'<h2 dir="auto"><a href="/(?:articles|stories)/\d+[^"]*">(.*?)</a>', page)
    return [html.unescape(re.sub(r"<[^>]+>", "", each)) for each in found]


def test_results_show_the_matched_words_in_their_own_direction(press: Scene, browser: Browser) -> None:
    page = browser.shows(searching(q="@qaani"))
    assert "<mark>Qaani</mark> in Baghdad" in page
    assert "<mark>قاآنی</mark>" in page
    assert "<b>3 results</b>" in page
    assert 'lang="fa"' in page
    assert page.count('<h2 dir="auto">') == 3


NARROWED: tuple[tuple[dict[str, str], list[str]], ...] = (
    ({"language": "fa"}, ["سردار قاآنی در بغداد"]),
    ({"source": "tigris"}, ["نفي وصول قاآني"]),
    ({"affiliation": "exile"}, ["Qaani in Baghdad"]),
    ({"topic": "cabinet"}, ["نفي وصول قاآني", "سردار قاآنی در بغداد", "Qaani in Baghdad"]),
    ({"topic": "badr"}, []),
    ({"name": "qaani"}, ["نفي وصول قاآني", "سردار قاآنی در بغداد", "Qaani in Baghdad"]),
    (
        {"since": "1405/02/24", "until": "1447-11-27"},
        ["نفي وصول قاآني", "سردار قاآنی در بغداد", "Qaani in Baghdad"],
    ),
    ({"since": "2026-05-15"}, []),
)


def test_a_facet_narrows(press: Scene, browser: Browser) -> None:
    for choice, left in NARROWED:
        assert titles(browser.shows(searching(q="@qaani", **choice))) == left, choice


def test_a_result_leads_to_its_article_with_the_words_marked(press: Scene, browser: Browser) -> None:
    page = browser.shows(searching(q="officials"))
    link = html.unescape(re.findall(r'<h2 dir="auto"><a href="([^"]+)"', page)[0])
    assert "two <mark>officials</mark> told us" in browser.shows(link)
    assert "<mark>officials</mark>" not in browser.shows(link.partition("?")[0])
    assert browser.get(link.partition("?")[0] + "?q=%22").status_code == 200


def test_every_facet_link_leads_to_as_many_results_as_it_says(press: Scene, browser: Browser) -> None:
    page = browser.shows(searching(q="@qaani OR dust"))
    aside = page.partition("<aside")[2]
    links = re.findall(
        r'<a href="(/search\?[^"]+)">(?:<bdi>)?[^<]*(?:</bdi>)?</a> <span class="count">(\d+)</span>', aside
    )
    assert len(links) >= 10
    for link, count in links:
        assert len(titles(browser.shows(html.unescape(link)))) == int(count), link


def test_a_choice_alone_is_a_search_too(press: Scene, browser: Browser) -> None:
    assert titles(browser.shows(searching(topic="qaani", language="en"))) == ["Qaani in Baghdad"]
    assert titles(browser.shows(searching(affiliation="unknown"))) == []  # undated: nothing else is asked for
    assert browser.get(searching(topic="nobody")).status_code == 400
    assert browser.get(searching(q="qaani", affiliation="royal")).status_code == 400


def test_the_pages_of_results_stand_still_while_articles_arrive(scene: Scene, browser: Browser) -> None:
    for number in range(30):
        scene.publishes("courier", f"Qaani, day {number}", f"{REPORT_EN} Sitting {number} of the talks.")
    first = browser.shows(searching(q="@qaani"))
    scene.publishes("gazette", "Qaani again", f"{REPORT_EN} One more.")
    following = html.unescape(re.findall(r'<a class="more" href="([^"]+)"', first)[0])
    assert [*titles(first), *titles(browser.shows(following))] == [
        f"Qaani, day {number}" for number in reversed(range(30))
    ]


def test_stories_stand_once_where_their_newest_match_is(press: Scene, browser: Browser) -> None:
    press.publishes("gazette", "Qaani in Baghdad, says a wire", REPORT_EN, language="en")
    page = browser.shows(searching(q="baghdad OR بغداد OR dust", view="stories"))
    assert titles(page) == ["Qaani in Baghdad, says a wire", "Dust on the way"]
    assert "4 articles match" in page
    assert browser.get(searching(q="dust", view="stories", cursor="1.x")).status_code == 400


UNREADABLE = (
    '"',
    "NEAR(",
    "a:b",
    "(" * 5_000,
    ")",
    "a\0b",
    "x" * 60_000,
    "(a+)+$",
    "[و]",
    "~",
    "a" * 3_999 + "*",
    "\ud800",
)


def test_a_query_that_cannot_be_read_gets_help_and_never_a_fault(browser: Browser) -> None:
    for query in UNREADABLE:
        began = time.process_time()
        answer = browser.get(f"/search?q={quote(query, errors='surrogatepass')}")
        assert time.process_time() - began < 2, query[:20]
        assert answer.status_code in (200, 400)
        if answer.status_code == 400:
            assert 'role="alert"' in answer.text


def test_what_people_type_is_answered(press: Scene, browser: Browser) -> None:
    for query in ("C++", "foo-bar", "فیلق_القدس", "“qaani”", "«»", "%00", "a,b;c"):
        assert browser.get(searching(q=query)).status_code in (200, 400), query


def test_a_wrong_query_is_shown_with_the_place_and_a_better_one(browser: Browser) -> None:
    page = browser.shows(searching(q="baghdad @qani", lang="ar"), status=400)
    assert '<mark class="wrong">@qani</mark>' in page
    assert "عند الموضع 9" in page
    assert "لا يوجد اسم @\u2068qani\u2069" in page
    assert f'href="/search?{urlencode({"q": "baghdad @qaani"})}"' in page


@pytest.mark.parametrize("wrong", [{"since": "yesterday"}, {"since": "2026-06", "until": "2026-05"}, {"cursor": "x"}])
def test_a_wrong_day_or_place_is_told(press: Scene, browser: Browser, wrong: dict[str, str]) -> None:
    page = browser.shows(searching(q="qaani", lang="fa", **wrong), status=400)
    assert '<p lang="fa" dir="auto">' in page


def test_the_count_follows_what_is_typed(press: Scene, browser: Browser) -> None:
    assert browser.shows("/search/count?q=%40qaani").strip() == "3 results"
    assert 'class="wrong"' in browser.shows("/search/count?q=%40qani")
    assert browser.shows("/search/count?q=").strip() == ""


def test_a_day_can_be_chosen_in_three_calendars(browser: Browser) -> None:
    page = browser.shows("/search/days?q=qaani&choose=until&calendar=jalali&day=2026-05-14&since=2026-05-01")
    assert "Ordibehesht 1405" in page
    assert 'href="/search?q=qaani&amp;since=2026-05-01&amp;until=2026-05-14"' in page
    assert "Dhu Al Qidah 1447" in browser.shows("/search/days?calendar=hijri&day=1447-11-27")
    assert "اردیبهشت ۱۴۰۵" in browser.shows("/search/days?lang=fa&day=1405/02/24")
    assert browser.get("/search/days?calendar=mayan&day=9999-99").status_code == 200


def test_a_search_is_kept_with_what_it_was_narrowed_to(press: Scene, browser: Browser) -> None:
    page = browser.shows(searching(q="qaani OR dust", language="en", until="2026-05-20"))
    whole = html.unescape(re.findall(r'name="query" value="([^"]*)"', page)[0])
    assert whole == "(qaani OR dust) lang:en date:1990-01-01..2026-05-20"
    assert browser.sends("/saved", form_on=searching(q="qaani"), name="both", query=whole) == 303
    kept = browser.shows("/saved")
    assert "both" in kept
    assert 'match = "(qaani OR dust) lang:en date:1990-01-01..2026-05-20"' in html.unescape(kept)
    assert titles(browser.shows(searching(q=whole))) == ["Qaani in Baghdad"]
    number = re.findall(r'name="remove" value="(\d+)"', kept)[0]
    assert browser.sends("/saved", form_on="/saved", remove=number) == 303
    assert "both" not in browser.shows("/saved")


def test_only_a_query_that_can_be_read_is_kept(browser: Browser) -> None:
    assert browser.sends("/saved", form_on=searching(q="qaani"), name="x", query='"') == 400
    assert browser.sends("/saved", form_on=searching(q="qaani"), name="x", query="") == 400


def test_the_public_has_nothing_to_keep(opens: Opens, press: Scene) -> None:
    anybody = opens(Rules("public"), address="192.0.2.7")
    assert "form_token" not in anybody.shows(searching(q="@qaani"))
    assert anybody.get("/saved").status_code == 404


def test_help_says_it_in_three_languages(browser: Browser) -> None:
    for language, word in (("en", "How to search"), ("ar", "كيف تبحث"), ("fa", "راهنمای جستجو")):
        page = browser.shows(f"/help?lang={language}")
        assert word in page
        assert "@qaani" in page


def test_an_article_without_a_date_of_the_scene_is_found_by_the_day_of_recording(
    press: Scene, browser: Browser
) -> None:
    assert press.now < datetime(2026, 5, 15, tzinfo=UTC)
    assert titles(browser.shows(searching(q="dust", since="2026-05-14", until="2026-05-14"))) == ["Dust on the way"]
