"""Looking at the archive: search, sources, status."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

import scheduler
import settings as config
from archive import search as archive_search
from archive import sources as archive_sources
from archive import status as archive_status
from cli.screen import DEFAULT_CONFIG, AsJson, ConfigFile, ago, as_json, err, line, marked, out
from core.durations import parse_duration
from core.errors import InputError
from core.lines import article_record, dump_line, iso, spans_record
from core.match import compile_query


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command()(search)
    app.command()(status)
    group = typer.Typer(invoke_without_command=True, no_args_is_help=False, rich_markup_mode=None)
    group.callback()(sources)
    group.command()(visit)
    app.add_typer(group, name="sources")


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="In the grammar of the rules; bare words mean AND.")],
    since: Annotated[str | None, typer.Option("--since", metavar="7d|DATE", help="Not older than this.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="1d|DATE", help="Older than this.")] = None,
    language: Annotated[str | None, typer.Option("--language", metavar="L", help="ar, en, fa …")] = None,
    source: Annotated[str | None, typer.Option("--source", metavar="ID", help="One source only.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="At most so many.")] = 50,
    json_: AsJson = False,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Search the archive, newest first. Example: rasad search '@qaani NOT title:"Quds Day"' --since 7d"""
    settings = config.load(file)
    rules = compile_query(query, settings.names)
    now = datetime.now(UTC)
    with scheduler.opened(settings) as archive, archive.reading() as conn:
        found = archive_search.search(
            conn,
            rules,
            since=_moment(since, now, "--since"),
            until=_moment(until, now, "--until"),
            language=language,
            source=source,
            limit=limit,
        )
    for hit in found:
        if json_:
            line(dump_line(article_record(hit.article) | {"spans": spans_record(hit.spans)}))
        else:
            _show_hit(hit, now)
    if not found and not json_:
        err.print("nothing found; bare words mean AND: try fewer of them, or OR between spellings")


def _moment(text: str | None, now: datetime, option: str) -> datetime | None:
    """`7d` is seven days before `now`; a date is its first moment in UTC."""
    if text is None:
        return None
    try:
        return now - parse_duration(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f'{option}: write a length of time ("7d") or a date ("2026-11-20"), not {text!r}') from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _show_hit(hit: archive_search.Found, now: datetime) -> None:
    article = hit.article
    when = ago(article.published or article.recorded, now)
    out.print(marked(article.title, [(span.start, span.end) for span in hit.spans if span.field == "title"]))
    copy = f" · copy of {article.duplicate_of}" if article.duplicate_of else ""
    out.print(f"  {article.source_name} · {when} · {article.language or '?'} · #{article.id}{copy}", style="dim")
    excerpt = _excerpt(article.text or article.summary, hit, "text" if article.text else "summary")
    if excerpt is not None:
        out.print(excerpt)
    out.print(f"  {article.url}\n", style="dim")


def _excerpt(text: str, hit: archive_search.Found, field: str) -> Text | None:
    """The words round the first match in the body."""
    spans = [(span.start, span.end) for span in hit.spans if span.field == field]
    if not spans:
        return None
    start = max(0, spans[0][0] - 80)
    end = min(len(text), spans[0][1] + 120)
    shown = marked(text[start:end], [(a - start, b - start) for a, b in spans if start <= a and b <= end])
    return Text.assemble("  ", "… " if start else "", shown, " …" if end < len(text) else "")


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
        as_json([_jsonable(asdict(row)) for row in rows])
    else:
        out.print(_source_table(rows, datetime.now(UTC)))


def _source_table(rows: list[archive_sources.SourceRow], now: datetime) -> Table:
    table = Table("source", "state", "last visit", "last new", "next", "articles", "last failure", box=None)
    for row in rows:
        style = "red" if row.reason else "dim" if row.state != "enabled" else ""
        table.add_row(
            row.id,
            row.state,
            ago(row.last_visit, now),
            ago(row.last_new, now),
            ago(row.next_check, now) if row.state in archive_sources.VISITED else "–",
            str(row.articles),
            row.reason,
            style=style,
        )
    return table


def visit(
    context: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID…", help="Which sources.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="All that are visited.")] = False,
    file: Annotated[Path | None, typer.Option("--config", metavar="FILE", help="The config file.")] = None,
) -> None:
    """Make sources due now; a running monitor takes them within 2 s. Example: rasad sources visit press-tv"""
    if bool(ids) == all_:
        raise InputError("name the sources to visit, or say --all")
    settings = config.load(file or context.obj)  # --config may stand before `visit` or after
    known = {source.id for source in settings.sources if source.enabled or source.probe}
    for unknown in sorted(set(ids or ()) - known):
        near = get_close_matches(unknown, known, 1)
        raise InputError(f"no visited source is called {unknown!r}" + (f" (did you mean {near[0]}?)" if near else ""))
    with scheduler.opened(settings) as archive, archive.writing() as conn:
        count = archive_sources.make_due(conn, ids, datetime.now(UTC))
    resting = len(ids or known) - count
    told = "1 source is due now" if count == 1 else f"{count} sources are due now"
    line(told + (f"; {resting} in work, or never visited and due anyhow" if resting > 0 else ""))


def status(json_: AsJson = False, file: ConfigFile = DEFAULT_CONFIG) -> None:
    """The whole on one screen. Example: rasad status --json"""
    settings = config.load(file)
    now = datetime.now(UTC)
    with scheduler.opened(settings) as archive, archive.reading() as conn:
        seen = archive_status.status(conn, now)
    if json_:
        as_json({"rasad": version("rasad")} | _jsonable(asdict(seen)))
        return
    for label, value in _status_lines(seen, now):
        out.print(f"{label:<12} {value}")


def _status_lines(seen: archive_status.Status, now: datetime) -> list[tuple[str, str]]:
    round_ = "first round going on: no alerts until every source was visited" if seen.first_round_open else "watching"
    waiting = sum(seen.queue.get(state, 0) for state in ("new", "claimed", "ambiguous", "deferred"))
    oldest = f", the oldest since {ago(seen.oldest_unsent, now)}" if seen.oldest_unsent else ""
    return [
        ("rasad", f"{version('rasad')}, config no. {seen.edition or 'none yet'}, {round_}"),
        ("archive", f"{seen.articles} articles, {seen.stories} stories, {seen.size / 2**20:.1f} MiB, {seen.database}"),
        ("newest", f"{ago(seen.last_article, now)} ago" if seen.last_article else "nothing yet"),
        (
            "sources",
            f"{_counts(seen.sources)}; {seen.sources_failing} failing, {seen.sources_unvisited} not visited yet",
        ),
        ("subscribers", _counts(seen.subscribers)),
        ("alerts", f"{waiting} waiting{oldest}; {_counts(seen.queue)}"),
    ]


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in counts.items() if count) or "none"


def _jsonable(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: iso(value) if isinstance(value, datetime) else value for key, value in values.items()}
