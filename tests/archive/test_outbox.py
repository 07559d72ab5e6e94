"""What waits is claimed in order, settled once, and lost nowhere."""

from dataclasses import replace
from datetime import timedelta

from archive import outbox
from core.messages import Notice
from core.model import Alert
from tests.archive.scene import DENIAL_AR, REPORT_EN, Scene

BADR_EN = "The Badr Organization opened an office in Kirkuk on Monday, its media bureau said in a short statement."


def test_two_topics_of_one_story_are_one_message(scene: Scene) -> None:
    who = scene.joins()
    article = scene.publishes("courier", "Talks in Baghdad")
    (sending,) = scene.claims()
    assert (sending.kind, sending.subscriber, sending.attempt, sending.born) == ("alert", who, 0, scene.now)
    assert len(sending.rows) == 2
    (card,) = sending.cards
    assert (card.article, card.story, card.title, card.text) == (article.id, article.story, article.title, REPORT_EN)
    assert (card.source_name, card.affiliation, card.url) == ("The Courier", "exile", article.url)
    assert card.topics == (("qaani", "normal"), ("cabinet", "normal"))
    assert {REPORT_EN[span.start : span.end] for span in card.spans} == {"Qaani", "cabinet"}


def test_what_is_claimed_is_not_claimed_again(scene: Scene) -> None:
    scene.joins()
    scene.publishes()
    assert len(scene.claims()) == 1
    assert scene.claims(owner="another") == []
    assert scene.states() == ["claimed", "claimed"]


def test_sent_is_final_and_dates_the_article(scene: Scene) -> None:
    scene.joins(1)
    scene.joins(2)
    article = scene.publishes()
    at = scene.later(seconds=3)
    first, second = scene.claims()
    scene.write(outbox.sent, first, 501, scene.now)
    scene.later(seconds=1)
    scene.write(outbox.sent, second, 502, scene.now)
    assert scene.article(article.url).first_alert == at
    assert set(scene.states()) == {"sent"}
    scene.write(outbox.defer, first, scene.now, "too late", scene.now)
    assert scene.claims() == []


def test_breaking_goes_first_then_the_oldest(scene: Scene) -> None:
    scene.joins(1)
    low = scene.publishes(title="Office", text=BADR_EN)
    normal = scene.publishes(title="Talks")
    scene.later(days=4)
    breaking = scene.publishes("tigris", "قاآني في بغداد", DENIAL_AR)
    told = []
    for _ in range(3):
        (sending,) = scene.claims()
        told.append(sending.cards[0].article)
        scene.write(outbox.sent, sending, 1, scene.now)
    assert told == [breaking.id, low.id, normal.id]


def test_one_message_at_a_time_per_subscriber(scene: Scene) -> None:
    for chat in range(5):
        scene.joins(chat)
    scene.publishes(title="One")
    scene.later(days=4)
    scene.publishes("tigris", text=DENIAL_AR)
    first = scene.claims(limit=3)
    assert len({sending.subscriber.chat for sending in first}) == 3
    assert len(scene.claims()) == 2
    assert scene.claims() == []
    scene.write(outbox.sent, first[0], 1, scene.now)
    (nxt,) = scene.claims()
    assert nxt.subscriber == first[0].subscriber


def test_a_parked_chat_holds_up_nobody(scene: Scene) -> None:
    scene.joins(1)
    scene.joins(2)
    scene.publishes()
    assert [sending.subscriber.chat for sending in scene.claims(skip=[1])] == [2]
    assert scene.ask(outbox.next_due, "telegram", [1]) == scene.now + timedelta(seconds=60)


def test_many_rows_of_one_chat_do_not_hide_the_others(scene: Scene) -> None:
    scene.joins(1)
    for n in range(200):
        scene.publishes(text=f"{REPORT_EN} Number {n}.")
        scene.later(days=4)  # so that it is another story
    scene.joins(2)
    scene.publishes(text=f"{REPORT_EN} The last one.")
    assert {sending.subscriber.chat for sending in scene.claims(limit=2)} == {1, 2}


def test_a_channel_claims_its_own(scene: Scene) -> None:
    scene.joins(0, channel="terminal")
    scene.publishes()
    assert scene.claims(channel="telegram") == []
    assert len(scene.claims(channel="terminal")) == 1


def test_deferred_comes_back_at_its_time_without_an_attempt(scene: Scene) -> None:
    scene.joins()
    scene.publishes()
    (sending,) = scene.claims()
    scene.write(outbox.defer, sending, scene.now + timedelta(seconds=30), "429", scene.now)
    assert scene.claims() == []
    assert scene.ask(outbox.next_due, "telegram") == scene.now + timedelta(seconds=30)
    scene.later(seconds=30)
    (again,) = scene.claims()
    assert (again.rows, again.attempt) == (sending.rows, 0)


def test_ambiguous_waits_for_its_time_and_for_an_answer(scene: Scene) -> None:
    scene.joins()
    scene.publishes()
    (sending,) = scene.claims()
    became = scene.now
    scene.write(outbox.ambiguous, sending, became, became + timedelta(seconds=30), "timed out", spent=True)
    scene.later(minutes=5)
    assert scene.claims() == []
    assert scene.claims(answered_at=became) == []
    (again,) = scene.claims(answered_at=became + timedelta(seconds=1))
    assert (again.rows, again.attempt) == (sending.rows, 1)


