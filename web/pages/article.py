"""One article: its text, its times, why it matched, its former texts, its evidence, what was written beside it."""

from io import BytesIO
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive import annotations, evidence
from archive.dossier import Dossier, dossier
from archive.warc import write_warc
from core.citing import STYLES, SUFFIXES, cite
from core.errors import ArchiveError, InputError
from core.model import Article, Span
from core.rules.explain import Explanation, Part
from core.worddiff import diff
from settings import Edition
from web.question import question
from web.rendering import page
from web.site import Site
from web.stored import stored_answer


def article(request: Request) -> Response:
    """/articles/ID; words of the search `q` are marked as well."""
    site: Site = request.app.state.site
    query = request.query_params.get("q", "")
    edition = site.edition()
    with site.reading() as conn:
        found = _dossier(conn, request)
        written = annotations.of_article(conn, found.article.id)
    told = site.explainer.explain(found.article, {hit.topic for hit in found.article.matches.topics})
    return page(
        request,
        "article.html",
        dossier=found,
        article=found.article,
        query=query,
        spans=[*_spans(found.article), *_asked(query, edition, found.article)],
        edits=_edits(found),
        reasons=_reasons(told, found.article),
        rules=_rules(told, found.article),
        names=edition.settings.names,
        citations={style: cite(found.article, style, _permalink(request)) for style in STYLES},
        suffixes=SUFFIXES,
        annotations=written,
        tag_length=annotations.LONGEST["tag"],
        note_length=annotations.LONGEST["note"],
    )


def annotate(request: Request) -> Response:
    """/articles/ID/annotations: write beside the article (`kind`, `text`), or take one's own away (`remove`)."""
    site: Site = request.app.state.site
    form, account = request.state.form, request.state.caller.account
    id_ = request.path_params["article"]
    with site.reading() as conn:
        _dossier(conn, request)
    try:
        with site.archive.writing() as conn:
            if form.get("remove", "").isdecimal():
                annotations.remove(conn, id_, account, int(form["remove"][:18]))
            else:
                kind = next((each for each in annotations.KINDS if each == form.get("kind")), None)
                if kind is None:
                    raise InputError(f"there is no annotation {form.get('kind')!r}")
                annotations.add(conn, id_, account, kind, form.get("text", ""), site.now())
    except InputError as error:
        raise HTTPException(400, str(error)) from None
    return RedirectResponse(f"/articles/{id_}#beside", 303)


def citation(request: Request) -> Response:
    """/articles/ID/cite.SUFFIX: one reference, for a reference manager."""
    style = next((each for each in STYLES if SUFFIXES[each] == request.path_params["suffix"]), None)
    if style is None:
        raise HTTPException(404)
    with request.app.state.site.reading() as conn:
        found = _dossier(conn, request)
    name = f"rasad-{found.article.id}.{SUFFIXES[style]}"
    headers = {"content-type": "text/plain; charset=utf-8", "content-disposition": f'attachment; filename="{name}"'}
    return Response(cite(found.article, style, _permalink(request)), headers=headers)


def warc(request: Request) -> Response:
    """/articles/ID/evidence.warc.gz: what was fetched for all texts of the article."""
    site: Site = request.app.state.site
    target, folder = BytesIO(), site.archive.evidence
    with site.reading() as conn:
        found = _dossier(conn, request)
        if folder is None or not any(text.evidence for text in found.texts):
            raise HTTPException(404)
        tally = write_warc(
            conn,
            [found.article],
            target,
            folder=folder,
            software="Rasad",
            about=f"article {found.article.id}",
            gzip=True,
            lost=lambda _article, _reason: None,
        )
    if not tally.documents:  # the files are gone or damaged
        raise HTTPException(404)
    name = f"rasad-{found.article.id}.warc.gz"
    headers = {"content-type": "application/warc", "content-disposition": f'attachment; filename="{name}"'}
    return Response(target.getvalue(), headers=headers)


def stored(request: Request) -> Response:
    """/articles/ID/stored/REVISION: the document as it was fetched, in a frame in which nothing runs."""
    with request.app.state.site.reading() as conn:
        found = _dossier(conn, request)
        kept = _kept(found, request.path_params["revision"])
    answer = page(request, "stored.html", article=found.article, kept=kept, number=kept.revision)
    policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    answer.headers["content-security-policy"] = (
        policy + "frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    return answer


def stored_document(request: Request) -> Response:
    """/articles/ID/stored/REVISION/document: the bytes, for the frame."""
    site: Site = request.app.state.site
    with site.reading() as conn:
        kept = _kept(_dossier(conn, request), request.path_params["revision"])
    try:
        if site.archive.evidence is None:
            raise HTTPException(404)
        body = evidence.read(site.archive.evidence, kept.sha256)
    except ArchiveError:
        raise HTTPException(404) from None
    return stored_answer(body, kept.headers.get("content-type", ""))


def _dossier(conn: Any, request: Request) -> Dossier:
    id_ = request.path_params["article"]
    found = dossier(conn, id_) if id_ < 2**63 else None
    if found is None:
        raise HTTPException(404)
    return found


def _kept(found: Dossier, revision: int) -> evidence.Kept:
    kept = next((text.evidence for text in found.texts if text.evidence and text.number == revision), None)
    if kept is None:
        raise HTTPException(404)
    return kept


def _permalink(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}/articles/{request.path_params['article']}"


def _edits(found: Dossier) -> list[tuple[Any, Any, Any]]:
    """Each later text with what it changed of the title and of the body, newest first."""
    pairs = zip(found.texts, found.texts[1:], strict=False)
    edits = [
        (new, diff(old.title, new.title), diff(old.text or old.summary, new.text or new.summary)) for old, new in pairs
    ]
    return edits[::-1]


# --- why it matched ------------------------------------------------------------------------------------------------


def _spans(article: Article) -> list[Span]:
    topics = [span for topic in article.matches.topics for span in topic.spans]
    return topics + [span for name in article.matches.names for span in name.spans]


def _asked(query: str, edition: Edition, article: Article) -> list[Span]:
    """The words that a search found; none of one that cannot be read."""
    try:
        asked = question({"q": query}, edition.settings)
    except InputError:
        return []
    return [span for hit in asked.rules.match(article).topics for span in hit.spans] if asked else []


def _reasons(told: Explanation, article: Article) -> dict[str, list[Any]]:
    """By name its mentions with their context; a vocabulary is no name."""
    reasons: dict[str, list[Any]] = {}
    for reason in told.mentions:
        if reason.ground != "inside":
            text: str = getattr(article, reason.span.field)
            start, end = reason.span.start, reason.span.end
            around = (text[max(0, start - _AROUND) : start], text[start:end], text[end : end + _AROUND])
            reasons.setdefault(reason.name, []).append((reason, around))
    return reasons


_AROUND = 60  # code points of context on either side


def _rules(told: Explanation, article: Article) -> list[tuple[Any, list[tuple[str, Part]]]]:
    """For each topic that was hit: its rule, and the one that gave the level, as far as they are true now."""
    return [
        (hit, [(key, told.rules[key]) for key in (hit.topic, f"{hit.topic}.{hit.level}") if key in told.rules])
        for hit in article.matches.topics
    ]
