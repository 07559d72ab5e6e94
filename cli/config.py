"""The config file's own history: log, undo. Decides nothing of what a config means."""

from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Any

import typer

import scheduler
import settings as config
from archive import editions, undoing
from archive.editions import Edited
from cli.screen import DEFAULT_CONFIG, AsJson, ConfigFile, as_json, line
from core.config.changes import changes
from core.config.toml import read
from core.lines import iso

group = typer.Typer(help="What the config file was, and going back to it.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.add_typer(group, name="config")


@group.command()
def log(
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many, newest first.")] = 20,
    in_json: AsJson = False,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """What changed with each edit that became active, newest first. Example: rasad config log"""
    history = _history(file, limit + 1)
    told = [(each, _changes(former, each)) for each, former in zip_longest(history, history[1:]) if each][:limit]
    if in_json:
        as_json(
            [{"number": each.number, "active_since": iso(each.published), "changes": lines} for each, lines in told]
        )
        return
    for each, lines in told:
        line(f"no. {each.number}  {iso(each.published)}")
        for change in lines or ["the first one" if each.number == 1 else "only comments or layout"]:
            line(f"    {change}")
    if not told:
        line("No config was active in this archive yet: rasad run")


@group.command()
def undo(
    to: Annotated[int | None, typer.Option("--to", metavar="NUMBER", help="A number of rasad config log.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Put the config back as it was before the last edit; again: forth. A running monitor takes it at once.

    Comments and layout come back too. The file as it is now is kept beside it. Example: rasad config undo --to 12
    """
    present = undoing.text_of(file)
    target = undoing.target(_history(file), present, to)
    for change in changes(_values(present), _values(target.text)) or ["only comments or layout"]:
        line(change)
    if dry_run:
        return
    kept = undoing.put_back(file, target.text)
    line(f"{file} is as it was in no. {target.number}; what it was until now is in {kept.name}")


def _history(file: Path, limit: int | None = None) -> list[Edited]:
    """What the archive keeps, also while the file itself is faulty: that is when it is needed."""
    with scheduler.opened(config.archive_of(file)) as archive, archive.reading() as conn:
        return editions.history(conn, limit)


def _changes(before: Edited | None, after: Edited) -> list[str]:
    return changes(_values(before.text), _values(after.text)) if before else []


def _values(text: str) -> dict[str, Any]:
    return read(text).values or {}
