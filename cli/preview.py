"""An alert as its readers see it in Telegram, printed instead of sent."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.text import Text

import scheduler
import settings as config
from archive.cards import cards_of, telling_of
from cli.article import number_of
from cli.screen import DEFAULT_CONFIG, ConfigFile, nearest, out
from core.errors import InputError
from core.messages import Card, Sending, Subscriber
from core.tongue import LANGUAGES


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command()(preview)


def preview(
    which: Annotated[str, typer.Argument(metavar="ALERT", help="The article it tells of: its number or address.")],
    language: Annotated[str | None, typer.Option("--language", help="en, ar or fa; all three by default.")] = None,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """An alert as its readers see it in Telegram; sends nothing. Example: rasad preview 12 --language ar"""
    languages = [nearest(language, LANGUAGES, "language")] if language else LANGUAGES
    settings = config.load(file)
    with scheduler.opened(settings) as archive, archive.reading() as conn:
        telling = telling_of(conn, number_of(conn, which))
        if telling is None:
            raise InputError(f"no article {which!r} of which anybody would be told is in the archive")
        (card,) = cards_of(conn, [telling])
    for each in languages:
        out.print(Text(f"── {each}", style="dim"))
        for shown in _as_read(card, settings, each):
            out.print(shown)
        out.print()


def _as_read(card: Card, settings: config.Settings, language: str) -> Iterator[Text]:
    """The message and the rows of buttons below it."""
    from alerts.rendering import render  # noqa: PLC0415  # loads only where a message is made
    from alerts.terminal import styled  # noqa: PLC0415

    reader = Subscriber(0, "preview", 0, language, str(settings.timezone), True, frozenset())
    sending = Sending((0,), reader, "alert", (card,), 0, datetime.now(UTC))
    for message in render(sending, topics=settings.topics):
        yield styled(message)
        for row in message.buttons:
            yield Text("  ".join(f"[{button.text}]" for button in row), style="dim")
