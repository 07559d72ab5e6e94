"""A newsroom's day: who is told what, and why, when rumours, copies, wires and denials come in, in three languages."""

import pytest

from core.model import Edit
from core.stories.carriage import carriage
from tests.core.newsroom import Newsroom, said

RUMOUR_FA = ("کشته شدن سردار قاآنی در تهران", "یک منبع آگاه از کشته شدن سردار قاآنی در حمله‌ای در تهران خبر داد.")
RUMOUR_AR = ("أنباء عن مقتل قاآني في طهران", "تحدث مصدر مطلع عن مقتل قاآني في هجوم وقع شمال طهران فجر اليوم.")
RUMOUR_EN = ("Qaani killed in Tehran, source says", "Qaani was killed in an attack in Tehran, one source told us.")


def rumour(day: Newsroom) -> int:
    return day.publish("karun", *RUMOUR_FA)


# --- a rumour ---


@pytest.mark.parametrize(
    ("outlet", "text", "name"),
    [
        ("karun", RUMOUR_FA, "Karun Daily"),
        ("tigris", RUMOUR_AR, "Tigris News"),
        ("courier", RUMOUR_EN, "The Courier"),
    ],
)
def test_a_grave_claim_opens_with_its_weakness(outlet: str, text: tuple[str, str], name: str) -> None:
    day = Newsroom()
    assert day.told(day.publish(outlet, *text)) == [f"first qaani breaking ({name} alone)"]


def test_a_visit_is_no_grave_claim() -> None:
    day = Newsroom()
    assert day.told(day.publish("courier", "Qaani in Baghdad")) == ["first qaani normal"]


def test_a_yearly_commemoration_is_low() -> None:
    day = Newsroom()
    assert day.told(day.publish("tigris", "قاآني يحضر مراسم الذكرى السنوية")) == ["first qaani low"]
    assert day.told(day.publish("karun", "حضور سردار قاآنی در سالگرد")) == ["first qaani low"]


def test_two_hundred_copies_of_a_rumour_ping_nobody() -> None:
    day = Newsroom()
    first = rumour(day)
    copies = [
        day.publish(outlet, *RUMOUR_FA, copy_of=first) for outlet in ("tigris", "delta", "courier", "gazette") * 50
    ]
    assert [day.told(copy) for copy in copies] == [[]] * 200
    assert {day.story_of[copy] for copy in copies} == {day.story_of[first]}
    assert all(day.verdicts[copy].renews for copy in copies)
    assert day.verdicts[copies[0]].why.startswith(f"copy, nearly all of the shorter text as article {first}: 90%")


# --- a second source ---


def test_a_second_unlinked_source_turns_the_story_once() -> None:
    day = Newsroom()
    first = rumour(day)
    second = day.publish("tigris", *RUMOUR_AR, joins=first)
    assert day.told(second) == ["turn:1 qaani breaking (second source)"]
    assert day.told(day.publish("courier", *RUMOUR_EN, joins=first)) == []


@pytest.mark.parametrize(
    ("outlet", "text"),
    [
        ("tigris", "مقتل قاآني في طهران، بحسب صحيفة Karun Daily في خبر نشرته فجر اليوم."),
        ("courier", "Qaani was killed in Tehran, according to Karun Daily."),
        ("gazette", "Qaani was killed in Tehran, the Karun Daily newspaper reported."),
    ],
)
def test_who_cites_the_first_source_is_no_second_one(outlet: str, text: str) -> None:
    day = Newsroom()
    first = rumour(day)
    assert day.told(day.publish(outlet, "Qaani killed / مقتل قاآني", text, joins=first)) == []


def test_who_builds_on_the_first_text_is_no_second_source() -> None:
    day = Newsroom()
    first = rumour(day)
    assert day.told(day.publish("gazette", *RUMOUR_EN, derived_from=first)) == []


def test_outlets_of_one_owner_are_one_source() -> None:
    day = Newsroom()
    first = day.publish("delta", *RUMOUR_AR)
    assert day.told(day.publish("marsh", *RUMOUR_AR, joins=first)) == []
    assert day.told(day.publish("courier", *RUMOUR_EN, joins=first)) == ["turn:1 qaani breaking (second source)"]


def test_two_that_carry_one_wire_are_one_source() -> None:
    day = Newsroom()
    first = day.publish("karun", "کشته شدن سردار قاآنی", "به گزارش خبرگزاری خلیج سردار قاآنی کشته شد.")
    assert day.told(day.publish("tigris", "مقتل قاآني", "مقتل قاآني نقلاً عن وكالة الخليج.", joins=first)) == []
    assert day.told(day.publish("wire", *RUMOUR_EN, joins=first)) == []
    assert carriage(day.members(first)).groups == (("Karun Daily", "Tigris News", "Gulf Wire"),)
    assert carriage(day.members(first)).origin == "Gulf Wire"


