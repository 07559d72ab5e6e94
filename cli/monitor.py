"""Running Rasad: run, demo, check."""

import asyncio
from typing import Annotated

import typer

import scheduler
import settings as config
from cli.screen import DEFAULT_CONFIG, ConfigFile, err, line
from monitor import logs


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command()(run)
    app.command()(demo)
    app.command()(check)


def run(
    once: Annotated[
        bool, typer.Option("--once", help="Visit every due source once, deliver what is due, exit.")
    ] = False,
    only: Annotated[str | None, typer.Option("--only", metavar="ROLES", help="Of collect,deliver,bot,web.")] = None,
    log_as: Annotated[
        logs.Kind, typer.Option("--logs", envvar="RASAD_LOGS", help="One line per event: as text, or as JSON.")
    ] = "text",
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Run the monitor until Ctrl-C or SIGTERM. Example: rasad run --only collect,deliver"""
    roles = scheduler.parse_roles(only)
    settings = config.load(file)
    tell_warnings(settings, str(file))
    logs.configure(log_as)
    asyncio.run(scheduler.run(settings, file=file, roles=roles, once=once))


def demo(
    port: Annotated[
        int | None, typer.Option("--port", help="Of the synthetic newsroom; any free one by default.")
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=10, max=3600, help="How long the show lasts.")] = 75,
) -> None:
    """Show everything offline: a small newsroom, collected and alerted on this terminal. Example: rasad demo"""
    from demo import show  # noqa: PLC0415  # the newsroom is of no use to the other commands

    raise typer.Exit(show.run(port=port, seconds=seconds))


def check(
    live: Annotated[bool, typer.Option("--live", help="Also visit each source now, recording nothing.")] = False,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Validate the config; every fault with its line and column. Example: rasad check --config new.toml"""
    settings = config.load(file)
    settings.collect.proxy_users()  # a file of its own, with faults of its own
    tell_warnings(settings, str(file))
    watched = sum(source.enabled and not source.probe for source in settings.sources)
    probed = sum(source.probe for source in settings.sources)
    line(
        f"{file}: right. {len(settings.topics)} topics, {len(settings.names)} names, "
        f"{len(settings.sources)} sources ({watched} watched, {probed} probed)"
    )
    if live:
        raise typer.Exit(asyncio.run(_try_all(settings)))


async def _try_all(settings: config.Settings) -> int:
    """One line per source as it answers; 1 when a watched one fails."""
    from spiders import trial  # noqa: PLC0415  # Scrapy loads only where it is used

    failing = 0
    visited = [source for source in settings.sources if source.enabled or source.probe]
    async for result in trial.try_sources(visited, settings):
        source = result.source
        line(f"{'✗' if result.reason else '✓'} {source.id}: {result.reason or f'{result.items} items'}")
        failing += bool(result.reason) and not source.probe
    line(f"{len(visited)} sources visited, {failing} watched ones failing")
    return int(failing > 0)


def tell_warnings(settings: config.Settings, file: str) -> None:
    """The lint of a config that is right, in the same form as faults."""
    for fault in settings.warnings:
        err.print(f"{fault.at(file)} (warning)")
