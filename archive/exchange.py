"""Hand-over of whole archives: article lines in, article lines out. Knows no files and prints nothing."""

import csv
import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, islice
from typing import IO
from urllib.parse import urlsplit

from sqlalchemy import Connection

from archive import sources, stories
from archive.database import Archive
from archive.intake import admit
from core import atom
from core.errors import InputError
from core.lines import CSV_COLUMNS, article_record, csv_record, dump_line, read_line
from core.model import Action, Arrival, Article, Draft
from core.rules.match import RuleSet
from core.urls import canonical, is_web

AHEAD = 20  # lines that are looked at before anything is recorded
MERGE_EVERY = 100  # lines
FORGET_EVERY = 1_000  # lines
IN_ORDER = 5_000  # lines: what is old to the oldest of so many is not told of again
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
    Each batch is one transaction, so that an interrupted import is simply run again. Raises InputError for a file
    that holds something else, before anything is recorded.
    """
    tally, upkeep = ImportTally.empty(), Upkeep()
    known: set[str] = set()
    for batch in _batches(_article_lines(iter(lines))):
        with archive.writing() as conn:
            for raw in batch:
                tally.lines += 1
                if raw.strip():
                    upkeep.after(conn, _import_line(conn, raw, tally, rules, edition, known))
        stories.settle(archive)
        on_batch(tally)
    with archive.writing() as conn:
        upkeep.end(conn)
    return tally


def _article_lines(lines: Iterator[str]) -> Iterator[str]:
    """The same lines. Raises InputError where none of the first is a JSON object: one complaint helps, many do not."""
    ahead = list(islice(lines, AHEAD))
    said = [raw for raw in ahead if raw.strip()]
    if said and (said[0].lstrip().startswith("[") or not any(map(_is_object, said))):
        raise InputError(f"no article lines, which are a JSON object each: {_other_file(said[0])}")
    return chain(ahead, lines)


def _is_object(raw: str) -> bool:
    try:
        return isinstance(json.loads(raw), dict)
    except (ValueError, RecursionError):
        return False


def _other_file(first: str) -> str:
    """What a file seems to be whose first line is `first`."""
    start = first.lstrip()
    if first.startswith(("\x1f\udc8b", "PK\x03\x04", "(\udcb5/\udcfd")):
        return "it is compressed, unpack it first"
    if start.startswith("["):
        return "it begins like a JSON array, write one object per line"
    if start.startswith("{"):
        return "it begins like an object over several lines, write each on one"
    if start.startswith("<"):
        return "it begins like XML, `rasad read` is for feeds"
    if start.startswith("WARC/"):
        return "it is a WARC file, which is not read back"
    return "it looks like CSV, which is not read back" if "," in start else f"it begins with {start[:20].strip()!r}"


def _import_line(
    conn: Connection, raw: str, tally: ImportTally, rules: RuleSet, edition: int, known: set[str]
) -> datetime | None:
    """Record a line; the time by which it was judged, None for a refused one. `known`: sources that have a row."""
    try:
        draft = _importable(read_line(raw))
    except InputError as error:
        tally.refused.append((tally.lines, str(error)))
        return None
    now = datetime.now(UTC)
    if draft.source not in known:
        sources.ensure(conn, draft.source, draft.source)
        known.add(draft.source)
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
    return draft.published or now


class Upkeep:
    """What a monitor does every minute, done for stories as lines go by, on the lines' clock."""

    def __init__(self) -> None:
        self._clocks: deque[datetime] = deque(maxlen=IN_ORDER)
        self._lines = 0

    def after(self, conn: Connection, clock: datetime | None) -> None:
        """A line was recorded that was judged by `clock`."""
        if clock is None:
            return
        self._clocks.append(clock)
        self._lines += 1
        if self._lines % MERGE_EVERY == 0:
            stories.merge(conn)
        if self._lines % FORGET_EVERY == 0:
            stories.forget(conn, min(self._clocks))

    def end(self, conn: Connection) -> None:
        """The last line was recorded."""
        stories.tend(conn, min(self._clocks, default=datetime.min.replace(tzinfo=UTC)))


def _importable(draft: Draft) -> Draft:
    if not is_web(draft.url):
        raise InputError('"url" must be an http or https address')
    url = canonical(draft.url)
    source = draft.source.strip() or (urlsplit(url).hostname or "")
    title, text, summary = map(_quiet, (draft.title, draft.text, draft.summary))
    return replace(draft, url=url, source=source, title=title, text=text, summary=summary)


_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")


def _quiet(text: str) -> str:
    """Without control characters, which readers cut out of what they fetch: a terminal would obey them."""
    return _CONTROLS.sub("", text)


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
    rows = csv.DictWriter(target, CSV_COLUMNS)
    rows.writeheader()
    return sum(1 for article in found if rows.writerow(csv_record(article)))


def write_atom(found: Iterable[Article], target: IO[str], *, about: str, now: datetime) -> int:
    """An Atom feed (RFC 4287) with an entry each; the number of entries. `about`: what was asked for, "" for all."""
    target.write(atom.head(about, now))
    count = sum(1 for article in found if target.write(atom.entry(article)))
    target.write(atom.END)
    return count
