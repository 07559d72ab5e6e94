"""How far a visit pages: back to what was seen, never for ever, with every hole told."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.model import Channel, Draft, Listing, Post
from spiders.paging import (
    MOST_DEPTH,
    MOST_PAGES,
    MOST_PARTS,
    MOST_POSTS,
    Gap,
    changed_hands,
    gap,
    next_page,
    parts_to_visit,
    withdrawn,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BASE = "https://t.me/s/rafidain"


def shown(*ids: int, older: bool = True, age: timedelta = timedelta(hours=1), title: str = "الرافدين") -> Listing:
    entries = tuple(Draft("r", f"https://t.me/rafidain/{number}", "t", published=NOW - age) for number in ids)
    channel = Channel("rafidain", title, tuple(Post(number, number) for number in ids))
    return Listing(entries, older=f"{BASE}?before={ids[0]}" if older else None, channel=channel)


def test_a_visit_goes_back_until_it_meets_what_was_seen() -> None:
    first = shown(*range(120, 140))
    assert next_page([first], last_seen=105, now=NOW) == f"{BASE}?before=120"
    assert next_page([first, shown(*range(100, 120))], last_seen=105, now=NOW) is None
    assert next_page([first], last_seen=119, now=NOW) is None


def test_a_first_visit_takes_one_page() -> None:
    assert next_page([shown(120, 121)], last_seen=None, now=NOW) is None


def test_a_visit_ends_at_the_channels_beginning_at_three_days_and_on_a_page_asked_before() -> None:
    assert next_page([shown(120, older=False)], last_seen=5, now=NOW) is None
    assert next_page([shown(120, age=timedelta(days=4))], last_seen=5, now=NOW) is None
    assert next_page([shown(120), shown(120)], last_seen=5, now=NOW) is None


def test_what_is_left_out_is_a_gap_with_its_ids() -> None:
    assert gap([shown(120, 121)], last_seen=105) == Gap(106, 119)
    assert gap([shown(106, 107)], last_seen=105) is None
    assert gap([shown(120, older=False)], last_seen=105) is None
    assert gap([shown(120)], last_seen=None) is None


@given(st.integers(0, 5_000), st.integers(1, 20), st.integers(1, 3_000))
def test_every_post_after_the_last_seen_is_read_or_in_the_gap(last_seen: int, size: int, new: int) -> None:
    newest = last_seen + new
    pages: list[Listing] = []
    before: int | None = newest + 1
    while before is not None:
        ids = range(max(1, before - size), before)
        pages.append(shown(*ids, older=ids[0] > 1))
        more = next_page(pages, last_seen=last_seen, now=NOW)
        before = int(more.rpartition("=")[2]) if more else None
    read = {post.id for page in pages if page.channel for post in page.channel.posts}
    hole = gap(pages, last_seen=last_seen)
    missed = set(range(hole.first, hole.last + 1)) if hole else set()
    assert set(range(last_seen + 1, newest + 1)) <= read | missed
    assert not read & missed
    assert len(read) < MOST_POSTS + size
    assert len(pages) <= MOST_PAGES


def test_posts_that_should_have_been_shown_are_withdrawn() -> None:
    assert withdrawn({100, 120, 121, 123, 124}, [shown(120, 122, 123)]) == {121, 124}


def test_the_parts_of_an_album_are_not_withdrawn() -> None:
    album = Listing((), channel=Channel("r", "r", (Post(120, 123), Post(124, 124))))
    assert withdrawn({121, 123}, [album]) == set()


def test_a_channel_that_may_be_anothers_says_why() -> None:
    channel = shown(120, 121).channel
    assert channel is not None
    assert changed_hands(channel, name="Rafidain", title="الرافدين", last_seen=119) == ""
    assert changed_hands(channel, name="rafidain", title="", last_seen=None) == ""
    assert changed_hands(channel, name="rafidain", title="الرافدين", last_seen=125) == ""  # the newest were taken back
    assert "leads to" in changed_hands(channel, name="other", title="", last_seen=None)
    assert "start again" in changed_hands(channel, name="rafidain", title="الرافدين", last_seen=4_000)
    assert "title changed" in changed_hands(channel, name="rafidain", title="دجلة", last_seen=119)


def test_an_index_is_followed_two_levels_deep_and_not_far() -> None:
    index = Listing((), parts=tuple(f"https://n.example/{number}.xml" for number in range(30)))
    assert parts_to_visit(index, depth=0, visited=()) == list(index.parts[:MOST_PARTS])
    assert parts_to_visit(index, depth=1, visited=index.parts[:8]) == list(index.parts[8:10])
    assert parts_to_visit(index, depth=MOST_DEPTH, visited=()) == []
