"""The front page: today's stories by topic, the volume of a month, what is unusual now."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from archive import articles
from archive import front as front_page
from archive.first_round import first_round_open
from web.counts import volumes
from web.rendering import page
from web.site import Site

_SPANS = {"24h": timedelta(hours=24), "3d": timedelta(days=3), "7d": timedelta(days=7), "30d": timedelta(days=30)}
_PER_TOPIC, _MOST = 8, 50


def front(request: Request) -> Response:
    """/"""
    site: Site = request.app.state.site
    edition, now = site.edition(), site.now()
    settings = edition.settings
    asked = request.query_params.get("span", "24h")
    span = asked if asked in _SPANS else "24h"
    topic = request.query_params.get("topic", "")
    topics = (topic,) if topic in settings.topics else tuple(settings.topics)
    limit = _MOST if topic in settings.topics else _PER_TOPIC

    def look() -> dict[str, Any]:
        with site.reading() as conn:
            told = front_page.stories(conn, topics, since=now - _SPANS[span], now=now, limit=limit)
            return {
                "told": told,
                "unusual": front_page.unusual(conn, settings.topics, now),
                "waiting": first_round_open(conn),
                "empty": not any(told.values()) and articles.count(conn) == 0,
            }

    seen = site.lately(("front", edition.number, span, topics), look)
    return page(
        request, "front.html", **seen, volumes=volumes(site, "topic"), spans=tuple(_SPANS), span=span, asked=topic
    )
