"""What pages and API count alike, each once for some seconds (Site.lately). Draws no page."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from archive import front, outlets, sources
from archive.sources import SourceRow
from web.site import Site

DAYS = 30  # of every chart


def volumes(site: Site, kind: Literal["topic", "name"]) -> Mapping[str, Mapping[date, int]]:
    """Articles per day of the last DAYS, of every topic, or of every name that has a title."""
    edition = site.edition()
    settings = edition.settings
    whats = list(settings.topics) if kind == "topic" else [id_ for id_, name in settings.names.items() if name.title]

    def look() -> Mapping[str, Mapping[date, int]]:
        with site.reading() as conn:
            return front.volumes(conn, whats, days=DAYS, now=site.now(), timezone=settings.timezone, kind=kind)

    return site.lately(("volumes", kind, edition.number), look)


Table = tuple[list[SourceRow], Mapping[str, Mapping[date, int]], Mapping[str, timedelta | None]]


def table(site: Site) -> Table:
    """How every source fares, by id; what each brought per day, where it brought any; its usual gap."""
    edition = site.edition()

    def look() -> Table:
        with site.reading() as conn:
            rows = sources.table(conn, edition.settings.sources)
            days = outlets.daily(conn, days=DAYS, now=site.now(), timezone=edition.settings.timezone)
            return rows, days, outlets.gaps(conn)

    return site.lately(("sources", edition.number), look)
