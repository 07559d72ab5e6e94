"""Looking at a site for what it can be followed by: fetches what `spiders.discovery` reads. Records nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urljoin

from core.errors import FetchError, ReadError
from core.model import Listing, Page, Source
from settings import Settings
from spiders.discovery import Candidate, discover, language_of, to_try
from spiders.readers.encoding import decode
from spiders.sites import site
from spiders.trial import Eyes, fetched, open_eyes


@dataclass(frozen=True, slots=True)
class Explored:
    """What was found of a site, best first, and how it calls itself."""

    candidates: list[Candidate]
    name: str
    language: str | None


async def explore(url: str, settings: Settings, *, told: Callable[[str], None]) -> Explored:
    """What the site at `url` names of itself; where it names no feed, what stands at the usual addresses.

    `told` hears what is tried. Raises FetchError when the front page cannot be had.
    """
    async with open_eyes(settings.collect) as eyes:
        told(f"looking at {url}")
        page = await fetched(eyes.crawl, url)
        html = _text(page)
        found = discover(page.url, html, await _robots(page, eyes))
        front = next(candidate for candidate in found if candidate.kind == "page")
        missing = {"feed", "sitemap"} - {candidate.kind for candidate in found}
        if "feed" in missing:
            usual = [each for each in to_try(page.url, html) if each.kind in missing]
            found = [*await _tried(usual, settings, eyes, told), *found]
    return Explored(found, front.title or site(page.url), language_of(html))


async def _robots(page: Page, eyes: Eyes) -> str:
    try:
        return _text(await fetched(eyes.crawl, urljoin(page.url, "/robots.txt")))
    except FetchError:
        return ""


async def _tried(
    candidates: list[Candidate], settings: Settings, eyes: Eyes, told: Callable[[str], None]
) -> list[Candidate]:
    """Of each kind the first candidate that holds something; one after another, at the host's pace."""
    found: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate.kind in found:
            continue
        told(f"trying {candidate.url}")
        if (held := await _held(candidate, settings, eyes)) is not None:
            found[candidate.kind] = replace(candidate, reason=f"{candidate.reason}, {held}")
    return list(found.values())


async def _held(candidate: Candidate, settings: Settings, eyes: Eyes) -> str | None:
    """What the candidate holds, in words; None for nothing, or for what is not of its kind."""
    source = Source("", "", candidate.kind, candidate.url)
    try:
        page = await fetched(eyes.crawl, candidate.url)
        listing: Listing = await eyes.workers.survey(
            candidate.kind, source, page, timezone=settings.timezone, now=datetime.now(UTC)
        )
    except (FetchError, ReadError):
        return None
    if listing.parts:
        return f"an index of {len(listing.parts)}"
    items = len(listing.entries)
    return f"{items} item{'s' * (items > 1)}" if items else None


def _text(page: Page) -> str:
    return decode(page.body, page.headers.get("content-type", ""))
