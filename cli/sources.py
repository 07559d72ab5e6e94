"""Looking after the sources: how they fare, visiting, finding and trying them, trusting a channel again."""

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.table import Table

import scheduler
import settings as config
from archive import channels
from archive import quarantine as quarantines
from archive import sources as archive_sources
from cli.examination import show
from cli.screen import (
    DEFAULT_CONFIG,
    AsJson,
    ConfigFile,
    ago,
    as_json,
    err,
    jsonable,
    line,
    marked,
    moment,
    nearest,
    out,
)
from core.errors import InputError
from core.health.states import ADVICE, DOWN, State
from core.model import Source
from core.urls import is_web

OwnConfig = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="The config file.")]
"""--config may stand before the sub-command or after it."""


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    group = typer.Typer(invoke_without_command=True, no_args_is_help=False, rich_markup_mode=None)
    group.callback()(sources)
    for command in (visit, test, discover, trust, quarantine, release):
        group.command()(command)
    app.add_typer(group, name="sources")


def sources(
    context: typer.Context,
    json_: AsJson = False,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """How every source fares. Example: rasad sources --json"""
    context.obj = file
    if context.invoked_subcommand is not None:
        return
    settings = config.load(file)
    with scheduler.opened(settings) as archive, archive.reading() as conn:
        rows = [row for row in archive_sources.table(conn, settings.sources) if row.state != "removed"]
    if json_:
        as_json([jsonable(asdict(row)) | {"advice": _advice(row)} for row in rows])
    else:
        out.print(_source_table(rows, datetime.now(UTC)))
        for row in rows:
            if matter := _matter(row):
                out.print(marked(f"{row.id}: {matter}", []), style=_style(row))


def _source_table(rows: list[archive_sources.SourceRow], now: datetime) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("source", no_wrap=True, min_width=max((len(row.id) for row in rows), default=0))
    for heading in ("state", "health", "visited", "last new", "next", "articles"):
        table.add_column(heading, no_wrap=True)
    for row in rows:
        table.add_row(
            row.id,
            row.state,
            _health(row, now),
            ago(row.last_visit, now),
            ago(row.last_new, now),
            ago(row.next_check, now) if row.state in archive_sources.VISITED else "–",
            str(row.articles),
            style=_style(row),
        )
    return table


def _health(row: archive_sources.SourceRow, now: datetime) -> str:
    """The state, and for how long it has lasted."""
    if row.quarantined:
        return f"quarantined {ago(row.quarantined, now)}"
    return f"{row.health} {ago(row.health_since, now)}" if row.health else "well" if row.last_success else "–"


def _style(row: archive_sources.SourceRow) -> str:
    if row.state != "enabled":
        return "dim"
    grave = row.health in DOWN or row.quarantined
    return "red" if grave else "yellow" if row.health or row.doubt or row.reason else ""


def _matter(row: archive_sources.SourceRow) -> str:
    """What is wrong, in words, and what can be done about it."""
    doubt = f"changed hands? {row.doubt}" if row.doubt else ""
    why = row.health_reason if row.health else row.reason
    return "; ".join(part for part in (why, doubt, _advice(row)) if part)


def _advice(row: archive_sources.SourceRow) -> str:
    """What an operator can do; "" where there is nothing to be done."""
    if row.quarantined:
        return f"when it can be trusted again: rasad sources release {row.id}"
    if row.doubt:
        return f"when you have looked at it: rasad sources trust {row.id}"
    return ADVICE.get(cast(State, row.health), "").replace("ID", row.id)


def visit(
    context: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID…", help="Which sources.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="All that are visited.")] = False,
    file: OwnConfig = None,
) -> None:
    """Make sources due now; a running monitor takes them within 2 s. Example: rasad sources visit press-tv"""
    if bool(ids) == all_:
        raise InputError("name the sources to visit, or say --all")
    settings = config.load(file or context.obj)
    visited = [source for source in settings.sources if source.enabled or source.probe]
    for each in ids or ():
        if _named(each, settings.sources, "source") not in visited:
            raise InputError(f"{each} is disabled: enabled = true under its id in config.toml has it visited")
    with scheduler.opened(settings) as archive, archive.writing() as conn:
        count = archive_sources.make_due(conn, ids, datetime.now(UTC))
    resting = len(ids or visited) - count
    told = "1 source is due now" if count == 1 else f"{count} sources are due now"
    line(told + (f"; {resting} in work, or never visited and due anyhow" if resting > 0 else ""))


