"""The one thing that the API writes: stars, tags, notes and marks beside an article."""

import json
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from archive import annotations, articles
from core.errors import InputError
from web.api.answers import fault, told
from web.gate import MOST_FORM
from web.site import Site


async def annotate(request: Request) -> Response:
    """POST {kind, text} with a token that may annotate; 201 and all that is written beside the article."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_FORM:
            return fault("that is too much", 413)
    try:
        asked = json.loads(body)
        kind = next(each for each in annotations.KINDS if each == asked["kind"])
        text = asked.get("text", "")
        if not isinstance(text, str):
            raise InputError("text must be text")
    except (ValueError, TypeError, KeyError, AttributeError, StopIteration, RecursionError):
        return fault(f"send JSON with a kind, one of {', '.join(annotations.KINDS)}, and a text", 400)
    except InputError as error:
        return fault(str(error), 400)
    site: Site = request.app.state.site
    id_ = request.path_params["article"]
    try:
        written = await site.archive.write(partial(_write, id_, request.state.caller.account, kind, text, site))
    except InputError as error:
        return fault(str(error), 400)
    if written is None:
        return fault("there is no such article", 404)
    return told({"items": written}, 201)


def _write(id_: int, account: str, kind: annotations.Kind, text: str, site: Site, conn: Any) -> Any:
    if id_ >= 2**63 or articles.get(conn, id_) is None:
        return None
    annotations.add(conn, id_, account, kind, text, site.now())
    return annotations.of_article(conn, id_)
