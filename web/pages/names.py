"""The names of the config as the archive has them: how often, spelled how, beside whom, and what was just missed."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive import front, mentions, vocabulary
from core.model import NameSet
from web.rendering import page
from web.site import Site

DAYS = 30
MISSES, LOOKED_AT = 20, 300  # near-misses shown, of the newest articles with a form


def names(request: Request) -> Response:
    """/names"""
    site: Site = request.app.state.site
    settings, now = site.settings, site.now()
    titled = {id_: name for id_, name in settings.names.items() if name.title}
    with site.reading() as conn:
        days = front.volumes(conn, titled, days=DAYS, now=now, timezone=settings.timezone, kind="name")
        last = mentions.last_seen(conn, "name", titled)
    order = sorted(titled, key=lambda id_: (-sum(days[id_].values()), id_))
    return page(request, "names.html", names=titled, order=order, days=days, last=last, now=now)


def name(request: Request) -> Response:
    """/names/ID"""
    site: Site = request.app.state.site
    found, now = _named(request), site.now()
    with site.reading() as conn:
        seen = mentions.portrait(conn, found.id)
        days = front.volumes(conn, [found.id], days=DAYS, now=now, timezone=site.settings.timezone, kind="name")
    return page(
        request,
        "name.html",
        name=found,
        names=site.settings.names,
        seen=seen,
        days=days[found.id],
        gap=mentions.usual_gap(days[found.id]),
        silent=now - seen.last if seen.last else None,
    )


def name_misses(request: Request) -> Response:
    """/names/ID/misses: mentions that did not count, of the newest articles in which a form stands."""
    site: Site = request.app.state.site
    found = _named(request)
    with site.reading() as conn:
        missed = vocabulary.near_misses(conn, found, site.settings.names, MISSES, most=LOOKED_AT)
    return page(request, "misses.html", missed=missed, about=found.title, id=found.id, back=f"/names/{found.id}")


def _named(request: Request) -> NameSet:
    site: Site = request.app.state.site
    found = site.settings.names.get(request.path_params["name"])
    if found is None or not found.title:
        raise HTTPException(404)
    return found
