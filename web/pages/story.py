"""One story: who told it when, copies folded under what they copy, and why they stand together."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.chronicle import chronicle
from archive.lexicon import concepts_of
from archive.rulings import rulings
from web.rendering import page
from web.site import Site

VIEWS = ("timeline", "languages")


def story(request: Request) -> Response:
    """/stories/ID: `view` (timeline, languages), `language` of the members that are shown.

    The address of a story that was merged leads to the one that it is part of.
    """
    site: Site = request.app.state.site
    asked = request.path_params["story"]
    with site.reading() as conn:
        told = chronicle(conn, asked) if asked < 2**63 else None
        decided = rulings(conn, asked) if told else []
    if told is None:
        raise HTTPException(404)
    if told.story != asked:
        return RedirectResponse(f"/stories/{told.story}", 301)
    language = request.query_params.get("language", "")
    view = request.query_params.get("view", "")
    names = site.settings.names
    return page(
        request,
        "story.html",
        told=told,
        heads=[entry for entry in told.heads if not language or (entry.language or "und") == language],
        columns=list(dict.fromkeys(entry.language or "und" for entry in told.heads)),
        language=language,
        rulings=decided[::-1],
        may_rule=bool(request.state.caller.may_write and request.state.caller.account),
        view=view if view in VIEWS else VIEWS[0],
        views=VIEWS,
        names=names,
        concepts=concepts_of(names),
    )
