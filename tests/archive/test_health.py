"""How sources fare, kept between visits; what admins are told of it; bursts; quarantine. On both databases."""

from dataclasses import replace
from datetime import timedelta

from archive import articles, bursts, health, outbox, quarantine, sources, visits
from core.health.states import Day, Health
from core.messages import Sending
from core.model import Draft, Due, Outcome
from tests.archive.scene import OUTLETS, RUMOUR_FA, Scene

HOUR = timedelta(hours=1)


def settle(scene: Scene, outlet: str, fares: Health, status: str = "failed") -> None:
    outcome = Outcome(outlet, status, scene.now, reason=fares.reason)  # type: ignore[arg-type]  # a status
    pace = scene.ask(sources.pace, outlet)
    scene.write(sources.settle, outcome, next_check=scene.now + HOUR, pace=pace, health=fares)


def claims(scene: Scene) -> list[Due]:
    return scene.write(sources.claim_due, owner="me", now=scene.now, limit=9)


def tell(scene: Scene) -> int:
    return scene.write(health.tell_admins, admins=[7], now=scene.now)


def test_health_is_remembered_and_shown(scene: Scene) -> None:
    assert scene.ask(sources.health, "karun") == Health()
    days = (Day(739_000, 12, 11), Day(739_001, 3, 0))
    fares = Health("blocked", scene.now, "answered 403", 4, scene.now, 2, "https://new.example/", scene.now, 1, days)
    settle(scene, "karun", fares)
    assert scene.ask(sources.health, "karun") == fares
    assert scene.ask(sources.health, "nobody") == Health()
    row = next(row for row in scene.ask(sources.table) if row.id == "karun")
    assert (row.health, row.health_since, row.health_reason) == ("blocked", scene.now, "answered 403")


def test_a_new_address_begins_with_a_clean_bill(scene: Scene) -> None:
    settle(scene, "karun", Health("gone", scene.now, "answered 410", 9, scene.now))
    scene.write(sources.distrust_guids, "karun")
    scene.later(hours=1)
    moved = replace(OUTLETS[1], url="https://karun.example/new")
    scene.write(sources.sync, [moved], scene.now)
    assert scene.ask(sources.health, "karun") == Health(since=scene.now)
    due = next(
        due for due in scene.write(sources.claim_due, owner="me", now=scene.now, limit=9) if due.source.id == "karun"
    )
    assert due.trusts_guids


def test_a_visit_that_does_not_count_only_ends_its_lease(scene: Scene) -> None:
    before = next(row for row in scene.ask(sources.table) if row.id == "karun")
    claims(scene)
    scene.write(sources.put_back, "karun", scene.now + timedelta(minutes=1))
    after = next(row for row in scene.ask(sources.table) if row.id == "karun")
    assert after == replace(before, next_check=scene.now + timedelta(minutes=1))
    scene.later(minutes=1)
    assert [due.source.id for due in claims(scene)] == ["karun"]


def test_control_hosts_are_those_that_answered_last(scene: Scene) -> None:
    scene.visited("karun")
    scene.later(hours=1)
    scene.visited("gazette")
    scene.visited("courier", "failed", reason="name not found")
    assert scene.ask(visits.answered_last, 2) == ["https://gazette.example/rss", "https://karun.example/rss"]
    assert len(scene.ask(visits.answered_last, 9)) == 4


def test_admins_hear_of_a_failing_source_once_and_of_its_recovery(scene: Scene) -> None:
    scene.joins(7)
    fares = Health("failing", scene.now, "name not found", 3, scene.now)
    settle(scene, "karun", fares)
    scene.later(minutes=46)
    assert (tell(scene), tell(scene)) == (1, 0)
    scene.later(minutes=1)
    (sending,) = scene.claims()
    assert [notice.word for notice in sending.notices] == ["health_failing"]
    assert sending.notices[0].values == {"source": "Karun Daily", "id": "karun", "reason": "name not found"}
    scene.write(outbox.sent, sending, 1, scene.now)
    settle(scene, "karun", Health(since=scene.now), "fresh")
    assert tell(scene) == 0
    scene.later(minutes=11)
    assert (tell(scene), tell(scene)) == (1, 0)


# --- bursts ------------------------------------------------------------------------------------------------------


MATTERS = (
    "wheat prices at the port of Basra fell again, traders complained loudly",
    "a bridge in Mosul reopened after repairs that had lasted eleven months",
    "teachers of Karbala demand salaries which nobody paid since spring",
    "dust closed the airport, flights were sent to Amman and Kuwait",
    "fishermen of the marshes met experts about salt and dying reeds",
    "an old cinema on Rasheed street becomes a library for children",
    "gas from the new field will light two villages near Kirkuk soon",
    "doctors warn that measles spreads among pupils in Anbar province",
    "the football league postpones three matches because of pilgrims",
    "a court fined a company that poured oil into the river Diyala",
    "railway workers finish the line to Samawa ahead of schedule",
)


