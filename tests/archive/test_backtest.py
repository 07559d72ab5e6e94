"""What a rule would have found: the same as live matching found, counted, and held against another version."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import settings
from archive import backtest
from core.model import Topic
from core.rules.match import compile_query, compile_rules
from core.rules.near_misses import NearMisses
from tests.archive.scene import DENIAL_AR, NAMES, REPORT_EN, RUMOUR_FA, WEATHER_EN, Scene

MONTH = timedelta(days=30)


def written(scene: Scene) -> None:
    scene.publishes("karun", text=RUMOUR_FA, language="fa")
    scene.publishes("courier", text=REPORT_EN, language="en")
    scene.publishes("gazette", text=REPORT_EN, language="en")  # a copy
    scene.later(days=2)
    scene.publishes("tigris", text=DENIAL_AR, language="ar")
    scene.publishes("courier", text=WEATHER_EN, language="en")


def test_a_backtest_counts_by_day_source_and_language(scene: Scene) -> None:
    written(scene)
    told: list[float] = []
    found = scene.ask(
        backtest.run, compile_query("@qaani", NAMES), since=scene.now - MONTH, now=scene.now, progress=told.append
    )
    assert (found.tally.count, found.tally.copies, found.articles) == (3, 1, 5)
    assert found.tally.days == {"2026-05-14": 2, "2026-05-16": 1}
    assert found.tally.sources == {"karun": 1, "courier": 1, "tigris": 1}
    assert found.tally.languages == {"fa": 1, "en": 1, "ar": 1}
    first = found.tally.samples[0]
    assert [first.article.text[span.start : span.end] for span in first.spans] == ["قاآني"]
    assert told[-1] == 1.0
    assert told == sorted(told)


def test_what_is_older_is_left_out(scene: Scene) -> None:
    written(scene)
    rules = compile_query("@qaani", NAMES)
    assert scene.ask(backtest.run, rules, since=scene.now - timedelta(days=1), now=scene.now).tally.count == 1
    assert scene.ask(backtest.run, rules, since=scene.now + MONTH, now=scene.now + MONTH).articles == 0


def test_two_versions_are_held_against_each_other(scene: Scene) -> None:
    written(scene)
    mine, other = compile_query("cabinet OR dust", NAMES), compile_query("@qaani", NAMES)
    found = scene.ask(backtest.run, mine, against=other, since=scene.now - MONTH, now=scene.now)
    assert found.gained is not None
    assert found.lost is not None
    assert [each.article.text for each in found.gained.samples] == [WEATHER_EN]
    assert [each.article.text for each in found.lost.samples] == [DENIAL_AR, RUMOUR_FA]


def test_a_rule_of_its_topics_finds_what_live_matching_found(scene: Scene) -> None:
    written(scene)
    found = scene.ask(backtest.run, scene.rules, since=scene.now - MONTH, now=scene.now)
    question = "SELECT count(DISTINCT article) FROM hit WHERE kind = 'topic'"
    recorded = scene.ask(lambda conn: conn.exec_driver_sql(question).scalar_one())
    assert found.tally.count + found.tally.copies == recorded


def test_samples_are_spread_over_all_that_was_found(scene: Scene) -> None:
    for n in range(50):
        scene.publishes(title=f"T{n}", text=f"{REPORT_EN} {n}")
    found = scene.ask(backtest.run, compile_query("cabinet", NAMES), since=scene.now - MONTH, now=scene.now)
    numbers = [int(each.article.title[1:]) for each in found.tally.samples]
    assert len(numbers) == backtest.SAMPLES
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] < 15


def test_what_a_rule_just_missed_is_shown_with_what_it_lacks(scene: Scene) -> None:
    written(scene)
    rule = NearMisses("@qaani NEAR/1 dust OR ATLEAST/2(storm, dust)", NAMES)
    missed = scene.ask(backtest.just_missed, rule, since=scene.now - MONTH, now=scene.now)
    assert [(each.text, miss.lacking) for each, miss in missed] == [(WEATHER_EN, "ATLEAST/2(storm, dust)")]
    assert not scene.ask(backtest.just_missed, rule, since=scene.now + MONTH, now=scene.now + MONTH)


def test_two_configs_are_compared_topic_by_topic(scene: Scene) -> None:
    written(scene)
    base = settings.parse("[rasad]", file="config.toml", folder=Path())
    cabinet, weather = Topic("cabinet", {}, "cabinet OR کابینه"), Topic("weather", {}, "dust")
    now = replace(base, names=NAMES, topics={"cabinet": cabinet, "weather": weather})
    hint = Topic("cabinet", {}, "topic:weather OR الحكومة OR کابینه")
    then = replace(now, topics={"cabinet": hint, "weather": replace(weather, match="frost")})
    compared = scene.ask(
        lambda conn: list(backtest.by_topic(conn, list(now.topics), now, then, since=scene.now - MONTH, now=scene.now))
    )
    found = dict(compared)
    seen = {topic: (each.before, each.after, each.gained.count, each.lost.count) for topic, each in found.items()}
    assert seen == {"cabinet": (2, 2, 1, 1), "weather": (1, 0, 0, 1)}
    assert found["cabinet"].days == {"2026-05-14": (2, 1), "2026-05-16": (0, 1)}
    assert [each.article.text for each in found["cabinet"].gained.samples] == [DENIAL_AR]


def test_a_rule_tried_alone_may_speak_of_another_topic(scene: Scene) -> None:
    written(scene)
    topics = {"weather": Topic("weather", {}, "dust"), "sky": Topic("sky", {}, "topic:weather")}
    rules = compile_rules(NAMES, topics, only="sky")
    assert scene.ask(backtest.run, rules, since=scene.now - MONTH, now=scene.now).tally.count == 1
    assert list(rules.topics) == ["sky"]
