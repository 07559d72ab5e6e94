"""The front page: today's stories by topic, the volume of a month, what is unusual now."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from archive import articles
from archive import front as front_page
from archive.first_round import first_round_open
from web.rendering import page
from web.site import Site

_DAYS = 30
_SPANS = {"24h": timedelta(hours=24), "3d": timedelta(days=3), "7d": timedelta(days=7), "30d": timedelta(days=30)}
_PER_TOPIC, _MOST = 8, 50


def front(request: Request) -> Response:
    """/"""
    site: Site = request.app.state.site
    edition, now = site.edition(), site.now()
    settings = edition.settings
    span = request.query_params.get("span", "24h")
    since = now - _SPANS.get(span, _SPANS["24h"])
    asked = request.query_params.get("topic", "")
    topics = [asked] if asked in settings.topics else list(settings.topics)
    limit = _MOST if asked in settings.topics else _PER_TOPIC
    with site.reading() as conn:
        told = front_page.stories(conn, topics, since=since, now=now, limit=limit)
        volumes = front_page.volumes(conn, topics, days=_DAYS, now=now, timezone=settings.timezone)
        unusual = front_page.unusual(conn, settings.topics, now)
        waiting = first_round_open(conn)
        empty = not any(told.values()) and articles.count(conn) == 0
    return page(
        request,
        "front.html",
        told=told,
        volumes=volumes,
        unusual=unusual,
        waiting=waiting,
        empty=empty,
        spans=tuple(_SPANS),
        span=span if span in _SPANS else "24h",
        asked=asked,
    )
