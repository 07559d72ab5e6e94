"""One article is recorded once; copies, revisions and addresses are kept apart."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from archive import articles
from core.model import Span
from tests.archive.scene import DENIAL_AR, REPORT_EN, RUMOUR_FA, WEATHER_EN, Scene, rows


def test_an_article_is_read_back_as_it_was_recorded(scene: Scene) -> None:
    draft = scene.draft(
        "karun",
        "سردار قاآنی در بغداد",
        RUMOUR_FA,
        summary="خلاصه",
        language="fa",
        authors=("الف", "ب"),
        image="https://karun.example/1.jpg",
        published_raw="۲۴ اردیبهشت ۱۴۰۵",
    )
    assert scene.admit(draft).action == "new"
    found = scene.article(draft.url)
    for field in ("source", "url", "title", "text", "summary", "language", "authors", "image", "guid"):
        assert getattr(found, field) == getattr(draft, field)
    assert (found.published, found.published_raw) == (draft.published, draft.published_raw)
    assert (found.fetched, found.recorded, found.first_alert) == (scene.now, scene.now, None)
    assert (found.source_name, found.revision, found.duplicate_of, found.sha256) == ("Karun Daily", 1, None, None)
    assert [hit.topic for hit in found.matches.topics] == ["cabinet", "qaani"]
    marked = {
        found.title[span.start : span.end] for hit in found.matches.names for span in hit.spans if span.field == "title"
    }
    assert marked == {"قاآنی"}


@pytest.mark.parametrize(
    "again",
    [
        {"url": "SAME", "guid": None},
        {"url": "https://courier.example/moved", "aliases": ("SAME",), "guid": None},
        {"url": "https://courier.example/other", "guid": "SAME"},
        {"url": "https://courier.example/other", "guid": None},
    ],
    ids=["address", "redirect or rel=canonical", "guid", "same text from the same source"],
)
def test_the_same_article_is_recorded_once(scene: Scene, again: dict[str, object]) -> None:
    first = scene.draft("courier", "Talks in Baghdad")
    scene.admit(first)
    same = {"url": first.url, "guid": first.guid, "aliases": (first.url,)}
    changed = {name: same[name] if "SAME" in str(value) else value for name, value in again.items()}
    verdict = scene.admit(replace(first, **changed))  # type: ignore[arg-type]  # fields of Draft
    assert verdict.action == "known"
    assert scene.count("article") == 1


def test_every_address_leads_to_the_article(scene: Scene) -> None:
    first = scene.draft(aliases=("https://courier.example/feed-link", "https://courier.example/amp"))
    scene.admit(first)
    scene.admit(replace(first, url="https://courier.example/third", aliases=()))
    ids = {scene.article(url).id for url in (first.url, *first.aliases, "https://courier.example/third")}
    assert len(ids) == 1


def test_the_same_text_after_a_month_is_another_article(scene: Scene) -> None:
    scene.publishes("courier", "Eid greetings")
    scene.later(days=31)
    assert scene.admit(scene.draft("courier", "Eid greetings")).action == "new"


def test_a_few_words_identify_nothing(scene: Scene) -> None:
    scene.publishes("courier", "Photos of the day", "Watch the video")
    assert scene.admit(scene.draft("courier", "Something else", "Watch the video")).action == "new"
    assert scene.admit(scene.draft("gazette", "A third thing", "Watch the video")).action == "new"


def test_the_text_of_another_source_is_a_copy_of_the_earliest(scene: Scene) -> None:
    first = scene.publishes("courier", "Talks")
    second = scene.publishes("gazette", "Talks in Iraq")
    third = scene.publishes("tigris", "عن الغارديان")
    assert (first.duplicate_of, second.duplicate_of, third.duplicate_of) == (None, first.id, first.id)
    assert first.story == second.story == third.story


def test_a_copy_does_not_alert_again(scene: Scene) -> None:
    scene.joins()
    scene.publishes("courier", "Talks")
    scene.publishes("gazette", "Talks in Iraq")
    assert scene.count("outbox") == 2  # the topics qaani and cabinet of the first one
    (sending,) = scene.claims()
    assert sending.cards[0].also == ("Gazette",)


def test_an_edit_keeps_the_old_text(scene: Scene) -> None:
    first = scene.draft("tigris", "وصول قاآني إلى بغداد", DENIAL_AR)
    scene.admit(first)
    at = scene.later(minutes=20)
    edited = replace(first, title="مصدر ينفي وصول قاآني", text=DENIAL_AR + " وأضاف المصدر أن الخبر عارٍ عن الصحة.")
    assert scene.admit(edited).action == "revision"
    found = scene.article(first.url)
    assert (found.revision, found.title, found.recorded) == (2, edited.title, at - timedelta(minutes=20))
    from archive.schema import revision

    (old,) = scene.ask(lambda conn: conn.execute(revision.select()).all())
    assert (old.article, old.number, old.title, old.text) == (found.id, 1, first.title, first.text)


def test_two_versions_in_turn_are_two_revisions(scene: Scene) -> None:
    one = scene.draft(title="Talks on Sunday")
    other = replace(one, title="Talks on Monday")
    for version in (one, other, one, other, one):
        scene.admit(version)
    assert scene.article(one.url).revision == 2
    assert scene.count("revision") == 1


def test_an_edit_that_brings_a_topic_alerts_for_it_alone(scene: Scene) -> None:
    scene.joins()
    first = scene.draft(text=REPORT_EN.replace("Qaani", "an envoy"))
    scene.admit(first)
    scene.admit(replace(first, text=REPORT_EN))
    born = scene.ask(rows, "SELECT subject, occasion FROM outbox ORDER BY id")
    assert born == [("topic:cabinet", "first"), ("topic:qaani", "first")]


def test_a_page_that_failed_does_not_replace_a_full_text(scene: Scene) -> None:
    full = scene.draft()
    scene.admit(full)
    assert scene.admit(replace(full, text="", summary="Officials said …", complete=False)).action == "known"
    assert scene.article(full.url).text == REPORT_EN


def test_a_listing_is_worth_a_look_when_something_is_new(scene: Scene) -> None:
    known = scene.draft()
    scene.admit(known)
    moved = replace(known, url="https://courier.example/elsewhere")
    fresh, edited = scene.draft(), replace(known, listing="changed")
    assert scene.ask(articles.unseen, "courier", [known, fresh, edited, moved]) == [fresh, edited]
    scene.admit(edited)
    assert scene.ask(articles.unseen, "courier", [edited]) == []


def test_another_outlet_that_lists_an_address_looks_once(scene: Scene) -> None:
    first = scene.draft("courier")
    scene.admit(first)
    listed = replace(first, source="gazette", guid="g1", listing="in other words")
    assert scene.ask(articles.unseen, "gazette", [listed]) == [listed]
    scene.admit(listed)
    assert scene.ask(articles.unseen, "gazette", [listed]) == []
    assert scene.ask(articles.unseen, "courier", [first]) == []


def test_a_page_that_cannot_be_read_is_looked_at_three_times(scene: Scene) -> None:
    draft = scene.draft(text="", summary="Only this", complete=False)
    looks = 0
    while scene.ask(articles.unseen, "courier", [draft]):
        scene.admit(draft)
        looks += 1
    assert looks == 3


def test_a_long_listing_is_asked_about_at_once(scene: Scene) -> None:
    drafts = [scene.draft(aliases=(f"https://courier.example/alias/{n}",)) for n in range(700)]
    scene.admit(drafts[0])
    assert scene.ask(articles.unseen, "courier", drafts) == drafts[1:]


@pytest.mark.parametrize("title", ["Qaani was seen by the river", "قاآنی در شهر ساحلی دیده شد"])
def test_where_one_of_two_has_no_text_its_headline_and_date_name_an_article(scene: Scene, title: str) -> None:
    bare = scene.draft(title=title, text="", guid=None, published=scene.now)

    def seen(at: str, **other: Any) -> str:
        return scene.admit(replace(bare, url=f"https://courier.example/at/{at}", **other)).action

    scene.admit(bare)
    assert seen("elsewhere") == "known"
    assert seen("with its text", text=REPORT_EN) == "revision"
    assert seen("unread", complete=False) == "known"
    assert seen("undated", complete=False, published=None) == "known"
    assert seen("another text", text=WEATHER_EN) == "new"
    assert seen("another hour", published=scene.now - timedelta(hours=1)) == "new"
    assert [seen(f"short {n}", title="Live") for n in range(2)] == ["new", "new"]
    assert scene.count("article") == 5


def test_rotating_guids_bring_nothing_twice(scene: Scene) -> None:
    draft = scene.draft()
    for turn in range(5):
        scene.admit(replace(draft, guid=f"random-{turn}"))
    assert scene.count("article") == 1
    assert scene.article(draft.url).guid == "random-0"


def test_what_no_database_stores_is_replaced_and_offsets_stay(scene: Scene) -> None:
    draft = scene.draft(
        title="Qa\x00 \ud800 Qaani \udfff", text="a\x00" + REPORT_EN, guid="g\x00", authors=("\x00",), summary="\udc80"
    )
    scene.admit(draft)
    found = scene.article(draft.url)
    assert found.title == "Qa\ufffd \ufffd Qaani \ufffd"
    (hit,) = found.matches.names
    assert Span("title", 6, 11) in hit.spans
    assert scene.admit(replace(draft, url="https://courier.example/x", text=WEATHER_EN)).known is not None


def test_lengths_that_publishers_send_are_stored(scene: Scene) -> None:
    words = " ".join(f"word{n}" for n in range(40_000))
    draft = scene.draft(
        title="قاآنی " * 20_000,
        url="https://courier.example/" + "x" * 70_000,
        text=words + " " + "z" * 100_000,
        guid="g" * 100_000,
        listing="l" * 10_000,
    )
    scene.admit(draft)
    assert scene.article(draft.url).title == draft.title
    assert scene.admit(draft).action == "known"
    assert scene.ask(articles.unseen, "courier", [draft]) == []


def test_export_streams_everything_by_id(scene: Scene) -> None:
    for _ in range(5):
        scene.publishes(text=f"{REPORT_EN} {_}")
    scene.publishes("gazette", text=f"{REPORT_EN} 0")
    found = scene.ask(lambda conn: list(articles.export(conn)))
    assert [each.id for each in found] == sorted(each.id for each in found)
    assert len(found) == 6
    assert found[-1].duplicate_of == found[0].id


def test_backlog_alerts_are_counted_though_nobody_follows(scene: Scene) -> None:
    scene.admit(scene.draft(), how="backlog")
    scene.admit(scene.draft("gazette", text=RUMOUR_FA), how="backlog")
    assert scene.ask(articles.backlog_alerts, "courier") == {"qaani": 1, "cabinet": 1}
    vote = "The speaker expects parliament to vote on the cabinet by Thursday; Qaani has left the country, he said."
    scene.admit(scene.draft(text=vote), how="backlog", alerted={"qaani": 3})
    assert scene.ask(articles.backlog_alerts, "courier") == {"qaani": 1, "cabinet": 2}
