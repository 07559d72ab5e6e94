"""What an outlet prints, as values: its masthead and its articles. Knows neither markup nor HTTP."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote

FeedFormat = Literal["rss", "atom", "rdf", "json"]
FeedText = Literal["summary", "full", "title"]
LinkStyle = Literal["plain", "tracking", "amp", "redirect"]
Theme = Literal["portal", "agency"]

FEED_PATHS: dict[FeedFormat, str] = {
    "rss": "/rss.xml",
    "atom": "/atom.xml",
    "rdf": "/index.rdf",
    "json": "/feed.json",
}


@dataclass(frozen=True, slots=True)
class Masthead:
    """An outlet as its readers know it, and how its site is made."""

    id: str
    name: str
    language: str
    origin: str  # scheme, host and port
    format: FeedFormat = "rss"
    feed_text: FeedText = "summary"
    link_style: LinkStyle = "plain"  # how the feed links its articles
    theme: Theme = "portal"
    encoding: str = "utf-8"  # what the bytes are
    declared: str | None = "utf-8"  # what XML declaration, <meta> and header say; None: nothing
    timezone: str = "Asia/Baghdad"  # in which it prints its times

    @property
    def feed_url(self) -> str:
        return self.origin + FEED_PATHS[self.format]

    @property
    def direction(self) -> str:
        return "ltr" if self.language == "en" else "rtl"


@dataclass(frozen=True, slots=True)
class Piece:
    """An article as it stands now. `published` as text is printed as it is; None: undated."""

    number: int
    guid: str | None
    title: str
    paragraphs: tuple[str, ...]
    summary: str
    published: datetime | str | None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    section: str = "news"
    modified: datetime | None = None

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


def slug(title: str) -> str:
    """The headline in an address, percent-encoded as Arabic and Persian sites do."""
    return quote("-".join(title.split()[:5]), safe="-")


def article_url(site: Masthead, number: int, first_title: str) -> str:
    """The address of an article, by number alone at agencies; a later headline does not change it."""
    address = f"{site.origin}/{site.language}/news/{number}"
    return address if site.theme == "agency" else f"{address}/{slug(first_title)}"


def feed_link(site: Masthead, number: int, canonical: str) -> str:
    """The address as the feed prints it."""
    match site.link_style:
        case "tracking":
            return f"{canonical}?utm_source=rss&utm_medium=feed&utm_campaign={site.id}"
        case "amp":
            return f"{site.origin}/amp/news/{number}"
        case "redirect":
            return f"{site.origin}/go/{number}"
        case "plain":
            return canonical
