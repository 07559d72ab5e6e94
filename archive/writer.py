"""The one thread that writes: it takes all work that waits and commits it together. Knows no table.

A unit of work is a function of the connection and of nothing that changes: it may run twice, once in a batch
that failed as a whole (a deadlock, a full disk, a lost connection) and once more alone.
"""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError

from core.errors import ArchiveError

T = TypeVar("T")
BATCH = 50  # more would keep other processes waiting for the lock


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], Any]
    future: Future[Any] = field(default_factory=Future)
    result: Any = None
    error: Exception | None = None

    def run(self, conn: Connection) -> None:
        """Run within a savepoint, so that a failing work takes no other down."""
        self.result = self.error = None
        try:
            with conn.begin_nested():
                self.result = self.work(conn)
        except Exception as error:  # the work's own: kept for its caller
            self.error = error

    def resolve(self) -> None:
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)

    @property
    def lost_a_race(self) -> bool:
        """Whether another process was in the way: the work deserves a second look at the database."""
        return isinstance(self.error, IntegrityError | OperationalError)


class Writer:
    """Runs works in order, in batches; a future resolves once its work is committed."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begin = begin
        self._waiting: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._lock = Lock()
        self._closed = False

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Queue `work`. Raises ArchiveError when the archive is closed."""
        job = _Job(work)
        with self._lock:
            if self._closed:
                raise ArchiveError("The archive is closed.")
            if self._thread is None:
                self._thread = Thread(target=self._loop, name="archive-writer", daemon=True)
                self._thread.start()
            self._waiting.put(job)
        return job.future

    def close(self) -> None:
        """Finish what waits, then end the thread. Harmless when repeated."""
        with self._lock:
            self._closed = True
            thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.put(None)
            thread.join()

    def _loop(self) -> None:
        while True:
            batch, last = self._take()
            if batch:
                self._commit(batch)
            if last:
                return

    def _take(self) -> tuple[list[_Job], bool]:
        """Wait for a job, then take what else waits. The caller who gave up before is left out."""
        batch: list[_Job] = []
        job = self._waiting.get()
        while job is not None:
            if job.future.set_running_or_notify_cancel():
                batch.append(job)
            if len(batch) >= BATCH:
                return batch, False
            try:
                job = self._waiting.get_nowait()
            except Empty:
                return batch, False
        return batch, True

    def _commit(self, batch: list[_Job]) -> None:
        try:
            with self._begin() as conn:
                for job in batch:
                    job.run(conn)
        except Exception as error:  # nothing of the batch is stored
            if len(batch) == 1:
                batch[0].future.set_exception(error)
                return
            again, done = batch, []
        else:
            again = [job for job in batch if job.lost_a_race and len(batch) > 1]
            done = [job for job in batch if job not in again]
        for job in done:
            job.resolve()
        for job in again:
            self._commit([job])
