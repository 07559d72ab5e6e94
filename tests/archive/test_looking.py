"""What the page asks of sources, names, topics and alerts, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event

from archive import alert_log, annotations, front, mentions, outlets, sources, vocabulary
from archive.chronicle import chronicle
from archive.standing import everybody
from core.errors import InputError
from core.health.states import Health, State
from core.model import Outcome
from tests.archive.scene import DENIAL_AR, NAMES, REPORT_EN, RUMOUR_FA, TOPICS, Scene


@pytest.fixture
def press(scene: Scene) -> Scene:
    """Two days of news."""
    scene.joins()
    scene.publishes("courier", "Qaani in Baghdad", REPORT_EN, language="en")
    scene.later(hours=24)
    scene.publishes("karun", "سردار قاآنی در بغداد", RUMOUR_FA, language="fa")
    scene.publishes("tigris", "نفي وصول قاآني ومنظمة بدر", DENIAL_AR, language="ar")
    return scene


def test_days_of_sources_are_those_of_the_zone(press: Scene) -> None:
    days = press.ask(outlets.daily, days=3, now=press.now, timezone="Asia/Baghdad")
    assert {id_: list(counts.values()) for id_, counts in days.items()} == {
        "courier": [0, 1, 0],
        "karun": [0, 0, 1],
        "tigris": [0, 0, 1],
    }
    night = datetime(2026, 5, 14, 20, 59, tzinfo=UTC)  # a minute before midnight there
    assert press.ask(outlets.daily, days=1, now=night, timezone="Asia/Baghdad")["courier"] == {night.date(): 1}


def test_a_source_keeps_the_history_of_its_health(press: Scene) -> None:
    states: tuple[State, ...] = ("blocked", "blocked", "")
    for state in states:
        outcome = Outcome("tigris", "failed", press.later(hours=1))
        health = replace(Health(), state=state, since=press.now, reason="403" if state else "")
        pace = press.ask(sources.pace, "tigris")
        press.write(sources.settle, outcome, next_check=press.now, pace=pace, health=health)
    known = press.ask(outlets.outlet, "tigris")
    assert known is not None
    assert [(change.state, change.reason) for change in known.changes] == [("", ""), ("blocked", "403")]
    assert [article.source for article in known.latest] == ["tigris"]
    assert press.ask(outlets.outlet, "nobody") is None
    assert press.ask(outlets.gaps)["tigris"] is None


def test_a_name_is_known_by_its_spellings_and_its_company(press: Scene) -> None:
    seen = press.ask(mentions.portrait, "qaani")
    assert seen.articles == 3
    assert seen.spellings == {"قاآني": 2, "Qaani": 2, "قاآنی": 2}
    assert seen.company == {"badr": 1}
    assert seen.last == press.now
    assert press.ask(mentions.portrait, "nobody").latest == ()
    assert press.ask(mentions.last_seen, "name", NAMES).keys() == {"qaani", "badr"}


def test_days_of_names_and_levels_of_topics(press: Scene) -> None:
    days = press.ask(front.volumes, ["qaani"], days=30, now=press.now, timezone="UTC", kind="name")["qaani"]
    assert list(days.values())[-2:] == [1, 2]
    assert mentions.usual_gap(days) == timedelta(days=10)
    assert press.ask(mentions.levels, "qaani", press.now - timedelta(days=7)) == {"breaking": 3}
    assert press.ask(mentions.levels, "qaani", press.now + timedelta(days=7)) == {}


def test_precision_is_what_was_marked_as_meant(press: Scene) -> None:
    for article, kind in ((1, "relevant"), (2, "noise")):
        press.write(annotations.add, article, "layla", kind, "", press.now)
    found = press.ask(mentions.precision, list(TOPICS))
    assert (found["qaani"].relevant, found["qaani"].noise, found["qaani"].share) == (1, 1, 0.5)
    assert found["badr"].share is None


def test_the_log_is_paged_by_birth_and_counts_states(press: Scene) -> None:
    whole = press.ask(alert_log.page).alerts
    assert [each.topic for each in whole if each.born == press.now] == ["badr", "cabinet", "cabinet", "qaani", "qaani"]
    assert whole[-1].states == {"new": 1}
    seen, cursor = list[alert_log.Logged](), None
    while True:
        page = press.ask(alert_log.page, limit=1, cursor=cursor)
        seen += page.alerts
        cursor = page.next
        if cursor is None:
            break
    assert seen == list(whole)
    assert press.ask(alert_log.page, topic="badr").alerts[0].topic == "badr"
    with pytest.raises(InputError, match="no place"):
        press.ask(alert_log.page, cursor="x")


def test_near_misses_look_at_no_more_than_they_are_told(press: Scene) -> None:
    assert press.ask(vocabulary.near_misses, NAMES["qaani"], NAMES, 5, most=1) == []


def test_a_day_ends_at_the_reader_s_midnight_also_half_an_hour_off(press: Scene) -> None:
    moment = datetime(2026, 5, 13, 20, 29, tzinfo=UTC)  # a minute before midnight in Tehran
    press.publishes("courier", "Qaani leaves", REPORT_EN + " He left.", language="en", published=moment)
    press.publishes(
        "gazette", "Qaani left", REPORT_EN + " Gone.", language="en", published=moment + timedelta(minutes=1)
    )
    days = press.ask(front.volumes, ["qaani"], days=3, now=press.now, timezone="Asia/Tehran")["qaani"]
    assert list(days.values()) == [1, 2, 2]


def test_a_day_of_three_times_the_usual_is_unusual(scene: Scene) -> None:
    for number in range(7):
        scene.publishes("courier", f"Cabinet {number}", f"{'abcdefg'[number] * 8} cabinet {number} " * 9)
        scene.later(hours=12 if number < 2 else 1)
    assert scene.ask(front.unusual, TOPICS, scene.now) == [front.Unusual("cabinet", 6, 1 / 7)]
    assert scene.ask(front.unusual, TOPICS, scene.later(days=2)) == []


def test_a_story_s_hits_are_never_sought_among_those_of_the_whole_archive(press: Scene) -> None:
    asked: list[tuple[str, Any]] = []

    def look(conn: Connection) -> list[str]:
        event.listen(conn, "before_cursor_execute", lambda _conn, _cursor, *told: asked.append((told[0], told[1])))
        chronicle(conn, 1)
        everybody(conn, 1)
        front.stories(conn, TOPICS, since=press.now - timedelta(days=2), now=press.now)
        if conn.dialect.name != "sqlite":  # the other keeps statistics and plans by them
            return []
        steps = [conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given) for sql, given in list(asked)]
        return [step[3] for plan in steps for step in plan if " hit " in step[3]]

    for step in press.ask(look):
        assert "(article=?" in step or "what=? AND article>?" in step, step
