"""What a reader keeps: searches under names of their own, and the articles that they wrote beside."""

from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive import annotations, saved_searches
from core.errors import InputError
from web.question import question
from web.rendering import page
from web.site import Site


def saved(request: Request) -> Response:
    """/saved: the list; sent to, it keeps `query` under `name`, or lets go of the search numbered `remove`."""
    site: Site = request.app.state.site
    account = request.state.caller.account
    if not (account and request.state.caller.may_write):
        raise HTTPException(404)
    if request.method == "POST":
        return _changed(site, account, request.state.form)
    with site.reading() as conn:
        searches = saved_searches.of_account(conn, account)
        kept = annotations.kept(conn, account)
    return page(request, "saved.html", searches=searches, kept=kept)


def _changed(site: Site, account: str, form: dict[str, str]) -> Response:
    query = form.get("query", "").strip()
    try:
        if not form.get("remove") and question({"q": query}, site.settings) is None:
            raise InputError("there is no query to keep")
        with site.archive.writing() as conn:
            if form.get("remove", "").isdecimal():
                saved_searches.remove(conn, account, int(form["remove"][:18]))
                return RedirectResponse("/saved", 303)
            saved_searches.save(conn, account, form.get("name", ""), query, site.now())
    except InputError as error:
        raise HTTPException(400, str(error)) from None
    return RedirectResponse(f"/search?{urlencode({'q': query})}", 303)
