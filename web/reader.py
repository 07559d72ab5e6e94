"""Who reads: in which language and zone. A choice (`?lang=`) is kept in a cookie; else the browser's wish counts."""

from dataclasses import dataclass

from starlette.requests import Request

from core.tongue import LANGUAGES, RIGHT_TO_LEFT, language_of


@dataclass(frozen=True, slots=True)
class Reader:
    """How a page is written for whoever asked for it."""

    language: str
    timezone: str
    chosen: bool = False  # just now: worth a cookie

    @property
    def direction(self) -> str:
        """rtl or ltr, of the page itself; foreign text has its own."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"


def reader_of(request: Request, timezone: str) -> Reader:
    """The reader behind a request."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return Reader(asked, timezone, chosen=True)
    kept = request.cookies.get("lang", "")
    if kept in LANGUAGES:
        return Reader(kept, timezone)
    return Reader(_wished(request.headers.get("accept-language", "")), timezone)


def _wished(header: str) -> str:
    """The first of the browser's languages that we speak."""
    wishes = (part.split(";")[0].strip() for part in header.split(","))
    return next((language_of(each) for each in wishes if each[:2].lower() in LANGUAGES), "en")