def test_an_outage_spends_no_attempt(scene: Scene) -> None:
    scene.joins()
    scene.publishes()
    for _ in range(4):
        (sending,) = scene.claims(answered_at=scene.later(minutes=1))
        scene.write(outbox.ambiguous, sending, scene.now, scene.now, "no answer", spent=False)
    (sending,) = scene.claims(answered_at=scene.later(minutes=1))
    assert sending.attempt == 0


def test_after_a_crash_what_was_in_flight_is_ambiguous(scene: Scene) -> None:
    scene.joins(1)
    scene.joins(2)
    scene.publishes()
    (sending,) = scene.claims(limit=1, answered_at=scene.now)
    scene.later(seconds=5)
    assert scene.write(outbox.recover, "telegram", scene.now) == 2
    assert sorted(set(scene.states())) == ["ambiguous", "new"]
    assert [other.subscriber.chat for other in scene.claims()] == [2]
    (again,) = scene.claims(answered_at=scene.later(seconds=1))
    assert (again.rows, again.attempt) == (sending.rows, 1)


def test_a_lease_that_runs_out_is_ambiguous_too(scene: Scene) -> None:
    scene.joins()
    scene.publishes()
    (sending,) = scene.claims()
    scene.later(seconds=61)
    assert scene.claims() == []
    assert set(scene.states()) == {"ambiguous"}
    scene.write(outbox.sent, sending, 9, scene.now)  # it had arrived after all
    assert set(scene.states()) == {"sent"}


def test_dead_is_final(scene: Scene) -> None:
    scene.joins()
    scene.publishes()
    (sending,) = scene.claims()
    scene.write(outbox.dead, sending, "refused", scene.now)
    assert scene.claims(answered_at=scene.later(days=1)) == []
    assert scene.ask(outbox.counts) == {"dead": 2}


def test_an_alert_is_enqueued_once_per_story_topic_and_occasion(scene: Scene) -> None:
    scene.joins()
    article = scene.publishes()

    def again(occasion: str) -> int:
        alerts = [Alert("qaani", "normal", occasion), Alert("cabinet", "normal", occasion)]
        return scene.write(outbox.enqueue, story=article.story, article=article.id, alerts=alerts, now=scene.now)

    assert [again("first"), again("turn:1"), again("turn:1")] == [0, 2, 0]


def test_who_follows_nobody_is_told_nothing(scene: Scene) -> None:
    scene.publishes()
    assert scene.count("outbox") == 0
    scene.joins()
    assert scene.claims() == []


def test_the_queue_tells_its_age(scene: Scene) -> None:
    assert scene.ask(outbox.oldest_unsent) is None
    assert scene.ask(outbox.next_due, "telegram") is None
    scene.joins()
    born = scene.now
    scene.publishes()
    scene.later(minutes=1)
    scene.publishes("tigris", text=DENIAL_AR)
    assert scene.ask(outbox.oldest_unsent) == born
    assert scene.ask(outbox.next_due, "telegram") == born


def test_a_message_shows_the_text_as_it_is_now(scene: Scene) -> None:
    scene.joins()
    draft = scene.draft(title="Qaani said to be in Baghdad")
    scene.admit(draft)
    scene.admit(replace(draft, title="Officials deny a visit"))
    (sending,) = scene.claims()
    card = sending.cards[0]
    assert card.title == "Officials deny a visit"
    assert all(span.field != "title" for span in card.spans)


PROBE = Notice("probe_answers", {"source": "The Agency", "id": "agency"})


def notify(scene: Scene, occasion: str = "agency 1", *, admins: tuple[int, ...] = (1,)) -> None:
    scene.write(outbox.enqueue_notice, PROBE, admins=admins, occasion=occasion, now=scene.now)


def test_notices_go_to_admins_only_together_and_once(scene: Scene) -> None:
    admin = scene.joins(1)
    scene.joins(2)
    notify(scene)
    notify(scene)
    notify(scene, "agency 2")
    assert scene.claims() == [], "they rest, so that those of one cause become one message"
    scene.later(seconds=31)
    (sending,) = scene.claims()
    assert (sending.kind, sending.subscriber, sending.cards) == ("notice", admin, ())
    assert sending.notices == (PROBE, PROBE)
    scene.write(outbox.sent, sending, 501, scene.now)
    assert scene.claims() == []


def test_notices_and_alerts_of_one_chat_are_messages_of_their_own(scene: Scene) -> None:
    scene.joins(1)
    notify(scene)
    scene.later(seconds=31)
    scene.publishes()
    kinds = []
    while claimed := scene.claims():
        kinds.append(claimed[0].kind)
        scene.write(outbox.sent, claimed[0], 501, scene.now)
    assert kinds == ["notice", "alert"]


def test_a_notice_is_for_the_terminal_too(scene: Scene) -> None:
    scene.joins(0, channel="terminal")
    notify(scene, admins=())
    scene.later(seconds=31)
    (sending,) = scene.claims(channel="terminal")
    assert sending.kind == "notice"
