"""How fast the page is while collecting: `python -m benchmarks.web [--articles N] [--keep FILE] [--seconds 30]`.

Real texts of ../shared/data/corpora, judged by the shipped rules through the door of live collection, recorded over the
last 90 days. Then the page runs in a process of its own, as in the monitor. 20 readers ask for front pages, searches,
stories and articles in turn and read each for two seconds (--pause), while this process records ten articles a second.
Told: p50 and p95 of the time to the whole answer, beside those of one reader alone who never pauses, the bytes of a
first visit, and the server's memory.
"""

import argparse
import itertools
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import httpx
from sqlalchemy import Connection, func, select

import settings as config
from archive import sources
from archive.database import Archive
from archive.exchange import Upkeep
from archive.intake import admit
from archive.schema import article, hit
from benchmarks._corpora import ARTICLES, POSTS, WIRE, Text, texts
from core.model import Arrival, Draft
from core.rules.match import RuleSet, compile_rules

ROOT = Path(__file__).parent.parent
DAYS, BATCH = 90, 200
READERS, PER_SECOND = 20, 10
PORT = 8799
QUERIES = (
    "@qaani",
    "topic:iraqi_militias",
    "بغداد",
    "title:الحكومة",
    "oil OR نفط",
    '"prime minister"',
    "تهران NEAR/5 عراق",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="an SQLite file to make, or to use again when it is there")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--pause", type=float, default=2, help="mean seconds for which a reader reads; 0: full load")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        file = (asked.keep or Path(folder) / "rasad.db").absolute()
        filled = file.exists()
        archive = Archive.open(f"sqlite:///{file}")
        if not filled:
            began = time.perf_counter()
            fill(archive, asked.articles, datetime.now(UTC))
            print(f"{asked.articles:,} articles recorded in {time.perf_counter() - began:.0f} s", flush=True)
        _measure(archive, file, Path(folder), asked.seconds, asked.pause)
        archive.close()
    return 0


# --- the archive -------------------------------------------------------------------------------------------------


def fill(archive: Archive, count: int, now: datetime) -> None:
    """Record so many articles, spread evenly over the days before `now`."""
    rules, upkeep, begin = _rules(), Upkeep(), now - timedelta(days=DAYS)
    step = timedelta(days=DAYS) / count
    drafts = itertools.islice(_drafts(), count)
    for start in range(0, count, BATCH):
        with archive.writing() as conn:
            for place, draft in enumerate(itertools.islice(drafts, BATCH), start):
                _record(conn, draft, rules, begin + place * step)
                upkeep.after(conn, begin + place * step)


def _record(conn: Connection, draft: Draft, rules: RuleSet, at: datetime) -> None:
    sources.ensure(conn, draft.source, draft.source)
    dated = replace(draft, published=at - timedelta(minutes=3), fetched=at)
    admit(conn, dated, rules=rules, arrival=Arrival("import"), now=at, edition=0)


def _rules() -> RuleSet:
    shipped = config.load(ROOT / "config.toml")
    return compile_rules(shipped.names, shipped.topics)


def _drafts() -> Iterator[Draft]:
    """Texts of the corpora by turns, so that every language stands everywhere."""
    kinds = [texts(POSTS), texts(ARTICLES), texts(WIRE)]
    for number, text in enumerate(_by_turns(kinds)):
        yield Draft(
            text.source, f"https://{_host(text)}.example/{number}", text.title, text.body, language=text.language
        )


def _by_turns(kinds: Sequence[Iterator[Text]]) -> Iterator[Text]:
    for row in itertools.zip_longest(*kinds):
        yield from filter(None, row)


def _host(text: Text) -> str:
    return "".join(each for each in text.source.lower() if each.isalnum() and each.isascii()) or "outlet"


# --- the measurement -------------------------------------------------------------------------------------------------


