"""Sources, topics, names and alerts, as somebody looks after them."""

import html
import itertools
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from archive import sources
from core.health.states import Health, State
from core.model import Outcome
from core.tongue import LANGUAGES
from tests.archive.scene import DENIAL_AR, REPORT_EN, RUMOUR_FA, Scene
from tests.web.conftest import Browser, Opens
from tests.web.test_reading import HOSTILE, stays_text, words
from web.gate import Rules
from web.site import Lately


@pytest.fixture
def press(scene: Scene) -> Scene:
    """A reader, three reports, one of them an hour later."""
    scene.joins()
    scene.publishes("courier", "Qaani in Baghdad", REPORT_EN, language="en")
    scene.later(hours=1)
    scene.publishes("karun", "سردار قاآنی در بغداد", RUMOUR_FA, language="fa")
    scene.publishes("tigris", "نفي وصول قاآني", DENIAL_AR, language="ar")
    return scene


def fails(scene: Scene, outlet: str, state: State, reason: str) -> None:
    """A visit after which the source is in that state."""
    outcome = Outcome(outlet, "failed", scene.now, reason=reason)
    pace = scene.ask(sources.pace, outlet)
    health = replace(Health(), state=state, since=scene.now, reason=reason)
    scene.write(sources.settle, outcome, next_check=scene.later(minutes=10), pace=pace, health=health)


# --- sources -----------------------------------------------------------------------------------------------------


def test_the_gravest_source_stands_first_with_what_can_be_done(press: Scene, browser: Browser) -> None:
    fails(press, "gazette", "blocked", "HTTP 403")
    press.visited("courier")
    page = browser.shows("/sources")
    assert page.index("/sources/gazette") < page.index("/sources/courier")
    said = words(page)
    assert "blocked" in said
    assert "HTTP 403" in said
    assert "give it a proxy" in said
    assert 'role="img" aria-label="The Courier: 0 ' in page


def test_sources_are_chosen_by_how_they_stand(press: Scene, browser: Browser) -> None:
    fails(press, "gazette", "blocked", "HTTP 403")
    page = browser.shows("/sources?standing=blocked")
    assert "/sources/gazette" in page
    assert "/sources/courier" not in page
    assert "No source stands so" in browser.shows("/sources?standing=thin")


def test_a_source_shows_its_history_and_its_articles(press: Scene, browser: Browser) -> None:
    fails(press, "tigris", "failing", "timeout")
    fails(press, "tigris", "", "")
    page = browser.shows("/sources/tigris")
    said = words(page)
    assert said.index("well") < said.index("failing")
    assert "timeout" in said
    assert "نفي وصول قاآني" in page
    assert browser.get("/sources/nobody").status_code == 404


# --- topics ------------------------------------------------------------------------------------------------------


def test_a_topic_shows_its_rule_and_how_it_hits(press: Scene, browser: Browser) -> None:
    listed = words(browser.shows("/topics"))
    assert "3 in 30 days" in listed
    page = browser.shows("/topics/qaani")
    assert 'dir="auto" tabindex="0" aria-label="Rule">@qaani</pre>' in page
    assert "title:Qaani OR title:قاآني" in page
    assert re.search(r"breaking\s*\d .* low 0", words(page))
    assert browser.get("/topics/nobody").status_code == 404


def test_marks_tell_how_precise_a_topic_is(press: Scene, browser: Browser) -> None:
    for article, kind in ((1, "relevant"), (2, "relevant"), (3, "noise")):
        browser.sends(f"/articles/{article}/annotations", form_on=f"/articles/{article}", kind=kind, text="")
    assert "67%: 2 relevant, 1 noise" in words(browser.shows("/topics/qaani"))


def test_a_change_is_tried_beside_the_present_rule(press: Scene, browser: Browser) -> None:
    page = words(browser.shows(f"/topics/qaani?{urlencode({'rule': '@qaani lang:fa', 'days': '7'})}"))
    assert "finds 1 articles and 0 copies, of 3 recorded" in page
    assert "Found in addition: 0" in page
    assert "No longer found: 2" in page


@pytest.mark.parametrize(("rule", "days", "told"), [
    ("@qani OR x", "7", "at column 1"), ("x", "400", "1 to 90 days"), ("x", "-1", "1 to 90 days"),
    ("(" * 50, "7", "at column"),
    ("x" * 5_000, "7", "at most 4,000"),
])  # fmt: skip
def test_a_rule_that_cannot_be_tried_is_told(browser: Browser, rule: str, days: str, told: str) -> None:
    page = browser.shows(f"/topics/qaani?{urlencode({'rule': rule, 'days': days})}", status=400)
    assert told in words(page)
    assert 'role="alert"' in page


