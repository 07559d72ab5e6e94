"""The page as one application: its gate, its addresses, its answers to what goes wrong."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from web import sessions
from web.api import openapi
from web.api.answers import fault
from web.gate import API, LOCAL, Gate, Rules
from web.health import healthz, metrics, readyz
from web.pages.alerts import alerts
from web.pages.article import annotate, article, citation, stored, stored_document, warc
from web.pages.compare import compare, picked
from web.pages.days import days
from web.pages.export import results, story_warc, topic_feed
from web.pages.front import front
from web.pages.help import help_
from web.pages.login import login, logout
from web.pages.names import name, name_misses, names
from web.pages.rulings import merge, split, undo
from web.pages.saved import saved
from web.pages.search import count, search
from web.pages.sources import source, sources
from web.pages.story import story
from web.pages.topics import topic, topic_misses, topics
from web.rendering import page
from web.site import Site

AT_ONCE = 6
STATIC = Path(__file__).parent / "static"

log = logging.getLogger(__name__)


def application(site: Site, rules: Rules = LOCAL) -> Starlette:
    """The application for `site`, reached by `rules`. Views are plain functions, which Starlette runs in threads."""
    app = Starlette(
        routes=[
            Route("/", front),
            Route("/search", search),
            Route("/search.{suffix}", results),
            Route("/search/count", count),
            Route("/search/days", days),
            Route("/saved", saved, methods=["GET", "POST"]),
            Route("/articles/{article:int}", article),
            Route("/articles/{article:int}/annotations", annotate, methods=["POST"]),
            Route("/articles/{article:int}/cite.{suffix}", citation),
            Route("/articles/{article:int}/evidence.warc.gz", warc),
            Route("/articles/{article:int}/stored/{revision:int}", stored),
            Route("/articles/{article:int}/stored/{revision:int}/document", stored_document),
            Route("/stories/{story:int}", story),
            Route("/stories/{story:int}/evidence.warc.gz", story_warc),
            Route("/stories/{story:int}/split", split, methods=["POST"]),
            Route("/stories/{story:int}/merge", merge, methods=["POST"]),
            Route("/stories/{story:int}/undo", undo, methods=["POST"]),
            Route("/compare", picked),
            Route("/compare/{one:int}/{other:int}", compare),
            Route("/topics", topics),
            Route("/topics/{topic}.atom", topic_feed),
            Route("/topics/{topic}", topic),
            Route("/topics/{topic}/misses", topic_misses),
            Route("/names", names),
            Route("/names/{name}", name),
            Route("/names/{name}/misses", name_misses),
            Route("/sources", sources),
            Route("/sources/{source}", source),
            Route("/alerts", alerts),
            Route("/help", help_),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
            *openapi.routes(),
            Route("/login", login, methods=["GET", "POST"]),
            Route("/logout", logout, methods=["POST"]),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[
            # Compressing beside secrets is safe here: a form's token is tied to a cookie no other site can have sent.
            Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5),
            Middleware(
                Gate, rules=rules, session=partial(sessions.account_of, site), token=partial(sessions.grant_of, site)
            ),
        ],
        exception_handlers={HTTPException: _refused, Exception: _failed},
        lifespan=_lifespan,
    )
    app.state.site = site
    return app


@asynccontextmanager
async def _lifespan(_app: Starlette) -> AsyncIterator[None]:
    """Few views at once: more only wait for each other, and each holds a connection with its cache."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = AT_ONCE
    yield


def _refused(request: Request, error: Exception) -> Response:
    """404 and the like; of 400 with what was wrong."""
    assert isinstance(error, HTTPException)
    if request.url.path.startswith(API):
        return fault("there is nothing at this address", error.status_code)
    if error.status_code == 400:
        return page(request, "refused.html", status=400, detail=error.detail)
    return page(request, "missing.html", status=error.status_code)


def _failed(request: Request, error: Exception) -> Response:
    log.error("%s failed: %r", request.url.path, error, exc_info=error)
    if request.url.path.startswith(API):
        return fault("that did not work; the fault has been logged", 500)
    return page(request, "failed.html", status=500)
