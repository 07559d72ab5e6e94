"""How long searches of an archive take: `python -m benchmarks.search [--articles 100000] [--url URL] [--keep FILE]`.

A synthetic archive: texts of about 3 KB, their words drawn by Zipf's law from a made-up vocabulary in Arabic letters,
spread over 90 days. Queries of each kind take words of different frequency; p50 and p95 over all of them, each asked
in turn, fifty results, highlights included: time on the wall, and CPU time of this process, which on SQLite is all of
it. Goals in the last column.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import Connection, insert, text

from archive import backtest, facets, search, sources
from archive.database import Archive
from archive.fulltext import index_words, put_words
from archive.schema import article, hit, story
from benchmarks.archive import NAMES, NOW, articles, word
from core.model import Draft, Source
from core.rules.match import RuleSet, compile_query

DAYS = 90
BATCH = 1_000
FEEDS = [Source(f"s{n}", f"S{n}", "feed", f"https://s{n}.example/", language="ar") for n in range(20)]


class Took(NamedTuple):
    """Seconds."""

    wall: float
    cpu: float


RANKS = (2, 3, 5, 9, 20, 60, 150, 400, 1_000, 3_000, 8_000, 20_000)  # of words in the vocabulary


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--url", help="an empty PostgreSQL archive; SQLite by default")
    parser.add_argument("--keep", type=Path, help="an SQLite file to make, or to use again when it is there")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        file = asked.keep or Path(folder) / "rasad.db"
        filled = bool(asked.keep and asked.keep.exists())
        archive = Archive.open(asked.url or f"sqlite:///{file.absolute()}")
        if not filled:
            began = time.perf_counter()
            fill(archive, _dated(asked.articles))
            print(f"{asked.articles:,} articles made in {time.perf_counter() - began:.0f} s")
        _measure(archive)
        archive.close()
    return 0


# --- the archive -------------------------------------------------------------------------------------------------


def fill(archive: Archive, drafts: Iterable[Draft]) -> None:
    """Record drafts in their order, without judging them."""
    with archive.writing() as conn:
        sources.sync(conn, FEEDS, NOW)
    number, waiting = 0, list[Draft]()
    for draft in drafts:
        waiting.append(draft)
        if len(waiting) == BATCH:
            _write(archive, waiting, number)
            number, waiting = number + BATCH, []
    _write(archive, waiting, number)
    _settle(archive)


def _settle(archive: Archive) -> None:
    """What PostgreSQL's autovacuum would have done in the time that so many articles take to arrive."""
    with archive.writing() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text("SELECT gin_clean_pending_list('article_words_words')"))
            conn.execute(text("ANALYZE"))


def _write(archive: Archive, drafts: Sequence[Draft], before: int) -> None:
    if drafts:
        with archive.writing() as conn:
            _record(conn, drafts, before)


def _dated(count: int) -> Iterator[Draft]:
    """Articles spread evenly over DAYS, the last one now."""
    for number, draft in enumerate(articles(count), start=1):
        language = ("ar", "ar", "ar", "fa", "en")[number % 5]
        yield replace(draft, published=NOW - timedelta(days=DAYS) * (1 - number / count), language=language)


def _record(conn: Connection, drafts: Sequence[Draft], before: int) -> None:
    """Rows as archive.recording writes them, without judging: only their number matters here."""
    numbered = list(enumerate(drafts, start=before + 1))
    conn.execute(insert(story), [{"id": number, "born": draft.published} for number, draft in numbered])
    conn.execute(insert(article), [_row(number, draft) for number, draft in numbered])
    for number, draft in numbered:
        put_words(conn, number, index_words(draft.title, draft.summary, draft.text))
    hits = [{"article": n, "kind": "topic", "what": "qaani", "level": "normal", "spans": []} for n, _ in numbered[::20]]
    conn.execute(insert(hit), hits)


