"""What a visit of a channel means for what is known of it: whose it is, what is missing, what was taken back.

It fetches nothing. The decisions are `spiders.paging`'s, the rows the archive's.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from archive import channels, posts, withdrawals
from archive.channels import Remembered
from core.model import Channel, Listing, Source
from spiders.paging import Gap, changed_hands, channel_asked, gap, post_guid, withdrawn

MOST_LOOKED_UP = 2_000  # posts that a visit asks the archive for, the newest of its range


class ChannelVisit:
    """A visit of `channel`, whose last visit left `before`. `doubt` says why its alerts are to be held, or ""."""

    def __init__(self, source: Source, channel: Channel, before: Remembered) -> None:
        self._source = source
        self._channel = channel
        self.before = before
        name = channel_asked(source.url)
        self._suspicion = changed_hands(channel, name=name, title=before.title, last_seen=before.last_post)
        self.doubt = before.doubt or self._suspicion

    @property
    def arose(self) -> bool:
        """Whether the doubt is new with this visit."""
        return bool(self.doubt) and not self.before.doubt

    def hole(self, conn: Any) -> Gap | None:
        """What an earlier visit left out and this one is to look for, once."""
        found = None if self.doubt else channels.gap_to_try(conn, self._source.id)
        return Gap(*found) if found else None

    def settle_hole(self, conn: Any, hole: Gap, listings: Sequence[Listing]) -> None:
        """Note what of it is still missing after these pages, which were shown in answer."""
        still = gap(list(listings), last_seen=hole.first - 1) if listings else hole
        channels.gap_tried(conn, self._source.id, hole.first, min(still.last, hole.last) if still else None)

    def settle(self, conn: Any, listings: Sequence[Listing], now: datetime) -> None:
        """Note what the pages show, once everything on them is recorded."""
        source, last_seen = self._source.id, self.before.last_post
        newest = max(post.last for post in self._channel.posts)
        title = self._channel.title or self.before.title
        # An operator may have ended the doubt while the visit was on.
        doubt = self.doubt if self.arose else channels.remembered(conn, source).doubt
        if self._suspicion:  # perhaps another channel: nothing of the old one can be said to be missing
            channels.remember(conn, source, Remembered(title, newest, doubt))
            self._sights(conn, listings, now)
            return
        newest = max(newest, last_seen or 0)
        channels.remember(conn, source, Remembered(title, newest, doubt))
        if (hole := gap(list(listings), last_seen=last_seen)) is not None:
            channels.note_gap(conn, source, hole.first, hole.last, now)
        self._sights(conn, listings, now)
        self._presence(conn, listings, newest, now)

    def _sights(self, conn: Any, listings: Sequence[Listing], now: datetime) -> None:
        """What the posts show now beside their text, which makes no article of itself: views, that they were edited."""
        shown = {post.id: post for each in listings if each.channel for post in each.channel.posts}
        guids = {number: post_guid(self._channel.name, number) for number in shown}
        archived = channels.archived(conn, self._source.id, guids)
        posts.sight(conn, {article: shown[number] for number, article in archived.items()}, now)

    def _presence(self, conn: Any, listings: Sequence[Listing], newest: int, now: datetime) -> None:
        """Which of the archived posts were shown, and which were missed."""
        oldest = min(post.id for listing in listings if listing.channel for post in listing.channel.posts)
        numbers = range(max(oldest, newest - MOST_LOOKED_UP + 1), newest + 1)
        guids = {number: post_guid(self._channel.name, number) for number in numbers}
        archived = channels.archived(conn, self._source.id, guids)
        absent = withdrawn(archived.keys(), list(listings))
        withdrawals.missed(conn, [archived[number] for number in absent], now)
        withdrawals.stands(conn, [article for number, article in archived.items() if number not in absent])
