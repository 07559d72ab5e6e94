"""Who may use the bot, and what its admins did: invite, subscribers, audit."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

import scheduler
import settings as config
from archive import audit as archive_audit
from archive import subscribers as archive_subscribers
from cli.screen import DEFAULT_CONFIG, AsJson, ConfigFile, as_json, line, out
from core.durations import parse_duration
from core.errors import InputError


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command()(invite)
    app.command()(subscribers)
    app.command()(audit)


def invite(
    uses: Annotated[int, typer.Option("--uses", min=1, max=10_000, help="How many people it lets in.")] = 1,
    expires: Annotated[str, typer.Option("--expires", metavar="7d", help="After this it lets nobody in.")] = "7d",
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Make an invitation to the bot; it is shown once. Example: rasad invite --uses 5 --expires 2d"""
    settings = config.load(file)
    now = datetime.now(UTC)
    try:
        until = now + parse_duration(expires)
    except (ValueError, OverflowError) as error:
        raise InputError(f"--expires: {error}") from None
    with scheduler.opened(settings) as archive, archive.writing() as conn:
        token = archive_subscribers.invite(conn, uses=uses, expires=until, now=now)
    line(f"/start {token}")
    line(f"Send this line to the bot, or open https://t.me/YOUR_BOT?start={token}")


def subscribers(json_: AsJson = False, file: ConfigFile = DEFAULT_CONFIG) -> None:
    """Who gets alerts. Example: rasad subscribers --json"""
    settings = config.load(file)
    with scheduler.opened(settings) as archive, archive.reading() as conn:
        rows = archive_subscribers.listing(conn)
    if json_:
        as_json(
            [
                {**asdict(who), "topics": sorted(who.topics), "state": state, "reason": reason}
                for who, state, reason in rows
            ]
        )
        return
    table = Table("chat", "channel", "language", "follows", "state", box=None)
    for who, state, reason in rows:
        follows = "all topics" if who.follows_all else ", ".join(sorted(who.topics)) or "nothing"
        table.add_row(str(who.chat), who.channel, who.language, follows, f"{state} ({reason})" if reason else state)
    out.print(table if rows else "nobody yet: `rasad invite` makes an invitation to the bot")


def audit(
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="How many lines.")] = 100,
    json_: AsJson = False,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """What admins did in the bot, and who tried in vain. Example: rasad audit --limit 20"""
    settings = config.load(file)
    with scheduler.opened(settings) as archive, archive.reading() as conn:
        deeds = archive_audit.latest(conn, limit)
    if json_:
        as_json([{**asdict(deed), "at": deed.at.isoformat()} for deed in deeds])
        return
    table = Table("at", "who", "action", "detail", box=None)
    for deed in deeds:
        table.add_row(f"{deed.at:%Y-%m-%d %H:%M} UTC", deed.who, escape(deed.action), escape(deed.detail))
    out.print(table if deeds else "nothing was done yet")
