"""The processes that read documents: a pool with a deadline per document. It decides nothing about what is read.

A document that hangs, eats memory or crashes the parser costs itself and one worker, which is replaced. Workers are
forked from a clean server process (never from ours, with its threads and loop), and end when we are killed.
"""

import asyncio
import contextlib
import logging
import multiprocessing
import os
import resource
import threading
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime

from pebble import CONSTS, ProcessExpired, ProcessPool

from core.errors import DeadlineExceeded, ReadError
from core.model import Draft, Follow, Listing, Page, Source

DEADLINE = 5.0  # seconds of reading per document
KILL_AFTER = 0.2  # seconds between the polite and the certain end of a worker: a parser stuck in C hears neither
TASKS_PER_WORKER = 2_000  # then a fresh one: parsers leak
MEMORY_MAX = 2 * 1024**3  # address space of a worker


class Workers:
    """A pool of reading processes. `start` before threads and reactor; `survey` and `read` from the loop; `stop` from
    anywhere."""

    def __init__(self, count: int | None = None, *, deadline: float = DEADLINE) -> None:
        self._count = count or max(1, os.cpu_count() or 1)
        self._deadline = deadline
        self._pool: ProcessPool | None = None

    def start(self) -> None:
        """Brings the processes up, not only at the first document."""
        CONSTS.term_timeout = KILL_AFTER
        self._pool = ProcessPool(
            max_workers=self._count,
            max_tasks=TASKS_PER_WORKER,
            initializer=_begin,
            context=_context(),
        )
        self._pool.schedule(os.getpid)

    def stop(self) -> None:
        """Ends all workers now; what they were reading is lost."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()

    async def read(
        self, kind: str, source: Source, page: Page, *, timezone: str, now: datetime
    ) -> list[Draft | Follow]:
        """What the page lists, as `survey` finds it."""
        return list((await self.survey(kind, source, page, timezone=timezone, now=now)).entries)

    async def survey(self, kind: str, source: Source, page: Page, *, timezone: str, now: datetime) -> Listing:
        """What the reader of `kind` makes of the page. Raises ReadError; DeadlineExceeded after 5 s."""
        if self._pool is None:
            raise ReadError("the readers are stopped")
        try:
            future = self._pool.schedule(
                survey_document, args=(kind, source, page, timezone, now), timeout=self._deadline
            )
            return await asyncio.wrap_future(future)
        except TimeoutError:
            raise DeadlineExceeded(f"reading took longer than {self._deadline:g} s") from None
        except (ProcessExpired, CancelledError):
            raise ReadError("the reader crashed on this document") from None
        except (BrokenProcessPool, RuntimeError):
            self._restart()
            raise ReadError("the readers were restarted") from None

    def _restart(self) -> None:
        broken, self._pool = self._pool, None
        if broken is None:
            return
        threading.Thread(target=_end, args=(broken,), daemon=True).start()  # joining may take seconds
        self.start()


def _end(pool: ProcessPool) -> None:
    with contextlib.suppress(Exception):  # it is broken: whatever is left of it ends
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _context() -> multiprocessing.context.BaseContext:
    """forkserver with the readers loaded once for all workers; spawn where there is none."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["spiders.readers"])
    return context


def _begin() -> None:
    """In each worker at its start."""
    logging.disable(logging.CRITICAL)  # what a parser complains of comes back as ReadError
    with contextlib.suppress(OSError, ValueError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that is killed cannot tell us; its end of a pipe closes."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def survey_document(kind: str, source: Source, page: Page, timezone: str, now: datetime) -> Listing:
    """In a worker: one document read. Raises nothing but ReadError: what cannot be pickled would break the pool."""
    from spiders.readers import READERS, surveyed  # noqa: PLC0415 (the parent never loads the parsers)

    if kind not in READERS:
        raise ReadError(f"no reader for sources of kind {kind}")
    try:
        return surveyed(kind, source, page, timezone=timezone, now=now)
    except ReadError as error:
        raise ReadError(error.reason) from None
    except Exception as error:
        raise ReadError(f"the reader failed: {type(error).__name__}") from None
