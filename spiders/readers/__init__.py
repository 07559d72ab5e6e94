"""The registry of source kinds: which reader makes drafts of which kind of document. Readers are pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from core.model import Draft, Follow, Page, Source
from spiders.readers.article import read as read_article
from spiders.readers.feed import read as read_feed


class Reader(Protocol):
    """Makes drafts of one fetched document.

    `timezone` is an IANA name for dates without one. Raises ReadError with a plain reason for a document that is
    not of the kind; an empty list means it is, and holds nothing.
    """

    def __call__(self, source: Source, page: Page, *, timezone: str, now: datetime) -> list[Draft | Follow]: ...


READERS: Mapping[str, Reader] = {
    "article": read_article,
    "feed": read_feed,
}
