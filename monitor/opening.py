"""The archive and the edition that a command or the monitor works with. Starts nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from archive import editions, sources
from archive.database import Archive
from archive.vocabulary import frequencies
from settings import Edition, Settings


def open_archive(settings: Settings) -> Archive:
    """The archive that the settings name, migrated and ready."""
    return Archive.open(settings.archive.url, evidence=settings.evidence_folder)


@contextmanager
def opened(settings: Settings) -> Iterator[Archive]:
    """The archive for the length of one command."""
    archive = open_archive(settings)
    try:
        yield archive
    finally:
        archive.close()


def edition_of(archive: Archive, settings: Settings) -> Edition:
    """The snapshot by which a command judges: the config as a numbered row, rules for the words it holds."""
    with archive.reading() as conn:
        common = frequencies(conn)
    with archive.writing() as conn:
        return Edition(
            editions.publish(conn, settings.text, datetime.now(UTC)), settings, settings.rules.knowing(common)
        )


def activate(archive: Archive, settings: Settings) -> Edition:
    """As edition_of, and the config's sources are those that are visited from now on: the monitor's privilege."""
    with archive.writing() as conn:
        sources.sync(conn, settings.sources, datetime.now(UTC))
    return edition_of(archive, settings)
