"""How the sources fare: the table of all, filtered by how they stand, and one of them with its history."""

from collections import Counter

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive import outlets
from archive import sources as archive_sources
from web.rendering import page
from web.site import Site

DAYS = 30


def sources(request: Request) -> Response:
    """/sources: `standing`, a word of archive.outlets.STANDINGS."""
    site: Site = request.app.state.site
    settings = site.settings
    with site.reading() as conn:
        rows = archive_sources.table(conn, settings.sources)
        days = outlets.daily(conn, days=DAYS, now=site.now(), timezone=settings.timezone)
        gaps = outlets.gaps(conn)
    asked = request.query_params.get("standing", "")
    order = {word: place for place, word in enumerate(outlets.STANDINGS)}
    rows.sort(key=lambda row: (order[outlets.standing(row)], row.id))
    counts = Counter(map(outlets.standing, rows))
    return page(
        request,
        "sources.html",
        rows=[row for row in rows if outlets.standing(row) == asked or (not asked and row.state != "removed")],
        counts={word: counts[word] for word in outlets.STANDINGS if counts[word]},
        asked=asked,
        days=days,
        gaps=gaps,
        standing=outlets.standing,
        advice=outlets.advice,
    )


def source(request: Request) -> Response:
    """/sources/ID"""
    site: Site = request.app.state.site
    settings, id_ = site.settings, request.path_params["source"]
    with site.reading() as conn:
        row = next((each for each in archive_sources.table(conn, settings.sources) if each.id == id_), None)
        if row is None:
            raise HTTPException(404)
        known = outlets.outlet(conn, id_)
        days = outlets.daily(conn, days=DAYS, now=site.now(), timezone=settings.timezone).get(id_, {})
    return page(
        request,
        "source.html",
        row=row,
        known=known,
        days=days,
        standing=outlets.standing(row),
        advice=outlets.advice(row),
    )