def test_a_quarantined_source_neither_alerts_nor_counts() -> None:
    day = Newsroom()
    first = day.publish("gazette", *RUMOUR_EN, how="held")
    assert day.told(first) == []
    second = day.publish("karun", *RUMOUR_FA, joins=first)
    assert day.told(second) == ["first qaani breaking (Karun Daily alone)"]
    assert carriage(day.members(first)).outlets == ("Karun Daily",)


def test_a_copy_of_a_quarantined_source_is_told_as_the_first() -> None:
    day = Newsroom()
    lie = day.publish("gazette", *RUMOUR_EN, how="held")
    assert day.told(day.publish("courier", *RUMOUR_EN, copy_of=lie)) == ["first qaani breaking (The Courier alone)"]
    assert day.told(day.publish("wire", *RUMOUR_EN, copy_of=lie)) == []


def test_a_first_source_that_is_quarantined_leaves_the_second_alone() -> None:
    day = Newsroom()
    first = rumour(day)
    day.quarantine("karun")
    assert day.told(day.publish("tigris", *RUMOUR_AR, joins=first)) == []  # told already, still by one
    assert day.told(day.publish("courier", *RUMOUR_EN, joins=first)) == ["turn:1 qaani breaking (second source)"]


# --- denials ---

DENIALS = [
    ("tigris", "مكتب قاآني ينفي نبأ مقتله", "نفى مكتب قاآني ما تردد عن مقتله."),
    ("tigris", "مقتل قاآني: خبر عارٍ عن الصحة", ""),
    ("delta", "لا صحة لأنباء مقتل قاآني", "قال مصدر إن ما تردد غير صحيح."),
    ("karun", "سردار قاآنی زنده است", "یک مقام آگاه خبر کشته شدن سردار قاآنی را تکذیب کرد."),
    ("karun", "سپاه خبر ترور سردار قاآنی را رد کرد", ""),
    ("courier", "Tehran denies Qaani was killed", "Reports that Qaani was killed are baseless, a spokesman said."),
    ("gazette", "Report that Qaani was killed is false", ""),
]


@pytest.mark.parametrize(("outlet", "title", "text"), DENIALS)
def test_a_denial_turns_the_story_once(outlet: str, title: str, text: str) -> None:
    day = Newsroom()
    first = day.publish("wire", *RUMOUR_EN)
    denial = day.publish(outlet, title, text, joins=first)
    assert day.told(denial) == ["turn:1 qaani breaking (denial)"]
    assert day.told(day.publish(outlet, title, text, joins=first)) == []


@pytest.mark.parametrize(("outlet", "title", "text"), DENIALS)
def test_a_denial_on_its_own_is_no_claim(outlet: str, title: str, text: str) -> None:
    day = Newsroom()
    alone = day.publish(outlet, title, text)
    assert [line.split()[:2] for line in day.told(alone)] == [["first", "qaani"]]
    assert "alone" not in day.told(alone)[0]


def test_who_denies_a_claim_does_not_carry_it() -> None:
    day = Newsroom()
    first = day.publish("wire", *RUMOUR_EN)
    day.publish("tigris", *DENIALS[0][1:], joins=first)
    told = carriage(day.members(first))
    assert (told.outlets, told.unlinked, told.denied_by) == (("Gulf Wire",), 1, ("Tigris News",))


def test_a_denial_whose_place_is_not_sure_turns_the_story_that_it_stands_near() -> None:
    day = Newsroom()
    first = rumour(day)
    denial = day.publish("tigris", *DENIALS[0][1:], near=first)
    assert day.told(denial) == ["turn:1 qaani breaking (denial)"]
    assert day.story_of[denial] == day.story_of[first]


def test_a_denial_under_the_rumours_own_text_is_heard() -> None:
    day = Newsroom()
    first = day.publish("wire", *RUMOUR_EN)
    denial = day.publish("gazette", "Denied: Qaani killed in Tehran", RUMOUR_EN[1], copy_of=first)
    assert day.told(denial) == ["turn:1 qaani breaking (denial)"]


@pytest.mark.parametrize(
    ("outlet", "title", "text"),
    [
        ("tigris", "مقتل قاآني في طهران", "لم تنفِ طهران مقتل قاآني حتى الآن."),
        ("karun", "کشته شدن سردار قاآنی", "سپاه خبر کشته شدن سردار قاآنی را تکذیب نکرده است."),
        ("courier", "Qaani killed in Tehran", "Tehran has not denied that Qaani was killed."),
        ("courier", "Qaani killed in Tehran", "The Guards neither confirmed nor denied that Qaani was killed."),
    ],
)
def test_who_does_not_deny_denies_nothing(outlet: str, title: str, text: str) -> None:
    day = Newsroom()
    [told] = day.told(day.publish(outlet, title, text))
    assert told.endswith("alone)")