def test_a_trial_that_takes_too_long_ends_with_advice(
    press: Scene, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.trying.MOST_SECONDS", -1.0)
    assert "rasad backtest" in browser.shows("/topics/qaani?rule=qaani", status=503)


def test_the_public_tries_nothing(press: Scene, opens: Opens) -> None:
    page = opens(Rules("public"), address="192.0.2.7").shows("/topics/qaani?rule=baghdad")
    assert "textarea" not in page
    assert "Found in addition" not in page


def test_near_misses_stand_with_what_they_lack(press: Scene, browser: Browser) -> None:
    for path in ("/topics/qaani/misses", "/names/qaani/misses"):
        assert "nothing was just missed" in browser.shows(path)


# --- names -------------------------------------------------------------------------------------------------------


def test_a_name_shows_its_spellings_its_company_and_its_stories(press: Scene, browser: Browser) -> None:
    press.publishes("gazette", "Badr Organization meets qaani", REPORT_EN + " The Badr Organization came too.")
    page = browser.shows("/names/qaani?lang=fa")
    counted = dict(re.findall(r"<li><bdi>(.*?)</bdi> <span class=\"count\">(.*?)</span>", page))
    assert counted["قاآني"] == "۲"
    assert "Qaani" in counted or "qaani" in counted
    assert "Badr" in words(page)
    assert 'href="/stories/1"' in page
    assert "۱ روز" not in page
    assert browser.get("/names/nobody").status_code == 404


def test_names_stand_in_the_order_of_their_mentions(press: Scene, browser: Browser) -> None:
    page = browser.shows("/names")
    assert page.index("/names/qaani") < page.index("/names/badr")
    assert "never" in page


# --- alerts ------------------------------------------------------------------------------------------------------


def test_the_log_of_alerts_counts_messages_and_names_no_chat(press: Scene, browser: Browser) -> None:
    press.joins(4_711_471_147)
    page = browser.shows("/alerts")
    said = words(page)
    assert "waiting 1" in said
    assert "first" in said
    assert "4711471147" not in page


def test_the_log_goes_on_where_it_ended(scene: Scene, browser: Browser) -> None:
    for number in range(60):
        scene.publishes(
            "courier", f"Cabinet sitting {number}", f"{'abcdefghij'[number % 10] * 9} cabinet {number} " * 9
        )
        scene.later(minutes=1)
    seen, path = list[str](), "/alerts"
    while path:
        page = browser.shows(path)
        seen += re.findall(r'class="told" lang="[a-z]*" href="/stories/(\d+)"', page)
        onward = re.findall(r'rel="next" href="([^"]+)"', page)
        path = html.unescape(onward[0]) if onward else ""
    assert len(seen) == scene.count("alert")
    assert browser.get("/alerts?cursor=x").status_code == 400


def test_the_public_sees_no_alerts(press: Scene, opens: Opens) -> None:
    anybody = opens(Rules("public"), address="192.0.2.7")
    assert anybody.get("/alerts").status_code == 404
    assert 'href="/alerts"' not in anybody.shows("/")


# --- all of them -------------------------------------------------------------------------------------------------

PLACES = ("/sources", "/sources/courier", "/topics", "/topics/qaani", "/topics/qaani/misses", "/names", "/names/qaani",
          "/names/qaani/misses", "/alerts")  # fmt: skip


def test_every_page_speaks_three_languages(press: Scene, browser: Browser) -> None:
    fails(press, "courier", "quiet", "")
    for path in PLACES:
        for language in LANGUAGES:
            assert f'<html lang="{language}"' in browser.shows(f"{path}?lang={language}"), path


def test_hostile_text_stays_text_there_too(scene: Scene, browser: Browser) -> None:
    payload = " ".join(HOSTILE)
    scene.publishes("courier", f"Qaani {payload}", REPORT_EN)
    fails(scene, "courier", "blocked", payload)
    scene.write(lambda conn: conn.exec_driver_sql("UPDATE source SET name = :name", {"name": payload}))
    scene.later(seconds=timedelta(days=1).total_seconds())
    for path in (*PLACES, f"/topics/qaani?{urlencode({'rule': payload})}"):
        stays_text(browser.get(path).text, path)


def test_what_all_readers_see_alike_is_made_once_for_some_seconds() -> None:
    kept, not_kept, numbers = Lately(60, most=2), Lately(0), itertools.count(1)
    assert [kept("days", numbers.__next__) for _ in range(3)] == [1, 1, 1]
    assert [not_kept("days", numbers.__next__) for _ in range(2)] == [2, 3]
    for other in ("sources", "names"):
        kept(other, lambda: 0)
    assert kept("days", numbers.__next__) == 4  # the oldest of three made room


def test_readers_who_ask_at_once_wait_for_one_of_them() -> None:
    kept, numbers, everybody = Lately(60), itertools.count(1), threading.Barrier(6)

    def ask(_reader: int) -> int:
        everybody.wait()
        return kept("days", numbers.__next__)

    with ThreadPoolExecutor(6) as readers:
        assert [*readers.map(ask, range(6))] == [1] * 6
