"""What readers mark and mute, in both databases."""

from datetime import UTC, time, timedelta

from archive import quiet_hours, reactions, subscribers
from archive.reactions import Mute
from core.messages import Subscriber
from core.quiet import Quiet
from tests.archive.scene import Scene


def silences(scene: Scene, who: Subscriber, what: Mute) -> None:
    scene.write(reactions.silence, who.id, what, scene.now)


def test_marks_count_for_each_topic_of_the_alert(scene: Scene) -> None:
    one, other = scene.joins(1), scene.joins(2, topics=["qaani"])
    scene.publishes()
    for who, relevant in ((one, True), (other, False)):
        alert = scene.ask(reactions.received, who.id, 1)
        assert alert is not None
        for _ in range(2):
            scene.write(reactions.judge_alert, who.id, alert, relevant=relevant, now=scene.now)
    assert scene.ask(reactions.marks_by_topic) == {"qaani": (1, 1), "cabinet": (1, 0)}


def test_who_was_not_told_has_nothing_to_react_to(scene: Scene) -> None:
    stranger = scene.joins(1, topics=["badr"])
    scene.joins(2)
    scene.publishes()
    assert scene.ask(reactions.received, stranger.id, 1) is None


def test_each_kind_of_mute_keeps_its_alerts_from_being_born(scene: Scene) -> None:
    source = scene.joins(1)
    scene.publishes()
    told = scene.ask(reactions.received, source.id, 1)
    assert told is not None
    mutes = {
        2: Mute("topic", "qaani", None),
        3: Mute("source", told.source, scene.now + timedelta(hours=1)),
        4: Mute("all", "", None),
        5: Mute("all", "", scene.now - timedelta(hours=1)),
    }
    for chat, mute in mutes.items():
        silences(scene, scene.joins(chat), mute)
    before = len(scene.states())
    scene.publishes(text="Qaani went home on Tuesday evening, three officials of the ministry said.")
    told_now = {sending.subscriber.chat for sending in scene.claims()}
    assert len(scene.states()) > before
    assert told_now == {1, 5}, "whose mute is over hears of it"


def test_muting_a_story_cancels_what_waits_of_it(scene: Scene) -> None:
    who = scene.joins(1)
    scene.publishes()
    told = scene.ask(reactions.received, who.id, 1)
    assert told is not None
    silences(scene, who, Mute("story", str(told.story), None))
    assert set(scene.states()) == {"cancelled"}
    [mute] = scene.ask(reactions.mutes, who.id, scene.now)
    assert scene.ask(reactions.name_of, mute)
    assert scene.write(reactions.unmute, who.id, "story", mute.what)
    assert not scene.write(reactions.unmute, who.id, "story", mute.what)


def test_quiet_hours_hold_what_waits(scene: Scene) -> None:
    who = scene.joins(1)
    hour = scene.now.astimezone(UTC).hour
    scene.write(subscribers.set_timezone, who.id, "UTC")
    quiet = Quiet(time(hour), time((hour + 2) % 24))
    scene.write(quiet_hours.set_quiet, who.id, quiet, scene.now)
    assert scene.ask(quiet_hours.quiet_of, who.id) == quiet
    scene.publishes()
    assert scene.claims() == []
    scene.write(quiet_hours.set_quiet, who.id, None, scene.now)
    assert len(scene.claims()) == 1


def test_nothing_is_left_of_who_is_forgotten(scene: Scene) -> None:
    who = scene.joins(1, topics=["qaani"])
    scene.publishes()
    silences(scene, who, Mute("topic", "badr", None))
    assert scene.write(subscribers.forget, "telegram", 1)
    assert not scene.write(subscribers.forget, "telegram", 1)
    assert scene.ask(subscribers.listing) == []
    assert scene.states() == []
