"""The registry of source kinds: which reader makes drafts of which kind of document. Readers are pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from core.model import Draft, Follow, Listing, Page, Source
from spiders.readers.article import read as read_article
from spiders.readers.feed import read as read_feed
from spiders.readers.page import read as read_page
from spiders.readers.sitemap import read as read_sitemap
from spiders.readers.sitemap import survey as survey_sitemap
from spiders.readers.telegram import read as read_telegram
from spiders.readers.telegram import survey as survey_telegram


class Reader(Protocol):
    """Makes drafts of one fetched document.

    `timezone` is an IANA name for dates without one. Raises ReadError with a plain reason for a document that is
    not of the kind; an empty list means it is, and holds nothing.
    """

    def __call__(self, source: Source, page: Page, *, timezone: str, now: datetime) -> list[Draft | Follow]: ...


class Survey(Protocol):
    """As a reader, and says also where the listing goes on: for kinds that spread over several documents."""

    def __call__(self, source: Source, page: Page, *, timezone: str, now: datetime) -> Listing: ...


READERS: Mapping[str, Reader] = {
    "article": read_article,
    "feed": read_feed,
    "page": read_page,
    "sitemap": read_sitemap,
    "telegram": read_telegram,
}
SURVEYS: Mapping[str, Survey] = {
    "sitemap": survey_sitemap,
    "telegram": survey_telegram,
}


def surveyed(kind: str, source: Source, page: Page, *, timezone: str, now: datetime) -> Listing:
    """What the reader of `kind` makes of the document, whether or not it says where the listing goes on.

    A source's own time zone goes before `timezone`.
    """
    timezone = source.timezone or timezone
    if kind in SURVEYS:
        return SURVEYS[kind](source, page, timezone=timezone, now=now)
    return Listing(tuple(READERS[kind](source, page, timezone=timezone, now=now)))
