"""Archive: opens, migrates and closes the database and hands out transactions. It knows no table."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine

from archive.engine import PATIENCE, connect, place, plainly, refuse_other_encodings
from archive.migrate import migrate
from archive.writer import Writer

T = TypeVar("T")


class Archive:
    """An open archive. Reading is free for every thread; writing goes through one thread of this process."""

    def __init__(self, engine: Engine, *, evidence: Path | None) -> None:
        self.evidence = evidence
        self._engine = engine
        self._readers = engine.execution_options(postgresql_readonly=True)
        self._writers = engine.execution_options(writes=True, evidence=evidence)
        self._writer = Writer(self.writing)

    @classmethod
    def open(cls, url: str, *, evidence: Path | None = None, patience: timedelta = PATIENCE) -> "Archive":
        """Open the archive at `url`, made and brought up to date if need be.

        `evidence` is the folder of fetched bytes, or None to keep none. `patience` is how long a transaction
        waits for another process. Raises ArchiveError with one sentence that tells the remedy.
        """
        engine = connect(url, patience=patience)
        archive = cls(engine, evidence=evidence)
        try:
            with plainly(engine):
                refuse_other_encodings(engine)
                migrate(archive._writers)
        except BaseException:
            engine.dispose()
            raise
        return archive

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view for one question. Not for writing: PostgreSQL refuses."""
        with plainly(self._engine), self._readers.connect() as conn:
            yield conn

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, committed at the end unless something is raised. It must not outlast an await."""
        with plainly(self._engine), self._writers.begin() as conn:
            yield conn

    async def ask(self, work: Callable[[Connection], T]) -> T:
        """Read in a thread: the result of `work`."""
        return await asyncio.to_thread(self._ask, work)

    def _ask(self, work: Callable[[Connection], T]) -> T:
        with self.reading() as conn:
            return work(conn)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Write through the writer thread; returns after COMMIT. What `work` raises undoes it alone.

        `work` may run twice (see writer.py), so it must depend on its connection and arguments only.
        """
        return await asyncio.wrap_future(self._writer.submit(work))

    def close(self) -> None:
        """Finish the writes that wait and let go of the database. Harmless when repeated."""
        self._writer.close()
        self._engine.dispose()

    @property
    def where(self) -> str:
        """The address of the database, its password hidden."""
        return place(self._engine.url)

    def __repr__(self) -> str:
        return f"Archive({self.where})"
