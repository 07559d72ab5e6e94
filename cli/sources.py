"""Looking after the sources: how they fare, visiting, finding and trying them, trusting a channel again."""

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

import scheduler
import settings as config
from archive import channels
from archive import sources as archive_sources
from cli.examination import show
from cli.screen import DEFAULT_CONFIG, AsJson, ConfigFile, ago, as_json, err, jsonable, line, out
from core.errors import InputError
from core.model import Source
from core.rules.match import compile_rules
from core.urls import is_web

OwnConfig = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="The config file.")]
"""--config may stand before the sub-command or after it."""


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    group = typer.Typer(invoke_without_command=True, no_args_is_help=False, rich_markup_mode=None)
    group.callback()(sources)
    for command in (visit, test, discover, trust):
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
        as_json([jsonable(asdict(row)) for row in rows])
    else:
        out.print(_source_table(rows, datetime.now(UTC)))


def _source_table(rows: list[archive_sources.SourceRow], now: datetime) -> Table:
    table = Table(box=None)
    table.add_column("source", no_wrap=True, min_width=max((len(row.id) for row in rows), default=0))
    for heading in ("state", "last visit", "last new", "next", "articles", "last failure"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        style = "red" if row.reason else "yellow" if row.doubt else "dim" if row.state != "enabled" else ""
        table.add_row(
            row.id,
            row.state,
            ago(row.last_visit, now),
            ago(row.last_new, now),
            ago(row.next_check, now) if row.state in archive_sources.VISITED else "–",
            str(row.articles),
            row.reason or (f"changed hands? {row.doubt}" if row.doubt else ""),
            style=style,
        )
    return table


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
        _named(each, visited, "visited source")
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
    show(examined, compile_rules(settings.names, settings.topics), datetime.now(UTC))
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


def _named(wanted: str, sources: list[Source] | tuple[Source, ...], what: str) -> Source:
    """The source with this id. Raises InputError with the nearest id."""
    known = {source.id: source for source in sources}
    if wanted in known:
        return known[wanted]
    near = get_close_matches(wanted, known, 1)
    raise InputError(f"no {what} is called {wanted!r}" + (f" (did you mean {near[0]}?)" if near else ""))
