"""Why articles stand together: the proof that two texts are copies, and how an article stands in its story."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

import scheduler
import settings as config
from archive import articles
from archive.chronicle import Chronicle, chronicle
from archive.comparing import Comparison, Shared, compared
from cli.screen import DEFAULT_CONFIG, AsJson, ConfigFile, as_json
from cli.standing import Facts, headline, show, standing, standing_record
from core.errors import InputError
from core.lines import read_line
from core.model import Article, Draft, NameSet
from core.stories import dedup, story
from core.urls import canonical, is_web, readable

_NEAREST = 12  # members of a story that an article is compared with


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command()(explain)


def explain(
    which: Annotated[
        list[str], typer.Argument(metavar="URL|ID [URL|ID]", help="One article, or two that are to be compared.")
    ],
    lines: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="Take both from JSON lines, by address or line."),
    ] = None,
    json_: AsJson = False,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Why an article stands in its story and who carries it; of two, how they compare. Example: rasad explain 12 15"""
    if len(which) > 2:
        raise InputError("give one article, or two that are to be compared")
    if lines is not None and len(which) == 1:
        raise InputError("of JSON lines two are compared: give the address or the line of each")
    settings = config.load(file)
    now = datetime.now(UTC)
    with scheduler.opened(settings) as archive, archive.reading() as conn:
        if len(which) == 1:
            _article(conn, _archived(conn, which[0]), settings.names, now, json_=json_)
            return
        archived = [] if lines is not None else [_archived(conn, each) for each in which]
        drafts = [_line(lines, each) for each in which] if lines is not None else [_draft(each) for each in archived]
        told = compared(conn, drafts[0], drafts[1], settings.names, now)
    _pair(drafts, archived, told, json_=json_)


def _archived(conn: Connection, which: str) -> Article:
    """The article that is meant by an address or its number. Raises InputError where there is none."""
    number = which.removeprefix("#")
    if is_web(which):
        found = articles.by_url(conn, canonical(which)) or articles.by_url(conn, which)
    elif number.isdecimal() and len(number) <= 18:
        found = articles.get(conn, int(number))
    else:
        raise InputError(f"{which!r} is neither an http address nor the number of an article")
    if found is None:
        raise InputError(f"no article {which!r} is in the archive")
    return found


def _line(file: Path, which: str) -> Draft:
    """The draft of a JSON line, by its address or its number. Raises InputError where there is none."""
    with file.open(encoding="utf-8", errors="surrogateescape") as opened:
        for number, raw in enumerate(opened, 1):
            if str(number) == which or (which in raw and read_line(raw).url == which):
                return read_line(raw)
    raise InputError(f"{file} has no line {which!r}")


def _draft(article: Article) -> Draft:
    return Draft(
        article.source, article.url, article.title, article.text, article.summary,
        published=article.published or article.recorded, language=article.language,
    )  # fmt: skip


# --- two articles ----------------------------------------------------------------------------------------------------


def _pair(found: list[Draft], archived: list[Article], told: Comparison, *, json_: bool) -> None:
    if json_:
        stories = [{"id": each.id, "story": each.story, "related": list(each.related)} for each in archived]
        as_json({"articles": [draft.url for draft in found], **_record(told), "archived": stories})
        return
    show(
        (label, f"{draft.title} · {readable(draft.url)}") for label, draft in zip(("one", "other"), found, strict=True)
    )
    show(_figures(told))
    if archived:
        show([("stories", _together(*archived))])


def _record(told: Comparison) -> dict[str, Any]:
    return asdict(told) | {"thresholds": _thresholds(told)}


def _thresholds(told: Comparison) -> dict[str, float]:
    """The figures that decided, those that hold for texts of this length and these languages."""
    long = min(told.words.one, told.words.other) >= dedup.LONG_TEXT
    one_language = told.languages[0] == told.languages[1]
    return {
        "copy": dedup.LONG_SUPPORT if long else dedup.SUPPORT,  # containment less twice what each has alone
        "kept": dedup.KEPT,
        "derived": dedup.DERIVED,
        "derived_alone": dedup.DERIVED_ALONE,
        "one_event": story.JOIN if one_language else story.LINKED,
        "silent": story.SURE if one_language else story.SURE_LINK,
    }


