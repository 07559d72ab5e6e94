"""Archive: opens, migrates and closes the database and hands out transactions. It knows no table."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine

from archive.engine import PATIENCE, connect, place, plainly, refuse_other_encodings
from archive.living import Living
from archive.migrate import migrate
from archive.writer import Writer
from core.errors import ArchiveError

T = TypeVar("T")


class Archive:
    """An open archive. Reading is free for every thread; writing goes through one thread of this process."""

    def __init__(self, engine: Engine, *, evidence: Path | None) -> None:
        self.evidence = evidence
        self._engine = engine
        self._readers = engine.execution_options(postgresql_readonly=True)
        self._writers = engine.execution_options(writes=True, evidence=evidence, living=Living())
        self._writer = Writer(self.writing)
        self.migrated_from: str | None = None  # the schema that it had before it was opened here, where that is another
        self._file: tuple[int, int] | None = None

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
                archive.migrated_from = migrate(archive._writers)
        except BaseException:
            engine.dispose()
            raise
        archive._file = _identity(engine)
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

    def is_there(self) -> bool:
        """Whether the file that was opened still stands at its place; a server's database always does.

        SQLite goes on to write a file that was deleted, and nobody will ever read it again.
        """
        return self._file is None or _identity(self._engine) == self._file

    def gone(self) -> ArchiveError:
        """What to raise when it does not."""
        return ArchiveError(f"The archive {self.where} was deleted or replaced while it was open: start again.")

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


def _identity(engine: Engine) -> tuple[int, int] | None:
    """What tells the database's file from another one at its place; None where there is none."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    try:
        seen = Path(engine.url.database).stat()
    except OSError:
        return None
    return seen.st_dev, seen.st_ino
