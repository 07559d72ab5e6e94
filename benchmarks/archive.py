"""What the archive costs: `python -m benchmarks.archive [--url URL] [--articles N]`. Prints figures, asserts none.

Texts are made here: words drawn by Zipf's law from a made-up vocabulary in Arabic letters, about 3 KB each.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from sqlalchemy import text

from archive import outbox, search, sources, subscribers
from archive.database import Archive
from archive.intake import admit
from archive.status import status
from core.messages import Sending
from core.model import Alert, Arrival, Draft, Form, NameSet, Source, Topic
from core.rules.match import RuleSet, compile_query, compile_rules

T = TypeVar("T")

NOW = datetime(2026, 5, 14, tzinfo=UTC)
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
NAMES = {"qaani": NameSet("qaani", {"en": "Qaani"}, (Form("قاآني"), Form("Qaani")))}
TOPICS = {"qaani": Topic("qaani", {}, "@qaani"), "cabinet": Topic("cabinet", {}, "الحكومة AND بغداد")}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--url", help="an empty archive; SQLite in a temporary folder by default")
    options.add_argument("--articles", type=int, default=5_000)
    chosen = options.parse_args()
    with TemporaryDirectory() as folder:
        archive = Archive.open(chosen.url or f"sqlite:///{folder}/rasad.db", evidence=Path(folder) / "evidence")
        with archive.reading() as conn:
            print(f"{status(conn, NOW).database}, {chosen.articles:,} articles")
        for figures in (starting, recording, searching, claiming_sources, fanning_out, claiming_messages):
            for what, figure in figures(archive, chosen.articles):
                print(f"  {what:<58} {figure}")
        archive.close()


def starting(archive: Archive, _: int) -> Iterator[tuple[str, str]]:
    """Opening an archive that is up to date."""
    url = str(archive).removeprefix("Archive(").removesuffix(")")
    seconds = timed(lambda: Archive.open(url).close())
    yield "open, nothing to migrate", f"{seconds * 1000:.1f} ms"


def recording(archive: Archive, count: int) -> Iterator[tuple[str, str]]:
    """Look up, judge and record, full-text index included, through the writer thread."""
    feeds = [Source(f"s{n}", f"S{n}", "feed", f"https://s{n}.example/") for n in range(20)]
    with archive.writing() as conn:
        sources.sync(conn, feeds, NOW)
    rules = compile_rules(NAMES, TOPICS)
    drafts = list(articles(count))
    half = count // 2
    busy = time.process_time()
    together = timed(lambda: asyncio.run(_admit(archive, drafts[:half], rules, at_once=50)))
    busy = time.process_time() - busy
    yield "record, 50 waiting (batches)", f"{half / together:,.0f} articles/s, {half / busy:,.0f} per CPU-second"
    singles = drafts[half : half + min(half, 500)]
    alone = timed(lambda: asyncio.run(_admit(archive, singles, rules, at_once=1)))
    yield "record, one after the other (a commit each)", f"{len(singles) / alone:,.0f} articles/s"
    asyncio.run(_admit(archive, drafts[half + len(singles) :], rules, at_once=50))
    again = timed(lambda: asyncio.run(_admit(archive, drafts[:half], rules, at_once=50)))
    yield "the same again (known)", f"{half / again:,.0f} articles/s"
    matching = timed(lambda: [rules.match(draft) for draft in drafts[:500]])
    yield "of which matching alone would allow", f"{500 / matching:,.0f} articles/s"
    with archive.reading() as conn:
        yield "size per article", f"{status(conn, NOW).size / count / 1024:.1f} KiB"


async def _admit(archive: Archive, drafts: Sequence[Draft], rules: RuleSet, *, at_once: int) -> None:
    for start in range(0, len(drafts), at_once):
        await asyncio.gather(
            *(
                archive.write(partial(admit, draft=draft, rules=rules, arrival=Arrival(), now=NOW, edition=1))
                for draft in drafts[start : start + at_once]
            )
        )


def searching(archive: Archive, _: int) -> Iterator[tuple[str, str]]:
    """Fifty newest results of words of different frequency."""
    for what, query in (
        ("a common word", "الحكومة"),
        ("a name", "@qaani"),
        ("a rare word", word(4_000)),
        ("a phrase of common words", f'"{word(3)} {word(5)}"'),
        ("boolean", f"@qaani AND ({word(3)} OR {word(9)}) NOT {word(2)}"),
    ):
        rules = compile_query(query, NAMES)

        def ask(rules: RuleSet = rules) -> int:
            with archive.reading() as conn:
                return len(search.search(conn, rules, limit=50))

        times = [timed(ask) for _ in range(15)]
        yield f"search: {what} ({ask()} found)", f"p50 {spread(times, 50)}, p95 {spread(times, 95)}"


def claiming_sources(archive: Archive, _: int) -> Iterator[tuple[str, str]]:
    """Claim sixteen due sources while very many are due."""
    for count in (1_000, 10_000):
        feeds = [Source(f"d{n}", f"D{n}", "feed", f"https://d{n}.example/") for n in range(count)]
        with archive.writing() as conn:
            synced = timed(partial(sources.sync, conn, feeds, NOW))
        claims = []
        for turn in range(10):
            claim = partial(sources.claim_due, owner=f"o{turn}", now=NOW, limit=16)
            claims.append(timed(lambda claim=claim: write(archive, claim)))  # type: ignore[misc]  # bound in the loop
        yield f"sync {count:,} sources", f"{synced * 1000:,.0f} ms"
        yield f"claim 16 of {count:,} due sources", f"p50 {spread(claims, 50)}, max {max(claims) * 1000:.1f} ms"
        idle = timed(
            lambda: write(archive, partial(sources.claim_due, owner="o", now=NOW - timedelta(days=1), limit=16))
        )
        yield f"claim when none of {count:,} is due", f"{idle * 1000:.1f} ms"


def fanning_out(archive: Archive, _: int) -> Iterator[tuple[str, str]]:
    """One alert for ten thousand subscribers, in its article's transaction."""
    with archive.writing() as conn:
        for chat in range(10_000):
            subscribers.join(conn, channel="telegram", chat=chat, language="ar", timezone="Asia/Baghdad", now=NOW)
        article = conn.execute(text("SELECT id, story FROM article ORDER BY id LIMIT 1")).one()
    enqueue = partial(
        outbox.enqueue, story=article.story, article=article.id, alerts=[Alert("qaani", "normal", "turn:1")], now=NOW
    )
    yield "enqueue for 10,000 subscribers, commit included", f"{timed(lambda: write(archive, enqueue)) * 1000:.0f} ms"


