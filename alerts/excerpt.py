"""The passage of an article round its matched words, as bold and plain pieces. Pure.

Must not know messages; offsets come as code points of the original field and are never taken on trust.
"""

from dataclasses import dataclass

from alerts.typesetting import graphemes, safe, units
from core.messages import Card
from core.model import FieldName, Span

_BEFORE = 110  # characters shown before the first match, at most
_MARGIN = 400  # what is looked at around the passage, so that cleaning and borders have room
_SENTENCE_ENDS = ".!?؟۔…:"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `bold` where it is a matched word."""

    text: str
    bold: bool = False


def excerpt(card: Card, limit: int) -> tuple[Piece, ...]:
    """At most `limit` UTF-16 units of text, else summary, round the first matched word; ( ) when there is none.

    Without a match outside the title: how the article begins. Cut on grapheme borders, between words where there
    are any, with … at each cut.
    """
    field = _field(card)
    original: str = getattr(card, field)
    spans = [span for span in card.spans if span.field == field and 0 <= span.start < span.end <= len(original)]
    window = _window(original, spans, limit)
    clusters = _clusters(original, window, spans)
    first = next((index for index, piece in enumerate(clusters) if piece.bold), 0)
    begin = _begin(clusters, first) if first > _BEFORE or window[0] else 0
    end = _end(clusters, begin, limit - 2)  # room for two …
    more = end < len(clusters) or window[1] < len(original)
    return _joined(clusters[begin:end], cut_before=begin > 0 or window[0] > 0, cut_after=more)


def _field(card: Card) -> FieldName:
    matched = {span.field for span in card.spans}
    if "text" in matched or "summary" not in matched:
        return "text" if card.text.strip() else "summary"
    return "summary"


def _window(text: str, spans: list[Span], limit: int) -> tuple[int, int]:
    first = min((span.start for span in spans), default=0)
    begin = max(0, first - _MARGIN)
    while begin > 0 and not (text[begin].isspace() and text[begin - 1].isalnum()):
        begin -= 1  # a blank after a letter is a sure grapheme border
    return begin, min(len(text), first + limit + _MARGIN)


def _clusters(text: str, window: tuple[int, int], spans: list[Span]) -> list[Piece]:
    """The graphemes of the cleaned window, each with its weight."""
    begin, end = window
    bold = bytearray(end - begin)
    for span in spans:
        low, high = max(span.start, begin) - begin, min(span.end, end) - begin
        if low < high:
            bold[low:high] = b"\1" * (high - low)
    cleaned, weights = _cleaned(text[begin:end], bold)
    clusters, at = [], 0
    for cluster in graphemes(cleaned):
        clusters.append(Piece(cluster, bool(weights[at])))
        at += len(cluster)
    return clusters[:-1] if end < len(text) else clusters  # the last one may be half


def _cleaned(raw: str, bold: bytearray) -> tuple[str, bytearray]:
    kept: list[str] = []
    weights = bytearray()
    for index, char in enumerate(raw):
        clean = char if char.isalnum() else safe(char)  # most are letters: 1,300 times per message
        if clean and not (clean == " " and (not kept or kept[-1] == " ")):
            kept.append(clean)
            weights.append(bold[index])
    return "".join(kept), weights


def _begin(clusters: list[Piece], first: int) -> int:
    """Where the passage begins: after a sentence, else after a blank, at most _BEFORE graphemes before a match."""
    earliest = max(0, first - _BEFORE)
    blanks = [index + 1 for index in range(earliest, first) if clusters[index].text == " "]
    sentences = [index for index in blanks if index >= 2 and clusters[index - 2].text in _SENTENCE_ENDS]
    return next(iter(sentences or blanks), first)


def _end(clusters: list[Piece], begin: int, limit: int) -> int:
    """The end of what fits: after a word, unless that would lose more than a third."""
    length, end = 0, begin
    while end < len(clusters) and length + units(clusters[end].text) <= limit:
        length += units(clusters[end].text)
        end += 1
    if end == len(clusters):
        return end
    for back in range(end, begin + (end - begin) * 2 // 3, -1):
        if clusters[back].text == " ":
            return back
    return end


def _joined(clusters: list[Piece], *, cut_before: bool, cut_after: bool) -> tuple[Piece, ...]:
    if not any(piece.text.strip() for piece in clusters):
        return ()
    pieces: list[Piece] = [Piece("…")] if cut_before else []
    for cluster in clusters:
        if pieces and pieces[-1].bold == cluster.bold:
            pieces[-1] = Piece(pieces[-1].text + cluster.text, cluster.bold)
        else:
            pieces.append(cluster)
    if cut_after:
        pieces[-1] = Piece(pieces[-1].text.rstrip(), pieces[-1].bold)
        pieces.append(Piece("…"))
    return tuple(pieces)
