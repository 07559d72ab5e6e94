"""How the sources fare: the table of all, filtered by how they stand, and one of them with its history."""

from collections import Counter

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive import outlets
from web.counts import table
from web.rendering import page
from web.site import Site


def sources(request: Request) -> Response:
    """/sources: `standing`, a word of archive.outlets.STANDINGS."""
    site: Site = request.app.state.site
    rows, days, gaps = table(site)
    asked = request.query_params.get("standing", "")
    order = {word: place for place, word in enumerate(outlets.STANDINGS)}
    rows = sorted(rows, key=lambda row: (order[outlets.standing(row)], row.id))
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
    id_ = request.path_params["source"]
    rows, days, _ = table(site)
    row = next((each for each in rows if each.id == id_), None)
    if row is None:
        raise HTTPException(404)
    with site.reading() as conn:
        known = outlets.outlet(conn, id_)
    return page(
        request,
        "source.html",
        row=row,
        known=known,
        days=days.get(id_, {}),
        standing=outlets.standing(row),
        advice=outlets.advice(row),
    )
