"""Handing archives over: import, export."""

import io
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Annotated, Any, Literal

import typer

import scheduler
import settings as config
from archive import articles, exchange, warc
from archive.exchange import ImportTally
from cli.screen import DEFAULT_CONFIG, ConfigFile, err, line, progress
from core.errors import InputError
from core.model import Article
from core.rules.match import compile_query

MOST_TOLD = 100  # refused lines, one by one

Format = Literal["jsonl", "csv", "atom", "warc"]


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command(name="import")(import_)
    app.command()(export)


def import_(
    file: Annotated[str, typer.Argument(metavar="FILE.jsonl|-", help="Article lines (docs/article-lines.md).")],
    config_file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Judge and record articles from JSON lines, without alerting. Example: rasad import backlog.jsonl"""
    settings = config.load(config_file)
    name = "standard input" if file == "-" else file
    with _source(file) as (source, size), scheduler.opened(settings) as archive, progress("importing", size) as show:
        edition = scheduler.edition_of(archive, settings)
        try:
            tally = exchange.import_lines(
                archive,
                _lines(source),
                rules=edition.rules,
                edition=edition.number,
                on_batch=lambda _: show(source.tell() if size else 0),
            )
        except InputError as error:
            raise InputError(f"{name}: {error}") from None
    _tell_refused(name, tally)
    line(
        f"{tally.lines} lines: {tally.actions['new']} new, {tally.actions['copy']} copies, "
        f"{tally.actions['revision']} revisions, {tally.actions['known']} known, {len(tally.refused)} refused"
    )
    raise typer.Exit(1 if tally.refused else 0)


@contextmanager
def _source(file: str) -> Iterator[tuple[IO[bytes], int]]:
    """What to read, and its size; 0 where nobody knows."""
    if file == "-":
        yield sys.stdin.buffer, 0
        return
    if not Path(file).is_file():
        raise InputError(f"{file}: no such file")
    with Path(file).open("rb") as source:
        yield source, Path(file).stat().st_size


def _lines(source: IO[bytes]) -> Iterator[str]:
    """Lines by \\n alone: U+2028 in a text ends none. Bytes that are no UTF-8 make their line fail, not the file."""
    for raw in source:
        yield raw.decode("utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8", errors="surrogateescape")


def _tell_refused(name: str, tally: ImportTally) -> None:
    """Each refused line with its number; of very many the rest by reason."""
    for number, reason in tally.refused[:MOST_TOLD]:
        err.print(f"{name}:{number}: {reason}")
    if rest := tally.refused[MOST_TOLD:]:
        reasons = Counter(reason for _, reason in rest).most_common(3)
        err.print(f"{name}: {len(rest)} more, " + "; ".join(f"{count} times {reason}" for reason, count in reasons))


def export(
    query: Annotated[str | None, typer.Argument(metavar="QUERY", help="Which articles; all by default.")] = None,
    format_: Annotated[Format, typer.Option("--format", help="jsonl, csv, atom, or warc: the evidence.")] = "jsonl",
    output: Annotated[str, typer.Option("--output", metavar="FILE", help="A file, or - for stdout.")] = "-",
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Write articles out, copies included. Example: rasad export '@qaani' --format warc --output qaani.warc.gz"""
    settings = config.load(file)
    if format_ == "warc" and output == "-" and sys.stdout.isatty():
        raise InputError("a WARC file is nothing for a terminal: name one with --output, or pipe it")
    rules = compile_query(query, settings.names) if query else None
    with (
        scheduler.opened(settings) as archive,
        archive.reading() as conn,
        _target(output) as target,
        progress("exporting", articles.count(conn)) as show,
    ):
        found = articles.export(conn, rules, passed=show)
        if format_ == "warc":
            told, whole = _warc(conn, found, target, settings.evidence_folder, query or "", output.endswith(".gz"))
        else:
            told, whole = _text(found, target, format_, query or ""), True
    err.print(f"{told} written to {output if output != '-' else 'standard output'}")
    raise typer.Exit(0 if whole else 1)


def _text(found: Iterator[Article], target: IO[bytes], format_: Format, query: str) -> str:
    text = io.TextIOWrapper(target, encoding="utf-8", newline="")
    try:
        if format_ == "atom":
            count = exchange.write_atom(found, text, about=query, now=datetime.now(UTC))
        else:
            count = (exchange.write_csv if format_ == "csv" else exchange.write_jsonl)(found, text)
        text.flush()
    finally:
        text.detach()
    return f"{count} articles"


def _warc(
    conn: Any, found: Iterator[Article], target: IO[bytes], folder: Path | None, query: str, gzip: bool
) -> tuple[str, bool]:
    """What was written, and whether nothing is missing."""
    if folder is None:
        raise InputError("there is no evidence: archive.evidence is false in the config")
    tally = warc.write_warc(
        conn,
        found,
        target,
        folder=folder,
        software=f"rasad {version('rasad')}",
        about=query,
        gzip=gzip,
        lost=lambda article, reason: err.print(f"#{article.id}: {reason}"),
    )
    told = f"{tally.documents} documents of {tally.articles} articles"
    return told + (f" ({tally.without} have none)" if tally.without else ""), not tally.lost


@contextmanager
def _target(output: str) -> Iterator[IO[bytes]]:
    """The file, written beside and moved into place, so that a broken export never replaces a whole one."""
    if output == "-":
        yield sys.stdout.buffer
        return
    path = Path(output)
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        target = unfinished.open("wb")
    except OSError as error:
        raise InputError(f"{output}: {error.strerror}") from None
    try:
        with target:
            yield target
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
