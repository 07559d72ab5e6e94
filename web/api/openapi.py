"""The API as data: every address with what it takes, and the OpenAPI 3.1 document made of it. Answers nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.lines import EXPORT_COLUMNS
from web.api import views
from web.api.annotating import annotate
from web.api.answers import MOST, Answer, answering
from web.question import CHOICES

ROOT = "/api/v1"


@dataclass(frozen=True, slots=True)
class Address:
    """One address that is read from. `takes`: its query parameters and what they mean."""

    path: str
    view: Answer
    takes: Mapping[str, str]
    pages: bool = False


_CHOICES = {
    "q": "a query in the grammar of rules; may be missing where another choice is made",
    "since": "a day, month or year, Gregorian, Jalali or Hijri",
    "until": "the same; its last day is included",
    "language": "BCP 47; und for articles whose language is not known",
    "source": "id of a source",
    "affiliation": "of the source",
    "topic": "id of a topic that was found",
    "name": "id of a name that was found",
}
assert {"q", *CHOICES} == _CHOICES.keys()
_PAGED = {"limit": f"1 to {MOST}", "cursor": "from the address in `next`"}

ADDRESSES: Sequence[Address] = (
    Address("/articles", views.articles, _CHOICES | _PAGED | {"order": "recent, published or ranked"}, pages=True),
    Address("/articles/{article}", views.article, {}),
    Address("/stories", views.stories, _CHOICES | _PAGED, pages=True),
    Address("/stories/{story}", views.story, {}),
    Address("/today", views.today, {"hours": "how far back, 1 to 720; 24 by default"}),
    Address("/topics", views.topics, {}),
    Address("/topics/{topic}", views.topic, {}),
    Address("/names", views.names, {}),
    Address("/names/{name}", views.name, {}),
    Address("/names/{name}/misses", views.name_misses, {"limit": f"1 to {MOST}"}),
    Address("/sources", views.sources, {}),
    Address("/sources/{source}", views.source, {}),
    Address("/alerts", views.alerts, {"topic": "id of a topic"} | _PAGED, pages=True),
    Address("/status", views.status, {}),
    Address("/facets", views.facets, _CHOICES),
    Address("/backtest", views.backtest, {"rule": "a rule", "topic": "against whose rule", "days": "1 to 90"}),
)
_NUMBERS = ("article", "story")


def routes() -> list[BaseRoute]:
    """All addresses below /api/v1."""
    found: list[BaseRoute] = [Route(ROOT + _typed(each.path), answering(each.view)) for each in ADDRESSES]
    found.append(Route(f"{ROOT}/articles/{{article:int}}/annotations", annotate, methods=["POST"]))
    return [Route(f"{ROOT}/openapi.json", openapi), *found]


def _typed(path: str) -> str:
    for number in _NUMBERS:
        path = path.replace(f"{{{number}}}", f"{{{number}:int}}")
    return path


def openapi(request: Request) -> Response:
    """This document."""
    return JSONResponse(document())


def document() -> dict[str, Any]:
    """The API as OpenAPI 3.1."""
    paths: dict[str, Any] = {each.path: {"get": _operation(each)} for each in ADDRESSES}
    paths["/articles/{article}/annotations"] = {"post": _ANNOTATING}
    own = {"get": {"summary": "This document.", "operationId": "openapi", "responses": {"200": _told("an object")}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Rasad", "version": version("rasad"), "summary": "An archive of public media, watched."},
        "servers": [{"url": ROOT}],
        "security": [{"token": ["read"]}],
        "paths": {"/openapi.json": own, **paths},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "rasad token add"}},
            "schemas": _SCHEMAS,
        },
    }


def _operation(each: Address) -> dict[str, Any]:
    summary = (each.view.__doc__ or "").strip()
    places = [part[1:-1] for part in each.path.split("/") if part.startswith("{")]
    inside = [{"name": name, "in": "path", "required": True, "schema": _kind(name)} for name in places]
    asked = [
        {"name": name, "in": "query", "schema": _kind(name), "description": told} for name, told in each.takes.items()
    ]
    kind = "Page" if each.pages else "Article" if each.path == "/articles/{article}" else None
    schema = {"$ref": f"#/components/schemas/{kind}"} if kind else {"type": "object"}
    answers = {"200": _told(summary, schema), "401": _FAULT, "403": _FAULT}
    answers |= {"400": _FAULT} if asked else {}
    answers |= {"404": _FAULT} if inside else {}
    return {
        "summary": summary,
        "operationId": each.view.__name__,
        "parameters": inside + asked,
        "responses": answers,
    }


def _kind(parameter: str) -> dict[str, Any]:
    return {"type": "integer" if parameter in (*_NUMBERS, "limit", "days", "hours") else "string"}


def _told(description: str, schema: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema or {"type": "object"}}}}


_FAULT = _told("what went wrong", {"$ref": "#/components/schemas/Fault"})
_TEXT, _TIME = {"type": ["string", "null"]}, {"type": ["string", "null"], "format": "date-time"}
_OF_COLUMN: Mapping[str, Mapping[str, Any]] = {
    **dict.fromkeys(("published", "fetched", "recorded", "withdrawn", "revised"), _TIME),
    **{name: {"type": ["integer", "null"]} for name in ("id", "duplicate_of", "story", "revision")},
    **{name: {"type": "array", "items": {"type": "string"}} for name in ("authors", "topics", "names")},
    "related": {"type": "array", "items": {"type": "integer"}},
    "post": {"type": ["object", "null"]},
}
_SCHEMAS: Mapping[str, Any] = {
    "Fault": {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {"type": "string"},
            "column": {"type": "integer", "description": "of a query, from 1"},
            "line": {"type": "integer"},
            "suggestion": {"type": "string"},
        },
    },
    "Article": {
        "type": "object",
        "description": "an article line, see docs/article-lines.md; one by one with more beside",
        "properties": {name: _OF_COLUMN.get(name, _TEXT) for name in EXPORT_COLUMNS},
    },
    "Page": {
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": {"type": "array", "items": {"type": "object"}},
            "next": {"type": ["string", "null"], "description": "the address of the next page"},
        },
    },
    "Annotation": {
        "type": "object",
        "required": ["kind"],
        "properties": {
            "kind": {"enum": ["star", "tag", "note", "relevant", "noise"]},
            "text": {"type": "string"},
        },
    },
}
_ANNOTATING: dict[str, Any] = {
    "summary": "Write beside an article.",
    "operationId": "annotate",
    "security": [{"token": ["annotate"]}],
    "parameters": [{"name": "article", "in": "path", "required": True, "schema": {"type": "integer"}}],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Annotation"}}},
    },
    "responses": {
        "201": _told("all that is written beside it"),
        "400": _FAULT,
        "401": _FAULT,
        "403": _FAULT,
        "404": _FAULT,
    },
}
