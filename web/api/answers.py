"""How the API answers: values as JSON, faults as {error, column}, the way to the next page. Asks no archive."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.errors import InputError, QueryError
from core.lines import article_record, iso, spans_record
from core.model import Article, Span
from web.trying import TooLong

MOST = 200  # items of a page
Answer = Callable[[Request], Any]


def value(it: Any) -> Any:  # noqa: PLR0911  # one answer for each kind
    """Any value of the model as JSON has it: times in ISO 8601, durations in seconds, articles as article lines."""
    if isinstance(it, Article):
        return article_record(it)
    if isinstance(it, Span):
        return spans_record([it])[0]
    if isinstance(it, datetime):
        return iso(it)
    if isinstance(it, date):
        return it.isoformat()
    if isinstance(it, timedelta):
        return it.total_seconds()
    if is_dataclass(it) and not isinstance(it, type):
        return {field.name.rstrip("_"): value(getattr(it, field.name)) for field in fields(it)}
    if hasattr(it, "_asdict"):
        return {name: value(each) for name, each in it._asdict().items()}
    if isinstance(it, Mapping):
        return {str(key if not isinstance(key, date) else key.isoformat()): value(each) for key, each in it.items()}
    if isinstance(it, list | tuple | set | frozenset):
        return [value(each) for each in it]
    return it


def answering(view: Answer) -> Callable[[Request], Response]:
    """The view as an endpoint: what it returns as JSON, what it raises as {error}."""

    def endpoint(request: Request) -> Response:
        if "read" not in request.state.caller.scopes:
            return fault("this token may not read", 403)
        try:
            return told(view(request))
        except QueryError as error:
            wrong = {"error": error.message, "line": error.line, "column": error.column}
            return told(wrong | ({"suggestion": error.suggestion} if error.suggestion else {}), 400)
        except InputError as error:
            return fault(str(error), 400)
        except TooLong as error:
            return fault(str(error), 503)
        except HTTPException as error:
            detail = "there is nothing at this address" if error.status_code == 404 else error.detail
            return fault(detail, error.status_code)

    endpoint.__name__, endpoint.__doc__ = view.__name__, view.__doc__
    return endpoint


def fault(text: str, status: int) -> Response:
    """What went wrong."""
    return told({"error": text}, status)


def told(what: Any, status: int = 200) -> Response:
    """Letters as they are; a page of items says in a header as well where the next one is (RFC 8288)."""
    body = json.dumps(value(what), ensure_ascii=False, separators=(",", ":"))
    onward = what.get("next") if isinstance(what, dict) else None
    headers = {"link": f'<{onward}>; rel="next"'} if onward else {}
    return Response(body.encode("utf-8", "replace"), status, headers, media_type=JSONResponse.media_type)


def paged(request: Request, items: Iterable[Any], cursor: str | None) -> dict[str, Any]:
    """A page of items, and the address of the next one."""
    asked = {key: each for key, each in request.query_params.items() if key != "cursor"}
    onward = f"{request.url.path}?{urlencode(asked | {'cursor': cursor}, errors='replace')}" if cursor else None
    return {"items": list(items), "next": onward}


def limit_of(request: Request, usual: int = 50) -> int:
    """How many items were asked for. Raises InputError."""
    asked = request.query_params.get("limit", str(usual))
    if not (asked.isdecimal() and len(asked) < 4 and 1 <= int(asked) <= MOST):
        raise InputError(f"limit is 1 to {MOST}")
    return int(asked)
