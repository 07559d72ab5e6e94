"""What leaves the page as a file: results and topics as CSV, JSON Lines and Atom; a story's evidence as WARC."""

import io
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import IO

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive import exchange
from archive.chronicle import chronicle
from archive.rows import articles as articles_by_id
from archive.search import page as results_page
from archive.warc import write_warc
from core.errors import InputError
from core.model import Article
from web.question import Question, question
from web.site import Site

MOST = {"csv": 1_000, "jsonl": 1_000, "atom": 50}  # of the newest; the whole goes by `rasad export`
_KINDS = {"csv": "text/csv", "jsonl": "application/x-ndjson", "atom": "application/atom+xml"}
Write = Callable[[Iterable[Article], IO[str]], int]


def results(request: Request) -> Response:
    """/search.csv, /search.jsonl, /search.atom: the newest results of a search, which takes what /search does."""
    site: Site = request.app.state.site
    try:
        asked = question(request.query_params, site.settings)
        if asked is None:
            raise InputError("nothing is asked for")
        return _file(site, asked, request.path_params["suffix"], "search", asked.whole)
    except InputError as error:
        raise HTTPException(400, str(error)) from None


def topic_feed(request: Request) -> Response:
    """/topics/ID.atom"""
    site: Site = request.app.state.site
    id_ = request.path_params["topic"]
    if id_ not in site.settings.topics:
        raise HTTPException(404)
    asked = question({"topic": id_}, site.settings)
    assert asked is not None  # a topic is asked for
    return _file(site, asked, "atom", id_, f"topic:{id_}")


def story_warc(request: Request) -> Response:
    """/stories/ID/evidence.warc.gz: what was fetched for all articles of the story."""
    site: Site = request.app.state.site
    asked, folder, target = request.path_params["story"], site.archive.evidence, io.BytesIO()
    with site.reading() as conn:
        told = chronicle(conn, asked) if asked < 2**63 and folder else None
        if told is None or folder is None:
            raise HTTPException(404)
        found = articles_by_id(conn, [entry.article for entry in told.entries])
        tally = write_warc(
            conn,
            reversed(found),
            target,
            folder=folder,
            software="Rasad",
            about=f"story {told.story}",
            gzip=True,
            lost=lambda _article, _reason: None,
        )
    if not tally.documents:
        raise HTTPException(404)
    return _attached(target.getvalue(), "application/warc", f"rasad-story-{told.story}.warc.gz")


def _file(site: Site, asked: Question, suffix: str, name: str, about: str) -> Response:
    if suffix not in MOST:
        raise HTTPException(404)
    with site.reading() as conn:
        found = results_page(conn, asked.rules, asked.narrow, limit=MOST[suffix]).found
    text = io.StringIO(newline="")
    _writer(suffix, about, site.now())([each.article for each in found], text)
    body = text.getvalue().encode("utf-8", "replace")
    if suffix == "atom":  # read by programs, where it stands
        return Response(body, media_type=f"{_KINDS[suffix]}; charset=utf-8")
    return _attached(body, f"{_KINDS[suffix]}; charset=utf-8", f"rasad-{name}.{suffix}")


def _writer(suffix: str, about: str, now: datetime) -> Write:
    if suffix == "atom":
        return partial(exchange.write_atom, about=about, now=now)
    return exchange.write_csv if suffix == "csv" else exchange.write_jsonl


def _attached(body: bytes, kind: str, name: str) -> Response:
    headers = {"content-type": kind, "content-disposition": f'attachment; filename="{name}"'}
    return Response(body, headers=headers)
