"""What is remembered of channels, and articles that were taken back."""

from dataclasses import replace

from archive import articles, channels, sources, withdrawals
from archive.channels import Remembered
from core.lines import article_record
from core.model import Draft
from tests.archive.scene import OUTLETS, REPORT_EN, Scene


def test_a_channel_is_remembered_as_its_last_visit_saw_it(scene: Scene) -> None:
    assert scene.ask(channels.remembered, "karun") == Remembered()
    assert scene.ask(channels.remembered, "nobody") == Remembered()
    seen = Remembered("کارون", 4_112, "its title changed")
    scene.write(channels.remember, "karun", seen)
    assert scene.ask(channels.remembered, "karun") == seen
    assert scene.ask(channels.remembered, "tigris") == Remembered()


def test_trust_ends_the_doubt_and_nothing_else(scene: Scene) -> None:
    scene.write(channels.remember, "karun", Remembered("کارون", 7, "its title changed"))
    assert scene.write(channels.trust, "karun") == "its title changed"
    assert scene.write(channels.trust, "karun") == ""
    assert scene.ask(channels.remembered, "karun") == Remembered("کارون", 7)


def test_a_source_that_moved_is_another_channel(scene: Scene) -> None:
    scene.write(channels.remember, "karun", Remembered("کارون", 7, "its title changed"))
    moved = [replace(each, url="https://karun.example/new") if each.id == "karun" else each for each in OUTLETS]
    scene.write(sources.sync, moved, scene.now)
    assert scene.ask(channels.remembered, "karun") == Remembered()


def test_gaps_are_counted_in_posts(scene: Scene) -> None:
    for first, last in ((10, 19), (40, 40), (10, 19)):
        scene.write(channels.note_gap, "karun", first, last, scene.now)
    missed = {row.id: row.missed for row in scene.ask(sources.table)}
    assert missed == {"courier": 0, "gazette": 0, "karun": 11, "tigris": 0}


def test_posts_are_found_by_their_guids_within_their_source(scene: Scene) -> None:
    guids = {n: f"https://t.me/karun/{n}" for n in range(1_200)}
    mine = scene.publishes("karun", text="The first post of the channel, of eight words.", guid=guids[1_100])
    scene.publishes("tigris", text="Somebody else's post of eight words or more.", guid=guids[5])
    assert scene.ask(channels.archived, "karun", guids) == {1_100: mine.id}


def test_what_is_held_alerts_nobody_and_silences_nobody(scene: Scene) -> None:
    scene.joins()
    text = f"{REPORT_EN} And so on."
    assert scene.admit(scene.draft("karun", "Qaani arrives", text), how="held").alerts == ()
    verdict = scene.admit(scene.draft("courier", "Qaani arrives", text))
    assert (verdict.action, bool(verdict.alerts)) == ("copy", True)


# --- taken back --------------------------------------------------------------------------------------------------


def test_what_is_missed_twice_in_a_row_is_withdrawn_and_kept(scene: Scene) -> None:
    first, second = (scene.publishes(title=f"Post {n}", text=f"Text of post {n}.") for n in range(2))
    scene.write(withdrawals.missed, [first.id, second.id], scene.now)
    scene.write(withdrawals.stands, [second.id])
    assert scene.article(first.url).withdrawn is None
    since = scene.later(hours=1)
    scene.write(withdrawals.missed, [first.id, second.id], since)
    assert scene.article(first.url) == replace(first, withdrawn=since)
    assert scene.article(second.url).withdrawn is None
    scene.later(hours=1)
    scene.write(withdrawals.missed, [first.id], scene.now)
    assert scene.article(first.url).withdrawn == since
    scene.write(withdrawals.stands, [first.id])
    assert scene.article(first.url) == first


def test_a_page_that_is_gone_withdraws_the_sources_own_article(scene: Scene) -> None:
    mine = scene.publishes("courier", title="Mine", text="A text of mine.")
    theirs = scene.publishes("gazette", title="Theirs", text="A text of theirs.")
    teaser = scene.publishes("courier", title="Teaser", text="A lead.", complete=False)
    assert scene.write(withdrawals.withdraw, "courier", [mine.url], scene.now)
    assert not scene.write(withdrawals.withdraw, "courier", [mine.url, theirs.url, teaser.url], scene.later(hours=1))
    withdrawn = {each.title for each in scene.ask(lambda conn: list(articles.export(conn))) if each.withdrawn}
    assert withdrawn == {"Mine"}


def test_a_withdrawn_article_is_looked_at_again_and_stands_when_its_text_is_back(scene: Scene) -> None:
    draft = scene.draft()
    scene.admit(draft)
    assert unseen(scene, draft) == []
    scene.write(withdrawals.withdraw, draft.source, [draft.url], scene.now)
    assert unseen(scene, draft) == [draft]
    scene.admit(replace(draft, text="", complete=False))
    assert scene.article(draft.url).withdrawn == scene.now
    scene.admit(draft)
    assert scene.article(draft.url).withdrawn is None
    assert scene.article(draft.url).revision == 1


def unseen(scene: Scene, draft: Draft) -> list[Draft]:
    return scene.ask(articles.unseen, draft.source, [draft])


def test_an_export_says_since_when(scene: Scene) -> None:
    article = scene.publishes()
    assert article_record(article)["withdrawn"] is None
    scene.write(withdrawals.withdraw, article.source, [article.url], scene.now)
    assert article_record(scene.article(article.url))["withdrawn"] == "2026-05-14T06:30:00Z"


def test_a_gap_is_tried_once_and_what_is_filled_is_none(scene: Scene) -> None:
    for first, last in ((10, 19), (40, 60)):
        scene.write(channels.note_gap, "karun", first, last, scene.now)
    assert scene.ask(channels.gap_to_try, "karun") == (40, 60)
    scene.write(channels.gap_tried, "karun", 40, None)
    assert scene.ask(channels.gap_to_try, "karun") == (10, 19)
    scene.write(channels.gap_tried, "karun", 10, 12)
    assert scene.ask(channels.gap_to_try, "karun") is None
    assert {row.id: row.missed for row in scene.ask(sources.table)}["karun"] == 3
