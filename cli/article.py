"""Looking at one article: its times, its texts and what was changed in them, its evidence, its story."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from rich.text import Text

import scheduler
import settings as config
from archive import articles, evidence
from archive.dossier import Dossier, TextOf, dossier
from archive.evidence import Kept
from cli.screen import DEFAULT_CONFIG, AsJson, ConfigFile, as_json, jsonable, marked, out
from core.errors import ArchiveError, InputError
from core.lines import article_record, iso
from core.model import Article, KeptPost, Span
from core.urls import canonical, is_web, readable
from core.worddiff import Change, diff

CONTEXT = 60  # characters of unchanged text that are shown beside a change

_FIRST_STRONG, _END = "\u2068", "\u2069"


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command()(article)


def article(
    which: Annotated[str, typer.Argument(metavar="URL|ID", help="Its address, or its number in the archive.")],
    json_: AsJson = False,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """All that is known of an article: times, edits, evidence (checked), story. Example: rasad article 12"""
    settings = config.archive_of(file)
    with scheduler.opened(settings) as archive, archive.reading() as conn:
        found = dossier(conn, number_of(conn, which))
    if found is None:
        raise InputError(f"no article {which!r} is in the archive")
    proofs = {text.number: _proof(settings.evidence_folder, text.evidence) for text in found.texts if text.evidence}
    if json_:
        as_json(_record(found, proofs))
    else:
        _show(found, proofs)
    raise typer.Exit(1 if any(proof.fault for proof in proofs.values()) else 0)


def number_of(conn: Any, which: str) -> int:
    """The id of the article that is meant; 0 for none."""
    if is_web(which):
        found = articles.by_url(conn, canonical(which)) or articles.by_url(conn, which)
        return found.id if found else 0
    number = which.removeprefix("#")
    if not number.isdecimal() or len(number) > 18:
        raise InputError(f"{which!r} is neither an http address nor the number of an article")
    return int(number)


class _Proof(NamedTuple):
    """Where kept bytes lie, None where the config keeps none, and what is wrong with them: "" when nothing is."""

    file: Path | None
    fault: str = ""


_Proofs = dict[int, _Proof]  # by number of the text


def _proof(folder: Path | None, kept: Kept) -> _Proof:
    """The bytes are read and hashed anew."""
    if folder is None:
        return _Proof(None)
    file = evidence.file_of(folder, kept.sha256)
    try:
        evidence.read(folder, kept.sha256)
    except ArchiveError as error:
        return _Proof(file, str(error))
    return _Proof(file)


# --- as JSON -----------------------------------------------------------------------------------------------------


def _record(found: Dossier, proofs: _Proofs) -> dict[str, Any]:
    it = found.article
    before = [None, *found.texts]
    return article_record(it) | {
        "story": found.story,
        "affiliation": found.affiliation,
        "published_raw": it.published_raw,
        "first_alert": iso(it.first_alert),
        "messages": found.sent,
        "aliases": list(found.aliases),
        "carriers": [jsonable(asdict(each)) for each in found.carriers],
        "origin": found.origin.id if found.origin else None,
        "texts": [_text_record(text, old, proofs) for old, text in zip(before, found.texts, strict=False)],
    }


def _text_record(text: TextOf, earlier: TextOf | None, proofs: _Proofs) -> dict[str, Any]:
    return {
        "revision": text.number,
        "recorded": iso(text.recorded),
        "replaced": iso(text.replaced),
        **{name: getattr(text, name) for name in _FIELDS},
        "changes": {name: diff(getattr(earlier, name), getattr(text, name)) for name in _FIELDS} if earlier else None,
        "evidence": _evidence_record(text.evidence, proofs[text.number]) if text.evidence else None,
    }


def _evidence_record(kept: Kept, proof: _Proof) -> dict[str, Any]:
    columns = {name: value for name, value in asdict(kept).items() if name not in ("article", "revision")}
    intact = not proof.fault if proof.file else None
    return jsonable(columns) | {"file": str(proof.file or "") or None, "intact": intact, "fault": proof.fault or None}


_FIELDS = ("title", "summary", "text")


# --- on the screen -----------------------------------------------------------------------------------------------


def _show(found: Dossier, proofs: _Proofs) -> None:
    it = found.article
    out.print(_hits_marked(it, "title"), style="bold")
    for label, value in _facts(found):
        out.print(Text.assemble((f"{label:<10} ", "dim"), marked(value, [])))
    for earlier, text in zip((None, *found.texts), found.texts, strict=False):
        out.print()
        replaced = f", until {_when(text.replaced)}" if text.replaced else ""
        out.print(f"text {text.number} of {it.revision}, recorded {_when(text.recorded)}{replaced}", style="bold")
        for told in _evidence(text.evidence, proofs.get(text.number)):
            out.print(marked(told, []), style="dim")
        if earlier is not None:
            _show_changes(earlier, text)
    out.print()
    for field in ("summary", "text"):
        for paragraph in _paragraphs(it, field):
            out.print(paragraph)


def _facts(found: Dossier) -> Iterator[tuple[str, str]]:
    it = found.article
    copy = f", copy of #{it.duplicate_of}" if it.duplicate_of else ""
    yield "article", f"#{it.id} · {it.source_name} ({found.affiliation}) · {it.language or 'language unknown'}{copy}"
    yield "address", readable(it.url)
    yield from (("also at", readable(alias)) for alias in found.aliases)
    if it.authors:
        yield "by", ", ".join(it.authors)
    printed = f', printed as "{it.published_raw}"' if it.published_raw else ""
    yield "published", f"{_when(it.published)}{printed}" if it.published else f"date unknown{printed}"
    yield "fetched", _when(it.fetched)
    yield "recorded", _when(it.recorded)
    sent = f"; {found.sent} {'message' if found.sent == 1 else 'messages'} told it" if found.sent else ""
    yield "alert sent", f"{_when(it.first_alert)}{sent}" if it.first_alert else "none"
    if it.withdrawn:
        yield "withdrawn", f"its publisher took it back; seen {_when(it.withdrawn)}"
    if it.post is not None:
        yield from _post_facts(it.post, found.origin)
    for hit in it.matches.topics:
        yield "topic", f"{hit.topic} ({hit.level})"
    for label, hits in (("name", it.matches.names), ("ambiguous", it.matches.ambiguous)):
        if hits:
            yield label, ", ".join(hit.name for hit in hits)
    yield "story", f"{found.story}, carried by {len(found.carriers)} more"
    for other in found.carriers:
        yield (
            "",
            f"#{other.id} {other.source_name}, {_when(other.recorded)}{', copy' if other.copy else ''}: {other.title}",
        )


def _post_facts(post: KeptPost, origin: Article | None) -> Iterator[tuple[str, str]]:
    numbers = f"{post.number}" if post.last == post.number else f"{post.number}–{post.last}, an album"
    shows = f", with {', '.join(post.media)}" if post.media else ""
    yield "post", f"{numbers}{shows}"
    if post.views is not None:
        first = f", {post.views_first:,} at first" if post.views_first not in (None, post.views) else ""
        yield "views", f"{post.views:,} on {_when(post.views_at)}{first}"
    if post.edited:
        yield "edited", f"seen {_when(post.edited)}"
    if post.forwarded_from:
        here = f", here #{origin.id}" if origin else ""
        yield "forwarded", f"from {post.forwarded_from} {post.forwarded_url or ''}{here}"
    yield from (("links to", link) for link in post.links)


def _evidence(kept: Kept | None, proof: _Proof | None) -> Iterator[str]:
    if kept is None or proof is None:
        yield "no bytes were kept"
        return
    came = f" after {kept.requested}" if kept.requested != kept.url else ""
    kind = kept.headers.get("content-type", "no content-type")
    yield f"{kept.url}{came} answered {kept.status}, {kind}, {_when(kept.fetched)}"
    stored = f", {kept.stored:,} as stored" if kept.stored else ""
    against = f" against {kept.reference[:12]}…" if kept.reference else ""
    yield f"sha256 {kept.sha256}, {kept.size:,} bytes{stored}{against}"
    if proof.file:
        yield proof.fault or f"{proof.file}: intact, its hash is right"


def _show_changes(earlier: TextOf, text: TextOf) -> None:
    for field in _FIELDS:
        changes = diff(getattr(earlier, field), getattr(text, field))
        if any(change.kind != "same" for change in changes):
            out.print(f"{field}, changed:", style="dim")
            for told in word_changes(changes, marks=not out.is_terminal):
                out.print(told)


def word_changes(changes: Sequence[Change], *, marks: bool) -> Iterator[Text]:
    """The lines in which something was changed. `marks`: [-removed-] and {+added+} instead of colours alone.

    In right-to-left text a changed stretch is isolated, so that what stands around it keeps its place.
    """
    isolated = any(unicodedata.bidirectional(char) in ("R", "AL") for change in changes for char in change.text)
    shown, told = Text(), False
    for change in changes:
        pieces = _shortened(change.text).split("\n") if change.kind == "same" else [change.text.replace("\n", "¶")]
        for place, piece in enumerate(pieces):
            if place:
                if told:
                    yield shown
                shown, told = Text(), False
            shown.append_text(_stretch(change.kind, piece, marks, isolated))
        told = told or change.kind != "same"
    if told:
        yield shown


_LOOKS = {"same": ("", "", ""), "removed": ("red strike", "[-", "-]"), "added": ("green underline", "{+", "+}")}


def _stretch(kind: str, text: str, marks: bool, isolated: bool) -> Text:
    style, opening, closing = _LOOKS[kind]
    shown = marked(text, [])
    if marks and kind != "same":
        shown = Text.assemble(opening, shown, closing)
    if kind != "same" and isolated:
        shown = Text.assemble(_FIRST_STRONG, shown, _END)
    shown.stylize(style)
    return shown


def _shortened(text: str) -> str:
    """Unchanged text without its middle. Whole lines between two changes are left out with it."""
    if len(text) <= 2 * CONTEXT + 10:
        return text
    return f"{text[:CONTEXT].rstrip()} … {text[-CONTEXT:].lstrip()}"


def _paragraphs(it: Article, field: str) -> Iterator[Text]:
    """A field's lines with the matched words marked."""
    text, spans = getattr(it, field), _spans(it, field)
    start = 0
    for paragraph in text.split("\n") if text else ():
        end = start + len(paragraph)
        inside = [(span.start - start, span.end - start) for span in spans if start <= span.start and span.end <= end]
        yield marked(paragraph, inside)
        start = end + 1


def _hits_marked(it: Article, field: str) -> Text:
    return marked(getattr(it, field), [(span.start, span.end) for span in _spans(it, field)])


def _spans(it: Article, field: str) -> list[Span]:
    found = [hit.spans for hit in it.matches.topics] + [hit.spans for hit in it.matches.names]
    return sorted({span for spans in found for span in spans if span.field == field})


def _when(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else "–"
