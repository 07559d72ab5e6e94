"""Where an article speaks of what was asked for: a stretch of it round the matched words. Pure; knows no markup."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.model import FieldName, Readable, Span

_BEFORE = 90  # code points before the first match


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `marked` where it is a matched word."""

    text: str
    marked: bool = False


def pieces(text: str, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    """The whole of `text`, cut at the borders of `spans` (code points; may overlap, may lie outside)."""
    found: list[Piece] = []
    at = 0
    for begin, stop in sorted(spans):
        start, end = max(begin, at), min(stop, len(text))
        if start >= end:
            continue
        if start > at:
            found.append(Piece(text[at:start]))
        found.append(Piece(text[start:end], marked=True))
        at = end
    return [*found, Piece(text[at:])] if at < len(text) else found


def of_field(spans: Iterable[Span], field: FieldName) -> list[tuple[int, int]]:
    """The offsets of those spans that lie in `field`."""
    return [(span.start, span.end) for span in spans if span.field == field]


def passage(article: Readable, spans: Sequence[Span], limit: int = 280) -> list[Piece]:
    """About `limit` code points of text, else summary, from shortly before the first match there; … where it is cut."""
    field: FieldName = "text" if article.text.strip() else "summary"
    if article.summary.strip() and of_field(spans, "summary") and not of_field(spans, "text"):
        field = "summary"
    text: str = getattr(article, field)
    marks = of_field(spans, field)
    first = min((start for start, _ in marks), default=0)
    start = 0 if first <= _BEFORE else _after_blank(text, first - _BEFORE, first)
    end = len(text) if len(text) <= start + limit else _before_blank(text, start + limit, start + limit // 2)
    cut = pieces(text[start:end].rstrip(), [(a - start, b - start) for a, b in marks])
    return [*([Piece("… ")] if start else []), *cut, *([Piece(" …")] if end < len(text) else [])]


def _after_blank(text: str, at: int, until: int) -> int:
    found = next((place for place in range(at, until) if text[place].isspace()), None)
    return at if found is None else found + 1


def _before_blank(text: str, at: int, least: int) -> int:
    return next((place for place in range(at, least, -1) if text[place].isspace()), at)
