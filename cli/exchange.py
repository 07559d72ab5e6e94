"""Handing archives over: import, export."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, Literal

import typer

import scheduler
import settings as config
from archive import articles, exchange
from cli.screen import DEFAULT_CONFIG, ConfigFile, err, line, progress
from core.errors import InputError
from core.rules.match import compile_query


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command(name="import")(import_)
    app.command()(export)


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Article lines (see docs/article-lines.md).")],
    config_file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Judge and record articles from JSON lines, without alerting. Example: rasad import backlog.jsonl"""
    settings = config.load(config_file)
    if not file.is_file():
        raise InputError(f"{file}: no such file")
    with (
        scheduler.opened(settings) as archive,
        file.open("rb") as source,
        progress("importing", file.stat().st_size) as show,
    ):
        edition = scheduler.edition_of(archive, settings)
        tally = exchange.import_lines(
            archive,
            _lines(source),
            rules=edition.rules,
            edition=edition.number,
            on_batch=lambda _: show(source.tell()),
        )
    for number, reason in tally.refused:
        err.print(f"{file}:{number}: {reason}")
    line(
        f"{tally.lines} lines: {tally.actions['new']} new, {tally.actions['copy']} copies, "
        f"{tally.actions['revision']} revisions, {tally.actions['known']} known, {len(tally.refused)} refused"
    )
    raise typer.Exit(1 if tally.refused else 0)


def _lines(source: IO[bytes]) -> Iterator[str]:
    """Lines by \\n alone: U+2028 in a text ends none. Bytes that are no UTF-8 make their line fail, not the file."""
    for raw in source:
        yield raw.decode("utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8", errors="surrogateescape")


def export(
    query: Annotated[str | None, typer.Argument(metavar="QUERY", help="Which articles; all by default.")] = None,
    format_: Annotated[Literal["jsonl", "csv"], typer.Option("--format", help="jsonl or csv.")] = "jsonl",
    output: Annotated[str, typer.Option("--output", metavar="FILE", help="A file, or - for stdout.")] = "-",
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Write articles out, copies included. Example: rasad export '@qaani' --format csv --output qaani.csv"""
    settings = config.load(file)
    rules = compile_query(query, settings.names) if query else None
    write = exchange.write_csv if format_ == "csv" else exchange.write_jsonl
    with scheduler.opened(settings) as archive, archive.reading() as conn, _target(output) as target:
        count = write(articles.export(conn, rules), target)
    err.print(f"{count} articles written to {output if output != '-' else 'standard output'}")


@contextmanager
def _target(output: str) -> Iterator[IO[str]]:
    """The file, written beside and moved into place, so that a broken export never replaces a whole one."""
    if output == "-":
        yield sys.stdout
        return
    path = Path(output)
    unfinished = path.with_name(f"{path.name}.unfinished")
    with unfinished.open("w", encoding="utf-8", newline="") as target:
        yield target
    unfinished.replace(path)
