"""How to search: operators, names, fields, dates, keys. Says only what core.rules and the configuration have."""

from starlette.requests import Request
from starlette.responses import Response

from web.rendering import page
from web.site import Site


def help_(request: Request) -> Response:
    """/help"""
    site: Site = request.app.state.site
    return page(request, "help.html", names=site.settings.names)
