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
from core.errors import FetchError, InputError, ReadError
from core.lines import draft_record, dump_line, matches_record, read_line
from core.model import Follow, Page, Source
from core.rules.explain import Explainer, explanation_record
from core.rules.match import RuleSet, compile_query
from core.urls import is_web

SELECTORS = ("item", "link", "title", "text", "date")
NOWHERE = "https://unknown.invalid/"  # where a file is from that nobody says


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command()(read)
    app.command()(match)


def read(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="feed, sitemap, page, telegram or article.")],
    target: Annotated[str, typer.Argument(metavar="FILE_OR_URL", help="A file, - for stdin, or an address.")],
    url: Annotated[str | None, typer.Option("--url", help="The address that a file came from.")] = None,
    language: Annotated[str | None, typer.Option("--language", help="What the source is known to write in.")] = None,
    select: Annotated[
        list[str] | None, typer.Option("--select", metavar="NAME=CSS", help=f"Of a page: {', '.join(SELECTORS)}.")
    ] = None,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Show what a reader makes of one document, as JSON lines; of an index its parts.

    Example: rasad read feed saved.xml --url https://a.example/feed
    """
    from spiders.readers import READERS, surveyed  # noqa: PLC0415  # the parsers take a second to load

    if kind not in READERS:
        raise InputError(f"no reader is called {kind!r}; there are {', '.join(READERS)}")
    settings = config.load(file)
    selectors = dict(map(_selector, select or ()))
    page = _page(target, url, settings)
    source = Source(id="", name="", kind=kind, url=page.url, language=language, selectors=selectors)
    try:
        listing = surveyed(kind, source, page, timezone=settings.timezone, now=datetime.now(UTC))
    except ReadError as error:
        unplaced = page.url == NOWHERE and kind in ("sitemap", "page")
        raise ReadError(f"{error.reason}; say with --url where it is from" if unplaced else error.reason) from None
    if not listing.entries and not listing.parts:
        err.print(f"{target}: nothing is listed in it")
    for item in listing.entries:
        line(dump_line(draft_record(item.draft if isinstance(item, Follow) else item)))
    for part in listing.parts:
        line(dump_line({"part": part}))


def _selector(given: str) -> tuple[str, str]:
    name, separator, css = map(str.strip, given.partition("="))
    if name not in SELECTORS or not separator or not css:
        raise InputError(f"--select: write item=CSS, or {', '.join(SELECTORS[1:])}, not {given!r}")
    return name, css


def _page(target: str, url: str | None, settings: config.Settings) -> Page:
    if is_web(target):
        return _fetched(target, settings)
    address = url or NOWHERE
    if not is_web(address):
        raise InputError("--url must be an http or https address")
    body = sys.stdin.buffer.read() if target == "-" else _bytes(target)
    return Page(url=address, requested=address, status=200, headers={}, body=body, fetched=datetime.now(UTC))


def _fetched(url: str, settings: config.Settings) -> Page:
    from spiders import trial  # noqa: PLC0415  # Scrapy loads only where it is used

    page = asyncio.run(trial.fetch(url, settings.collect))
    if page.status != 200:
        raise FetchError(f"{url} answered {page.status}")
    return page


def _bytes(file: str) -> bytes:
    """What the file holds; a pipe is one as well, as in `rasad read feed <(command)`."""
    if "://" in file:
        raise InputError(f"{file}: an address must be http or https")
    path = Path(file)
    if not path.exists():
        raise InputError(f"{file}: no such file")
    if path.is_dir():
        raise InputError(f"{file}: a folder, not a file")
    return path.read_bytes()


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
    rules = compile_query(rule, settings.names) if rule else settings.rules
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