def claiming_messages(archive: Archive, _: int) -> Iterator[tuple[str, str]]:
    """Claim and settle while ten thousand messages wait."""
    claims, settled = [], []
    for _turn in range(20):
        claim = partial(outbox.claim, channel="telegram", owner="o", now=NOW, lease=timedelta(minutes=1), limit=25)
        started = time.perf_counter()
        sendings = write(archive, claim)
        claims.append(time.perf_counter() - started)
        started = time.perf_counter()
        asyncio.run(_settle(archive, sendings))
        settled.append((time.perf_counter() - started) / len(sendings))
    yield "claim 25 of 10,000 messages", f"p50 {spread(claims, 50)}, max {max(claims) * 1000:.1f} ms"
    yield "settle, 25 waiting", f"{1 / statistics.median(settled):,.0f} messages/s"


async def _settle(archive: Archive, sendings: Sequence[Sending]) -> None:
    await asyncio.gather(
        *(archive.write(partial(outbox.sent, sending=sending, message_id=1, now=NOW)) for sending in sendings)
    )


def write(archive: Archive, work: Callable[..., T]) -> T:
    with archive.writing() as conn:
        return work(conn)


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def spread(times: Sequence[float], percent: int) -> str:
    return f"{sorted(times)[min(len(times) - 1, len(times) * percent // 100)] * 1000:.1f} ms"


def word(rank: int) -> str:
    """The word of this rank in the made-up vocabulary: the lower the commoner."""
    seeded = random.Random(rank)
    return "".join(seeded.choice(LETTERS) for _ in range(seeded.randint(3, 8)))


def articles(count: int) -> Iterator[Draft]:
    """Drafts of about 3 KB; the two topics occur in some of them."""
    seeded = random.Random(7)
    vocabulary = [word(rank) for rank in range(1, 30_000)]
    vocabulary[0:0] = ["الحكومة", "بغداد"]
    weights = list(accumulate(1 / rank for rank in range(1, len(vocabulary) + 1)))
    for number in range(count):
        words = seeded.choices(vocabulary, cum_weights=weights, k=330)
        if number % 20 == 0:
            words[seeded.randrange(330)] = "قاآني"
        outlet = f"s{number % 20}"
        yield Draft(
            source=outlet,
            url=f"https://{outlet}.example/{number}",
            title=" ".join(words[:9]),
            text=" ".join(words),
            guid=str(number),
            published=NOW,
            language="ar",
            listing=str(number),
            fetched=NOW,
        )


if __name__ == "__main__":
    main()