@pytest.mark.parametrize(
    ("outlet", "title", "text"),
    [
        ("courier", "Iran denies oil talks", "Officials denied that talks on oil took place. " * 3),
        ("karun", "قیمت نفت رشد کرد", "بهای نفت بالا رفت. سردار قاآنی به بغداد رفت."),
        ("karun", "حزب‌الله آتش‌بس را رد کرد", "این گروه آتش‌بس را رد کرد. " * 12 + "سردار قاآنی هم سخن گفت."),
        ("tigris", "رد قاآني على رسالة العلماء", "رد قاآني على رسالة وجهها إليه العلماء."),
        ("courier", "False alarm at the airport", "A false alarm closed the airport before Qaani arrived in Baghdad."),
    ],
)
def test_other_denials_are_none_of_ours(outlet: str, title: str, text: str) -> None:
    day = Newsroom()
    first = day.publish("wire", *RUMOUR_EN)
    assert day.told(day.publish(outlet, title, text, joins=first)) == []


def test_a_denial_of_what_is_not_grave_turns_it_once_too() -> None:
    day = Newsroom()
    visit = day.publish("courier", "Qaani in Baghdad")
    denial = day.publish("tigris", "بغداد تنفي زيارة قاآني", joins=visit)
    assert day.told(denial) == ["turn:1 qaani normal (denial)"]
    assert day.told(day.publish("karun", "بغداد سفر قاآنی را تکذیب کرد", joins=visit)) == []


def test_a_story_that_began_with_a_denial_is_not_turned_by_another() -> None:
    day = Newsroom()
    first = day.publish("tigris", "بغداد تنفي زيارة قاآني")
    assert day.told(day.publish("courier", "Baghdad denies visit of Qaani", joins=first)) == []


def test_a_rumour_of_the_morning_with_a_denial_at_minute_forty_is_one_alert_and_one_turn() -> None:
    day = Newsroom()
    first = rumour(day)
    for n in range(20):
        day.publish("delta", *RUMOUR_FA, copy_of=first)
        day.publish(
            "gazette", f"Qaani killed, reports say ({n})", "According to Karun Daily Qaani was killed.", joins=first
        )
    day.publish("tigris", *DENIALS[0][1:], joins=first)
    told = [line for number in day.verdicts for line in day.told(number)]
    assert told == ["first qaani breaking (Karun Daily alone)", "turn:1 qaani breaking (denial)"]


# --- withdrawals ---


def test_a_claim_that_its_only_source_takes_back_turns_the_story() -> None:
    day = Newsroom()
    first = rumour(day)
    copy = day.publish("delta", *RUMOUR_FA, copy_of=first)
    assert day.withdraw(first) == ()  # the copy still stands
    assert said(day.withdraw(copy)) == ["turn:1 qaani breaking (withdrawal)"]
    assert day.withdraw(copy) == ()


def test_a_denial_that_stays_does_not_carry_the_claim() -> None:
    day = Newsroom()
    first = rumour(day)
    day.publish("tigris", *DENIALS[0][1:], joins=first)
    assert said(day.withdraw(first)) == ["turn:2 qaani breaking (withdrawal)"]


def test_what_was_told_to_nobody_is_withdrawn_in_silence() -> None:
    day = Newsroom()
    assert day.withdraw(day.publish("karun", *RUMOUR_FA, how="import")) == ()


# --- members, levels, topics ---


def test_a_new_member_of_a_story_edits_and_does_not_ping() -> None:
    day = Newsroom()
    first = day.publish("courier", "Qaani in Baghdad for talks")
    member = day.publish("tigris", "قاآني في بغداد لإجراء محادثات", joins=first)
    assert day.told(member) == []
    assert day.verdicts[member].renews
    assert day.verdicts[member].why == f"the same event as story {day.story_of[first]}: @qaani"


def test_a_level_that_rises_pings_once() -> None:
    day = Newsroom()
    first = day.publish("courier", "Qaani in Baghdad for talks")
    assert day.told(day.publish("tigris", *RUMOUR_AR, joins=first)) == ["level:2 qaani breaking (Tigris News alone)"]
    assert day.told(day.publish("marsh", *RUMOUR_AR, joins=first)) == ["turn:1 qaani breaking (second source)"]
    assert day.told(day.publish("delta", "قاآني في بغداد", joins=first)) == []


