"""What a listing says of its items, in one shape, and the draft that comes of it. Pure; knows no format."""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import unquote, urlsplit

from core.dates import parse_date
from core.language import detect
from core.model import Draft, Follow, Page, Source
from core.urls import absolute, canonical, is_web
from spiders.readers.markup import SUMMARY_MAX, TEXT_MAX, clip, line, paragraphs, plain

MAX_ITEMS = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """One item as its publisher listed it: plain text, addresses and dates as written, "" for what is missing."""

    link: str
    guid: str | None
    title: str
    summary: str = ""
    content: str = ""  # the full text where the listing carries it
    published: str = ""
    updated: str = ""
    authors: tuple[str, ...] = ()
    image: str = ""
    language: str = ""
    aliases: tuple[str, ...] = ()


def drafts(items: list[Listed], source: Source, page: Page, *, timezone: str, now: datetime) -> list[Draft | Follow]:
    """The listing's items as drafts, each once, in its order; to be followed where the source wants full text."""
    items = _without_shared_guids(items[:MAX_ITEMS])
    several = len({item.updated for item in items}) > 1  # one and the same date is the hour of the request
    seen: set[str] = set()
    found: list[Draft | Follow] = []
    for item in items:
        draft = _draft(item, source, page, timezone=timezone, now=now, dated=several)
        if draft.url in seen:
            continue
        seen.add(draft.url)
        link = absolute(page.url, item.link)
        found.append(Follow(link, draft) if link and source.full_text else draft)
    return found


def _without_shared_guids(items: list[Listed]) -> list[Listed]:
    """A GUID that several items carry identifies none of them."""
    links = Counter(guid for guid, _ in {(item.guid, item.link) for item in items})
    return [replace(item, guid=None) if item.guid and links[item.guid] > 1 else item for item in items]


def _draft(item: Listed, source: Source, page: Page, *, timezone: str, now: datetime, dated: bool) -> Draft:
    link = absolute(page.url, item.link)
    text, summary = _bodies(item)
    # Without a link its words are its address: a GUID may be another one at every visit.
    url = canonical(link) if link else f"{page.url.partition('#')[0]}#{_digest(item.title, text, item.published)}"
    hint = source.language or _language(item.language)
    return Draft(
        source=source.id,
        url=url,
        title=_title(item, text or summary, url),
        titled=bool(line(item.title)),
        text=clip(text, TEXT_MAX),
        summary=clip(summary, SUMMARY_MAX),
        guid=clip(item.guid, 1000) if item.guid else None,
        published=parse_date(item.published, language=hint, timezone=timezone, now=now),
        published_raw=line(item.published, 200),
        language=detect(f"{item.title}\n{text}", hint),
        authors=tuple(dict.fromkeys(line(plain(name), 200) for name in item.authors if name.strip()))[:20],
        image=absolute(page.url, item.image),
        aliases=tuple(alias for alias in map(canonical, item.aliases) if is_web(alias) and alias != url),
        listing=_digest(item.title, summary, text, item.updated if dated else ""),
        fetched=page.fetched,
    )


def _bodies(item: Listed) -> tuple[str, str]:
    """Text and summary; a summary that only repeats the text is none, and the only body there is, is the text."""
    content, summary = paragraphs(item.content), paragraphs(item.summary)
    if not content:
        return summary, ""
    return content, "" if summary == content else summary


def _title(item: Listed, body: str, url: str) -> str:
    """The title, else the first words of the text, else the last words of the address."""
    if title := line(item.title):
        return title
    if body:
        return line(body.partition("\n")[0], 100)
    tail = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    return line(tail.replace("-", " ").replace("_", " "), 100) or url


def _language(tag: str) -> str | None:
    primary = tag.strip().lower().replace("_", "-").partition("-")[0]
    return primary if primary.isalpha() and 2 <= len(primary) <= 3 else None


def _digest(*said: str) -> str:
    return hashlib.blake2b("\0".join(said).encode("utf-8", "replace"), digest_size=8).hexdigest()
