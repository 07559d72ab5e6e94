"""An empty archive is filled without alerts, then told in one digest."""

from archive import outbox, sources
from tests.archive.scene import DENIAL_AR, OUTLETS, REPORT_EN, WEATHER_EN, Scene


def visit_all(scene: Scene) -> None:
    for outlet in OUTLETS:
        scene.visited(outlet.id)


def test_it_ends_when_every_enabled_source_had_an_outcome(scene: Scene) -> None:
    assert scene.ask(sources.first_round_open)
    for outlet in OUTLETS[:-1]:
        scene.visited(outlet.id)
    assert not scene.write(sources.end_first_round, scene.now)
    scene.visited(OUTLETS[-1].id, "failed", reason="answered 404")
    assert scene.write(sources.end_first_round, scene.now)
    assert not scene.ask(sources.first_round_open)
    assert not scene.write(sources.end_first_round, scene.now)


def test_each_subscriber_gets_one_digest_of_its_topics(scene: Scene) -> None:
    scene.joins(1)
    scene.joins(2, topics=["badr"])
    scene.joins(3, topics=["cabinet"])
    for n in range(12):
        scene.later(minutes=1)
        scene.admit(
            scene.draft(title=f"Cabinet talks {n}", text=f"{WEATHER_EN} The cabinet met, {n}."), how="first_round"
        )
    scene.admit(scene.draft(title="Qaani in Baghdad", text=REPORT_EN), how="first_round")
    scene.admit(scene.draft("gazette", title="Copy", text=REPORT_EN), how="first_round")
    scene.admit(scene.draft(title="Dust", text=WEATHER_EN), how="first_round")
    visit_all(scene)
    scene.write(sources.end_first_round, scene.now)
    to_all, to_cabinet = sorted(scene.claims(), key=lambda sending: sending.subscriber.chat)
    assert (to_all.kind, to_all.total, len(to_all.cards)) == ("digest", 13, 10)
    assert [card.title for card in to_all.cards][:3] == ["Qaani in Baghdad", "Cabinet talks 11", "Cabinet talks 10"]
    assert to_all.cards[0].topics == (("cabinet", "normal"), ("qaani", "breaking"))
    assert to_cabinet.subscriber.chat == 3
    assert to_cabinet.cards[0].topics == (("cabinet", "normal"),)


def test_without_a_story_nothing_is_sent(scene: Scene) -> None:
    scene.joins()
    scene.admit(scene.draft(text=WEATHER_EN), how="first_round")
    visit_all(scene)
    assert scene.write(sources.end_first_round, scene.now)
    assert scene.claims() == []


def test_imported_articles_are_not_in_it(scene: Scene) -> None:
    scene.joins()
    scene.admit(scene.draft(text=DENIAL_AR), how="import")
    visit_all(scene)
    scene.write(sources.end_first_round, scene.now)
    assert scene.claims() == []


def test_a_digest_is_never_sent_twice(scene: Scene) -> None:
    scene.joins()
    scene.admit(scene.draft(text=DENIAL_AR), how="first_round")
    visit_all(scene)
    scene.write(sources.end_first_round, scene.now)
    (sending,) = scene.claims()
    scene.write(outbox.ambiguous, sending, scene.now, scene.now, "no answer", spent=True)
    assert scene.states() == ["dead"]
    assert scene.claims(answered_at=scene.later(hours=1)) == []