def flood(scene: Scene, count: int = 12) -> None:
    """Gazette brings so many stories at once, the first of them breaking."""
    scene.admit(scene.draft("gazette", "Qaani in Baghdad", RUMOUR_FA + " شمار یک."), how="burst")
    for number, matter in enumerate(MATTERS[: count - 1], start=1):
        scene.admit(scene.draft("gazette", f"Sitting {number}", f"Badr Organization: {matter}."), how="burst")


def claimed(scene: Scene) -> list[Sending]:
    found = scene.claims()
    for number, sending in enumerate(found):
        scene.write(outbox.sent, sending, number, scene.now)
    return found


def test_of_a_burst_what_is_breaking_goes_at_once_and_the_rest_is_one_digest(scene: Scene) -> None:
    scene.joins(1)
    flood(scene)
    (alert,) = claimed(scene)
    assert [card.title for card in alert.cards] == ["Qaani in Baghdad"]
    assert claimed(scene) == []
    scene.write(bursts.tell, "gazette", "Gazette", scene.now)
    (digest,) = claimed(scene)
    assert (digest.kind, digest.burst, digest.total, len(digest.cards)) == ("digest", "Gazette", 11, 10)
    assert digest.cards[0].title == "Sitting 11"
    scene.later(hours=1)
    assert claimed(scene) == []


def test_a_burst_whose_digest_never_comes_is_told_all_the_same(scene: Scene) -> None:
    scene.joins(1)
    flood(scene, 3)
    assert len(claimed(scene)) == 1
    scene.later(minutes=16)
    told = [card.title for _ in range(3) for sending in claimed(scene) for card in sending.cards]
    assert sorted(told) == ["Sitting 1", "Sitting 2"]


def test_a_burst_of_nothing_that_is_followed_makes_no_digest(scene: Scene) -> None:
    scene.joins(1, topics=["qaani"])
    flood(scene)
    assert len(claimed(scene)) == 1
    scene.write(bursts.tell, "gazette", "Gazette", scene.now)
    assert claimed(scene) == []


# --- identity ----------------------------------------------------------------------------------------------------


def listed(scene: Scene, count: int = 10) -> list[Draft]:
    texts = (f"Hall {n} was opened by delegation {n} on the road number {n} to the north." for n in range(count))
    drafts = [scene.draft("karun", text=text) for text in texts]
    for draft in drafts:
        scene.admit(draft)
    return drafts


def test_guids_rotate_when_known_addresses_come_under_unknown_ones(scene: Scene) -> None:
    drafts = listed(scene)
    assert not scene.ask(articles.guids_rotate, "karun", drafts)
    renamed = [replace(draft, guid=f"random {number}") for number, draft in enumerate(drafts)]
    assert scene.ask(articles.guids_rotate, "karun", renamed)
    assert scene.ask(articles.guids_rotate, "karun", [*renamed[:8], *drafts[8:]])
    assert not scene.ask(articles.guids_rotate, "karun", [*renamed[:7], *drafts[7:]])
    assert not scene.ask(articles.guids_rotate, "karun", renamed[:4])
    assert not scene.ask(articles.guids_rotate, "courier", renamed)


def test_new_items_and_items_without_guid_make_nothing_rotate(scene: Scene) -> None:
    drafts = listed(scene)
    fresh = [scene.draft("karun") for _ in range(10)]
    assert not scene.ask(articles.guids_rotate, "karun", [*drafts, *fresh])
    assert not scene.ask(articles.guids_rotate, "karun", [replace(draft, guid=None) for draft in drafts])


def test_unknown_are_those_that_neither_address_nor_guid_names(scene: Scene) -> None:
    drafts = listed(scene, 3)
    again = [
        drafts[0],
        replace(drafts[1], guid="another"),
        replace(drafts[2], url="https://karun.example/moved"),
        replace(drafts[2], url="https://karun.example/else", guid="else"),
    ]
    assert scene.ask(articles.unknown, "karun", again) == again[3:]


# --- quarantine --------------------------------------------------------------------------------------------------


def test_quarantine_lists_what_was_told_since_and_claims_carry_it(scene: Scene) -> None:
    scene.joins(1)
    scene.joins(2, topics=["badr"])
    scene.publishes("courier", "Ports", f"Badr Organization: {MATTERS[0]}.")
    scene.later(hours=2)
    since = scene.now
    scene.publishes("courier", "Qaani after", RUMOUR_FA)
    scene.publishes("gazette", "Qaani elsewhere", "Qaani of another outlet met the council of the north for two hours.")
    scene.write(quarantine.quarantine, "courier", since)
    told = scene.ask(quarantine.alerts_since, "courier", since)
    assert {(each.title, each.topic, each.chats) for each in told} == {
        ("Qaani after", "qaani", 1),
        ("Qaani after", "cabinet", 1),
    }
    due = {due.source.id: due.quarantined for due in claims(scene)}
    assert (due["courier"], due["gazette"]) == (since, None)
    assert scene.write(quarantine.release, "courier") == since
    assert scene.write(quarantine.release, "courier") is None
