"""Who may send, in which order and together with what; what a gap makes of the queue."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from archive import catch_up, outbox, senders
from archive.first_round import end_first_round
from core.errors import LeaseLost
from core.messages import Notice, Sending
from core.model import Alert, Level
from tests.archive.scene import START, Scene

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def takes(scene: Scene, owner: str, *, alive: bool = True) -> int | None:
    return scene.write(
        senders.take, key="bot", channel="telegram", owner=owner, now=scene.now, alive=lambda _owner: alive
    )


def alerts(scene: Scene, story: int, level: Level = "normal", topic: str = "qaani") -> None:
    """An alert of its own story, told by the first article."""
    alert = Alert(topic, level, "first")
    scene.write(outbox.enqueue, story=1000 + story, article=1, alerts=[alert], now=scene.now)


@pytest.fixture
def told(scene: Scene) -> Scene:
    """An article that nobody was there to be told of."""
    scene.publishes()
    return scene


def claims(
    scene: Scene, limit: int = 100, *, busy: dict[int, datetime] | None = None, answered: bool = True, fence: int = 0
) -> list[Sending]:
    return scene.write(
        outbox.claim,
        channel="telegram",
        owner="me",
        now=scene.now,
        lease=2 * MINUTE,
        limit=limit,
        fence=fence,
        answered_at=scene.now if answered else None,
        busy=busy,
    )


def sends(scene: Scene, sending: Sending, number: int = 1) -> None:
    scene.write(outbox.sent, sending, number, scene.now)


# --- one sender ---


def test_one_process_sends_and_the_others_wait(scene: Scene) -> None:
    assert takes(scene, "one") == 1
    assert takes(scene, "two") is None
    scene.write(senders.hold, "bot", 1, scene.later(seconds=20))
    scene.later(seconds=25)
    assert takes(scene, "two") is None, "the lease was renewed"
    scene.later(seconds=6)
    assert takes(scene, "two") == 2
    with pytest.raises(LeaseLost):
        scene.write(senders.hold, "bot", 1, scene.now)


def test_a_dead_sender_is_followed_at_once_and_one_that_left_too(scene: Scene) -> None:
    takes(scene, "one")
    assert takes(scene, "two", alive=False) == 2
    scene.write(senders.leave, "bot", 2, scene.now)
    assert takes(scene, "three") == 3
    scene.write(senders.leave, "bot", 2, scene.now)
    assert takes(scene, "four") is None, "who is not the sender any more cannot give it away"


def test_a_receipt_under_an_old_fence_changes_nothing(told: Scene) -> None:
    told.joins()
    alerts(told, 1)
    (stale,) = claims(told, fence=1)
    told.write(outbox.recover, "telegram", told.now)
    told.later(seconds=1)
    (again,) = claims(told, fence=2)
    sends(told, stale, 7)
    told.write(outbox.defer, stale, told.now, "429", told.now)
    assert told.states() == ["claimed"]
    sends(told, again, 8)
    assert told.states() == ["sent"]


def test_a_late_receipt_of_a_message_in_doubt_is_believed(told: Scene) -> None:
    told.joins()
    alerts(told, 1)
    (stale,) = claims(told, fence=1)
    told.write(outbox.recover, "telegram", told.now)
    sends(told, stale, 7)
    assert told.states() == ["sent"], "nobody has claimed it since: a second copy is spared"


def test_an_attempt_that_was_taken_for_lost_counts_once(told: Scene) -> None:
    told.joins()
    alerts(told, 1)
    (slow,) = claims(told, fence=1)
    told.write(outbox.recover, "telegram", told.now)
    told.write(outbox.ambiguous, slow, told.now, told.now, "no answer", spent=True)
    told.later(seconds=1)
    (again,) = claims(told, fence=2)
    assert again.attempt == 1, "else it would end without a second try"


def test_status_tells_who_sends_and_what_rests(scene: Scene) -> None:
    takes(scene, "one")
    scene.write(senders.note_trouble, "bot", 1, "401")
    scene.write(senders.pause, "bot", 1, scene.now + MINUTE)
    scene.write(outbox.park, "telegram", 5, scene.now + HOUR, "chat not found")
    (seen,) = scene.ask(senders.listing, scene.now)
    assert (seen.owner, seen.trouble, seen.paused_until, seen.parked) == ("one", "401", scene.now + MINUTE, 1)
    scene.later(hours=1)
    (seen,) = scene.ask(senders.listing, scene.now)
    assert (seen.paused_until, seen.parked) == (None, 0)


# --- the order ---


def test_everyones_first_goes_before_anyones_second(told: Scene) -> None:
    told.joins(1)
    for story in range(3):
        alerts(told, story, "breaking")
    told.joins(2)
    alerts(told, 3, "breaking")
    chats = []
    while claimed := claims(told, 1):
        chats.append(claimed[0].subscriber.chat)
        sends(told, claimed[0])
    assert chats == [1, 2, 1, 1, 1]


def test_what_waits_moves_up_a_class_every_quarter_of_an_hour(told: Scene) -> None:
    told.joins(1)
    told.joins(2)
    who = told.joins(3)
    told.write(outbox.enqueue_digest, who.id, [], total=0, occasion="daily", now=told.now)
    told.later(minutes=16)
    told.write(outbox.age, told.now)
    alerts(told, 1, "normal")
    told.later(minutes=15)
    told.write(outbox.age, told.now)
    alerts(told, 2, "breaking")
    order = []
    while claimed := claims(told, 1):
        order.append((claimed[0].subscriber.chat, claimed[0].kind))
        sends(told, claimed[0])
    assert order[0] == (3, "digest"), "after half an hour it is as urgent as anything, and older"
    assert [chat for chat, kind in order[1:4] if kind == "alert"] == [1, 2, 3]


def test_notices_have_room_of_their_own(told: Scene) -> None:
    told.joins(1)
    alerts(told, 1)
    told.joins(2)
    notice = Notice("probe_answers", {"source": "x", "id": "x"})
    told.write(outbox.enqueue_notice, notice, admins=[2], occasion="x", now=told.now, rest=timedelta(0))

    def claim(limit: int, notices: int) -> list[str]:
        claimed = told.write(
            outbox.claim,
            channel="telegram",
            owner="me",
            now=told.now,
            lease=MINUTE,
            limit=limit,
            notices=notices,
        )
        return [each.kind for each in claimed]

    assert claim(1, 0) == ["alert"]
    assert claim(1, 1) == ["notice"]


def test_a_message_in_doubt_holds_up_the_later_ones_of_its_chat_only(told: Scene) -> None:
    told.joins(1)
    alerts(told, 1)
    (lost,) = claims(told)
    told.write(outbox.ambiguous, lost, told.now, told.now + MINUTE / 2, "no answer", spent=True)
    told.later(seconds=1)
    told.joins(2)
    alerts(told, 2)
    assert [each.subscriber.chat for each in claims(told)] == [2]
    alerts(told, 3, "breaking")
    assert [each.subscriber.chat for each in claims(told)] == [1], "breaking news does not wait for it"


# --- merging ---


def test_alerts_to_a_busy_chat_wait_for_each_other_and_go_as_one(told: Scene) -> None:
    told.joins(1)
    until = told.now + 40 * timedelta(seconds=1)
    alerts(told, 1)
    assert claims(told, busy={1: until}) == []
    told.later(seconds=20)
    alerts(told, 2)
    alerts(told, 3, "breaking")
    (alone,) = claims(told, busy={1: until})
    assert (len(alone.cards), alone.rows) == (1, (3,)), "breaking goes alone, and at once"
    sends(told, alone)
    told.later(seconds=20)
    (merged,) = claims(told)
    assert (merged.rows, merged.shares) == ((1, 2), ((1,), (2,)))
    sends(told, merged, 55)
    assert told.states() == ["sent"] * 3


def test_nobody_waits_longer_than_a_minute_for_company(told: Scene) -> None:
    told.joins(1)
    alerts(told, 1)
    assert claims(told, busy={1: told.now + HOUR}) == []
    assert told.ask(outbox.next_due, "telegram") == told.now + MINUTE
    told.later(minutes=1)
    assert len(claims(told, busy={1: told.now + HOUR})) == 1


def test_what_did_not_fit_goes_next_and_loses_nothing(told: Scene) -> None:
    told.joins(1)
    for story in range(4):
        alerts(told, story)
    assert claims(told, busy={1: told.now + HOUR}) == []
    told.later(minutes=1)
    (merged,) = claims(told)
    told.write(outbox.release, merged, merged.rows[2:], told.now)
    sends(told, replace(merged, rows=merged.rows[:2], cards=merged.cards[:2]))
    assert told.states() == ["sent", "sent", "new", "new"]
    (rest,) = claims(told)
    assert rest.rows == merged.rows[2:]


# --- parts, rests ---


def test_a_message_in_parts_goes_on_after_the_part_that_went_out(told: Scene) -> None:
    who = told.joins(1)
    told.write(outbox.enqueue_digest, who.id, [], total=0, occasion="daily", now=told.now)
    (digest,) = claims(told)
    told.write(outbox.continued, digest, 31, told.now)
    (rest,) = claims(told)
    assert rest.parts == 1
    sends(told, rest, 32)
    assert told.states() == ["sent"]


def test_what_went_out_lately_outlives_the_process(told: Scene) -> None:
    told.joins(1)
    alerts(told, 1)
    at = told.later(seconds=5)
    (sending,) = claims(told)
    sends(told, sending)
    assert told.ask(outbox.attempted_since, "telegram", START) == [(at, 1, 2)]
    assert told.ask(outbox.attempted_since, "telegram", at) == []


def test_a_parked_chat_rests_whoever_the_sender_is(told: Scene) -> None:
    told.joins(1)
    alerts(told, 1)
    until = told.now + HOUR
    told.write(outbox.park, "telegram", 1, until, "chat not found")
    assert claims(told) == []
    assert told.ask(outbox.next_due, "telegram") == until
    told.later(hours=1)
    told.write(outbox.unpark, "telegram", told.now)
    assert (len(claims(told)), told.count("parked")) == (1, 0)


def test_an_attempt_counts_only_shortly_after_an_answer(told: Scene) -> None:
    told.joins(1)
    alerts(told, 1)
    for answered, spent in ((False, 0), (True, 1)):
        claims(told, answered=answered)
        told.write(outbox.recover, "telegram", told.now)
        told.later(seconds=1)
        (sending,) = claims(told)
        assert sending.attempt == spent
        told.write(outbox.defer, sending, told.now, "", told.now)


# --- after a gap ---


@pytest.fixture
def gone(scene: Scene) -> Scene:
    """A monitor that was off for five hours; two alerts wait since long before, one of them since seven hours."""
    scene.joins(1)
    scene.joins(2, topics=["badr"])
    for outlet in ("tigris", "karun", "courier", "gazette"):
        scene.visited(outlet)
    scene.write(end_first_round, scene.now)
    scene.publishes()
    scene.later(hours=2)
    for outlet in ("tigris", "karun", "courier", "gazette"):
        scene.visited(outlet)
    scene.later(hours=5)
    return scene


def test_two_hours_without_a_visit_are_a_gap(gone: Scene) -> None:
    gone.now -= 5 * HOUR
    assert not gone.ask(catch_up.due, gone.now + 2 * HOUR)
    assert gone.ask(catch_up.due, gone.now + 2 * HOUR + MINUTE)


def test_after_a_gap_each_chat_gets_one_digest_and_breaking_news_at_once(gone: Scene) -> None:
    began = gone.now
    assert gone.write(catch_up.begin, gone.now)
    assert not gone.ask(catch_up.due, gone.now), "one round at a time"
    assert claims(gone) == [], "what waits since seven hours joins the digest"
    gone.later(minutes=1)
    alerts(gone, 1)
    alerts(gone, 2, "breaking")
    (alone,) = claims(gone)
    assert [level for _, level in alone.cards[0].topics] == ["breaking"]
    sends(gone, alone)
    assert gone.write(catch_up.end, gone.now) is None, "sources are still to be visited"
    for outlet in ("tigris", "karun", "courier", "gazette"):
        gone.visited(outlet)
    assert gone.write(catch_up.end, gone.now) == 1
    (digest,) = claims(gone)
    assert (digest.kind, digest.total, digest.span) == ("digest", 2, (began - 5 * HOUR, began))
    assert gone.states().count("joined") == 3
    sends(gone, digest, 77)
    assert set(gone.states()) == {"sent"}
    assert gone.write(catch_up.end, gone.now) is None
    alerts(gone, 3)
    assert [each.kind for each in claims(gone)] == ["alert"], "from then on each goes alone"


def test_what_a_lost_digest_told_goes_into_the_next_one(gone: Scene) -> None:
    for _ in range(2):
        gone.write(catch_up.begin, gone.now)
        gone.later(minutes=11)
        gone.write(catch_up.end, gone.now)
        (digest,) = claims(gone)
        told = digest.total
        gone.write(outbox.recover, "telegram", gone.now)
        for outlet in ("tigris", "karun", "courier", "gazette"):
            gone.visited(outlet)
        gone.later(hours=3)
    assert told == 1
    assert gone.states().count("dead") == 2
    assert gone.states().count("joined") == 2


def test_a_round_that_never_ends_holds_nothing_for_ever(gone: Scene) -> None:
    gone.write(catch_up.begin, gone.now)
    alerts(gone, 1)
    gone.later(minutes=16)
    assert [each.kind for each in claims(gone)] == ["alert"]
