"""Which sources are due, who has them, and how they fare."""

from dataclasses import replace
from datetime import timedelta

from archive import sources
from core.model import Due, Outcome, Pace, Source
from tests.archive.scene import OUTLETS, Scene


def claim(scene: Scene, owner: str = "me", limit: int = 100, per_host: int = 1) -> list[Due]:
    return scene.write(sources.claim_due, owner=owner, now=scene.now, limit=limit, per_host=per_host)


def ids(dues: list[Due]) -> list[str]:
    return sorted(due.source.id for due in dues)


def test_every_new_source_is_due_once(scene: Scene) -> None:
    assert ids(claim(scene)) == ["courier", "gazette", "karun", "tigris"]
    assert claim(scene) == []


def test_a_claim_carries_the_source_as_configured(scene: Scene) -> None:
    rich = Source(
        id="rich",
        name="Rich",
        kind="page",
        url="https://rich.example/",
        language="fa",
        affiliation="party",
        owner="group",
        every=timedelta(minutes=5),
        full_text=False,
        enabled=False,
        probe=True,
        selectors={"item": "article", "title": "h1"},
        timezone="Asia/Tehran",
        proxy="socks5h://127.0.0.1:9050",
    )
    scene.write(sources.sync, [rich], scene.now)
    assert claim(scene) == [Due(rich, first_visit=True)]


def test_a_probed_source_that_is_enabled_begins_with_a_first_visit(scene: Scene) -> None:
    probed = Source("maybe", "Maybe", "feed", "https://maybe.example/rss", owner="maybe", enabled=False, probe=True)
    scene.write(sources.sync, [probed], scene.now)
    claim(scene)
    answered = Outcome("maybe", "fresh", scene.now, items=12, etag='"1"')
    scene.write(sources.settle, answered, next_check=scene.now + timedelta(days=1), pace=Pace())
    enabled = replace(probed, enabled=True, probe=False)
    scene.write(sources.sync, [enabled], scene.now)
    assert claim(scene) == [Due(enabled, first_visit=True, visits=1)]


def test_a_lease_runs_out_unless_it_is_renewed(scene: Scene) -> None:
    claim(scene, "dead")
    scene.later(seconds=60)
    scene.write(sources.renew, "dead", ["karun"], scene.now)
    scene.later(seconds=31)
    assert ids(claim(scene, "alive")) == ["courier", "gazette", "tigris"]


def test_what_a_dead_process_had_claimed_is_due_at_once(scene: Scene) -> None:
    claim(scene, "dead", limit=2)
    claim(scene, "alive", limit=1)
    assert scene.write(sources.release_dead, lambda owner: owner == "alive") == 2
    assert len(claim(scene)) == 3


def test_a_host_is_visited_by_one_at_a_time(scene: Scene) -> None:
    feeds = [Source(f"desk-{n}", "Desk", "feed", f"https://one.example/{n}") for n in range(5)]
    scene.write(sources.sync, feeds, scene.now)
    assert len(claim(scene)) == 1
    assert claim(scene) == []
    assert len(claim(scene, per_host=3)) == 2


def test_the_longest_due_come_first(scene: Scene) -> None:
    for outlet in OUTLETS:
        scene.visited(outlet.id)
        scene.later(minutes=1)
    scene.later(hours=1)
    assert [due.source.id for due in claim(scene, limit=2)] == [OUTLETS[0].id, OUTLETS[1].id]


def test_validators_are_those_of_the_last_document(scene: Scene) -> None:
    scene.visited("karun", etag='"a"', last_modified="Thu, 14 May 2026 06:00:00 GMT", items=20)
    scene.visited("karun", "failed", reason="answered 500")
    scene.visited("karun", "unchanged", etag='"b"')
    scene.later(hours=1)
    due = next(due for due in claim(scene) if due.source.id == "karun")
    assert (due.etag, due.last_modified) == ('"b"', "Thu, 14 May 2026 06:00:00 GMT")
    scene.visited("karun", etag=None)
    scene.later(hours=1)
    assert claim(scene)[0].etag is None


def test_a_visit_that_failed_leaves_the_first_one_to_come(scene: Scene) -> None:
    scene.visited("karun", "failed", reason="timed out")
    scene.visited("tigris")
    scene.later(hours=1)
    assert {due.source.id: due.first_visit for due in claim(scene)} == {
        "karun": True,
        "tigris": False,
        "courier": True,
        "gazette": True,
    }


def test_pace_is_remembered(scene: Scene) -> None:
    assert scene.ask(sources.pace, "karun") == Pace()
    known = Pace(timedelta(minutes=7), 1.5, scene.now, scene.now, scene.now, tuple(map(float, range(24))))
    outcome = Outcome("karun", "fresh", scene.now)
    scene.write(sources.settle, outcome, next_check=scene.now + timedelta(minutes=7), pace=known)
    assert scene.ask(sources.pace, "karun") == known
    assert scene.ask(sources.pace, "nobody") == Pace()


def test_sync_follows_the_config(scene: Scene) -> None:
    scene.visited("karun", etag='"a"')
    scene.visited("tigris", etag='"a"')
    moved = replace(OUTLETS[1], url="https://karun.example/new", name="Karun Today")
    off = replace(OUTLETS[2], enabled=False)
    scene.write(sources.sync, [OUTLETS[0], moved, off], scene.now)
    claimed = claim(scene)
    assert [(due.source.id, due.source.name, due.etag) for due in claimed] == [("karun", "Karun Today", None)]
    states = {row.id: row.state for row in scene.ask(sources.table)}
    assert states == {"tigris": "enabled", "karun": "enabled", "courier": "disabled", "gazette": "removed"}
    scene.write(sources.sync, OUTLETS, scene.now)
    assert ids(claim(scene)) == ["courier", "gazette", "karun"]


def test_made_due_means_now_but_not_twice(scene: Scene) -> None:
    for outlet in OUTLETS:
        scene.visited(outlet.id)
    assert claim(scene) == []
    assert scene.write(sources.make_due, ["karun", "nobody"], scene.now) == 1
    assert ids(claim(scene)) == ["karun"]
    assert scene.write(sources.make_due, None, scene.now) == 3
    assert ids(claim(scene)) == ["courier", "gazette", "tigris"]


def test_an_imported_source_is_never_visited(scene: Scene) -> None:
    scene.write(sources.ensure, "old-paper", "Old Paper")
    scene.write(sources.ensure, "karun", "not taken")
    assert "old-paper" not in ids(claim(scene))
    names = {row.id: (row.name, row.state, row.next_check is None) for row in scene.ask(sources.table)}
    assert names["old-paper"] == ("Old Paper", "imported", True)
    assert names["karun"] == ("Karun Daily", "enabled", False)
    configured = Source("old-paper", "Old Paper", "feed", "https://old.example/feed")
    scene.write(sources.sync, [configured], scene.now)
    assert ids(claim(scene)) == ["old-paper"]


def test_the_table_tells_health(scene: Scene) -> None:
    scene.publishes("karun")
    scene.visited("karun", items=12, http_status=200)
    scene.visited("tigris", "failed", reason="answered 503", http_status=503)
    rows = {row.id: row for row in scene.ask(sources.table)}
    karun, tigris = rows["karun"], rows["tigris"]
    assert (karun.articles, karun.items, karun.last_success, karun.reason) == (1, 12, scene.now, "")
    assert (tigris.last_success, tigris.reason, tigris.http_status) == (None, "answered 503", 503)
    assert tigris.next_check == scene.now + timedelta(minutes=10)
