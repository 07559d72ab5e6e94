"""Looking at the archive: search, status."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Annotated

import typer
from rich.text import Text

import scheduler
import settings as config
from archive import search as archive_search
from archive import status as archive_status
from archive.monitors import SILENT
from cli.screen import DEFAULT_CONFIG, AsJson, ConfigFile, ago, as_json, err, jsonable, line, marked, out
from core.durations import parse_duration
from core.errors import InputError
from core.lines import article_record, dump_line, spans_record
from core.rules.match import compile_query


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command()(search)
    app.command()(status)


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
    gone = f" · withdrawn {ago(article.withdrawn, now)} ago" if article.withdrawn else ""
    out.print(f"  {article.source_name} · {when} · {article.language or '?'} · #{article.id}{copy}{gone}", style="dim")
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


def status(json_: AsJson = False, file: ConfigFile = DEFAULT_CONFIG) -> None:
    """The whole on one screen. Example: rasad status --json"""
    settings = config.load(file)
    now = datetime.now(UTC)
    with scheduler.opened(settings) as archive, archive.reading() as conn:
        seen = archive_status.status(conn, now)
    if json_:
        as_json({"rasad": version("rasad")} | jsonable(asdict(seen)))
        return
    for label, value in _status_lines(seen, now):
        out.print(f"{label:<12} {value}")


def _status_lines(seen: archive_status.Status, now: datetime) -> list[tuple[str, str]]:
    waiting = sum(seen.queue.get(state, 0) for state in ("new", "claimed", "ambiguous", "deferred"))
    oldest = f", the oldest since {ago(seen.oldest_unsent, now)}" if seen.oldest_unsent else ""
    return [
        ("rasad", f"{version('rasad')}, config no. {seen.edition or 'none yet'}"),
        ("monitor", _at_work(seen, now)),
        ("archive", f"{seen.articles} articles, {seen.stories} stories, {seen.size / 2**20:.1f} MiB, {seen.database}"),
        ("newest", f"{ago(seen.last_article, now)} ago" if seen.last_article else "nothing yet"),
        (
            "sources",
            f"{_counts(seen.sources)}; {seen.sources_failing} failing, {seen.sources_unvisited} not visited yet",
        ),
        ("subscribers", _counts(seen.subscribers)),
        ("alerts", f"{waiting} waiting{oldest}; of all, counted per topic and chat: {_counts(seen.queue)}"),
    ]


def _at_work(seen: archive_status.Status, now: datetime) -> str:
    """Whether a monitor runs, which roles since when; else when one was last heard of."""
    alive = [each for each in seen.monitors if now - each.seen < SILENT and scheduler.is_alive(each.owner)]
    if not alive:
        last = f"; the last one ended without a word {ago(seen.monitors[0].seen, now)} ago" if seen.monitors else ""
        return f"not running{last}"
    running = "; ".join(f"{each.owner} runs {each.roles} since {ago(each.started, now)}" for each in alive)
    return running + (" · first round: no alerts until every source was visited" if seen.first_round_open else "")


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in counts.items() if count) or "none"
