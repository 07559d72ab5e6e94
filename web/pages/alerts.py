"""The log of alerts: what was told of which story, and what became of its messages. Shows no chat, only counts."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive import alert_log
from core.errors import InputError
from web.rendering import page
from web.site import Site


def alerts(request: Request) -> Response:
    """/alerts: `topic`, `cursor`. Not for the public: how many are told, and when, is theirs who run it."""
    site: Site = request.app.state.site
    if request.state.caller.account is None:
        raise HTTPException(404)
    topic = request.query_params.get("topic") or None
    try:
        with site.reading() as conn:
            log = alert_log.page(conn, topic=topic, cursor=request.query_params.get("cursor"))
    except InputError as error:
        raise HTTPException(400, str(error)) from None
    return page(request, "alerts.html", log=log, asked=topic)
