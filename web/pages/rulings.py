"""An analyst's decisions about a story: split off, merge, take back. Each leads to the story as it stands then."""

import re
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive import rulings
from core.errors import InputError
from web.site import Site

_CHOSEN = re.compile(r"a(\d{1,18})")
_NUMBER = re.compile(r"\d{1,18}")


def split(request: Request) -> Response:
    """/stories/ID/split: the articles of which a field aNUMBER was sent are a story of their own."""
    chosen = [int(found[1]) for field in request.state.form if (found := _CHOSEN.fullmatch(field))]
    return _decided(request, lambda conn, story, by, now: rulings.split(conn, story, chosen, by, now))


def merge(request: Request) -> Response:
    """/stories/ID/merge: one story with the one whose number or address is `with`."""
    named = _NUMBER.findall(request.state.form.get("with", ""))
    others = [int(named[-1])] if named else []
    return _decided(request, lambda conn, story, by, now: rulings.merge(conn, [story, *others], by, now))


def undo(request: Request) -> Response:
    """/stories/ID/undo: the decision numbered `ruling` is taken back."""
    found = _NUMBER.fullmatch(request.state.form.get("ruling", ""))

    def take_back(conn: Connection, story: int, _by: str, now: datetime) -> int:
        rulings.undo(conn, int(found[0]) if found else 0, now)
        return story

    return _decided(request, take_back)


def _decided(request: Request, decide: Callable[[Connection, int, str, datetime], int]) -> Response:
    site: Site = request.app.state.site
    story, account = request.path_params["story"], request.state.caller.account
    if not account or story >= 2**63:
        raise HTTPException(404)
    try:
        with site.archive.writing() as conn:
            leads_to = decide(conn, story, account, site.now())
    except InputError as error:
        raise HTTPException(400, str(error)) from None
    return RedirectResponse(f"/stories/{leads_to}", 303)
