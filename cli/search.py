"""The command that asks the archive: rasad search."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.text import Text
from sqlalchemy import Connection

import scheduler
import settings as config
from archive import search as archive_search
from archive import sources as archive_sources
from archive.facets import Facets, facets_of
from archive.inquiry import Inquiry, Narrow
from archive.search import Found
from cli.screen import DEFAULT_CONFIG, AsJson, ConfigFile, ago, err, line, marked, moment, nearest, out
from core.lines import article_record, dump_line, spans_record
from core.model import Article, Span
from core.rules.match import compile_query
from core.rules.query import parse
from core.urls import readable


class Sort(StrEnum):
    """What comes first: recorded last, published last, or most spoken of."""

    NEWEST = "newest"
    PUBLISHED = "published"
    RANK = "rank"


_ORDERS: Mapping[Sort, archive_search.Order] = {
    Sort.NEWEST: "recent",
    Sort.PUBLISHED: "published",
    Sort.RANK: "ranked",
}
_VALUES_SHOWN = 12  # of a facet


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command()(search)


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="In the grammar of the rules; bare words mean AND.")],
    since: Annotated[str | None, typer.Option("--since", metavar="7d|DATE", help="Not older than this.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="1d|DATE", help="Older than this.")] = None,
    language: Annotated[str | None, typer.Option("--language", metavar="L", help="ar, en, fa …")] = None,
    source: Annotated[str | None, typer.Option("--source", metavar="ID", help="One source only.")] = None,
    topic: Annotated[str | None, typer.Option("--topic", metavar="ID", help="What a topic has caught.")] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="ID", help="Who is named.")] = None,
    story: Annotated[int | None, typer.Option("--story", metavar="N", min=1, help="One story only.")] = None,
    sort: Annotated[Sort, typer.Option("--sort", help="What comes first; newest: recorded last.")] = Sort.NEWEST,
    facets: Annotated[bool, typer.Option("--facets", help="Count days, sources, languages and topics, too.")] = False,
    cursor: Annotated[str | None, typer.Option("--cursor", metavar="C", help="The page that a search named.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="At most so many.")] = 50,
    json_: AsJson = False,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Search the archive, newest first. Example: rasad search '@qaani NOT title:"Quds Day"' --since 7d"""
    settings = config.load(file)
    if topic is not None:
        nearest(topic, settings.topics, "topic")
    rules = compile_query(_narrowed(query, {"topic": topic, "name": name, "story": story}), settings.names)
    now = datetime.now(UTC)
    with scheduler.opened(settings) as archive, archive.reading() as conn:
        if source is not None:
            _require_source(conn, source, settings)
        narrow = Narrow(moment(since, now, "--since"), moment(until, now, "--until"), language, source)
        inquiry = Inquiry(conn, rules, narrow)
        page = archive_search.page_of(inquiry, order=_ORDERS[sort], limit=limit, cursor=cursor)
        counts = facets_of(inquiry) if facets else None
    for hit in page.found:
        if json_:
            line(dump_line(article_record(hit.article) | {"spans": spans_record(hit.spans)}))
        else:
            _show_hit(hit, now)
    if counts is not None:
        _show_facets(counts, json_)
    if page.next is not None:
        err.print(f"more: --cursor {page.next}")
    if not page.found and not json_:
        err.print("nothing found; bare words mean AND: try fewer of them, or OR between spellings")


def _narrowed(query: str, fields: Mapping[str, object]) -> str:
    """The query with the fields that options ask for. Raises QueryError with the place in the query as it was typed."""
    parse(query)
    asked = "".join(f' {field}:"{value}"' for field, value in fields.items() if value is not None)
    return f"({query}\n){asked}" if asked else query


def _require_source(conn: Connection, source: str, settings: config.Settings) -> None:
    nearest(source, {*archive_sources.known(conn), *(each.id for each in settings.sources)}, "source")


def _show_hit(hit: Found, now: datetime) -> None:
    article = hit.article
    when = ago(article.published or article.recorded, now)
    out.print(marked(article.title, [(span.start, span.end) for span in hit.spans if span.field == "title"]))
    copy = f" · copy of {article.duplicate_of}" if article.duplicate_of else ""
    gone = f" · withdrawn {ago(article.withdrawn, now)} ago" if article.withdrawn else ""
    out.print(f"  {article.source_name} · {when} · {article.language or '?'} · #{article.id}{copy}{gone}", style="dim")
    words = excerpt(article, hit.spans)
    if words is not None:
        out.print(words)
    out.print(f"  {readable(article.url)}\n", style="dim")


def excerpt(article: Article, matched: Iterable[Span]) -> Text | None:
    """The words round the first match in the body; None where nothing of it matched."""
    text, field = (article.text, "text") if article.text else (article.summary, "summary")
    spans = [(span.start, span.end) for span in matched if span.field == field]
    if not spans:
        return None
    start, end = _whole_words(text, *spans[0])
    shown = marked(text[start:end], [(a - start, b - start) for a, b in spans if start <= a and b <= end])
    return Text.assemble("  ", "… " if start else "", shown, " …" if end < len(text) else "")


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch round `start` to `end` that cuts no word, where there are blanks near its ends."""
    before, after = max(0, start - 80), min(len(text), end + 120)
    blank = text.find(" ", before, start) + 1 if before else 0
    last = text.rfind(" ", end, after) if after < len(text) else after
    return blank or before, after if last < 0 else last


def _show_facets(counts: Facets, json_: bool) -> None:
    if json_:
        line(dump_line({"facets": asdict(counts)}))
        return
    held = "" if counts.complete else f"the newest {counts.counted} only; "
    true = "" if counts.share == 1 else f"by the index, of a sample {counts.share:.0%} are results; "
    out.print(f"counted: {counts.counted} ({held}{true}copies included)", style="bold")
    for title, values in (
        ("days", dict(list(counts.days.items())[-_VALUES_SHOWN:])),
        ("sources", counts.sources),
        ("languages", counts.languages),
        ("topics", counts.topics),
    ):
        shown = ", ".join(f"{value or '?'} {count}" for value, count in list(values.items())[:_VALUES_SHOWN])
        out.print(f"  {title:10} {shown or '–'}")
