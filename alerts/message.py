"""One message of any channel, and how its lines are written within Telegram's limits. Pure.

Must not know what is told (rendering.py, lists.py), send anything or read the clock. Every message keeps these laws
(tested as properties): at most 4096 UTF-16 units, both formatted and as plain text; markup never cut; a foreign
stretch is isolated (U+2068…U+2069); the first strong character is of the message's language; a link stands alone on
its line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from alerts.catalogue import say
from alerts.typesetting import clip, isolate, mark_for, safe, units
from core.model import Level

LIMIT = 4096  # UTF-16 units of a Telegram message after its entities are parsed
_NAME = 80  # UTF-16 units of a name in a sentence of ours


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
    silent: bool = False  # it does not ring
    thread: int | None = None  # the forum topic in which it stands

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


@dataclass(slots=True)
class Lines:
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


def words(text: str, language: str, buttons: tuple[tuple[Button, ...], ...] = ()) -> Message:
    """A message of our own words, line by line in the direction of the language."""
    lines = Lines(language)
    for line in text.split("\n"):
        if line:
            lines.add(Run(line))
        else:
            lines.gap()
    return lines.message(buttons)


def quoted(text: str, limit: int = _NAME) -> str:
    """Foreign text as it may stand inside our own sentence."""
    return isolate(clip(safe(text).strip(), limit))


def named(text: str) -> str:
    """A foreign name as it stands in a line; never empty."""
    return isolate(clip(safe(text).strip() or "…", _NAME))


def isolated(runs: Iterable[Run]) -> list[Run]:
    """Foreign runs that share one isolate."""
    opening, closing = isolate("|").split("|")
    return [Run(opening), *runs, Run(closing)]


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
    lines = Lines(language)
    if part > 1:
        lines.say("digest.continued", part=part, parts=parts)
        lines.gap()
    lines.runs += runs
    return lines.message()


def _html(run: Run) -> str:
    text = run.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if run.href:
        address = run.href.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
        text = f'<a href="{address}">{text}</a>'
    return f"<b>{text}</b>" if run.bold and run.text.strip() else text
