"""How far a visit pages through a listing that is spread over several documents. Pure decisions, nothing is fetched.

A channel is paged back to the last post seen on every visit, at most 500 posts or 3 days; what lies beyond is a gap
with its range of ids. A sitemap index is followed two levels deep.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from core.model import Channel, Draft, Follow, Listing

MOST_POSTS = 500
MOST_PAGES = 30  # Telegram shows about 20 posts on one; a server that shows one at a time is no channel
OLDEST = timedelta(days=3)
MOST_DEPTH = 2  # of an index of indexes
MOST_PARTS = 10  # documents of an index per visit


@dataclass(frozen=True, slots=True)
class Gap:
    """Posts that no visit will see: ids from `first` to `last`, both of them missing."""

    first: int
    last: int


def post_guid(channel: str, number: int) -> str:
    """The GUID of a post: a channel may change how it capitalises its name."""
    return f"https://t.me/{channel.lower()}/{number}"


def channel_asked(url: str) -> str:
    """The name of the channel whose preview is at `url`."""
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]


def next_page(listings: list[Listing], *, last_seen: int | None, now: datetime) -> str | None:
    """The page to ask for after `listings`, the pages of this visit so far, newest first; None when it is enough.

    `last_seen` is the highest id of earlier visits; None on the first visit, which takes one page.
    """
    ids = _ids(listings)
    if (
        last_seen is None
        or not ids
        or min(ids) <= last_seen + 1
        or len(ids) >= MOST_POSTS
        or len(listings) >= MOST_PAGES
    ):
        return None
    older, before = listings[-1].older, [listing.older for listing in listings[:-1]]
    if older in before or _too_old(listings[-1], now):
        return None
    return older


def gap(listings: list[Listing], *, last_seen: int | None) -> Gap | None:
    """What the pages of a visit left out between the last post seen before and the oldest one seen now."""
    ids = _ids(listings)
    if last_seen is None or not ids or listings[-1].older is None or min(ids) <= last_seen + 1:
        return None
    return Gap(last_seen + 1, min(ids) - 1)


def withdrawn(seen: Collection[int], listings: list[Listing]) -> set[int]:
    """Those of the ids `seen` before that the visit should have shown and did not: absent in two visits, withdrawn.

    Its first page is the channel's newest, so what lies above it should have been shown as well.
    """
    shown = {number for listing in listings for number in _covered(listing.channel)}
    ids = _ids(listings)
    return {number for number in seen if ids and number >= min(ids) and number not in shown}


def changed_hands(channel: Channel, *, name: str, title: str, last_seen: int | None) -> str:
    """Why the channel may be somebody else's now, in plain words; "" where nothing speaks for it.

    `name` is asked for; `title` and `last_seen` are of the visit before, "" and None before the first.
    """
    newest = max((post.last for post in channel.posts), default=0)
    if channel.name.lower() != name.lower():
        return f"{name} leads to the channel {channel.name}"
    if last_seen is not None and newest < last_seen // 2:  # a channel may take its newest posts back
        return f"its ids start again: the newest post is {newest}, after {last_seen} before"
    return f"its title changed from {title!r} to {channel.title!r}" if title and channel.title != title else ""


def parts_to_visit(index: Listing, *, depth: int, visited: Collection[str]) -> list[str]:
    """The listings of an index that a visit goes on to. `depth` is the index's own: 0 for the source's address."""
    if depth >= MOST_DEPTH:
        return []
    return [url for url in index.parts if url not in visited][: max(0, MOST_PARTS - len(visited))]


def _ids(listings: Iterable[Listing]) -> set[int]:
    """The numbers of the posts: an album counts as its first."""
    return {post.id for listing in listings if listing.channel for post in listing.channel.posts}


def _covered(channel: Channel | None) -> Iterable[int]:
    for post in channel.posts if channel else ():
        yield from range(post.id, min(post.last, post.id + 20) + 1)


def _too_old(listing: Listing, now: datetime) -> bool:
    dates = [date for entry in listing.entries if (date := _draft(entry).published)]
    return bool(dates) and min(dates) < now - OLDEST


def _draft(entry: Draft | Follow) -> Draft:
    return entry.draft if isinstance(entry, Follow) else entry
