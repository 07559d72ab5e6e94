"""Logging in and out."""

import logging

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.gate import SESSION, cookie
from web.rendering import page
from web.sessions import LASTS, Tries, log_in, log_out
from web.site import Site

log = logging.getLogger(__name__)

_TRIES = Tries()


def login(request: Request) -> Response:
    """/login: the form, and what it sends."""
    then = _own_path(request.query_params.get("next", "/"))
    if request.method != "POST":
        return page(request, "login.html", then=then, refused=False)
    site: Site = request.app.state.site
    form, address = request.state.form, request.client.host if request.client else ""
    if _TRIES.too_many(address, site.now()):
        return page(request, "login.html", status=429, then=then, refused=True)
    session = log_in(site, form.get("name", ""), form.get("password", ""))
    if session is None:
        _TRIES.failed(address, site.now())
        log.warning("archive page: somebody could not log in")
        return page(request, "login.html", status=403, then=then, refused=True)
    answer = RedirectResponse(_own_path(form.get("next", "/")), 303)
    secure = request.url.scheme == "https"
    answer.headers.append("set-cookie", cookie(SESSION, session, secure=secure, seconds=int(LASTS.total_seconds())))
    return answer


def logout(request: Request) -> Response:
    """/logout: the session ends here and in the archive."""
    log_out(request.app.state.site, request.cookies.get(SESSION, ""))
    answer = RedirectResponse("/login", 303)
    answer.headers.append("set-cookie", cookie(SESSION, "", secure=request.url.scheme == "https", seconds=0))
    return answer


def _own_path(path: str) -> str:
    """A path of this page; home for anything that a browser could take for another site."""
    own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if own else "/"
