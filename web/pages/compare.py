"""Two articles beside each other: what of their words is the same, and by what the monitor compares them."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive import articles
from archive.chronicle import chronicle
from archive.comparing import compared
from archive.lexicon import concepts_of
from core.model import Article, Draft
from core.worddiff import diff
from web.rendering import page
from web.site import Site


def compare(request: Request) -> Response:
    """/compare/A/B"""
    site: Site = request.app.state.site
    names = site.settings.names
    ids = [request.path_params[side] for side in ("one", "other")]
    with site.reading() as conn:
        found = [articles.get(conn, id_) if id_ < 2**63 else None for id_ in ids]
        one, other = found
        if one is None or other is None:
            raise HTTPException(404)
        figures = compared(conn, _draft(one), _draft(other), names, site.now())
        stories = [chronicle(conn, story) for story in dict.fromkeys((one.story, other.story))]
    return page(
        request,
        "compare.html",
        pair=(one, other),
        title=diff(one.title, other.title),
        body=diff(one.text or one.summary, other.text or other.summary),
        figures=figures,
        told=[each for each in stories if each],
        concepts=concepts_of(names),
        names=names,
    )


def picked(request: Request) -> Response:
    """/compare?one=A&other=B: where a picker without scripts leads."""
    ids = [request.query_params.get(side, "")[:18] for side in ("one", "other")]
    if not all(id_.isdecimal() for id_ in ids):
        raise HTTPException(404)
    return RedirectResponse(f"/compare/{int(ids[0])}/{int(ids[1])}", 303)


def _draft(article: Article) -> Draft:
    return Draft(
        source=article.source,
        url=article.url,
        title=article.title,
        text=article.text,
        summary=article.summary,
        published=article.published,
        language=article.language,
    )
