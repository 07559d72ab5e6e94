"""What readers watch, digests, what was said, deeds, and alerts that are taken back, in both databases."""

from datetime import time, timedelta

import pytest

from archive import audit, digests, reactions, retraction, said, subscribers, watches
from archive.reactions import Mute
from core.errors import InputError
from core.rules.match import compile_rules
from core.schedule import Schedule
from tests.archive.scene import NAMES, TOPICS, Scene


def test_a_watch_alerts_its_reader_and_is_forgotten_with_it(scene: Scene) -> None:
    who, other = scene.joins(1, topics=["badr"]), scene.joins(2, topics=["badr"])
    made = scene.write(watches.propose, who.id, "minister OR Qaani", "mine", scene.now)
    before = scene.ask(watches.stamp)
    assert scene.ask(watches.active) == {}
    scene.write(watches.turn, who.id, made.id, "active", scene.now)
    assert scene.ask(watches.stamp) != before
    scene.rules = compile_rules(NAMES, {**TOPICS, **scene.ask(watches.active)})
    scene.publishes()
    (sending,) = scene.claims()
    assert sending.subscriber.chat == 1
    assert sending.cards[0].watches == ((f"watch:{made.id}", "mine"),)
    told = scene.ask(reactions.received, who.id, 1)
    assert told is not None
    assert scene.ask(reactions.received, other.id, 1) is None
    scene.write(reactions.judge_alert, who.id, told, relevant=True, now=scene.now)
    assert scene.ask(watches.alerts_since, made.id, scene.now - timedelta(days=1)) == 1
    assert scene.write(watches.turn, other.id, made.id, "paused", scene.now) is None
    scene.write(said.note, "telegram", 1, [5, 6, 6], scene.now)
    assert scene.ask(said.numbers, "telegram", 1, scene.now) == [5, 6]
    assert scene.write(subscribers.forget, "telegram", 1)
    assert scene.ask(watches.active) == {}
    assert scene.ask(said.numbers, "telegram", 1, scene.now) == []


def test_a_chat_watches_so_much_and_no_more(scene: Scene) -> None:
    who = scene.joins(1)
    for number in range(watches.MOST):
        made = scene.write(watches.propose, who.id, f"w{number}", "t", scene.now)
        scene.write(watches.turn, who.id, made.id, "active", scene.now)
    with pytest.raises(InputError):
        scene.write(watches.propose, who.id, "one more", "t", scene.now)
    assert scene.write(watches.propose, who.id, "w1", "t", scene.now).state == "active"
    assert scene.write(watches.remove, who.id, 1, scene.now)
    assert len(scene.ask(watches.of, who.id)) == watches.MOST - 1


def test_outlets_and_languages_can_be_silenced(scene: Scene) -> None:
    one, two = scene.joins(1), scene.joins(2)
    scene.publishes(language="en")
    waiting = len(scene.states())
    scene.write(reactions.silence, one.id, Mute("language", "en", None), scene.now)
    for affiliation in ("state", "party", "private", "foreign state", "exile", "faction-linked", "unknown"):
        scene.write(reactions.silence, two.id, Mute("affiliation", affiliation, None), scene.now)
    assert scene.states() == ["cancelled"] * waiting
    scene.publishes(text="Qaani went home on Tuesday evening, three officials of the ministry said.", language="en")
    assert len(scene.states()) == waiting, "and none is born"


def test_a_topic_rests_for_everybody_but_whose_own_mute_stands(scene: Scene) -> None:
    one, two = scene.joins(1), scene.joins(2)
    scene.write(reactions.silence, one.id, Mute("topic", "qaani", None), scene.now)
    until = scene.now + timedelta(hours=2)
    assert scene.write(reactions.silence_everybody, "qaani", until, scene.now) == 1
    assert scene.ask(reactions.mutes, one.id, scene.now) == [Mute("topic", "qaani", None)]
    assert scene.ask(reactions.mutes, two.id, scene.now) == [Mute("topic", "qaani", until)]


def test_a_digest_tells_of_its_period_once(scene: Scene) -> None:
    who = scene.joins(1)
    scene.write(digests.set_schedule, who.id, Schedule("daily", time(8)), scene.now)
    scene.publishes()
    later = scene.now + timedelta(days=1)
    assert [scene.write(digests.tell_due, each) for each in (later, later)] == [1, 0]
    assert scene.ask(digests.schedule_of, who.id) == Schedule("daily", time(8))


def test_what_waits_is_taken_back_and_deeds_are_kept(scene: Scene) -> None:
    scene.joins(1)
    scene.publishes()
    since = scene.now - timedelta(hours=1)
    plan = scene.ask(retraction.plan, "telegram", "topic", "qaani", since, scene.now)
    assert (plan.waiting, plan.deletable, plan.kept) == (1, 0, 0)
    assert scene.write(retraction.cancel, "topic", "qaani", since, scene.now) == 1
    scene.write(audit.note, "abc", "retract", "a\nb", scene.now)
    assert [(deed.who, deed.detail) for deed in scene.ask(audit.latest)] == [("abc", "a b")]
