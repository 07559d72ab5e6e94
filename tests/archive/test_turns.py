"""How stories turn in the archive: who is told again, and what the message says of the story's standing."""

from dataclasses import replace

import pytest

from archive import outbox, withdrawals
from core.messages import Card
from core.model import Draft
from tests.archive.scene import Scene, rows
from tests.core.newsroom import RULES

RUMOUR = (
    "Qaani killed in Tehran, source says",
    "Commander Qaani was killed in an explosion in northern Tehran on Sunday night, one source told us. "
    "The commander was in his car near the Tajrish bazaar when the explosion happened, the source said.",
)
SECOND = (
    "Explosion in Tehran: Qaani was killed",
    "The commander Qaani was killed when an explosion hit his car near Tajrish bazaar in northern Tehran, "
    "two officers who were there said on Sunday night. Police closed the bazaar after the explosion.",
)
DENIAL = (
    "Tehran denies Qaani was killed in explosion",
    "A spokesman in Tehran denied on Sunday night that Qaani was killed in an explosion near Tajrish bazaar. "
    "The commander was not in his car when the explosion happened, the spokesman said.",
)
DENIAL_FA = (
    "تکذیب خبر کشته شدن سردار قاآنی در انفجار تهران",
    "سخنگوی دولت در تهران خبر کشته شدن سردار قاآنی در انفجار نزدیک بازار تجریش را تکذیب کرد.",
)


@pytest.fixture
def day(scene: Scene) -> Scene:
    """A day on which Qaani is watched, and one chat follows everything."""
    scene.rules = RULES
    scene.joins(1)
    return scene


def comes(day: Scene, outlet: str, text: tuple[str, str], **known: str) -> Draft:
    draft = day.draft(outlet, *text, language=known.get("language", "en"))
    day.admit(draft)
    day.later(minutes=5)
    return draft


def told(day: Scene, chat: int = 1) -> Card | None:
    """The message that waits for a chat, sent now; None when nothing waits."""
    found = None
    for sending in day.claims(owner=f"{day.now}"):
        day.write(outbox.sent, sending, 1, day.now)
        if sending.subscriber.chat == chat:
            [found] = sending.cards
    return found


def occasions(day: Scene) -> list[tuple[int, str]]:
    asked = "SELECT chat, occasion FROM outbox JOIN subscriber ON subscriber.id = subscriber ORDER BY outbox.id"
    return day.ask(rows, asked)


def test_a_rumour_opens_with_its_weakness_until_a_second_source_carries_it(day: Scene) -> None:
    comes(day, "courier", RUMOUR)
    first = told(day)
    assert first is not None
    assert (first.unconfirmed, first.formerly, first.outlets, first.turn) == ("The Courier", "", 1, None)
    comes(day, "gazette", SECOND)
    second = told(day)
    assert second is not None
    assert (second.turn, second.about) == ("second source", RUMOUR[0])
    assert (second.unconfirmed, second.formerly) == ("", "The Courier")
    assert (second.outlets, second.unlinked, second.also) == (2, 2, ("The Courier",))


def test_what_waits_while_a_second_source_comes_goes_as_one_message_without_the_weakness(day: Scene) -> None:
    comes(day, "courier", RUMOUR)
    comes(day, "gazette", SECOND)
    card = told(day)
    assert card is not None
    assert (card.turn, card.unconfirmed, card.formerly) == ("second source", "", "The Courier")
    assert told(day) is None


def test_a_copy_pings_nobody_and_leaves_the_claim_with_one_source(day: Scene) -> None:
    comes(day, "courier", RUMOUR)
    comes(day, "gazette", RUMOUR)
    card = told(day)
    assert card is not None
    assert (card.unconfirmed, card.outlets, card.unlinked) == ("The Courier", 2, 1)
    assert occasions(day) == [(1, "first")]


