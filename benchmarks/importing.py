"""What it costs to import everything: rate, memory and archive size, through the real command, on SQLite.

    .venv/bin/python -m benchmarks.importing [--lines N] [--killed] [--profile]

All documents of the real corpora in their order, by `rasad import` in a process of its own. Rates are per second of
that process's CPU time: the machine may be shared. --killed: the import is ended by kill -9 a few times and started
again, and must end in the same archive. --profile: where the time goes, of the first lines, in this process.
"""

import argparse
import cProfile
import json
import pstats
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import settings
from archive import articles, exchange
from archive.database import Archive
from benchmarks._corpora import ARTICLES, FARS, POSTS, TUNISIAN, WIRE, Text, texts
from core.rules.match import compile_rules

ROOT = Path(__file__).parent.parent
CORPORA = (POSTS, ARTICLES, TUNISIAN, WIRE, FARS)
KILLED_AT = (0.2, 0.5, 0.8)  # of the articles


def all_lines() -> Iterator[str]:
    """Article lines of all corpora. Wire items of 1987 have no date that a line could carry."""
    for text in chain.from_iterable(map(texts, CORPORA)):
        yield article_line(text)


def article_line(text: Text) -> str:
    """A document as a line for `rasad import`."""
    url = text.id if text.id.startswith("http") else f"https://corpus.example/{text.source}/{text.id}"
    dated = text.published if text.published[:2] == "20" else None
    line = {"url": url, "title": text.title, "text": text.body, "published": dated, "language": text.language}
    return json.dumps(line | {"source": text.source}, ensure_ascii=False) + "\n"


def write_lines(folder: Path, most: int | None) -> tuple[Path, int]:
    path, count = folder / "lines.jsonl", 0
    with path.open("w", encoding="utf-8") as target:
        for line in islice(all_lines(), most):
            count += bool(target.write(line))
    return path, count


def configured(folder: Path, name: str) -> tuple[Path, Path]:
    """A config file whose archive lies in the folder; and where that is."""
    shipped = (ROOT / "config.toml").read_text(encoding="utf-8")
    database = folder / f"{name}.db"
    config = folder / f"{name}.toml"
    config.write_text(shipped.replace("sqlite:///data/rasad.db", f"sqlite:///{database}"), encoding="utf-8")
    return config, database


def start(config: Path, lines: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "cli", "import", str(lines), "--config", str(config)]
    return subprocess.Popen(command, cwd=ROOT)


def measure(folder: Path, lines: Path, count: int) -> None:
    config, database = configured(folder, "whole")
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    code = start(config, lines).wait()
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    archive = Archive.open(f"sqlite:///{database}")
    with archive.writing() as conn:
        rows: int = conn.exec_driver_sql("SELECT count(*) FROM article").scalar_one()
    archive.close()
    size = database.stat().st_size
    rates = f"{count / spent:,.0f} per CPU-second, {count / wall:,.0f} per second of the clock"
    print(f"exit {code}; {count:,} lines: {rates}")
    print(f"peak memory {after.ru_maxrss / 1024:,.0f} MB")
    print(f"archive {size / 1e6:,.0f} MB, {size / max(1, rows):,.0f} B an article of {rows:,}")
    print_tables(database, rows)


def print_tables(database: Path, rows: int) -> None:
    """What takes the room, where this SQLite can tell."""
    archive = Archive.open(f"sqlite:///{database}")
    question = """SELECT coalesce(tbl_name, stat.name), sum(pgsize) FROM dbstat AS stat
        LEFT JOIN sqlite_schema ON sqlite_schema.name = stat.name GROUP BY 1 ORDER BY 2 DESC LIMIT 12"""
    try:
        with archive.reading() as conn:
            for name, size in conn.exec_driver_sql(question):
                print(f"  {name:24} {size / rows:8,.0f} B an article")
    except Exception as error:  # an SQLite without dbstat
        print(f"  sizes of tables are not known: {error}")
    finally:
        archive.close()


def killed(folder: Path, lines: Path) -> None:
    """End the import by kill -9 and start it again; the archive must be that of one which ran through."""
    whole, _ = configured(folder, "through")
    start(whole, lines).wait()
    one = contents(folder / "through.db")
    config, database = configured(folder, "killed")
    archive = Archive.open(f"sqlite:///{database}")
    for share in KILLED_AT:
        child = start(config, lines)
        while child.poll() is None and recorded(archive) < share * len(one):
            time.sleep(0.05)
        child.send_signal(signal.SIGKILL)
        print(f"killed at {recorded(archive):,} of {len(one):,} articles: exit {child.wait()}")
    archive.close()
    start(config, lines).wait()
    other = contents(database)
    same = sum(one[url] == other.get(url) for url in one)
    print(f"articles of the one that ran through {len(one):,}, of the killed one {len(other):,}; the same: {same:,}")
    if one.keys() != other.keys():
        sys.exit("articles are lost or repeated")


def recorded(archive: Archive) -> int:
    with archive.reading() as conn:
        return articles.count(conn)


def contents(database: Path) -> dict[str, tuple[Any, ...]]:
    """Article by address: its text, and whose copy it is by address. Fails where one is there twice."""
    archive = Archive.open(f"sqlite:///{database}")
    with archive.reading() as conn:
        found = list(articles.export(conn))
    archive.close()
    address = {each.id: each.url for each in found}
    assert len(set(address.values())) == len(found), "an article was recorded twice"
    return {each.url: (each.text, each.title, address.get(each.duplicate_of or 0)) for each in found}


def profile(folder: Path, most: int) -> None:
    config = settings.load(ROOT / "config.toml")
    rules = compile_rules(config.names, config.topics)
    archive = Archive.open(f"sqlite:///{folder}/profile.db")
    profiler = cProfile.Profile()
    profiler.enable()
    exchange.import_lines(archive, islice(all_lines(), most), rules=rules, edition=1, on_batch=lambda _: None)
    profiler.disable()
    archive.close()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--lines", type=int, help="of all, the first; all by default")
    options.add_argument("--killed", action="store_true")
    options.add_argument("--profile", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if chosen.profile:
            profile(folder, chosen.lines or 5_000)
            return
        lines, count = write_lines(folder, chosen.lines)
        if chosen.killed:
            killed(folder, lines)
        else:
            measure(folder, lines, count)


if __name__ == "__main__":
    main()
