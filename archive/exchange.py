"""Hand-over of whole archives: article lines in, article lines out. Knows no files and prints nothing."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import IO
from urllib.parse import urlsplit

from sqlalchemy import Connection

from archive import sources
from archive.database import Archive
from archive.intake import admit
from core.errors import InputError
from core.lines import EXPORT_COLUMNS, article_record, csv_cell, dump_line, read_line
from core.model import Action, Arrival, Article, Draft
from core.rules.match import RuleSet
from core.urls import canonical, is_web

BATCH = 200  # lines per transaction: what a crash can cost, and short enough that a running monitor never waits


@dataclass(slots=True)
class ImportTally:
    """What an import did so far. `refused` holds (line number, reason)."""

    actions: dict[Action, int]
    refused: list[tuple[int, str]]
    lines: int = 0

    @classmethod
    def empty(cls) -> "ImportTally":
        return cls({"new": 0, "copy": 0, "revision": 0, "known": 0}, [])


def import_lines(
    archive: Archive,
    lines: Iterable[str],
    *,
    rules: RuleSet,
    edition: int,
    on_batch: Callable[[ImportTally], None],
) -> ImportTally:
    """Judge and record `lines` in their order through the door of live collection; nothing alerts.

    The clock of judging is the line's `published`, else now. A line that cannot be used is told and passed over.
    Each batch is one transaction, so that an interrupted import is simply run again.
    """
    tally = ImportTally.empty()
    for batch in _batches(lines):
        with archive.writing() as conn:
            for raw in batch:
                tally.lines += 1
                if raw.strip():
                    _import_line(conn, raw, tally, rules, edition)
        on_batch(tally)
    return tally


def _import_line(conn: Connection, raw: str, tally: ImportTally, rules: RuleSet, edition: int) -> None:
    try:
        draft = _importable(read_line(raw))
    except InputError as error:
        tally.refused.append((tally.lines, str(error)))
        return
    now = datetime.now(UTC)
    sources.ensure(conn, draft.source, draft.source)
    verdict = admit(
        conn,
        draft,
        rules=rules,
        arrival=Arrival("import"),
        now=now,
        judged=draft.published or now,
        edition=edition,
    )
    tally.actions[verdict.action] += 1


def _importable(draft: Draft) -> Draft:
    if not is_web(draft.url):
        raise InputError('"url" must be an http or https address')
    url = canonical(draft.url)
    source = draft.source.strip() or (urlsplit(url).hostname or "")
    title, text, summary = map(_quiet, (draft.title, draft.text, draft.summary))
    return replace(draft, url=url, source=source, title=title, text=text, summary=summary)


_CONTROLS = dict.fromkeys(each for each in (*range(0x20), *range(0x7F, 0xA0)) if each not in (0x09, 0x0A, 0x0D))


def _quiet(text: str) -> str:
    """Without control characters, which readers cut out of what they fetch: a terminal would obey them."""
    return text.translate(_CONTROLS)


def _batches(lines: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def write_jsonl(found: Iterable[Article], target: IO[str]) -> int:
    """One article line each; the number of lines."""
    return sum(1 for article in found if target.write(dump_line(article_record(article)) + "\n"))


def write_csv(found: Iterable[Article], target: IO[str]) -> int:
    """A header and a row each, cells safe to open in a spreadsheet; the number of rows, the header not counted."""
    rows = csv.DictWriter(target, EXPORT_COLUMNS)
    rows.writeheader()
    return sum(1 for article in found if rows.writerow(_cells(article)))


def _cells(article: Article) -> dict[str, str]:
    return {column: csv_cell(value) for column, value in article_record(article).items()}
