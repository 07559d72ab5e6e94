"""The names of the config as the archive has them: how often, spelled how, beside whom, and what was just missed."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive import mentions, vocabulary
from core.model import NameSet
from web.counts import volumes
from web.rendering import page
from web.site import Site

MISSES, LOOKED_AT = 20, 300  # near-misses shown, of the newest articles with a form


def names(request: Request) -> Response:
    """/names"""
    site: Site = request.app.state.site
    names_, days = site.settings.names, volumes(site, "name")
    with site.reading() as conn:
        last = mentions.last_seen(conn, "name", days)
    order = sorted(days, key=lambda id_: (-sum(days[id_].values()), id_))
    return page(request, "names.html", names=names_, order=order, days=days, last=last, now=site.now())


def name(request: Request) -> Response:
    """/names/ID"""
    site: Site = request.app.state.site
    found, days = named(request), volumes(site, "name")[request.path_params["name"]]
    with site.reading() as conn:
        seen = mentions.portrait(conn, found.id)
    return page(
        request,
        "name.html",
        name=found,
        names=site.settings.names,
        seen=seen,
        days=days,
        gap=mentions.usual_gap(days),
        silent=site.now() - seen.last if seen.last else None,
    )


def name_misses(request: Request) -> Response:
    """/names/ID/misses: mentions that did not count, of the newest articles in which a form stands."""
    site: Site = request.app.state.site
    found = named(request)
    with site.reading() as conn:
        missed = vocabulary.near_misses(conn, found, site.settings.names, MISSES, most=LOOKED_AT)
    return page(request, "misses.html", missed=missed, about=found.title, id=found.id, back=f"/names/{found.id}")


def named(request: Request) -> NameSet:
    """The name that is asked for. Raises HTTPException 404."""
    site: Site = request.app.state.site
    found = site.settings.names.get(request.path_params["name"])
    if found is None or not found.title:
        raise HTTPException(404)
    return found
