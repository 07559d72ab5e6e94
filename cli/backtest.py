"""What a rule would have alerted: backtest."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

import scheduler
import settings as config
from archive import backtest as archive_backtest
from archive.backtest import Backtest, Change, Tally
from cli.screen import DEFAULT_CONFIG, AsJson, ConfigFile, as_json, marked, out, progress
from cli.search import excerpt
from core.durations import parse_duration
from core.errors import InputError
from core.lines import article_record, spans_record
from core.model import Article
from core.rules.match import RuleSet, compile_query, compile_rules
from core.rules.near_misses import Miss, NearMisses

BAR = 40  # characters of the longest bar
DAYS_SHOWN = 31


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command()(backtest)


def backtest(
    query: Annotated[str | None, typer.Argument(metavar="[QUERY]", help="A rule; without one, all topics.")] = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="FILE", help="Another config, such as one to be: what it would change."),
    ] = None,
    topic: Annotated[
        str | None, typer.Option("--topic", metavar="ID", help="A topic, of which QUERY is another version.")
    ] = None,
    since: Annotated[str, typer.Option("--since", metavar="90d", help="How far to look back.")] = "90d",
    misses: Annotated[
        bool, typer.Option("--misses", help="Show as well what one condition alone kept from being found.")
    ] = False,
    json_: AsJson = False,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """What a rule would have found; sends nothing. Example: rasad backtest '@qaani title:Baghdad' --topic qaani"""
    settings = config.load(file)
    file_to_be = config.load(against) if against else None
    now = datetime.now(UTC)
    try:
        start = now - parse_duration(since)
    except ValueError as wrong:
        raise InputError(f"--since: {wrong}") from None
    if file_to_be is not None and query is None:
        if misses:
            raise InputError("--misses: of which rule? Give one, or leave --against out")
        _show_comparison(_compared(topic, settings, file_to_be, start, now), since, json_)
        return
    rules, other = _versions(query, topic, settings, file_to_be)
    near = _near(query, topic, settings) if misses else None
    with scheduler.opened(settings) as archive, archive.reading() as conn, progress("looking", 1.0) as tell:
        found = archive_backtest.run(conn, rules, since=start, now=now, against=other, progress=tell)
        missed = archive_backtest.just_missed(conn, near, since=start, now=now) if near else []
    if json_:
        as_json(_record(found) | ({"missed": list(map(_missed_record, missed))} if near else {}))
        return
    _show(found, since)
    if near:
        _show_missed(missed)


def _versions(
    query: str | None, topic: str | None, settings: config.Settings, against: config.Settings | None
) -> tuple[RuleSet, RuleSet | None]:
    """The rules to try and those to hold them against: a query against the topic, or by the names of both configs."""
    _known(topic, list(settings.topics))
    if query is None:
        return compile_rules(settings.names, settings.topics, only=topic), None
    if against is not None:
        return compile_query(query, against.names), compile_query(query, settings.names)
    other = compile_query(settings.topics[topic].match, settings.names) if topic else None
    return compile_query(query, settings.names), other


def _known(topic: str | None, topics: list[str]) -> None:
    if topic is not None and topic not in topics:
        raise InputError(f"there is no topic {topic!r}; there are {', '.join(topics)}")


def _compared(
    topic: str | None, settings: config.Settings, against: config.Settings, since: datetime, now: datetime
) -> dict[str, Change]:
    """What the other config would change, of each topic of both; the archive is that of the present one."""
    topics = list(dict.fromkeys((*settings.topics, *against.topics)))
    _known(topic, topics)
    with scheduler.opened(settings) as archive, archive.reading() as conn, progress("looking", 1.0) as tell:
        chosen = [topic] if topic else topics
        return dict(archive_backtest.by_topic(conn, chosen, settings, against, since=since, now=now, progress=tell))


def _near(query: str | None, topic: str | None, settings: config.Settings) -> NearMisses:
    if query is None and topic is None:
        raise InputError("--misses: of which rule? Give one, or --topic ID")
    rule = query if query is not None else settings.topics[topic or ""].match
    return NearMisses(rule, settings.names)


# --- showing -----------------------------------------------------------------------------------------------------


def _show(found: Backtest, since: str) -> None:
    tally = found.tally
    out.print(f"{tally.count} articles and {tally.copies} copies of {found.articles} recorded in {since}")
    _bars("day", dict(list(tally.days.items())[-DAYS_SHOWN:]))
    _bars("source", tally.sources)
    _bars("language", tally.languages)
    if len(tally.levels) > 1:
        _bars("level", dict(tally.levels))
    _samples("samples", tally)
    for title, side in (("found in addition", found.gained), ("no longer found", found.lost)):
        if side is not None:
            out.print(f"\n{title}: {side.count} articles and {side.copies} copies", style="bold")
            _samples("", side)


def _show_missed(missed: list[tuple[Article, Miss]]) -> None:
    out.print(f"\njust missed, of the newest {archive_backtest.TRIED:,}", style="bold")
    for article, miss in missed:
        when = (article.published or article.recorded).date().isoformat()
        spans = [(span.start, span.end) for span in miss.spans if span.field == "title"]
        out.print(f"  {when} {article.source_name}: ", marked(article.title, spans), sep="")
        if (words := excerpt(article, miss.spans)) is not None:
            out.print(words)
        out.print(f"  lacks {miss.lacking}", style="dim")
    if not missed:
        out.print("  nothing: no condition of the rule was missing alone")


def _bars(title: str, counts: Any) -> None:
    most = max(counts.values(), default=0)
    if counts:
        out.print(f"\nper {title}", style="bold")
    for what, count in counts.items():
        out.print(f"  {what or '?':24} {count:6} {'█' * max(1, round(count * BAR / most))}")


def _samples(title: str, tally: Tally, sign: str = " ") -> None:
    if title and tally.samples:
        out.print(f"\n{title}", style="bold")
    for each in tally.samples:
        article = each.article
        when = (article.published or article.recorded).date().isoformat()
        spans = [(span.start, span.end) for span in each.spans if span.field == "title"]
        out.print(f"{sign} {when} {article.source_name}: ", marked(article.title, spans), sep="")
        if sign != " " and (words := excerpt(article, each.spans)) is not None:
            out.print(words)


def _show_comparison(changes: dict[str, Change], since: str, json_: bool) -> None:
    if json_:
        as_json({topic: _change_record(change) for topic, change in changes.items()})
        return
    out.print(f"articles recorded in {since}, copies left out: now → then")
    for topic, change in changes.items():
        gained, lost = change.gained.count, change.lost.count
        out.print(f"\n{topic}: {change.before} → {change.after}, {gained} new, {lost} gone", style="bold")
        if not gained and not lost:
            continue
        for day, (before, after) in list(change.days.items())[-DAYS_SHOWN:]:
            out.print(f"  {day} {before:6} → {after}")
        _samples("", change.gained, "+")
        _samples("", change.lost, "−")


def _change_record(change: Change) -> dict[str, Any]:
    days = {day: {"now": before, "then": after} for day, (before, after) in change.days.items()}
    sides = {"new": _tally_record(change.gained), "gone": _tally_record(change.lost)}
    return {"now": change.before, "then": change.after, "days": days} | sides


def _missed_record(missed: tuple[Article, Miss]) -> dict[str, Any]:
    article, miss = missed
    return article_record(article) | {"lacking": miss.lacking, "spans": spans_record(miss.spans)}


def _record(found: Backtest) -> dict[str, Any]:
    sides = {"gained": found.gained, "lost": found.lost}
    record = _tally_record(found.tally) | {"looked": found.looked, "articles": found.articles}
    return record | {name: _tally_record(side) for name, side in sides.items() if side is not None}


def _tally_record(tally: Tally) -> dict[str, Any]:
    samples = [article_record(each.article) | {"spans": spans_record(each.spans)} for each in tally.samples]
    counts = {name: value for name, value in asdict(tally).items() if name != "samples"}
    return counts | {"samples": samples}