def test_a_topic_that_is_newly_hit_pings_alone() -> None:
    day = Newsroom()
    first = day.publish("courier", "Qaani in Baghdad for talks")
    member = day.publish("tigris", "قاآني يلتقي قادة منظمة بدر في بغداد", joins=first)
    assert day.told(member) == ["first badr normal"]
    assert day.told(day.publish("gazette", "Qaani meets Badr Organization", derived_from=member)) == []


def test_a_neighbour_that_is_not_sure_speaks_for_itself_and_is_shown_as_related() -> None:
    day = Newsroom()
    first = day.publish("courier", "Qaani in Baghdad for talks")
    other = day.publish("tigris", "قاآني يصل إلى أربيل", near=first)
    assert day.told(other) == ["first qaani normal"]
    assert day.story_of[other] != day.story_of[first]
    assert day.verdicts[other].related == (day.story_of[first],)
    assert day.verdicts[other].why == f"near story {day.story_of[first]}, not surely: it speaks for itself"


def test_a_derived_text_that_stands_elsewhere_shares_background_and_speaks_for_itself() -> None:
    day = Newsroom()
    first = day.publish("courier", "Qaani in Baghdad for talks")
    other = day.publish("gazette", "Qaani named commander six years ago")
    assert day.told(day.publish("wire", "Qaani leaves Baghdad", derived_from=first, near=other)) == [
        "first qaani normal"
    ]


def test_what_was_archived_in_silence_stays_silent() -> None:
    day = Newsroom()
    first = day.publish("courier", "Qaani in Baghdad for talks", how="first_round")
    assert day.told(day.publish("tigris", "قاآني في بغداد لإجراء محادثات", joins=first)) == []
    assert day.told(day.publish("karun", *RUMOUR_FA, joins=first)) == ["level:2 qaani breaking (Karun Daily alone)"]


def test_an_import_turns_nothing() -> None:
    day = Newsroom()
    first = rumour(day)
    assert day.told(day.publish("tigris", *RUMOUR_AR, joins=first, how="import")) == []


# --- edits ---


def test_a_headline_that_turns_is_told_to_those_who_read_it() -> None:
    day = Newsroom()
    first = rumour(day)
    edited = day.edit(first, "تکذیب خبر کشته شدن سردار قاآنی")
    assert said(edited.alerts) == [f"revision:{first}.2 qaani breaking (changed)"]
    assert edited.alerts[0].edit is not None
    assert edited.alerts[0].edit.was == RUMOUR_FA[0]


def test_a_grave_word_that_leaves_the_headline_is_told() -> None:
    day = Newsroom()
    first = day.publish("courier", "Qaani killed in Tehran")
    assert said(day.edit(first, "Qaani unhurt after attack in Tehran").alerts) == [
        f"revision:{first}.2 qaani breaking (changed)"
    ]


def test_a_headline_that_becomes_grave_rises() -> None:
    day = Newsroom()
    first = day.publish("courier", "Qaani in Baghdad for talks")
    assert said(day.edit(first, "Qaani killed in Baghdad").alerts) == [
        "level:2 qaani breaking (The Courier alone) (changed)"
    ]


def test_a_name_that_enters_the_lead_is_told_with_its_topic() -> None:
    day = Newsroom()
    first = day.publish("courier", "Qaani in Baghdad", "He met party leaders.")
    edited = day.edit(first, "Qaani in Baghdad", "He met leaders of the Badr Organization.")
    assert said(edited.alerts) == ["first badr normal (changed)"]
    assert edited.alerts[0].edit == Edit(entered=("Badr Organization",))


def test_a_name_that_leaves_is_told() -> None:
    day = Newsroom()
    first = day.publish("tigris", "قاآني ومنظمة بدر", "لقاء في بغداد.")
    edited = day.edit(first, "قاآني في بغداد")
    assert [alert.edit and alert.edit.left for alert in edited.alerts] == [("ومنظمة بدر",)] * 2


@pytest.mark.parametrize(
    "title", ["Qaani in Baghdad for two days of talks", "QAANI in Baghdad for talks!", "Qaani, in Baghdad, for talks"]
)
def test_other_edits_are_only_stored(title: str) -> None:
    day = Newsroom()
    first = day.publish("courier", "Qaani in Baghdad for talks")
    assert day.edit(first, title).alerts == ()


def test_edits_of_what_nobody_was_told_of_are_only_stored() -> None:
    day = Newsroom()
    first = rumour(day)
    copy = day.publish("delta", *RUMOUR_FA, copy_of=first)
    assert day.edit(copy, "سردار قاآنی در تهران").alerts == ()
