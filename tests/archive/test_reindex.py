"""Rules change: what is archived is looked at anew, nobody is alerted, and what comes later still is."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from archive import articles, reindex
from core.model import Topic
from core.rules.match import RuleSet, compile_rules
from tests.archive.scene import NAMES, REPORT_EN, TOPICS, Scene
from tests.archive.test_stories import STRIKE_EN, trimmed

STRIKE = Topic("strikes", {"en": "Strikes"}, "drone")


def nobody(_done: float) -> None:
    """Who watches the progress."""


def edits(scene: Scene, rules: RuleSet, *, back: timedelta = reindex.BACK, edition: int = 2) -> int:
    """The rules become others, and the hits are found anew; how many articles were looked at."""
    scene.rules = rules
    scene.write(reindex.begin, "hits", edition=edition, since=scene.now - back)
    return reindex.run(scene.archive, "hits", rules, now=scene.now, progress=nobody)


def topics(**changed: Topic) -> RuleSet:
    return compile_rules(NAMES, TOPICS | changed)


def hits(scene: Scene) -> list[tuple[int, str, str]]:
    found = scene.ask(lambda conn: list(articles.export(conn)))
    return [(each.id, hit.topic, hit.level) for each in found for hit in each.matches.topics]


def test_a_new_topic_is_found_in_what_is_archived_and_alerts_nobody(scene: Scene) -> None:
    scene.joins()
    old = scene.publishes("courier", "Blast", STRIKE_EN)
    assert edits(scene, topics(strikes=STRIKE)) == 1
    assert hits(scene) == [(old.id, "strikes", "normal")]
    assert scene.count("outbox") == scene.count("alert") == 0


def test_a_story_alerts_when_an_article_of_later_hits_it(scene: Scene) -> None:
    """What was found without telling anybody silences nothing."""
    scene.joins()
    scene.publishes("courier", "Blast", STRIKE_EN)
    edits(scene, topics(strikes=STRIKE))
    scene.publishes("gazette", "Erbil", trimmed(STRIKE_EN))
    scene.publishes("tigris", "Erbil", trimmed(STRIKE_EN))
    assert scene.count("outbox") == 1


def test_what_was_told_stays_told_whatever_the_rules_say_now(scene: Scene) -> None:
    scene.joins()
    scene.publishes("courier", "Visit", REPORT_EN)
    assert scene.count("outbox") == 2
    for edition, match in enumerate(("nothingofthekind", TOPICS["qaani"].match), start=2):
        edits(scene, topics(qaani=replace(TOPICS["qaani"], match=match)), edition=edition)
    scene.publishes("gazette", "The visit", REPORT_EN)
    assert scene.count("outbox") == 2


def test_a_level_that_rises_by_an_edit_alerts_nobody(scene: Scene) -> None:
    scene.joins()
    scene.publishes("courier", "Blast", STRIKE_EN)
    scene.rules = topics(strikes=STRIKE)
    scene.publishes("courier", "Strike", "Another " + STRIKE_EN.replace("Erbil", "Mosul"))
    before = scene.count("outbox")
    edits(scene, topics(strikes=replace(STRIKE, level="breaking")))
    assert {level for _, _, level in hits(scene)} == {"breaking"}
    assert scene.count("outbox") == before


def test_older_articles_are_left_to_reindex(scene: Scene) -> None:
    scene.publishes("courier", "Blast", STRIKE_EN)
    scene.later(days=31)
    assert edits(scene, topics(strikes=STRIKE)) == 0
    scene.write(reindex.begin, "words", edition=2, since=None)
    assert reindex.run(scene.archive, "words", scene.rules, now=scene.now, progress=nobody) == 1
    assert len(hits(scene)) == 1


def test_one_that_is_interrupted_goes_on(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reindex, "BATCH", 1)
    for number in range(3):
        scene.publishes("courier", f"Blast {number}", STRIKE_EN.replace("three", f"{number + 5}"))

    class Fault(Exception):
        """kill -9, as far as rows can tell."""

    def fails(_done: float) -> Any:
        raise Fault

    scene.rules = topics(strikes=STRIKE)
    scene.write(reindex.begin, "hits", edition=2, since=scene.now - reindex.BACK)
    with pytest.raises(Fault):
        reindex.run(scene.archive, "hits", scene.rules, now=scene.now, progress=fails)
    assert scene.ask(reindex.worked_by, "hits") == (2, 1, False)
    scene.write(reindex.begin, "hits", edition=2, since=scene.now - reindex.BACK)
    assert reindex.run(scene.archive, "hits", scene.rules, now=scene.now, progress=nobody) == 2
    assert len(hits(scene)) == 3
    assert scene.ask(reindex.worked_by, "hits") == (2, 1, True)
