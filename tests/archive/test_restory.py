"""Copies and stories are worked out anew: after an upgrade, and beside whatever analysts have decided."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from archive import articles, rulings
from archive.database import Archive
from archive.restory import restory
from archive.schema import article, fingerprint_delta, link, live, piece, story
from tests.archive.scene import Scene
from tests.archive.test_stories import STRIKE_AR, STRIKE_EN, live_of, publish_all, story_of, trimmed


def nobody(_done: int, _total: int) -> None:
    """Who watches the progress."""


def place_anew(scene: Scene, *, since: timedelta = timedelta(days=9), archive: Archive | None = None) -> int:
    return restory(archive or scene.archive, scene.now - since, rules=scene.rules, now=scene.now, progress=nobody)


def forget_everything(conn: Any) -> None:
    """As it is after an upgrade from a schema that knew no stories: each article stands alone."""
    for table in (fingerprint_delta, piece, link):
        conn.execute(delete(table))
    conn.execute(update(article).values(match=None, tier=None, duplicate_of=None))
    conn.execute(update(story).values(leg=None, merged_into=None))
    conn.execute(update(live).values(stamp=live.c.stamp + 1))


def everything(scene: Scene) -> tuple[Any, ...]:
    """What a reader sees of all articles, and what a process would go on with."""
    exported = [
        (each.id, each.story, each.duplicate_of, each.related)
        for each in scene.ask(lambda conn: list(articles.export(conn)))
    ]
    return exported, live_of(scene.archive)


def test_nothing_changes_where_nothing_changed(scene: Scene) -> None:
    scene.joins()
    publish_all(scene)
    scene.publishes("courier", "Blast", STRIKE_EN)
    scene.publishes("gazette", "Erbil", trimmed(STRIKE_EN))
    before, told = everything(scene), (scene.count("alert"), scene.count("outbox"))
    assert place_anew(scene) == 7
    assert everything(scene) == before
    assert (scene.count("alert"), scene.count("outbox")) == told


def test_an_archive_that_knew_no_stories_gets_them(scene: Scene) -> None:
    publish_all(scene)
    scene.publishes("gazette", "Copy", STRIKE_AR)
    before = everything(scene)
    scene.write(forget_everything)
    assert everything(scene) != before
    place_anew(scene)
    assert everything(scene) == before


def test_what_was_before_stands_as_it_stood(scene: Scene) -> None:
    old = publish_all(scene)
    scene.later(hours=3)
    new = scene.publishes("courier", "Blast", STRIKE_EN)
    before = everything(scene)
    assert place_anew(scene, since=timedelta(hours=1)) == 1
    assert everything(scene) == before
    assert story_of(scene, old[0], new) == [1, 1]


def test_one_that_is_interrupted_goes_on(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    class Fault(Exception):
        """kill -9, as far as rows can tell."""

    monkeypatch.setattr("archive.restory.BATCH", 2)
    publish_all(scene)
    before = everything(scene)

    def stop(done: int, _total: int) -> None:
        if done >= 4:
            raise Fault

    with pytest.raises(Fault):
        restory(scene.archive, scene.now - timedelta(days=9), rules=scene.rules, now=scene.now, progress=stop)
    assert place_anew(scene) == 5
    assert everything(scene) == before


def test_decisions_outlive_it(scene: Scene) -> None:
    night = publish_all(scene)
    new = scene.write(rulings.split, 1, [2], "amal", scene.now)
    scene.write(rulings.merge, [5, 3], "amal", scene.now)
    before = story_of(scene, *night)
    place_anew(scene)
    assert story_of(scene, *night) == before == [1, new, 3, 3, 3]
    place_anew(scene)
    assert story_of(scene, *night) == before
