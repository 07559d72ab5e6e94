"""Lists of stories and whole articles, as the bot and the digests show them. Pure.

Must not send anything or take sides: sources are quoted verbatim.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from alerts.catalogue import say
from alerts.message import LIMIT, Lines, Message, Run, named, split
from alerts.typesetting import clip, isolate, pieces, safe, units, web_address
from core.tongue import instant

TITLE = 400  # UTF-16 units of a headline; together with the fixed words an alert stays under LIMIT
_LIST_TITLE, _LINK = 200, 1024
_PIECE, _TEXT_PAGES = 1200, 8  # of a whole article: units of a block, messages


class Headline(Protocol):
    """What a list needs of a story: cards, archived articles and the entries of a chronicle have it."""

    @property
    def title(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def source_name(self) -> str: ...
    @property
    def published(self) -> datetime | None: ...


def listing(
    heading: str, stories: Iterable[Headline], language: str, timezone: str, *, below: Sequence[str] = ()
) -> tuple[Message, ...]:
    """A list of stories under a heading and the lines `below` it, as the bot's /latest shows it; in as many messages
    as needed."""
    head = Lines(language)
    head.add(Run(heading, bold=True))
    for line in below:
        head.add(Run(line))
    return split(head.runs, [story(each, language, timezone) for each in stories], language)


def story(headline: Headline, language: str, timezone: str) -> tuple[Run, ...]:
    """One story of a list: its title, its source and time, its link."""
    lines = Lines(language)
    lines.add(Run(isolate(headline_of(headline, _LIST_TITLE)), bold=True))
    when = instant(language, headline.published, timezone) if headline.published else say(language, "undated")
    lines.add(Run(f"{named(headline.source_name)} · {when}"))
    address = address_of(headline)
    if address:
        lines.link(address)
    return tuple(lines.runs)


def full_text(headline: Headline, text: str, language: str) -> tuple[Message, ...]:
    """A whole article under its title, in as many messages as needed, at most _TEXT_PAGES of them."""
    head = Lines(language)
    head.add(Run(isolate(headline_of(headline, TITLE)), bold=True))
    head.add(Run(named(headline.source_name)))
    blocks: list[tuple[Run, ...]] = []
    room = _TEXT_PAGES * (LIMIT - 200)
    for piece in pieces(text, _PIECE):
        room -= units(piece) + 4
        if room < 0:
            blocks.append((Run(say(language, "text.cut")),))
            break
        line = Lines(language)
        line.add(Run(isolate(piece)))
        blocks.append(tuple(line.runs))
    return split(head.runs, blocks, language)


def headline_of(headline: Headline, limit: int) -> str:
    return clip(safe(headline.title).strip(), limit) or clip(safe(headline.url), limit) or "…"


def address_of(headline: Headline) -> str | None:
    address = web_address(headline.url)
    return address if address and units(address) <= _LINK else None
