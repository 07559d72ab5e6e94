"""The terminal as a channel: alerts of a monitor that has no bot token yet. Must not know Telegram's markup."""

import sys
from datetime import UTC, datetime
from typing import TextIO

from rich.console import Console
from rich.style import Style
from rich.text import Text

from alerts.limits import UNLIMITED
from alerts.message import Message
from alerts.typesetting import isolate
from core.urls import readable

HOW_TO_CONNECT = (
    "Alerts are printed here. To get them in Telegram: make a bot with @BotFather, then start again with "
    "TELEGRAM_BOT_TOKEN=… in the environment."
)


class TerminalChannel:
    """Prints messages; title and matched words are bold, colours only where the output is a terminal."""

    name = key = "terminal"
    edits = False
    rates = UNLIMITED

    def __init__(self, out: TextIO | None = None) -> None:
        self._console = Console(file=out or sys.stdout, highlight=False, soft_wrap=True)
        self._printed = 0
        self._greeted = False

    async def send(self, chat: int, message: Message, *, reply_to: int | None = None) -> int:
        """Print the message under a rule with the hour; the id counts what was printed."""
        hour = f"{datetime.now(UTC).astimezone():%H:%M:%S}"
        self._console.rule(Text(hour, style="dim"), style="dim", align="left")
        self._console.print(styled(message))
        self._printed += 1
        return self._printed

    async def edit(self, chat: int, number: int, message: Message) -> None:
        """What is printed stays."""

    async def probe(self) -> None:
        """A terminal always answers. The first time, which is at the start, it tells how to connect Telegram."""
        if not self._greeted:
            self._greeted = True
            self._console.print(Text(HOW_TO_CONNECT, style="dim"))

    async def close(self) -> None:
        """Nothing to let go of."""


def styled(message: Message) -> Text:
    """The message for a terminal. Direction marks stay: terminals that know bidi need them, others show nothing.

    Addresses are shown with their letters and lead, where a terminal knows links, to what they are.
    """
    text = Text()
    for number, run in enumerate(message.runs):
        if run.href:
            text.append(isolate(readable(run.href)), style=Style(color="blue", underline=True, link=run.href))
            continue
        style = "bold" if run.bold else ""
        if number == 0:
            style = "bold red" if message.level == "breaking" else "bold cyan"
        text.append(run.text, style=style)
    return text
