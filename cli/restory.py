"""Working out copies and stories anew."""

from datetime import UTC, datetime
from typing import Annotated

import typer

import scheduler
import settings as config
from archive.restory import restory as place_anew
from cli.screen import DEFAULT_CONFIG, ConfigFile, line, moment, progress


def register(app: typer.Typer) -> None:
    """Hang this area's command on `app`."""
    app.command()(restory)


def restory(
    since: Annotated[str, typer.Option("--since", metavar="7d|DATE", help="How far back, by when it was recorded.")],
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Work out copies and stories anew, alerting nobody; goes on where it ended. Example: rasad restory --since 30d"""
    settings = config.load(file)
    now = datetime.now(UTC)
    start = moment(since, now, "--since")
    assert start is not None
    with scheduler.opened(settings) as archive, progress("placing", 1.0) as show:
        placed = place_anew(
            archive, start, rules=settings.rules, now=now, progress=lambda done, total: show(done / max(1, total))
        )
    line(f"{placed} articles placed anew")
