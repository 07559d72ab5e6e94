"""The archive and the edition that a command or the monitor works with. Starts nothing."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from archive import editions, sources, watches
from archive.database import Archive
from archive.vocabulary import frequencies
from core.errors import QueryError
from core.model import Topic
from core.rules.match import RuleSet, compile_query, compile_rules
from settings import Edition, Settings

log = logging.getLogger(__name__)


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
    rules = rules_of(archive, settings)
    with archive.writing() as conn:
        return Edition(editions.publish(conn, settings.text, datetime.now(UTC)), settings, rules)


def rules_of(archive: Archive, settings: Settings) -> RuleSet:
    """The config's names and topics, and what readers watch; a watch that cannot be read any more is left out."""
    with archive.reading() as conn:
        common, watched = frequencies(conn), watches.active(conn)
    if not watched:
        return settings.rules.knowing(common)
    try:
        return compile_rules(settings.names, {**settings.topics, **watched}, frequencies=common)
    except QueryError:  # an edited config lacks a name that somebody watches
        readable = {id_: topic for id_, topic in watched.items() if _is_readable(topic, settings)}
        log.warning("%s watches cannot be read by this config, and alert nobody", len(watched) - len(readable))
        return compile_rules(settings.names, {**settings.topics, **readable}, frequencies=common)


def _is_readable(topic: Topic, settings: Settings) -> bool:
    try:
        compile_query(topic.match, settings.names)
    except QueryError:
        return False
    return True


def activate(archive: Archive, settings: Settings) -> Edition:
    """As edition_of, and the config's sources are those that are visited from now on: the monitor's privilege."""
    with archive.writing() as conn:
        sources.sync(conn, settings.sources, datetime.now(UTC))
    return edition_of(archive, settings)
