"""Values → HTML: the template environment and its filters. Everything is escaped; there is no way around it here.

Foreign text is shown as it is, without what would steer the reader's eye (bidi overrides, controls).
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from archive.saved_searches import SavedSearch
from core import tongue
from core.errors import InputError
from core.model import Article, FieldName, NameSet, Span
from core.passage import Piece, of_field, passage, pieces
from core.rules.periods import period
from core.rules.refusals import told
from core.stories.carriage import has_hour
from core.stories.concepts import Concepts
from core.worddiff import Change, Kind
from web.reader import Reader, reader_of
from web.site import Site
from web.words import say

HERE = Path(__file__).parent
# One for one, so that offsets stay right.
_STEERING = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)], "\ufffd")
_STEERING |= dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\u200b")
_WEB = ("http", "https")
_A_YEAR = 365 * 24 * 3600  # seconds


def _marked(pieces_: Iterable[Piece]) -> Markup:
    """Pieces of foreign text, the matched ones in <mark>."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(plain(each.text)) if each.marked else escape(plain(each.text))
        for each in pieces_
    )


def plain(text: str) -> str:
    """Foreign text without what steers instead of being read."""
    return text.translate(_STEERING)


def _field_marked(text: str, spans: Iterable[Span], field: FieldName) -> Markup:
    return _marked(pieces(text, of_field(spans, field)))


def _paragraphs(text: str, spans: Iterable[Span], field: FieldName) -> Markup:
    """A body in paragraphs, matches marked."""
    marks, found, at = of_field(spans, field), [], 0
    for line in text.split("\n"):
        if line.strip():
            inside = [(start - at, end - at) for start, end in marks if start < at + len(line) and end > at]
            found.append(Markup('<p dir="auto">{}</p>').format(_marked(pieces(line, inside))))
        at += len(line) + 1
    return Markup("\n").join(found)


def _changes(stretches: Iterable[Change]) -> Markup:
    """A word diff: what went is struck through, what came is underlined; line ends are kept."""
    return Markup("").join(_CHANGE[each.kind].format(plain(each.text)) for each in stretches)


_CHANGE = {"same": Markup("{}"), "removed": Markup("<del>{}</del>"), "added": Markup("<ins>{}</ins>")}


def _web_link(url: str) -> str:
    """The address if it is one of the web, else nothing: no other scheme is ever a link."""
    return url if urlsplit(url).scheme.lower() in _WEB else ""


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


@pass_context
def _instant(context: Context, moment: datetime | None) -> Markup:
    """A time as the reader's language writes it, with the exact one for machines."""
    reader: Reader = context["reader"]
    if moment is None:
        return escape(say(reader.language, "time.unknown"))
    shown = tongue.instant(reader.language, moment, reader.timezone)
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), shown)


@pass_context
def _day(context: Context, moment: datetime) -> str:
    reader: Reader = context["reader"]
    return tongue.date(reader.language, moment, reader.timezone)


@pass_context
def _date(context: Context, day: date) -> str:
    """A day that is one already: no zone moves it."""
    reader: Reader = context["reader"]
    return tongue.date(reader.language, datetime.combine(day, time(12), UTC), "UTC")


@pass_context
def _brief(context: Context, moment: datetime) -> Markup:
    """A time in a list: today's as the hour only, the whole one for who points at it and for machines."""
    reader: Reader = context["reader"]
    zone, now = ZoneInfo(reader.timezone), context["site"].now()
    clock = tongue.clock(reader.language, moment, reader.timezone)
    today = moment.astimezone(zone).date() == now.astimezone(zone).date()
    shown = clock if today else f"{tongue.date(reader.language, moment, reader.timezone)} {clock}"
    whole = tongue.instant(reader.language, moment, reader.timezone)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(moment.isoformat(), whole, shown)


@pass_context
def _wrong(context: Context, error: InputError) -> Markup:
    """What is wrong with a query, in the reader's language where we know the words."""
    reader: Reader = context["reader"]
    language = reader.language if error.code else "en"
    return Markup('<p lang="{}" dir="auto">{}</p>').format(language, told(reader.language, error))


@pass_context
def _typed_day(context: Context, typed: str, bound: str) -> str:
    """What somebody typed or picked as `since` or `until`, as the reader's language writes the day; else as it is."""
    try:
        since, until = period(typed)
    except InputError:
        return typed
    return _date(context, (since if bound == "since" else until - timedelta(days=1)).date())


@pass_context
def _tongue(context: Context, code: str) -> str:
    """A language's name in the reader's."""
    reader: Reader = context["reader"]
    return language_name(reader.language, code)


def language_name(reader: str, code: str) -> str:
    """The name of the language `code` in the language `reader`; the code itself where nobody has named it."""
    return say(reader, "language.unknown") if code in ("", "und") else tongue.language_name(reader, code)


@pass_context
def _decimal(context: Context, value: float) -> str:
    reader: Reader = context["reader"]
    return tongue.decimal(reader.language, value)


