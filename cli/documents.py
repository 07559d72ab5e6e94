"""Looking at single documents without the archive: read, match."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated

import typer

import settings as config
from cli.screen import DEFAULT_CONFIG, ConfigFile, err, line
from core.errors import InputError
from core.lines import draft_record, dump_line, matches_record, read_line
from core.model import Follow, Page, Source
from core.rules.explain import Explainer, explanation_record
from core.rules.match import RuleSet, compile_query, compile_rules
from core.urls import is_web


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command()(read)
    app.command()(match)


def read(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="feed, sitemap, page, telegram or article.")],
    target: Annotated[str, typer.Argument(metavar="FILE_OR_URL", help="A file, - for stdin, or an address.")],
    url: Annotated[str | None, typer.Option("--url", help="The address that a file came from.")] = None,
    language: Annotated[str | None, typer.Option("--language", help="What the source is known to write in.")] = None,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Show what a reader makes of one document, as JSON lines; of an index its parts.

    Example: rasad read feed saved.xml --url https://a.example/feed
    """
    from spiders.readers import READERS, surveyed  # noqa: PLC0415  # the parsers take a second to load

    if kind not in READERS:
        raise InputError(f"no reader is called {kind!r}; there are {', '.join(READERS)}")
    settings = config.load(file)
    page = _page(target, url, settings)
    source = Source(id="", name="", kind=kind, url=page.url, language=language)
    listing = surveyed(kind, source, page, timezone=settings.timezone, now=datetime.now(UTC))
    for item in listing.entries:
        line(dump_line(draft_record(item.draft if isinstance(item, Follow) else item)))
    for part in listing.parts:
        line(dump_line({"part": part}))


def _page(target: str, url: str | None, settings: config.Settings) -> Page:
    if is_web(target):
        from spiders import trial  # noqa: PLC0415  # Scrapy loads only where it is used

        return asyncio.run(trial.fetch(target, settings.collect))
    address = url or "https://unknown.invalid/"
    if not is_web(address):
        raise InputError("--url must be an http or https address")
    if target != "-" and not Path(target).is_file():
        raise InputError(f"{target}: no such file")
    body = sys.stdin.buffer.read() if target == "-" else Path(target).read_bytes()
    return Page(url=address, requested=address, status=200, headers={}, body=body, fetched=datetime.now(UTC))


def match(
    target: Annotated[str, typer.Argument(metavar="FILE|-", help="Article lines; - for stdin.")],
    rule: Annotated[
        str | None, typer.Option("--rule", metavar="QUERY", help="This rule instead of the topics.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Add which form, rank, context or part of a rule decided, and how.")
    ] = False,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Run names and rules over article lines, no archive. Example: rasad match --rule '@qaani' articles.jsonl"""
    settings = config.load(file)
    rules = compile_query(rule, settings.names) if rule else compile_rules(settings.names, settings.topics)
    explainer = Explainer(rules.names, rules.topics) if explain else None
    with _opened(target) as source:
        lines = enumerate(source, start=1)
        refused = sum(not _match_line(number, raw, rules, target, explainer) for number, raw in lines)
    raise typer.Exit(1 if refused else 0)


def _match_line(number: int, raw: str, rules: RuleSet, target: str, explainer: Explainer | None) -> bool:
    if not raw.strip():
        return True
    try:
        draft = read_line(raw)
    except InputError as error:
        err.print(f"{target}:{number}: {error}")
        return False
    record = matches_record(draft.url, rules.match(draft))
    if explainer:
        record["explain"] = explanation_record(explainer.explain(draft))
    line(dump_line(record))
    return True


@contextmanager
def _opened(target: str) -> Iterator[IO[str]]:
    if target == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")  # type: ignore[union-attr]  # a real stdin is a TextIOWrapper
        yield sys.stdin
        return
    if not Path(target).is_file():
        raise InputError(f"{target}: no such file")
    with Path(target).open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as source:
        yield source
