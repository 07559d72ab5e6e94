"""What a subscriber reads: a claimed sending becomes messages within Telegram's limits. Pure.

Must not send anything, read the clock, or take sides: sources are quoted verbatim, our own words come from the
catalogue. Every message keeps these laws (tested as properties): at most 4096 UTF-16 units, both formatted and as
plain text; markup never cut; a foreign stretch is isolated (U+2068…U+2069); the first strong character is of the
message's language; a link stands alone on its line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from alerts.catalogue import clock, date, instant, say, title
from alerts.excerpt import excerpt
from alerts.typesetting import clip, isolate, mark_for, safe, units, web_address
from core.messages import Card, Notice, Sending
from core.model import LEVELS, Level, Topic

LIMIT = 4096  # UTF-16 units of a Telegram message after its entities are parsed
# What one alert may spend; together with the fixed words they stay under LIMIT, so nothing is ever cut afterwards.
_TITLE, _EXCERPT, _NAME, _LINK, _TOPICS, _OTHERS = 400, 500, 80, 1024, 5, 8
_DIGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one message with one look. `href` makes it a link."""

    text: str
    bold: bool = False
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: opens `url`, or sends `data` (at most 64 bytes) back to the bot."""

    text: str
    url: str | None = None
    data: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message of any channel. `markup` is False for the second try after its formatting was refused."""

    runs: tuple[Run, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    language: str = "en"
    level: Level | None = None  # of an alert
    markup: bool = True

    @property
    def html(self) -> str:
        """Telegram's HTML; only & < > (and the quote inside an address) are escaped."""
        return "".join(_html(run) for run in self.runs)

    @property
    def plain(self) -> str:
        """The same without any markup, addresses in full."""
        return "".join(run.href or run.text for run in self.runs)

    @property
    def length(self) -> int:
        """UTF-16 units as Telegram counts them, of the longer of both forms."""
        return max(units("".join(run.text for run in self.runs)), units(self.plain))

    def unformatted(self) -> "Message":
        """The second try: the same words without markup and buttons."""
        return replace(self, markup=False, buttons=())


class Headline(Protocol):
    """What a list needs of a story: cards and archived articles both have it."""

    @property
    def title(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def source_name(self) -> str: ...
    @property
    def published(self) -> datetime | None: ...
    @property
    def fetched(self) -> datetime: ...


@dataclass(slots=True)
class _Lines:
    """Lines of one message being written; each gets the mark that makes it run in the message's direction."""

    language: str
    runs: list[Run] = field(default_factory=list)

    def add(self, *runs: Run) -> None:
        text = "".join(run.text for run in runs)
        mark = mark_for(text, self.language)
        self.runs += [Run(mark)] if mark else []
        self.runs += runs
        self.runs.append(Run("\n"))

    def gap(self) -> None:
        self.runs.append(Run("\n"))

    def say(self, key: str, *, count: int | None = None, **values: object) -> None:
        for line in say(self.language, key, count=count, **values).split("\n"):
            self.add(Run(line))

    def link(self, url: str) -> None:
        """The address alone on its line, without a mark: it is read from left to right everywhere."""
        self.runs += [Run(isolate(url), href=url), Run("\n")]

    def message(self, buttons: tuple[tuple[Button, ...], ...] = (), level: Level | None = None) -> Message:
        runs = list(self.runs)
        while runs and runs[-1].text == "\n":
            runs.pop()
        return Message(tuple(runs), buttons, self.language, level)


def render(sending: Sending, *, topics: Mapping[str, Topic]) -> tuple[Message, ...]:
    """The messages of one sending, in order: one for an alert, as many as needed for a digest."""
    language, timezone = sending.subscriber.language, sending.subscriber.timezone
    if sending.kind == "digest":
        return _digest(sending, language, timezone)
    if sending.kind == "notice":
        return _notices(sending.notices, language)
    return tuple(_alert(card, language, timezone, topics) for card in sending.cards)


# --- one story -----------------------------------------------------------------------------------------------------


def _alert(card: Card, language: str, timezone: str, topics: Mapping[str, Topic]) -> Message:
    lines = _Lines(language)
    lines.add(Run(_occasion(card, language, topics)))
    lines.add(Run(isolate(_headline(card, _TITLE)), bold=True))
    passage = excerpt(card, _EXCERPT)
    if passage:
        lines.gap()
        lines.add(*_isolated(Run(piece.text, piece.bold) for piece in passage))
    lines.gap()
    lines.add(Run(_origin(card, language, timezone)))
    lines.add(Run(_path(card, language, timezone)))
    if card.also:
        lines.add(Run(_others(card.also, language)))
    address = _address(card)
    if address is None:
        return lines.message(level=_level(card))
    lines.link(address)
    return lines.message(((Button(say(language, "button.read"), url=address),),), _level(card))


def _occasion(card: Card, language: str, topics: Mapping[str, Topic]) -> str:
    """`Breaking · Quds Force, Esmail Qaani`: the highest level, and why the chat gets it."""
    titles = [_topic_title(topic, language, topics) for topic, _ in card.topics[:_TOPICS]]
    return " · ".join(filter(None, [say(language, f"level.{_level(card)}"), say(language, "comma").join(titles)]))


def _level(card: Card) -> Level:
    return max((level for _, level in card.topics), key=LEVELS.index, default="normal")


def _topic_title(topic: str, language: str, topics: Mapping[str, Topic]) -> str:
    known = topics.get(topic)
    return _name(title(known.title, language, topic) if known else topic)


def _origin(card: Card, language: str, timezone: str) -> str:
    affiliation = card.affiliation or "unknown"
    when = instant(language, card.published, timezone) if card.published else say(language, "undated")
    return " · ".join((_name(card.source_name), say(language, f"affiliation.{affiliation}"), when))


def _path(card: Card, language: str, timezone: str) -> str:
    """The times on the way to us, with the day where it is not the day before it in the line."""

    def told(moment: datetime, after: datetime | None) -> str:
        day, hour = date(language, moment, timezone), clock(language, moment, timezone)
        return hour if after and date(language, after, timezone) == day else f"{day} {hour}"

    fetched, recorded = told(card.fetched, card.published), told(card.recorded, card.fetched)
    if card.published is None:
        return say(language, "path.undated", fetched=fetched, recorded=recorded)
    published = clock(language, card.published, timezone)
    return say(language, "path", published=published, fetched=fetched, recorded=recorded)


def _others(names: Sequence[str], language: str) -> str:
    told = [_name(name) for name in names[:_OTHERS]] + (["…"] if len(names) > _OTHERS else [])
    head = say(language, "others", count=len(names))
    return say(language, "listing", head=head, items=say(language, "comma").join(told))


# --- about the monitor itself --------------------------------------------------------------------------------------


def _notices(notices: Sequence[Notice], language: str) -> tuple[Message, ...]:
    """What admins are told, a line each."""
    lines = []
    for notice in notices:
        line = _Lines(language)
        about: dict[str, Any] = {name: quoted(value) for name, value in notice.values.items()}
        line.say(f"notice.{notice.word}", **about)
        lines.append(tuple(line.runs))
    return split(lines[0], lines[1:], language)


# --- many stories --------------------------------------------------------------------------------------------------


def _digest(sending: Sending, language: str, timezone: str) -> tuple[Message, ...]:
    total = max(sending.total, len(sending.cards))
    head = _Lines(language)
    head.say("digest.total", count=total)
    if total > len(sending.cards):
        head.say("digest.newest", count=len(sending.cards))
    tail = _Lines(language)
    tail.say("digest.from_now")
    stories = [story(card, language, timezone) for card in sending.cards]
    return split(head.runs, [*stories, tuple(tail.runs)], language)


def listing(heading: str, stories: Iterable[Headline], language: str, timezone: str) -> tuple[Message, ...]:
    """A list of stories under a heading, as the bot's /latest shows it; as many messages as needed."""
    head = _Lines(language)
    head.add(Run(heading, bold=True))
    return split(head.runs, [story(each, language, timezone) for each in stories], language)


def story(headline: Headline, language: str, timezone: str) -> tuple[Run, ...]:
    """One story of a list: its title, its source and time, its link."""
    lines = _Lines(language)
    lines.add(Run(isolate(_headline(headline, _DIGEST_TITLE)), bold=True))
    when = instant(language, headline.published, timezone) if headline.published else say(language, "undated")
    lines.add(Run(f"{_name(headline.source_name)} · {when}"))
    address = _address(headline)
    if address:
        lines.link(address)
    return tuple(lines.runs)


def split(head: Sequence[Run], blocks: Sequence[tuple[Run, ...]], language: str) -> tuple[Message, ...]:
    """Blocks under a heading in as few messages as hold them, no block torn; later ones say `2 of 3`.

    A block is at most about 1,500 units long.
    """
    pages: list[list[Run]] = [list(head)]
    for block in blocks:
        candidate = [*pages[-1], Run("\n"), *block]
        if len(pages[-1]) > 1 and Message(tuple(candidate)).length > LIMIT - 60:  # 60: the line `2 of 3`
            pages.append([*block])
        else:
            pages[-1] = candidate
    return tuple(_page(page, index + 1, len(pages), language) for index, page in enumerate(pages))


def _page(runs: list[Run], part: int, parts: int, language: str) -> Message:
    lines = _Lines(language)
    if part > 1:
        lines.say("digest.continued", part=part, parts=parts)
        lines.gap()
    lines.runs += runs
    return lines.message()


# --- words ---------------------------------------------------------------------------------------------------------


def words(text: str, language: str, buttons: tuple[tuple[Button, ...], ...] = ()) -> Message:
    """A message of our own words, line by line in the direction of the language."""
    lines = _Lines(language)
    for line in text.split("\n"):
        if line:
            lines.add(Run(line))
        else:
            lines.gap()
    return lines.message(buttons)


def quoted(text: str, limit: int = _NAME) -> str:
    """Foreign text as it may stand inside our own sentence."""
    return isolate(clip(safe(text).strip(), limit))


def _headline(headline: Headline, limit: int) -> str:
    return clip(safe(headline.title).strip(), limit) or clip(safe(headline.url), limit) or "…"


def _address(headline: Headline) -> str | None:
    address = web_address(headline.url)
    return address if address and units(address) <= _LINK else None


def _name(text: str) -> str:
    return isolate(clip(safe(text).strip() or "…", _NAME))


def _isolated(runs: Iterable[Run]) -> list[Run]:
    opening, closing = isolate("|").split("|")
    return [Run(opening), *runs, Run(closing)]


def _html(run: Run) -> str:
    text = run.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if run.href:
        address = run.href.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
        text = f'<a href="{address}">{text}</a>'
    return f"<b>{text}</b>" if run.bold and run.text.strip() else text