@pass_context
def _concept(context: Context, term: str, concepts: Concepts, names: Mapping[str, NameSet]) -> str:
    """A term that articles share as the reader calls it: a name of the config, a number, a concept, or a word.

    Empty for a vocabulary: a name without a title, which rules share and nobody is called by.
    """
    reader: Reader = context["reader"]
    if term.startswith("@") and term[1:] in names:
        return tongue.title(names[term[1:]].title, reader.language, "")
    if term.startswith("#"):
        return tongue.digits(reader.language, term[1:])
    return plain(concepts.title(term, reader.language) if "." in term else term)


def _around(article: Article, span: Span) -> Markup:
    """The words before and behind a place, which is marked."""
    text: str = getattr(article, span.field)
    start, end = max(0, span.start - _NEAR), span.end + _NEAR
    return _marked(pieces(text[start:end], [(span.start - start, span.end - start)]))


_NEAR = 90  # code points


def opening(text: str, limit: int = 100) -> str:
    """How a text begins, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0] + " …"


def _headline(article: Article) -> str:
    """An article's title; where it has none, how it begins; else its address."""
    return article.title if article.title.strip() else opening(article.text or article.summary) or article.url


def _as_topic(kept: SavedSearch, language: str) -> str:
    """A saved search as a table of config.toml; JSON's strings are TOML's."""
    title, match = (json.dumps(plain(text), ensure_ascii=False) for text in (kept.name, kept.query))
    return f"[topics.search_{kept.id}]\ntitle = {{ {language} = {title} }}\nmatch = {match}"


def _direction(language: str | None) -> str:
    """How a text of this language runs; a browser finds out where it is not known."""
    base = (language or "").split("-")[0]
    return "auto" if not base else "rtl" if base in _FROM_THE_RIGHT else "ltr"


_FROM_THE_RIGHT = tongue.RIGHT_TO_LEFT | {"ckb", "ur", "he", "ps", "azb"}


def _side(stretches: Iterable[Change], first: bool) -> Markup:
    """One of two compared texts: what it alone has is marked."""
    gone: Kind = "added" if first else "removed"
    return _changes(each for each in stretches if each.kind != gone)


@pass_context
def _clock(context: Context, moment: datetime) -> str:
    reader: Reader = context["reader"]
    return tongue.clock(reader.language, moment, reader.timezone)


@pass_context
def _number(context: Context, value: int) -> str:
    reader: Reader = context["reader"]
    return tongue.number(reader.language, value)


@pass_context
def _duration(context: Context, length: timedelta) -> str:
    reader: Reader = context["reader"]
    return tongue.duration(reader.language, length)


@pass_context
def _say(context: Context, key: str, count: int | None = None, **values: Any) -> str:
    reader: Reader = context["reader"]
    return say(reader.language, key, count=count, **values)


@pass_context
def _titled(context: Context, titles: Mapping[str, str], fallback: str) -> str:
    reader: Reader = context["reader"]
    return tongue.title(titles, reader.language, fallback)


@pass_context
def _here(context: Context, **changes: Any) -> str:
    """This page's address, or that of `path`, with other parameters; None takes one away, and `cursor` never stays."""
    request: Request = context["request"]
    path = changes.pop("path", request.url.path)
    kept = {key: value for key, value in request.query_params.items() if key not in ("cursor", "lang")} | changes
    asked = urlencode({key: value for key, value in kept.items() if value not in (None, "")}, errors="replace")
    return f"{path}?{asked}" if asked else path


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "marked": _marked,
        "passage": lambda found: passage(found.article, found.spans),
        "field_marked": _field_marked,
        "paragraphs": _paragraphs,
        "plain": plain,
        "changes": _changes,
        "side": _side,
        "direction": _direction,
        "as_topic": _as_topic,
        "headline": _headline,
        "opening": opening,
        "brief": _brief,
        "typed_day": _typed_day,
        "wrong": _wrong,
        "tongue": _tongue,
        "decimal": _decimal,
        "concept": _concept,
        "has_hour": has_hour,
        "web_link": _web_link,
        "host": _host,
        "instant": _instant,
        "day": _day,
        "date": _date,
        "clock": _clock,
        "number": _number,
        "duration": _duration,
        "around": _around,
        "titled": _titled,
    }
    environment.globals |= {"say": _say, "here": _here}
    return environment


_TEMPLATES = _environment()


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The answer of a view: `template` filled with `values`, in the reader's language."""
    site: Site = request.app.state.site
    reader = reader_of(request, site.settings.timezone)
    filled = _TEMPLATES.get_template(template).render(
        request=request, reader=reader, site=site, topics=site.settings.topics, **values
    )
    answer = HTMLResponse(filled, status)
    if reader.chosen:
        answer.set_cookie("lang", reader.language, max_age=_A_YEAR, httponly=True, samesite="lax")
    return answer
