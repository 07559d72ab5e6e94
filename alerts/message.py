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

from alerts.catalogue import say
from alerts.excerpt import excerpt
from alerts.standing import closing, opening
from alerts.typesetting import clip, isolate, mark_for, pieces, safe, units, web_address
from core.messages import Card, Notice, Sending
from core.model import LEVELS, Level, Topic
from core.tongue import clock, date, instant, title

LIMIT = 4096  # UTF-16 units of a Telegram message after its entities are parsed
# What one alert may spend; together with the fixed words they stay under LIMIT, so nothing is ever cut afterwards.
_TITLE, _EXCERPT, _NAME, _LINK, _TOPICS, _OTHERS = 400, 500, 80, 1024, 5, 8
_DIGEST_TITLE = 200
_REASON, _TEXT = 300, 2500  # of a notice
_PIECE, _TEXT_PAGES = 1200, 8  # of a whole article: units of a block, messages


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
    """What a list needs of a story: cards, archived articles and the entries of a chronicle have it."""

    @property
    def title(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def source_name(self) -> str: ...
    @property
    def published(self) -> datetime | None: ...


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
    """The messages of one sending, in order: one for an alert, as many as needed for a digest or notices.

    Of a merged alert only the first message, which tells the first `told(…)` stories.
    """
    language, timezone = sending.subscriber.language, sending.subscriber.timezone
    if sending.kind == "digest":
        return _digest(sending, language, timezone)
    if sending.kind == "notice":
        return _notices(sending.notices, language, timezone)
    if len(sending.cards) > 1:
        return (_merged(sending.cards[: told(sending)], language, timezone),)
    return (_alert(sending.cards[0], language, timezone, topics),)


# --- one story -----------------------------------------------------------------------------------------------------


def _alert(card: Card, language: str, timezone: str, topics: Mapping[str, Topic]) -> Message:
    lines = _Lines(language)
    for line in opening(card, language):
        lines.add(Run(line))
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
    for line in closing(card, language):
        lines.add(Run(line))
    address = _address(card)
    if address is not None:
        lines.link(address)
    return lines.message(_buttons(card, address, language), _level(card))


def _buttons(card: Card, address: str | None, language: str) -> tuple[tuple[Button, ...], ...]:
    """To look closer, and to say what one thinks of it; see alerts.bot.reacting."""

    def act(what: str) -> Button:
        return Button(say(language, f"button.{what}"), data=f"{what}:{card.article}")

    read = (Button(say(language, "button.read"), url=address),) if address else ()
    return (*read, act("story"), act("text")), (act("relevant"), act("noise"), act("mute"))


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


def _notices(notices: Sequence[Notice], language: str, timezone: str) -> tuple[Message, ...]:
    """What admins are told, a line each, and the text that it is about."""
    lines = []
    for notice in notices:
        line = _Lines(language)
        about: dict[str, Any] = {name: quoted(value, _REASON) for name, value in notice.values.items()}
        if "count" in notice.values:
            about["count"] = int(notice.values["count"])  # in the digits of the language
        if "until" in notice.values:
            about["clock"] = clock(language, datetime.fromisoformat(notice.values["until"]), timezone)
        line.say(f"notice.{notice.word}", **about)
        if text := notice.values.get("text"):
            line.gap()
            line.runs += [*_isolated([Run(clip(safe(text), _TEXT))]), Run("\n")]
        lines.append(tuple(line.runs))
    return split(lines[0], lines[1:], language)


# --- many stories --------------------------------------------------------------------------------------------------


def _digest(sending: Sending, language: str, timezone: str) -> tuple[Message, ...]:
    total = max(sending.total, len(sending.cards))
    stories = [_of_many(card, language, timezone) for card in sending.cards]
    head = _Lines(language)
    if sending.span:
        since, until = (instant(language, end, timezone) for end in sending.span)
        head.say("digest.gap", count=total, since=since, until=until)
        if sending.repeats:
            head.say("digest.repeats")
        return split(head.runs, stories, language)
    if sending.burst:
        head.say("digest.burst", count=total, source=_name(sending.burst))
    else:
        head.say("digest.total", count=total)
    if total > len(sending.cards):
        head.say("digest.newest", count=len(sending.cards))
    if sending.burst:
        return split(head.runs, stories, language)
    tail = _Lines(language)
    tail.say("digest.from_now")
    return split(head.runs, [*stories, tuple(tail.runs)], language)


def _of_many(card: Card, language: str, timezone: str) -> tuple[Run, ...]:
    """One story of a digest, with its weakness."""
    lines = _Lines(language)
    for line in opening(card, language):
        lines.add(Run(line))
    return (*lines.runs, *story(card, language, timezone))


def told(sending: Sending) -> int:
    """How many of the stories of a merged alert fit into one message; those that do not go in the next one.

    Of anything else all: a digest goes in parts.
    """
    if sending.kind != "alert":
        return len(sending.cards)
    reader = sending.subscriber
    for count in range(len(sending.cards), 1, -1):
        if _merged(sending.cards[:count], reader.language, reader.timezone).length <= LIMIT:
            return count
    return 1


def _merged(cards: Sequence[Card], language: str, timezone: str) -> Message:
    """Alerts that waited for each other: every story with its link."""
    lines = _Lines(language)
    lines.say("merged.total", count=len(cards))
    for card in cards:
        lines.gap()
        lines.runs += story(card, language, timezone)
    return lines.message(level=max((_level(card) for card in cards), key=LEVELS.index))


def listing(
    heading: str, stories: Iterable[Headline], language: str, timezone: str, *, below: Sequence[str] = ()
) -> tuple[Message, ...]:
    """A list of stories under a heading and the lines `below` it, as the bot's /latest shows it; in as many messages
    as needed."""
    head = _Lines(language)
    head.add(Run(heading, bold=True))
    for line in below:
        head.add(Run(line))
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


def full_text(headline: Headline, text: str, language: str) -> tuple[Message, ...]:
    """A whole article under its title, in as many messages as needed, at most _TEXT_PAGES of them."""
    head = _Lines(language)
    head.add(Run(isolate(_headline(headline, _TITLE)), bold=True))
    head.add(Run(_name(headline.source_name)))
    blocks: list[tuple[Run, ...]] = []
    room = _TEXT_PAGES * (LIMIT - 200)
    for piece in pieces(text, _PIECE):
        room -= units(piece) + 4
        if room < 0:
            blocks.append((Run(say(language, "text.cut")),))
            break
        line = _Lines(language)
        line.add(Run(isolate(piece)))
        blocks.append(tuple(line.runs))
    return split(head.runs, blocks, language)


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
