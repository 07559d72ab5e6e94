"""The story holds together: three languages, realistic lengths, every step possible, nothing out of order."""

from itertools import pairwise

import pytest

from demo import texts
from demo.newsroom import Channel, Item, Newsroom
from demo.scene import BROKEN, OPENING, OUTLETS, SLOW, SLOWNESS, TIMELINE, Copy, Deed, Edit, Publish, Stage
from demo.texts import Text
from tests.demo.conftest import ask

TEXTS = [value for value in vars(texts).values() if isinstance(value, Text)]
PUBLISHED = [step.deed for step in TIMELINE if isinstance(step.deed, Publish)]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.title[:30])
def test_an_article_is_as_long_as_articles_are(text: Text) -> None:
    assert 80 <= len(text.body.split()) <= 250
    assert len(text.body.splitlines()) >= 4


def test_the_story_is_told_in_three_languages_by_outlets_of_every_format() -> None:
    assert any(outlet.is_channel for outlet in OUTLETS)
    language = {outlet.id: outlet.language for outlet in OUTLETS}
    assert len(TEXTS) >= 12
    assert {language[deed.outlet] for deed in PUBLISHED} == {"en", "ar", "fa"}
    assert {outlet.format for outlet in OUTLETS} == {"rss", "atom", "rdf", "json"}


def test_every_text_is_published_once() -> None:
    told = [deed.text for deed in (*OPENING, *PUBLISHED)]
    assert sorted(text.title for text in told) == sorted(text.title for text in TEXTS)


def test_the_timeline_rises_and_ends_in_time() -> None:
    assert all(earlier.at < later.at for earlier, later in pairwise(TIMELINE))
    assert TIMELINE[0].at == 0
    assert TIMELINE[-1].at <= 65
    assert {step.expected for step in TIMELINE} >= {"alert", "copy", "revision", "quiet", "failing"}


def title_of(deed: Deed, item: Item) -> str:
    """The headline that an item has right after a deed."""
    match deed:
        case Publish(text=text):
            return text.title
        case Copy(title=title) | Edit(title=title):
            return title
        case _:
            return item.piece.title


def test_every_step_can_be_performed_and_read(newsroom: Newsroom) -> None:
    stage = Stage(newsroom)
    stage.outlet(SLOW).recovers()  # its slowness is shown elsewhere
    for step in TIMELINE:
        outlet, item = stage.perform(step)
        assert ask(outlet.feed_url).status == (500 if step.expected == "failing" else 200)
        if item is not None and isinstance(item.outlet, Channel):
            assert title_of(step.deed, item) in ask(outlet.feed_url).text
        elif item is not None:
            assert ask(item.url).status == (410 if step.expected == "withdrawn" else 200)
            assert item.piece.title == title_of(step.deed, item)


def test_the_slow_site_is_slow_from_the_beginning(newsroom: Newsroom) -> None:
    stage = Stage(newsroom)
    with pytest.raises(TimeoutError):
        ask(stage.outlet(SLOW).feed_url, seconds=SLOWNESS / 10)
    assert ask(stage.outlet(BROKEN).feed_url).status == 200
