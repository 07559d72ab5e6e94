"""Who comes in: asked before any routing, and refused unless allowed. Also what every answer carries.

    local     browsers on this machine, without a login
    password  who has logged in (rasad user add)
    proxy     whom a listed proxy names in its header
    public    anybody, reading only

A request that changes something must come from a form of ours: the same origin, and the reader's own token in it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.secrets import form_token, new_token, same

SAFE_METHODS = frozenset({"GET", "HEAD"})
METHODS = SAFE_METHODS | {"POST"}
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
LOCAL_ADDRESSES = frozenset({"127.0.0.1", "::1"})
SESSION = "rasad_session"
VISITOR = "rasad_visitor"  # a secret of every browser, to which forms are tied
API = "/api/"
OPEN_TO_ALL = ("/login", "/static/", "/healthz", "/readyz")
BY_TOKEN = (API, "/metrics")
MOST_FORM = 64 * 1024  # bytes

HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """How the page may be reached."""

    mode: str = "local"
    hosts: frozenset[str] = LOCAL_NAMES  # names it may be asked for by, without ports
    proxies: frozenset[str] = frozenset()  # addresses whose header names the reader
    header: str = "x-remote-user"


LOCAL = Rules()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `account` is None for a reader without a name; `may_write`: marks, notes, splits and merges."""

    account: str | None
    may_write: bool
    scopes: frozenset[str] = frozenset({"read", "annotate"})


AskSession = Callable[[str], Awaitable[str | None]]  # cookie → account
AskToken = Callable[[str], Awaitable[tuple[str, frozenset[str]] | None]]  # bearer token → account and scopes


class Gate:
    """Stands before the application."""

    def __init__(self, app: ASGIApp, *, rules: Rules, session: AskSession, token: AskToken) -> None:
        self._app = app
        self._rules = rules
        self._session = session
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in with its caller, or refuse it without looking at what it asks for."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        if scope["type"] != "http":  # there are no web sockets here
            return
        asked = scope["query_string"].replace(b"%00", _NO_NUL)
        scope = {**scope, "path": _writable(scope["path"]), "query_string": asked}
        headers = Headers(scope=scope)
        visitor = _cookies(headers).get(VISITOR) or new_token()
        answer: ASGIApp = self._app
        refusal = await self._refusal(scope, headers)
        if refusal is None and scope["method"] == "POST":
            refusal, receive = await _posted(scope, headers, receive, visitor)
        if isinstance(refusal, PlainTextResponse) and scope["path"].startswith(API):
            refusal = _in_json(refusal)
        answer = refusal or self._app
        scope.setdefault("state", {})["form_token"] = form_token(visitor)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _dress(MutableHeaders(scope=message), headers, visitor, secure=scope["scheme"] == "https")
            await send(message)

        await answer(scope, receive, guarded)

    async def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if _name(headers.get("host", "")) not in self._rules.hosts:
            return _no("This page is not served under that name.", 400)
        if scope["method"] not in METHODS:
            return _no("No such method here.", 405)
        caller = await self._caller(scope, headers)
        scope.setdefault("state", {})["caller"] = caller or Caller(None, may_write=False)
        if caller is None and not scope["path"].startswith(OPEN_TO_ALL):
            return self._ask_to_log_in(scope, headers)
        if caller is not None and scope["method"] == "POST" and not caller.may_write:
            return _no("Only reading is possible here.", 403)
        return None

    async def _caller(self, scope: Scope, headers: Headers) -> Caller | None:
        """Who asks; None for somebody who may not read."""
        client = (scope.get("client") or ("", 0))[0]
        bearer = headers.get("authorization", "")
        if bearer.lower().startswith("bearer ") and scope["path"].startswith(BY_TOKEN):
            found = await self._token(bearer[7:].strip())
            return found and Caller(found[0], may_write="annotate" in found[1], scopes=found[1])
        match self._rules.mode:
            case "local":
                return Caller("local", may_write=True) if client in LOCAL_ADDRESSES else None
            case "proxy":
                named = headers.get(self._rules.header, "").strip() if client in self._rules.proxies else ""
                return Caller(named, may_write=True) if named else None
            case "public":
                return Caller(None, may_write=False)
        account = await self._session(_cookies(headers).get(SESSION, ""))
        return Caller(account, may_write=True) if account else None

    def _ask_to_log_in(self, scope: Scope, headers: Headers) -> Response:
        if self._rules.mode != "password":
            return _no("This page is not open to you.", 403)
        if scope["method"] in SAFE_METHODS and "text/html" in headers.get("accept", ""):
            asked = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
            return RedirectResponse(f"/login?next={quote(asked)}", 303)
        return _no("Log in first.", 401)


async def _posted(scope: Scope, headers: Headers, receive: Receive, visitor: str) -> tuple[Response | None, Receive]:
    """The refusal of a form that is not ours; else its fields in the scope's state, and its body to be read again."""
    if headers.get("authorization"):  # a program with a token: no browser sends one by itself
        return None, receive
    if not _same_origin(headers):
        return _no("That came from another site.", 403), receive
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MOST_FORM:
            return _no("That is too much for a form.", 413), receive
    fields = {
        name: _writable(values[-1])
        for name, values in parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True).items()
    }
    if not same(fields.get("form_token", ""), form_token(visitor)):
        return _no("This form is too old: load the page again.", 403), receive
    scope.setdefault("state", {})["form"] = fields

    async def again() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return None, again


def _writable(text: str) -> str:
    """Without NUL, which no text of PostgreSQL holds: it becomes the sign for what cannot be shown."""
    return text.replace("\0", "\ufffd")


_NO_NUL = quote("\ufffd").encode()


def _dress(answer: MutableHeaders, asked: Headers, visitor: str, *, secure: bool) -> None:
    """What every answer carries."""
    for name, value in HEADERS.items():
        answer.setdefault(name, value)
    if VISITOR not in _cookies(asked):
        answer.append("set-cookie", cookie(VISITOR, visitor, secure=secure))


def cookie(name: str, value: str, *, secure: bool, seconds: int | None = None) -> str:
    """A Set-Cookie that scripts cannot read and other sites cannot send. `seconds`: None until the browser ends."""
    age = "" if seconds is None else f"; Max-Age={seconds}"
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Strict{age}" + ("; Secure" if secure else "")


def _cookies(headers: Headers) -> dict[str, str]:
    return cookie_parser(headers.get("cookie", ""))


def _no(text: str, status: int) -> Response:
    return PlainTextResponse(f"{text}\n", status)


def _in_json(refusal: Response) -> Response:
    """The same for a program."""
    headers = {"www-authenticate": "Bearer"} if refusal.status_code in (401, 403) else {}
    return JSONResponse({"error": bytes(refusal.body).decode().strip()}, refusal.status_code, headers)


def _name(host: str) -> str:
    """A Host header without its port."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()


def _same_origin(headers: Headers) -> bool:
    """Whether a form comes from our own page, as every current browser says. `null`: it keeps its origin to itself."""
    if (origin := headers.get("origin", "null")) != "null":
        return origin.partition("://")[2] == headers.get("host")
    return headers.get("sec-fetch-site") == "same-origin"
