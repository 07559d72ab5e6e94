"""What a request asks of the archive: the query, what it is narrowed to, and all of it as one query. Draws no page.

q          a query of the rule grammar; may be empty where something else is chosen
since, until, language (und: not known), source, affiliation, topic, name
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from archive.inquiry import Narrow
from core.affiliations import AFFILIATIONS
from core.errors import InputError, QueryError
from core.rules.match import RuleSet, compile_query
from core.rules.periods import period
from core.rules.refusals import unplaced
from settings import Settings

LONGEST = 4_000  # code points of a query
CHOICES = ("since", "until", "language", "source", "affiliation", "topic", "name")
UNKNOWN = "und"  # BCP 47


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `whole` says the same as one query, as far as the grammar can: without the affiliation."""

    query: str
    whole: str
    rules: RuleSet
    narrow: Narrow


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a question, the query cut at the place where it is; `better` is the query mended."""

    error: InputError  # its words are chosen where the reader is known
    column: int = 0  # 0: not in the query
    before: str = ""
    there: str = ""
    after: str = ""
    better: str = ""


def question(asked: Mapping[str, str], settings: Settings) -> Question | None:
    """None where nothing is asked. Raises QueryError with a place in `q`, or InputError."""
    query = asked.get("q", "").strip()
    if len(query) > LONGEST:
        raise unplaced("length", length=len(query), most=LONGEST)
    chosen = {key: value.strip()[:200] for key in CHOICES if (value := asked.get(key, "")).strip()}
    if not query and not chosen:
        return None
    rules = compile_query(query, settings.names) if query else None
    narrow = _narrow(chosen)
    facts, narrowing = _facts(chosen, settings), _narrowing(narrow)
    if facts or rules is None:
        rules = compile_query(_both(query, facts or narrowing or [_EVERYTHING]), settings.names)
    return Question(query, _both(query, [*facts, *narrowing]), rules, narrow)


def fault_of(query: str, error: InputError) -> Fault:
    """What to show of an error that `question` raised."""
    if not isinstance(error, QueryError):
        return Fault(error)
    lines = query.strip().splitlines() or [""]
    line = lines[min(error.line, len(lines)) - 1]
    at = max(0, error.column - 1)
    there = _WORD.match(line, at)
    end = there.end() if there else at + 1
    suggestion = (error.suggestion or "").strip()
    better = f"{line[:at]}{suggestion}{line[end:]}" if suggestion and len(lines) == 1 else ""
    before, after = line[max(0, at - _AROUND) : at], line[end : end + _AROUND]
    return Fault(error, error.column, before, line[at:end], after, better)


_WORD = re.compile(r"[\w@{}*?'-]+|.")
_AROUND = 120  # code points that are shown on either side


def _narrow(chosen: Mapping[str, str]) -> Narrow:
    affiliation = chosen.get("affiliation")
    if affiliation is not None and affiliation not in AFFILIATIONS:
        raise unplaced("no choice", field="affiliation", text=affiliation)
    language = chosen.get("language")
    since, until = _bound(chosen.get("since"), 0), _bound(chosen.get("until"), 1)
    if since and until and since >= until:
        raise unplaced("backwards", text=f"{chosen['since']}..{chosen['until']}")
    return Narrow(
        since=since,
        until=until,
        language="" if language == UNKNOWN else language,
        source=chosen.get("source"),
        affiliation=affiliation,
    )


def _bound(text: str | None, end: int) -> datetime | None:
    """The start (0) or the end (1) of the day, month or year that was typed, in any of the three calendars."""
    if text is None:
        return None
    try:
        return period(text)[end]
    except QueryError as error:
        raise InputError(error.message, code=error.code, values=error.values) from None


def _facts(chosen: Mapping[str, str], settings: Settings) -> list[str]:
    """What only the rules can narrow to. Ids hold nothing that the grammar would read otherwise."""
    known = {"topic": settings.topics, "name": settings.names}
    for field, ids in known.items():
        if field in chosen and chosen[field] not in ids:
            raise unplaced("no choice", field=field, text=chosen[field])
    return [f"{field}:{chosen[field]}" for field in known if field in chosen]


def _narrowing(narrow: Narrow) -> list[str]:
    """The other choices, as the grammar says them."""
    facts = [f"lang:{narrow.language}"] if narrow.language else []
    facts += [f'source:"{narrow.source}"'] if narrow.source and '"' not in narrow.source else []
    if narrow.since or narrow.until:
        first, after = narrow.since or _FIRST, narrow.until or _LAST
        facts.append(f"date:{first:%Y-%m-%d}..{after - timedelta(days=1):%Y-%m-%d}")
    return facts


_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)
_EVERYTHING = f"date:{_FIRST:%Y}..{_LAST:%Y}"  # with a date; beside a choice that the grammar cannot say


def _both(query: str, facts: list[str]) -> str:
    """The query and the facts, as one; a line end closes a comment."""
    if not facts:
        return query
    end = "\n" if "#" in query else ""
    return " ".join([f"({query}{end})"] * bool(query) + facts)
