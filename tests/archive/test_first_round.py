"""An empty archive is filled without alerts, then told in one digest."""

from archive import outbox, sources
from tests.archive.scene import DENIAL_AR, OUTLETS, REPORT_EN, WEATHER_EN, Scene

MATTERS = (  # twelve events: of one event, or of the same words, they would be one story
    "raised the price of bread after a stormy night in the ministry of trade",
    "sent two frigates to the gulf and asked parliament for fuel money",
    "buried the plan for a railway between the marshes and the desert port",
    "received a singer who had given her prize to the orphans of Mosul",
    "named a poet as head of the library and a surgeon as head of sport",
    "lost its quarrel with the bank over coins of nickel and of copper",
    "opened nine schools under tents while builders went on strike",
    "forbade drones above date palms until the harvest is brought in",
    "signed with Oslo for turbines and with Lima for potatoes",
    "freed journalists whom a judge in Basra had jailed for a cartoon",
    "counted camels, wells and shepherds along the western border",
    "mourned a footballer and delayed the census by eleven weeks",
)


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
    for matter in MATTERS:
        scene.later(minutes=1)
        scene.admit(scene.draft(title=matter, text=f"The cabinet {matter}."), how="first_round")
    scene.admit(scene.draft(title="Qaani in Baghdad", text=REPORT_EN), how="first_round")
    scene.admit(scene.draft("gazette", title="Copy", text=REPORT_EN), how="first_round")
    scene.admit(scene.draft(title="Dust", text=WEATHER_EN), how="first_round")
    visit_all(scene)
    scene.write(sources.end_first_round, scene.now)
    to_all, to_cabinet = sorted(scene.claims(), key=lambda sending: sending.subscriber.chat)
    assert (to_all.kind, to_all.total, len(to_all.cards)) == ("digest", 13, 10)
    assert [card.title for card in to_all.cards][:3] == ["Qaani in Baghdad", MATTERS[11], MATTERS[10]]
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
