"""The archive on one screen."""

from archive import editions, sources
from archive.status import status
from tests.archive.scene import OUTLETS, Scene


def test_an_empty_archive(scene: Scene) -> None:
    found = scene.ask(status, scene.now)
    assert (found.articles, found.stories, found.queue, found.edition) == (0, 0, {}, None)
    assert (found.sources, found.sources_unvisited, found.first_round_open) == ({"enabled": 4}, 4, True)
    assert found.database.startswith(("SQLite 3", "PostgreSQL 1"))
    assert found.size > 0


def test_everything_is_counted(scene: Scene) -> None:
    scene.write(editions.publish, "[rasad]", scene.now)
    scene.joins()
    scene.publishes()
    scene.publishes("gazette")
    for outlet in OUTLETS:
        scene.visited(outlet.id)
    scene.visited("karun", "failed", reason="answered 500")
    scene.write(sources.end_first_round, scene.now)
    found = scene.ask(status, scene.now)
    assert (found.articles, found.stories, found.edition) == (2, 1, 1)
    assert (found.queue, found.oldest_unsent) == ({"new": 2}, scene.now)
    assert (found.sources_failing, found.sources_unvisited, found.first_round_open) == (1, 0, False)
    assert (found.subscribers, found.last_article) == ({"active": 1}, scene.now)
