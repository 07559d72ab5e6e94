"""What every page stands on: the archive, the rules that are active, and how the page is reached. Renders nothing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

import settings as config
from archive import editions
from archive.database import Archive
from core.errors import ConfigError
from settings import Edition, Settings


@dataclass(frozen=True, slots=True)
class Site:
    """One page server's view of the archive. Views are plain functions in threads; each opens its own connection."""

    archive: Archive
    edition: Callable[[], Edition]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def settings(self) -> Settings:
        """The active settings."""
        return self.edition().settings

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for one view."""
        with self.archive.reading() as conn:
            yield conn


class ActiveEdition:
    """The edition that the archive says is active, compiled once per number: an edit reaches the page as well."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        """`settings` stand until the archive knows an edition."""
        self._archive = archive
        self._lock = threading.Lock()
        self._edition = Edition(0, settings, settings.rules)

    def __call__(self) -> Edition:
        """The active edition. One index read when nothing changed."""
        with self._archive.reading() as conn:
            number = editions.active(conn) or 0
        with self._lock:
            if number != self._edition.number:
                self._edition = self._compiled(number)
            return self._edition

    def _compiled(self, number: int) -> Edition:
        with self._archive.reading() as conn:
            text = editions.text_of(conn, number)
        folder = self._edition.settings.folder
        try:
            settings = config.parse(text, file="config.toml", folder=Path(folder))
        except ConfigError:  # written by a newer version, or read by one that knows other keys
            settings = self._edition.settings
        return Edition(number, settings, settings.rules)