@pytest.mark.parametrize(
    ("outlet", "denial", "language"), [("gazette", DENIAL, "en"), ("karun", DENIAL_FA, "fa")], ids=["en", "fa"]
)
def test_a_denial_turns_it_for_those_who_were_told(
    day: Scene, outlet: str, denial: tuple[str, str], language: str
) -> None:
    comes(day, "courier", RUMOUR)
    assert told(day) is not None
    day.joins(2)
    comes(day, outlet, denial, language=language)
    card = told(day)
    assert card is not None
    assert (card.turn, card.about, card.title) == ("denial", RUMOUR[0], denial[0])
    assert (card.also, card.outlets, card.denied_by) == ((), 1, ())  # the rumour's outlet does not carry the denial
    assert occasions(day) == [(1, "first"), (1, "turn:1")]


def test_a_claim_that_is_taken_back_turns_it(day: Scene) -> None:
    rumour = comes(day, "courier", RUMOUR)
    told(day)
    assert day.write(withdrawals.withdraw, "courier", [rumour.url], day.now)
    card = told(day)
    assert card is not None
    assert (card.turn, card.title) == ("withdrawal", RUMOUR[0])
    assert not day.write(withdrawals.withdraw, "courier", [rumour.url], day.now)
    assert told(day) is None


def test_a_post_that_is_missing_twice_turns_it_too(day: Scene) -> None:
    rumour = comes(day, "courier", RUMOUR)
    told(day)
    article = day.article(rumour.url).id
    day.write(withdrawals.missed, [article], day.now)
    assert told(day) is None
    day.write(withdrawals.missed, [article], day.now)
    card = told(day)
    assert card is not None
    assert card.turn == "withdrawal"


def test_a_headline_that_turns_is_told_with_what_it_was(day: Scene) -> None:
    rumour = comes(day, "courier", RUMOUR)
    told(day)
    day.joins(2)
    day.admit(replace(rumour, title="Qaani unhurt in Tehran, source says"))
    card = told(day)
    assert card is not None
    assert card.edit is not None
    assert (card.edit.was, card.title) == (RUMOUR[0], "Qaani unhurt in Tehran, source says")
    number = day.article(rumour.url).id
    assert occasions(day) == [(1, "first"), (1, f"revision:{number}.2")]


def test_a_quarantined_claim_is_not_counted(day: Scene) -> None:
    day.admit(day.draft("courier", *RUMOUR, language="en"), how="held")
    comes(day, "gazette", SECOND)
    card = told(day)
    assert card is not None
    assert (card.unconfirmed, card.outlets, card.also) == ("Gazette", 1, ())


RUMOURS = (
    ("karun", "fa", "منابع خبری از کشته شدن سردار قاآنی در حمله هوایی بامداد امروز به تهران خبر دادند."),
    ("karun", "fa", "سردار قاآنی در حمله هوایی بامداد امروز به تهران کشته شد، منابع خبری گفتند."),
    ("tigris", "ar", "أنباء عن مقتل قاآني في غارة جوية على طهران فجر اليوم بحسب مصادر."),
    ("courier", "en", "Qaani killed in an air strike on Tehran early today, sources say."),
)


def test_a_rumour_in_eighty_posts_and_its_denial_are_one_alert_and_its_turns(day: Scene) -> None:
    for number in range(80):
        outlet, language, text = RUMOURS[number % len(RUMOURS)]
        day.admit(day.draft(outlet, text, f"{text} {number}", language=language))
        day.later(seconds=7)
    day.later(minutes=30)
    for outlet, language, text in (
        ("tigris", "ar", "مصدر رسمي ينفي مقتل قاآني في غارة جوية على طهران"),
        ("karun", "fa", "تکذیب خبر کشته شدن سردار قاآنی در حمله هوایی به تهران"),
    ):
        day.admit(day.draft(outlet, text, f"{text}، نفي رسمي" if language == "ar" else text, language=language))
    assert occasions(day) == [(1, "first"), (1, "turn:1"), (1, "turn:2")]
