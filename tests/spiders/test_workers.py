"""The reading processes: what one document can cost, and how they end."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import DeadlineExceeded, ReadError
from core.model import Draft, Page, Source
from spiders.workers import Workers

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOURCE = Source("news", "News", "feed", "https://news.example/feed", full_text=False)
FEED = b"<rss><channel><item><title>A headline</title><link>https://news.example/1</link></item></channel></rss>"
HEAVY = b"<html><body><article>" + b"<p>Many <b>words</b> of <a href='/x'>little</a> weight.</p>" * 60_000
# Elements with so many attributes keep the parser in C for many seconds, where no signal reaches Python.
STUCK = (b"<p " + b" ".join(b'a%d="x"' % i for i in range(4_900)) + b">text</p>") * 100
ROOT = Path(__file__).parents[2]


def page(body: bytes) -> Page:
    return Page("https://news.example/feed", "https://news.example/feed", 200, {}, body, NOW)


async def read(workers: Workers, body: bytes = FEED, kind: str = "feed") -> list[str]:
    found = await workers.read(kind, SOURCE, page(body), timezone="UTC", now=NOW)
    return [item.title for item in found if isinstance(item, Draft)]


async def test_documents_are_read_in_other_processes(workers: Workers) -> None:
    assert await asyncio.gather(*(read(workers) for _ in range(20))) == [["A headline"]] * 20


async def test_what_a_reader_says_comes_back_as_its_reason(workers: Workers) -> None:
    with pytest.raises(ReadError, match=r"^empty document$"):
        await read(workers, b"")
    with pytest.raises(ReadError, match=r"^no reader for sources of kind moon$"):
        await read(workers, kind="moon")


@pytest.mark.parametrize("document", [HEAVY, STUCK], ids=["heavy", "stuck"])
async def test_a_document_that_takes_too_long_costs_itself_only(document: bytes) -> None:
    workers = Workers(1, deadline=0.3)
    workers.start()
    try:
        slow = asyncio.ensure_future(read(workers, document, "article"))
        behind_it = asyncio.ensure_future(read(workers))
        with pytest.raises(DeadlineExceeded, match=r"longer than 0.3 s"):
            await slow
        assert await behind_it == ["A headline"]
    finally:
        workers.stop()


async def test_a_killed_worker_costs_one_document() -> None:
    workers = Workers(1, deadline=60)
    before = set(multiprocessing.active_children())
    workers.start()
    try:
        assert await read(workers) == ["A headline"]
        (worker,) = set(multiprocessing.active_children()) - before
        doomed = asyncio.ensure_future(read(workers, HEAVY, "article"))
        others = [asyncio.ensure_future(read(workers)) for _ in range(5)]
        await asyncio.to_thread(_until_at_work, worker.pid or 0)
        os.kill(worker.pid or 0, signal.SIGKILL)
        with pytest.raises(ReadError, match="crashed on this document"):
            await doomed
        assert await asyncio.gather(*others) == [["A headline"]] * 5
    finally:
        workers.stop()


def _until_at_work(pid: int) -> None:
    """Until the process has used a fifth of a second of CPU more than it had."""
    begun = _cpu(pid)
    _wait(lambda: _cpu(pid) > begun + 20)


def _cpu(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11])


def _wait(condition: Callable[[], bool], seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.02)


async def test_stopped_readers_say_so() -> None:
    with pytest.raises(ReadError, match="stopped"):
        await read(Workers(1))


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes through /proc")
def test_all_processes_end_when_their_parent_is_killed() -> None:
    program = """
import asyncio, sys
from tests.spiders.test_workers import FEED, HEAVY, Workers, read

async def main():
    workers = Workers(2)
    workers.start()
    await read(workers)
    print("ready", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=ROOT, start_new_session=True)
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"ready\n"
    family = _session(parent.pid)
    assert len(family) >= 4  # itself, the server that forks, and two readers
    parent.kill()
    parent.wait()
    parent.stdout.close()
    _wait(lambda: not _session(parent.pid), seconds=10)


def _session(leader: int) -> set[int]:
    """The living processes of a session."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue
        if int(session) == leader and state != "Z":
            found.add(int(stat.parent.name))
    return found
