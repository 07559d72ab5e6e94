"""Search in the rule grammar: results or stories, facets, and help for a query that cannot be read."""

from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response

from archive import story_results
from archive.facets import count as count_of
from archive.facets import facets_of
from archive.inquiry import Inquiry
from archive.saved_searches import of_account
from archive.search import Order, page_of
from core import tongue
from core.affiliations import AFFILIATIONS
from core.errors import InputError
from web.question import CHOICES, LONGEST, Question, fault_of, question
from web.reader import reader_of
from web.rendering import language_name, page
from web.site import Site
from web.words import say

_ORDERS: tuple[Order, ...] = get_args(Order)
PER_PAGE = 25
STORIES = 15  # of a page


def search(request: Request) -> Response:
    """/search: see web.question for what it takes; order (ranked), view (stories), cursor."""
    site: Site = request.app.state.site
    query = request.query_params.get("q", "").strip()[: LONGEST + 1]
    shown: dict[str, Any] = {"query": query, "asked": None, "results": None, "groups": None, "facets": None}
    shown |= _titles(request, site)
    shown |= {"fault": None, "names": site.settings.names, "choices": CHOICES, "saved": _saved(request, site)}
    try:
        asked = question(request.query_params, site.settings)
        if asked is not None:
            shown |= {"asked": asked, **_answer(request, site, asked)}
    except InputError as error:
        return page(request, "search.html", status=400, **(shown | {"fault": fault_of(query, error), "asked": None}))
    return page(request, "search.html", **shown)


def count(request: Request) -> Response:
    """/search/count: how many the query may find, or what is wrong with it; a piece of a page, while it is typed."""
    site: Site = request.app.state.site
    query = request.query_params.get("q", "").strip()[: LONGEST + 1]
    try:
        asked = question({"q": query}, site.settings)
        if asked is None:
            return page(request, "count.html", count=None, fault=None, query="")
        with site.reading() as conn:
            found = count_of(conn, asked.rules, asked.narrow)
    except InputError as error:
        return page(request, "count.html", count=None, fault=fault_of(query, error), query=query)
    return page(request, "count.html", count=found, fault=None, query=query)


def _answer(request: Request, site: Site, asked: Question) -> dict[str, Any]:
    """The results of the page that was asked for, as articles or as stories, and how all of them fall."""
    wanted = request.query_params
    cursor = wanted.get("cursor")
    with site.reading() as conn:
        inquiry = Inquiry(conn, asked.rules, asked.narrow)
        inquiry.newest()  # at once: the facets count them all
        if wanted.get("view") == "stories":
            groups = story_results.page_of(inquiry, limit=STORIES, cursor=cursor)
            return {"facets": facets_of(inquiry), "groups": groups}
        order: Order = next((each for each in _ORDERS if each == wanted.get("order")), "recent")
        results = page_of(inquiry, order=order, limit=PER_PAGE, cursor=cursor)
        return {"facets": facets_of(inquiry), "results": results}


def _saved(request: Request, site: Site) -> Any:
    account = request.state.caller.account
    if not (account and request.state.caller.may_write):
        return ()
    with site.reading() as conn:
        return of_account(conn, account)


def _titles(request: Request, site: Site) -> dict[str, Any]:
    """How the values of facets are called in the reader's language."""
    language = reader_of(request, site.settings.timezone).language
    topics, names = site.settings.topics, site.settings.names
    return {
        "topic_titles": {id_: tongue.title(topic.title, language, id_) for id_, topic in topics.items()},
        "name_titles": {id_: tongue.title(name.title, language, id_) for id_, name in names.items()},
        "language_titles": {code: language_name(language, code) for code in _LANGUAGES},
        "affiliation_titles": {each: say(language, f"affiliation.{each}") for each in AFFILIATIONS},
    }


_LANGUAGES = ("", "ar", "fa", "en", "ckb", "kmr", "ku", "tr", "fr", "he", "ur")