def test(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help="Which source, enabled or not.")],
    file: OwnConfig = None,
) -> None:
    """Visit a source now and explain each step; nothing is recorded. Example: rasad sources test press-tv"""
    from spiders import trial  # noqa: PLC0415  # Scrapy loads only where it is used

    settings = config.load(file or context.obj)
    source = _named(id_, settings.sources, "source")
    examined = asyncio.run(trial.examine(source, settings))
    show(examined, settings.rules, datetime.now(UTC))
    raise typer.Exit(1 if examined.fault else 0)


def discover(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="A site's front page.")],
    file: OwnConfig = None,
) -> None:
    """Find a site's feeds, sitemaps and channel, as TOML to be pasted. Example: rasad sources discover https://a.example/"""
    from spiders import discovery, exploring  # noqa: PLC0415  # Scrapy loads only where it is used

    if not is_web(url):
        raise InputError("the address must be http or https")
    settings = config.load(file or context.obj)
    found = asyncio.run(exploring.explore(url, settings, told=err.print))
    taken = [source.id for source in settings.sources]
    line(discovery.toml(found.candidates, name=found.name, language=found.language, taken=taken))


def trust(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help="A channel that may have changed hands.")],
    file: OwnConfig = None,
) -> None:
    """Let a channel's alerts go again, after you have looked at it. Example: rasad sources trust tg-example"""
    settings = config.load(file or context.obj)
    source = _named(id_, settings.sources, "source")
    with scheduler.opened(settings) as archive, archive.writing() as conn:
        doubt = channels.trust(conn, source.id)
    line(f"trusted again, though {doubt}" if doubt else "nothing was held of this source")


def quarantine(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help="A source that is hacked or lies.")],
    since: Annotated[str | None, typer.Option("--since", metavar="2h|DATE", help="From when on; now.")] = None,
    file: OwnConfig = None,
) -> None:
    """Archive a source without telling anybody, nor counting it. Example: rasad sources quarantine wire --since 2h"""
    settings = config.load(file or context.obj)
    source, now = _named(id_, settings.sources, "source"), datetime.now(UTC)
    begin = moment(since, now, "--since") or now
    with scheduler.opened(settings) as archive, archive.writing() as conn:
        if source.id not in archive_sources.known(conn):
            raise InputError(f"{source.id} was never taken up by a monitor: there is nothing to be quarantined yet")
        quarantines.quarantine(conn, source.id, begin)
        told = quarantines.alerts_since(conn, source.id, begin)
    line(f"{source.id} is quarantined since {begin:%Y-%m-%d %H:%M} UTC: archived, nobody is told, it does not count")
    if told:
        line(f"its alerts since then, to be retracted where they are wrong: {len(told)}")
    for each in told:
        out.print(marked(f"  {each.born:%Y-%m-%d %H:%M} {each.topic} ({each.level}), {each.chats} chats: ", []), end="")
        out.print(marked(each.title, []), each.url, style="dim")


def release(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help="A source that is quarantined.")],
    file: OwnConfig = None,
) -> None:
    """End a quarantine: the source's alerts go again. Example: rasad sources release wire"""
    settings = config.load(file or context.obj)
    source = _named(id_, settings.sources, "source")
    with scheduler.opened(settings) as archive, archive.writing() as conn:
        since = quarantines.release(conn, source.id)
    line(f"released; it was quarantined since {since:%Y-%m-%d %H:%M} UTC" if since else "it was not quarantined")


def _named(wanted: str, sources: list[Source] | tuple[Source, ...], what: str) -> Source:
    """The source with this id. Raises InputError with the nearest id."""
    known = {source.id: source for source in sources}
    return known[nearest(wanted, known, what)]
