"""A page of news for days without Telegram."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

import scheduler
import settings as config
from archive.bulletin import cards
from cli.screen import DEFAULT_CONFIG, ConfigFile, line, moment, nearest
from core.tongue import LANGUAGES


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command()(bulletin)


def bulletin(
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="The page; an old one is replaced.")],
    since: Annotated[str, typer.Option("--since", metavar="24h|DATE", help="From when on.")] = "24h",
    language: Annotated[str, typer.Option("--language", help="en, ar or fa.")] = "en",
    topic: Annotated[list[str] | None, typer.Option("--topic", help="Only this one; may be given again.")] = None,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """One offline page of the stories. Example: rasad bulletin --since 24h --language ar --output news.html"""
    from alerts.bulletin import bulletin as page  # noqa: PLC0415  # loads only where a page is made

    settings, now = config.load(file), datetime.now(UTC)
    language = nearest(language, LANGUAGES, "language")
    wanted = [nearest(each, settings.topics, "topic") for each in topic or settings.topics]
    start = moment(since, now, "--since")
    assert start is not None
    with scheduler.opened(settings) as archive, archive.reading() as conn:
        told = cards(conn, wanted, since=start, now=now, language=language)
    text = page(
        told, topics=settings.topics, language=language, timezone=str(settings.timezone), since=start, until=now
    )
    output.write_text(text, encoding="utf-8")
    line(f"{output}: {len(told)} stories, {len(text.encode()) / 1000:.1f} kB")
