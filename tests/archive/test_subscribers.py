"""Who follows what, and who gets in."""

from datetime import timedelta

from archive import subscribers
from tests.archive.scene import TOPICS, Scene


def test_joining_means_all_topics_and_joining_again_changes_nothing(scene: Scene) -> None:
    first = scene.joins(7)
    assert (first.chat, first.follows_all, first.topics) == (7, True, frozenset())
    assert scene.joins(7) == first
    assert scene.ask(subscribers.by_chat, "telegram", 7) == first
    assert scene.ask(subscribers.by_chat, "terminal", 7) is None


def test_the_first_choice_keeps_the_other_topics(scene: Scene) -> None:
    who = scene.joins()
    off = scene.write(subscribers.set_topic, who.id, "badr", False, topics=TOPICS)
    assert not off.follows_all
    assert off.topics == {"qaani", "cabinet"}
    on = scene.write(subscribers.set_topic, who.id, "badr", True, topics=TOPICS)
    assert on.topics == {"qaani", "cabinet", "badr"}
    none = [scene.write(subscribers.set_topic, who.id, topic, False, topics=TOPICS) for topic in TOPICS][-1]
    assert (none.follows_all, none.topics) == (False, frozenset())
    assert scene.write(subscribers.set_follow_all, who.id, True).follows_all


def test_only_followers_are_told(scene: Scene) -> None:
    scene.joins(1)
    scene.joins(2, topics=["badr"])
    scene.joins(3, topics=["qaani"])
    scene.publishes()
    assert {(sending.subscriber.chat, sending.cards[0].topics) for sending in scene.claims()} == {
        (1, (("qaani", "normal"), ("cabinet", "normal"))),
        (3, (("qaani", "normal"),)),
    }


def test_who_leaves_gets_nothing_more_and_returns_to_the_old_choice(scene: Scene) -> None:
    scene.joins(1, topics=["qaani"])
    scene.publishes()
    assert scene.write(subscribers.leave, "telegram", 1, scene.now)
    assert not scene.write(subscribers.leave, "telegram", 1, scene.now)
    assert scene.states() == ["cancelled"]
    scene.publishes(text="Qaani went home on Tuesday evening, three officials of the ministry said.")
    assert scene.claims() == []
    back = scene.write(
        subscribers.join, channel="telegram", chat=1, language="fa", timezone="Asia/Tehran", now=scene.now
    )
    assert back.topics == {"qaani"}
    assert back.language == "ar"


def test_a_suspended_subscriber_keeps_its_choice(scene: Scene) -> None:
    scene.joins(1, topics=["qaani"])
    scene.write(subscribers.suspend, "telegram", 1, "the bot was blocked", scene.now)
    ((who, state, reason),) = scene.ask(subscribers.listing)
    assert (state, reason) == ("suspended", "the bot was blocked")
    assert who.topics == {"qaani"}
    assert scene.joins(1).topics == {"qaani"}
    assert scene.ask(subscribers.listing)[0][1:] == ("active", "")


def test_a_group_that_became_a_supergroup_moves(scene: Scene) -> None:
    old = scene.joins(-5)
    scene.publishes()
    scene.write(subscribers.migrate, "telegram", -5, -1005, scene.now)
    (sending,) = scene.claims()
    assert (sending.subscriber.id, sending.subscriber.chat) == (old.id, -1005)


def test_a_supergroup_that_has_joined_already_stays(scene: Scene) -> None:
    scene.joins(-5)
    scene.joins(-1005)
    scene.write(subscribers.migrate, "telegram", -5, -1005, scene.now)
    states = {who.chat: state for who, state, _ in scene.ask(subscribers.listing)}
    assert states == {-5: "stopped", -1005: "active"}


def test_language(scene: Scene) -> None:
    assert scene.write(subscribers.set_language, scene.joins().id, "fa").language == "fa"


def test_an_invite_lets_in_as_many_as_it_says(scene: Scene) -> None:
    token = scene.write(subscribers.invite, uses=2, expires=scene.now + timedelta(days=7), now=scene.now)
    assert [scene.write(subscribers.redeem, token, scene.now) for _ in range(3)] == [True, True, False]
    assert not scene.write(subscribers.redeem, "guessed", scene.now)
    assert not scene.write(subscribers.redeem, "\ud800\x00", scene.now)


def test_an_invite_expires_and_its_token_is_not_kept(scene: Scene) -> None:
    token = scene.write(subscribers.invite, uses=1, expires=scene.now + timedelta(days=7), now=scene.now)
    kept = scene.ask(lambda conn: conn.exec_driver_sql("SELECT token_hash FROM invite").scalar_one())
    assert token not in kept
    scene.later(days=7)
    assert not scene.write(subscribers.redeem, token, scene.now)