def _figures(told: Comparison) -> Facts:
    found, needed = told.evidence, _thresholds(told)
    support = found.containment - 2 * found.alone
    yield "tier", f"{found.tier}: {found.why}"
    yield "pairs", f"{found.containment:.0%} of the word pairs of the text that has fewer: {found.shared}"
    yield "alone", f"{found.alone:.0%} of its words are in no spelling in the other text"
    yield (
        "support",
        f"{support:.2f}; a copy from {needed['copy']:.2f}, derived from {needed['derived']:.0%} of the pairs",
    )
    if found.numbers is not None:
        yield "numbers", f"{found.numbers:.0%} of the numbers of the text that has fewer"
    yield "passages", _share(told.passages, "passages of three words")
    yield "prints", _share(told.fingerprints, "fingerprints by which the archive finds it")
    yield "words", f"{told.words.one} and {told.words.other}, boilerplate left out"
    across = "" if told.languages[0] == told.languages[1] else f" across {' and '.join(told.languages)}"
    kinship = f"{told.kinship:.2f}{across}; one event from {needed['one_event']:.2f}"
    yield "kinship", f"{kinship}, one alert from {needed['silent']:.2f}"
    yield "in common", ", ".join(told.terms) or "nothing that tells"


def _share(shared: Shared, what: str) -> str:
    return f"{shared.both} in both, of {shared.one} and {shared.other} {what}"


def _together(one: Article, other: Article) -> str:
    if one.story == other.story:
        return f"both in story {one.story}"
    related = ", shown together" if other.story in one.related else ""
    return f"{one.story} and {other.story}{related}"


# --- one article -----------------------------------------------------------------------------------------------------


def _article(conn: Connection, it: Article, names: Mapping[str, NameSet], now: datetime, *, json_: bool) -> None:
    told = chronicle(conn, it.story)
    assert told is not None  # it has this article
    nearest = _nearest(conn, it, told, names, now)
    if json_:
        as_json(_story_record(it, told, nearest))
        return
    show([("article", f"#{it.id} {it.source_name}: {it.title}"), ("story", f"{told.story}: {_why(it, told, nearest)}")])
    show(_match(it, told))
    show(standing(told))
    show(("related", f"story {each}: {headline(conn, each)}") for each in it.related)


def _nearest(
    conn: Connection, it: Article, told: Chronicle, names: Mapping[str, NameSet], now: datetime
) -> tuple[int, Comparison] | None:
    """The member of its story that is closest to an article."""
    others = [articles.get(conn, entry.article) for entry in told.heads if entry.article != it.id][-_NEAREST:]
    pairs = [(each.id, compared(conn, _draft(it), _draft(each), names, now)) for each in others if each is not None]
    return max(pairs, key=lambda pair: pair[1].kinship, default=None)


def _why(it: Article, told: Chronicle, nearest: tuple[int, Comparison] | None) -> str:
    if it.duplicate_of is not None:
        return f"a copy of #{it.duplicate_of}"
    if told.entries[0].article == it.id:
        return "it is the first of it"
    if nearest is None:
        return "the others are copies"
    other, figures = nearest
    needed = _thresholds(figures)
    return (
        f"closest to #{other}, kinship {figures.kinship:.2f} (one event from {needed['one_event']:.2f}, "
        f"one alert from {needed['silent']:.2f}), by {', '.join(figures.terms)}"
    )


def _match(it: Article, told: Chronicle) -> Facts:
    match = next(entry.match for entry in told.entries if entry.article == it.id)
    if match is not None:
        found = match.evidence
        yield "text", f"{found.tier} of #{match.article}: {found.why}, {found.containment:.0%} of the word pairs"


def _story_record(it: Article, told: Chronicle, nearest: tuple[int, Comparison] | None) -> dict[str, Any]:
    match = next(entry.match for entry in told.entries if entry.article == it.id)
    return {
        "article": it.id,
        "url": it.url,
        "story": told.story,
        "why": _why(it, told, nearest),
        "nearest": {"article": nearest[0], **_record(nearest[1])} if nearest else None,
        "match": asdict(match) if match else None,
        **standing_record(told),
        "related": list(it.related),
    }
