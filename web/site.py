"""What every page stands on: the archive, the rules that are active, and how the page is reached. Renders nothing."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection

import settings as config
from archive import editions
from archive.database import Archive
from core.errors import ConfigError
from core.rules.explain import Explainer
from settings import Edition, Settings

T = TypeVar("T")


@dataclass(slots=True)
class _Kept:
    value: Any = None
    until: float = 0.0  # by the monotonic clock
    lock: threading.Lock = field(default_factory=threading.Lock)


class Lately:
    """What is the same for all readers: kept for some seconds, and made by one of those who ask at once."""

    def __init__(self, seconds: float, most: int = 100) -> None:
        self._seconds = seconds
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()

    def __call__(self, what: Hashable, make: Callable[[], T]) -> T:
        """The value of `make`, which depends on `what` and the archive alone."""
        with self._lock:
            kept = self._kept.setdefault(what, _Kept())
            self._kept.move_to_end(what)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        with kept.lock:
            if kept.until <= time.monotonic():
                kept.value = make()
                kept.until = time.monotonic() + self._seconds
            value: T = kept.value
            return value


class _Explaining:
    """The explainer of an edition, compiled when it is asked for first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: tuple[Edition, Explainer] | None = None

    def __call__(self, edition: Edition) -> Explainer:
        with self._lock:
            if self._of is None or self._of[0] is not edition:
                self._of = edition, Explainer(edition.settings.names, edition.settings.topics)
            return self._of[1]


@dataclass(frozen=True, slots=True)
class Site:
    """One page server's view of the archive. Views are plain functions in threads; each opens its own connection."""

    archive: Archive
    edition: Callable[[], Edition]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    lately: Lately = field(default_factory=lambda: Lately(0))
    _explaining: _Explaining = field(default_factory=_Explaining)

    @property
    def settings(self) -> Settings:
        """The active settings."""
        return self.edition().settings

    @property
    def explainer(self) -> Explainer:
        """Why articles matched, by the active edition."""
        return self._explaining(self.edition())

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
