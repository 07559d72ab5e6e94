"""One thread writes: in batches, each work for itself."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from itertools import groupby
from threading import Event, get_ident

import pytest
from sqlalchemy import Connection, insert

from archive.database import Archive
from archive.schema import milestone
from core.errors import ArchiveError
from tests.archive.scene import START, Scene


def reach(name: str) -> Callable[[Connection], str]:
    def work(conn: Connection) -> str:
        conn.execute(insert(milestone).values(name=name, reached=START))
        return name

    return work


async def test_a_write_returns_after_its_commit(scene: Scene) -> None:
    assert await scene.archive.write(reach("one")) == "one"
    assert scene.count("milestone") == 1


async def test_what_waits_is_committed_together(scene: Scene) -> None:
    started, go = Event(), Event()
    commits: list[object] = []

    def slow(_: Connection) -> None:
        started.set()
        assert go.wait(10)

    def note(conn: Connection) -> None:
        commits.append(conn.get_transaction())

    first = asyncio.ensure_future(scene.archive.write(slow))
    await asyncio.to_thread(started.wait, 10)
    others = [asyncio.ensure_future(scene.archive.write(note)) for _ in range(70)]
    await asyncio.sleep(0)  # let each hand in its work
    go.set()
    await asyncio.gather(first, *others)
    sizes = [len(list(same)) for _, same in groupby(commits, key=id)]
    assert sizes == [50, 20]


async def test_a_failing_work_takes_no_other_down(scene: Scene) -> None:
    def fail(conn: Connection) -> None:
        reach("half")(conn)
        raise KeyError("mine")

    results = await asyncio.gather(
        *(scene.archive.write(work) for work in (reach("a"), fail, reach("b"))), return_exceptions=True
    )
    assert results[0] == "a"
    assert isinstance(results[1], KeyError)
    assert results[2] == "b"
    assert scene.count("milestone") == 2


async def test_a_work_that_lost_a_race_is_tried_once_more(scene: Scene) -> None:
    tries = []

    def clumsy(conn: Connection) -> None:
        tries.append(1)
        reach("taken" if len(tries) == 1 else "free")(conn)

    started, go = Event(), Event()

    def slow(conn: Connection) -> None:
        started.set()
        assert go.wait(10)

    first = asyncio.ensure_future(scene.archive.write(slow))
    await asyncio.to_thread(started.wait, 10)
    works = [asyncio.ensure_future(scene.archive.write(work)) for work in (reach("taken"), clumsy)]
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(first, *works)
    assert (len(tries), scene.count("milestone")) == (2, 2)


async def test_works_run_in_order_in_one_thread_that_is_not_ours(scene: Scene) -> None:
    order: list[int] = []
    threads: set[int] = set()

    def work(number: int) -> Callable[[Connection], None]:
        def run(_: Connection) -> None:
            order.append(number)
            threads.add(get_ident())

        return run

    await asyncio.gather(*(scene.archive.write(work(n)) for n in range(120)))
    assert order == list(range(120))
    assert len(threads) == 1
    assert get_ident() not in threads


async def test_a_caller_that_gave_up_costs_nothing(scene: Scene) -> None:
    started, go = Event(), Event()

    def slow(_: Connection) -> None:
        started.set()
        assert go.wait(10)

    first = asyncio.ensure_future(scene.archive.write(slow))
    await asyncio.to_thread(started.wait, 10)
    given_up = asyncio.ensure_future(scene.archive.write(reach("never")))
    await asyncio.sleep(0)
    given_up.cancel()
    with suppress(asyncio.CancelledError):
        await given_up
    await asyncio.sleep(0)  # let the queued work hear of it
    go.set()
    await first
    await scene.archive.write(reach("after"))
    assert scene.count("milestone") == 1


async def test_closing_finishes_what_waits(opened: Callable[[], Archive]) -> None:
    archive = opened()
    waiting = [asyncio.ensure_future(archive.write(reach(str(n)))) for n in range(60)]
    await asyncio.sleep(0)
    await asyncio.to_thread(archive.close)
    assert await asyncio.gather(*waiting) == [str(n) for n in range(60)]
    with pytest.raises(ArchiveError, match="closed"):
        await archive.write(reach("late"))


async def test_reading_goes_on_while_something_is_written(scene: Scene) -> None:
    started, go = Event(), Event()

    def slow(conn: Connection) -> None:
        reach("slow")(conn)
        started.set()
        assert go.wait(10)

    writing = asyncio.ensure_future(scene.archive.write(slow))
    await asyncio.to_thread(started.wait, 10)
    seen = await scene.archive.ask(lambda conn: conn.exec_driver_sql("SELECT count(*) FROM milestone").scalar_one())
    go.set()
    await writing
    assert seen == 0
