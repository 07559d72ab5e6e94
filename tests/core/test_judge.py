"""A newsroom's day, one decision at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.judge import fingerprint_of, judge
from core.model import Arrival, ArrivalKind, Draft, Form, Known, NameSet, Neighbours, Topic, Verdict
from core.rules.match import compile_rules

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RULES = compile_rules(
    {"qaani": NameSet("qaani", {"en": "Esmail Qaani"}, (Form("Qaani"), Form("قاآني"), Form("قاآنی")))},
    {
        "qaani": Topic("qaani", {"en": "Esmail Qaani"}, "@qaani"),
        "drones": Topic("drones", {"en": "Drones"}, "drone OR طائرة مسيرة OR پهپاد"),
    },
)
BODY = "The commander Qaani arrived in Baghdad late on Monday for talks with several parties, officials said."


def draft(**changes: object) -> Draft:
    base = Draft("wire", "https://wire.example/1", "Qaani in Baghdad", BODY, published=NOW - timedelta(minutes=5))
    return replace(base, **changes)  # type: ignore[arg-type]  # the fields of Draft


def archived(of: Draft, **changes: object) -> Known:
    fingerprint = fingerprint_of(of)
    known = Known(7, 3, of.source, of.url, fingerprint.body, fingerprint.content, of.complete, 1, frozenset({"qaani"}))
    return replace(known, **changes)  # type: ignore[arg-type]  # the fields of Known


def judged(
    of: Draft,
    same: Known | None = None,
    twin: Known | None = None,
    kind: ArrivalKind = "live",
    **alerted: int,
) -> Verdict:
    arrival = Arrival(kind, timedelta(hours=6), alerted)
    return judge(of, fingerprint_of(of), Neighbours(same, twin), RULES, arrival, NOW)


def topics(verdict: Verdict) -> list[str]:
    return [alert.topic for alert in verdict.alerts]


def test_a_new_article_alerts_each_topic_it_hits() -> None:
    verdict = judged(draft(text=BODY + " A drone was seen."))
    assert verdict.action == "new"
    assert sorted(topics(verdict)) == ["drones", "qaani"]
    assert {alert.occasion for alert in verdict.alerts} == {"first"}


def test_a_new_article_about_nothing_watched_is_archived_silently() -> None:
    verdict = judged(draft(title="Rain expected", text="Rain is expected in the north of the country tonight."))
    assert (verdict.action, verdict.alerts) == ("new", ())


def test_arabic_and_persian_hit_as_english_does() -> None:
    for title in ("وصول قاآني إلى بغداد", "سفر قاآنی به بغداد"):
        assert topics(judged(draft(title=title, text="", summary=""))) == ["qaani"]


def test_the_same_text_from_another_source_is_a_copy_and_never_pings() -> None:
    first = draft()
    verdict = judged(draft(source="echo", url="https://echo.example/9"), twin=archived(first))
    assert (verdict.action, verdict.alerts) == ("copy", ())
    assert verdict.duplicate_of is not None
    assert verdict.duplicate_of.article == 7


def test_a_copy_does_not_ping_even_when_its_original_came_silently() -> None:
    silent = archived(draft())  # hit its topic in the first round: nobody was alerted
    assert judged(draft(source="echo", url="https://echo.example/9"), twin=silent).alerts == ()


def test_a_copy_whose_headline_adds_a_topic_alerts_that_topic_only() -> None:
    verdict = judged(draft(source="echo", title="Drone over Baghdad"), twin=archived(draft()))
    assert topics(verdict) == ["drones"]


def test_a_copy_of_what_was_held_back_alerts() -> None:
    held = archived(draft(), topics=frozenset())  # its source may be somebody else's now: nobody was told
    assert topics(judged(draft(source="echo", url="https://echo.example/9"), twin=held)) == ["qaani"]


def test_the_same_article_again_is_known() -> None:
    assert judged(draft(), same=archived(draft())).action == "known"


def test_spacing_and_vowel_marks_are_no_edit() -> None:
    first = draft(title="وصول قاآني إلى بغداد")
    assert judged(draft(title="وُصول  قاآنـي إلى بغداد"), same=archived(first)).action == "known"


def test_an_edited_headline_is_a_revision_and_pings_only_for_a_new_topic() -> None:
    plain = judged(draft(title="Qaani leaves Baghdad"), same=archived(draft()))
    assert (plain.action, plain.why, plain.alerts) == ("revision", "edited by its publisher", ())
    turned = judged(draft(title="Qaani leaves Baghdad, drone seen"), same=archived(draft()))
    assert topics(turned) == ["drones"]


def test_a_page_that_cannot_be_read_never_replaces_the_archived_text() -> None:
    poorer = draft(text="", summary="Qaani arrived.", complete=False)
    assert judged(poorer, same=archived(draft())).action == "known"


def test_a_full_text_that_arrives_later_becomes_a_revision() -> None:
    poorer = draft(text="", summary="Qaani arrived.", complete=False)
    verdict = judged(draft(), same=archived(poorer))
    assert (verdict.action, verdict.why) == ("revision", "its full text arrived")


def test_another_source_listing_the_same_address_edits_nothing() -> None:
    assert judged(draft(source="aggregator", title="Other words"), same=archived(draft())).action == "known"


def test_the_first_round_what_is_held_and_an_import_never_ping() -> None:
    assert judged(draft(), kind="first_round").alerts == ()
    assert judged(draft(), kind="held").alerts == ()
    assert judged(draft(), kind="import").alerts == ()


def test_of_a_backlog_only_fresh_dated_matches_ping_and_three_per_topic() -> None:
    assert topics(judged(draft(), kind="backlog")) == ["qaani"]
    assert topics(judged(draft(), kind="backlog", qaani=2)) == ["qaani"]
    assert judged(draft(), kind="backlog", qaani=3).alerts == ()
    assert judged(draft(published=NOW - timedelta(hours=7)), kind="backlog").alerts == ()
    assert judged(draft(published=None), kind="backlog").alerts == ()


def test_a_short_body_identifies_no_article() -> None:
    fingerprint = fingerprint_of(draft(text="عاجل", summary=""))
    assert (fingerprint.body, fingerprint.telling) == ("", False)
    assert fingerprint.content != ""


def test_a_notice_is_no_article_of_its_own_and_a_long_text_is() -> None:
    assert not fingerprint_of(draft(text="Please accept our terms to go on reading. " * 8)).telling
    assert fingerprint_of(draft(text=BODY * 10)).telling