def _measure(archive: Archive, file: Path, folder: Path, seconds: float, pause: float) -> None:
    config_file = folder / "config.toml"
    shipped = (ROOT / "config.toml").read_text("utf-8")
    moved = re.sub(r'(?m)^url = "sqlite:[^"]*"', f'url = "sqlite:///{file}"', shipped, count=1)
    config_file.write_text(re.sub(r"(?m)^listen = .*", f'listen = "127.0.0.1:{PORT}"', moved, count=1), "utf-8")
    server = subprocess.Popen([sys.executable, "-m", "web.server", str(config_file)], cwd=ROOT, stdin=subprocess.PIPE)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=60) as client:
            _wait_for(client)
            paths = _paths(archive)
            _ask(client, paths, 3)  # warm
            quiet = _ask(client, paths, seconds / 3)
            busy, recorded = _while_collecting(archive, client, paths, seconds, pause)
            print(f"{'page':10} {'p50':>7} {'p95':>7} {'answers':>8} {'alone p50':>10} {'p95':>7}   ms")
            for kind in paths:
                told = [f"{figure:7.0f}" for figure in _quantiles(busy[kind])]
                alone = [f"{figure:7.0f}" for figure in _quantiles(quiet[kind])]
                print(f"{kind:10} {told[0]} {told[1]} {len(busy[kind]):8} {alone[0]:>10} {alone[1]}")
            print(f"{recorded} articles recorded meanwhile, {_articles(archive):,} in the archive")
            print(f"memory of the page's process: {_peak(server.pid)} MB at most")
            print(f"first visit: {_first_paint(client) / 1024:.1f} KB of {', '.join(FIRST_PAINT)}")
    finally:
        server.terminate()
        server.wait()


def _wait_for(client: httpx.Client) -> None:
    for _ in range(600):
        try:
            client.get("/static/rasad.svg")
        except httpx.TransportError:
            time.sleep(0.1)  # a process that starts tells nobody when it listens
        else:
            return
    sys.exit("the page did not start")


Paths = dict[str, list[str]]


def _paths(archive: Archive) -> Paths:
    """What is asked for: stories and articles that hit a topic, and some that do not."""
    with archive.reading() as conn:
        hits = conn.execute(
            select(hit.c.article).where(hit.c.kind == "topic").order_by(hit.c.article.desc()).limit(300)
        )
        ids = [*hits.scalars(), *conn.execute(select(article.c.id).order_by(article.c.id.desc()).limit(100)).scalars()]
        stories = [*conn.execute(select(article.c.story).where(article.c.id.in_(ids))).scalars()]
    return {
        "front": ["/", "/?span=7d", "/?lang=ar", "/?lang=fa"],
        "search": [f"/search?{urlencode({'q': query})}" for query in QUERIES],
        "story": [f"/stories/{id_}" for id_ in stories],
        "article": [f"/articles/{id_}" for id_ in ids],
    }


Took = dict[str, list[float]]  # milliseconds by kind of page


def _ask(client: httpx.Client, paths: Paths, seconds: float, seed: int = 0, pause: float = 0) -> Took:
    """One reader, for so long."""
    random, took, until = Random(seed), {kind: list[float]() for kind in paths}, time.perf_counter() + seconds
    while time.perf_counter() < until:
        for kind, each in paths.items():
            began = time.perf_counter()
            answer = client.get(random.choice(each), follow_redirects=True)
            took[kind].append(1000 * (time.perf_counter() - began))
            if answer.status_code != 200:
                sys.exit(f"{answer.url} answered {answer.status_code}")
            time.sleep(random.uniform(0, 2 * pause))  # the reader reads
    return took


def _while_collecting(
    archive: Archive, client: httpx.Client, paths: Paths, seconds: float, pause: float
) -> tuple[Took, int]:
    done, recorded = threading.Event(), 0
    rules, drafts = _rules(), itertools.islice(_drafts(), 50_000, None)
    with ThreadPoolExecutor(READERS) as readers:
        asked = [readers.submit(_ask, client, paths, seconds, seed, pause) for seed in range(1, READERS + 1)]
        while not all(each.done() for each in asked) and not done.wait(1 / PER_SECOND):
            draft = replace(next(drafts), url=f"https://late.example/{time.time_ns()}")
            with archive.writing() as conn:
                _record(conn, draft, rules, datetime.now(UTC))
            recorded += 1
        each_took = [each.result() for each in asked]
    return {kind: [figure for took in each_took for figure in took[kind]] for kind in paths}, recorded


def _quantiles(figures: Sequence[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(figures, n=20)
    return cuts[9], cuts[18]


def _articles(archive: Archive) -> int:
    with archive.reading() as conn:
        return conn.execute(select(func.count()).select_from(article)).scalar_one()


FIRST_PAINT = ("/", "/static/rasad.css", "/static/htmx-2.0.11.min.js", "/static/keys.js", "/static/charts.js")


def _first_paint(client: httpx.Client) -> int:
    """Bytes of bodies as they go over the wire."""
    total = 0
    for path in FIRST_PAINT:
        with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
            total += sum(len(chunk) for chunk in answer.iter_raw())
    return total


def _peak(pid: int) -> int:
    """The most memory that a process had, in MB (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(re.findall(r"VmHWM:\s*(\d+) kB", status)[0]) // 1024


if __name__ == "__main__":
    raise SystemExit(main())