def _row(number: int, draft: Draft) -> dict[str, object]:
    return {
        "id": number,
        "story": number,
        "source": draft.source,
        "arrival": "import",
        "edition": 1,
        "url": draft.url,
        "guid": draft.guid,
        "language": draft.language,
        "authors": [],
        "published": draft.published,
        "published_raw": "",
        "fetched": draft.published,
        "recorded": draft.published,
        "revision": 1,
        "revised": draft.published,
        "text_hash": "",
        "content_hash": str(number),
        "complete": True,
        "title": draft.title,
        "summary": draft.summary,
        "text": draft.text,
    }


# --- the questions -----------------------------------------------------------------------------------------------


def _queries(dice: random.Random) -> Iterator[tuple[str, int, list[str]]]:
    """Kind, goal for p95 in ms, and queries of it."""
    words = [word(rank) for rank in RANKS]
    pairs = [dice.sample(words, 2) for _ in range(20)]
    common = [dice.sample(words[:6], 2) for _ in range(10)]
    yield "term", 20, words
    yield "term and date", 20, [f"{each} date:2026-04-{day:02}" for each in words for day in (3, 20)]
    yield "date", 20, [f"date:2026-04-{day:02}" for day in range(1, 20)]
    yield "source and term", 20, [f"{each} source:s{place}" for place, each in enumerate(words)]
    yield "phrase", 50, [f'"{one} {two}"' for one, two in pairs]
    yield "phrase of common words", 50, [f'"{one} {two}"' for one, two in common]
    yield "boolean", 50, [f"{one} ({two} OR {words[7]}) NOT {words[4]}" for one, two in pairs]
    yield "near", 50, [f"{one} NEAR/5 {two}" for one, two in common]
    yield "name", 20, ["@qaani", f"@qaani {words[5]}"]


def _measure(archive: Archive) -> None:
    with archive.reading() as conn:
        total = conn.execute(text("SELECT count(*) FROM article")).scalar_one()
        print(f"{conn.dialect.name}, {total:,} articles")
        for kind, goal, queries in _queries(random.Random(4)):
            compiled = [compile_query(query, NAMES) for query in queries]
            _report(f"search: {kind}", goal, [_timed(lambda r=each: search.page(conn, r)) for each in compiled])  # type: ignore[misc]  # bound in the loop
        terms = [compile_query(word(rank), NAMES) for rank in RANKS]
        _report("second page", 20, [_second(conn, rules) for rules in terms])
        _report("ranked", 500, [_timed(lambda r=each: search.page(conn, r, order="ranked")) for each in terms])  # type: ignore[misc]  # bound in the loop
        _report("facets", 100, [_timed(lambda r=each: facets.facets(conn, r)) for each in terms])  # type: ignore[misc]  # bound in the loop
        since = NOW - timedelta(days=DAYS)
        for query in ("@qaani", f"{word(150)} OR {word(400)} NEAR/9 {word(20)}", word(9)):
            rules = compile_query(query, NAMES)
            took = [_timed(lambda r=rules: backtest.run(conn, r, since=since, now=NOW))]  # type: ignore[misc]  # bound in the loop
            _report(f"backtest of 90 days: {query}", 10_000, took)


def _second(conn: Connection, rules: RuleSet) -> Took:
    first = search.page(conn, rules)
    return _timed(lambda: search.page(conn, rules, cursor=first.next)) if first.next else Took(0.0, 0.0)


def _report(what: str, goal: int, took: list[Took]) -> None:
    wall, cpu = (sorted(each[place] * 1000 for each in took) for place in range(2))
    last = min(len(took) - 1, len(took) * 95 // 100)
    print(
        f"  {what:44} p50 {statistics.median(wall):7.1f} ms   p95 {wall[last]:7.1f} ms   "
        f"CPU {statistics.median(cpu):7.1f} {cpu[last]:7.1f}   goal {goal:6} ms",
        flush=True,
    )


def _timed(work: Callable[[], object]) -> Took:
    began, busy = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - began, time.process_time() - busy)
