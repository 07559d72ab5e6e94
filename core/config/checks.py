"""What must hold between the values of a config: unique ids, known @names, rules that can be read. Pure.

Works on the raw values, so that everything is checked though other parts of the file are wrong.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from core.config.faults import Faults
from core.config.positions import KeyPath, Positions
from core.config.values import did_you_mean, identifier
from core.durations import parse_duration
from core.errors import Fault, QueryError
from core.model import NameSet, Topic
from core.rules.lint import lint, lint_form
from core.rules.match import RuleSet, compile_query, compile_rules
from core.rules.query import parse
from core.rules.syntax import Name, walk

_TOKEN = re.compile(r"\b\d{6,12}:[A-Za-z0-9_-]{30,}")  # as @BotFather gives them
_LISTS = ("forms", "not", "weak", "context")


def tables(values: Mapping[str, Any], section: str, faults: Faults) -> dict[str, Any]:
    """The tables [section.ID] of names, topics or webhooks, with their ids checked."""
    found = values.get(section, {})
    if not isinstance(found, dict):
        faults.at_value((section,), f"must be tables, each with an id: [{section}.ID]")
        return {}
    for key in found:
        try:
            identifier(key)
        except ValueError as error:
            faults.at_key((section, key), str(error))
    return found


def sources(values: Mapping[str, Any], faults: Faults) -> list[Any]:
    """The tables [[sources]]; a second use of an id is a fault."""
    found = values.get("sources", [])
    if not isinstance(found, list):
        faults.at_key(("sources",), "sources is a list: write [[sources]] in double brackets")
        return []
    lines: dict[str, int] = {}
    for index, entry in enumerate(found):
        key = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(key, str):
            continue
        path = ("sources", index, "id")
        if key in lines:
            faults.at_value(path, f"id {key} is already used in line {lines[key]}")
        lines.setdefault(key, faults.reading.positions.value(path).line)
    return found


def references(names: Mapping[str, Any], faults: Faults) -> None:
    """Every @name in the lists of a name, and every rival, must be a name."""
    for key, value in names.items():
        for path, text in _texts(value, ("names", key)):
            name = text[1:] if text.startswith("@") and path[2] in _LISTS else text if path[2] == "rivals" else None
            if name is not None and name not in names:
                sign = "@" if path[2] != "rivals" else ""
                hint = did_you_mean(name, names).replace("mean ", f"mean {sign}")
                faults.at_value(path, f"unknown name {sign}{name}{hint}")


def rules(topics: Mapping[str, Any], names: Mapping[str, Any], faults: Faults) -> None:
    """Every rule of a topic must be one that can be read, and its @names must be names."""
    for path, text in _rules(topics):
        try:
            tree = parse(text)
        except QueryError as error:
            faults.in_rule(path, error)
            continue
        for node in walk(tree):
            if isinstance(node, Name) and node.id not in names:
                line, column = node.at
                message = f"unknown name @{node.id}"
                hint = did_you_mean(node.id, names).replace("mean ", "mean @")
                faults.in_rule(path, QueryError(message + hint, line=line, column=column))


def levels(topics: Mapping[str, Any], faults: Faults) -> None:
    """A level that is a table holds rules for the two levels that are not the usual one."""
    for key, topic in topics.items():
        level = topic.get("level") if isinstance(topic, dict) else None
        for name, rule in level.items() if isinstance(level, dict) else ():
            path = ("topics", key, "level", name)
            if name not in ("breaking", "low"):
                faults.at_key(path, f"unknown key {name}" + did_you_mean(name, ("breaking", "low")))
            elif not isinstance(rule, str):
                faults.at_value(path, "must be text in quotes")
            elif not rule.strip():
                faults.at_value(path, "must not be empty")


def compiled(names: Mapping[str, NameSet], topics: Mapping[str, Topic], faults: Faults) -> RuleSet | None:
    """The rules; None, with faults, where only compiling finds what is wrong, such as names that lead in a circle.

    Expects rules that can be read.
    """
    try:
        return compile_rules(names, topics)
    except QueryError as error:
        whole = error
    for topic in topics.values():
        rules = {("match",): topic.match} | {("level", level): rule for level, rule in topic.levels.items()}
        for path, rule in rules.items():
            try:
                compile_query(rule, names)
            except QueryError as error:
                faults.in_rule(("topics", topic.id, *path), error)
    if not faults.found:
        name = re.search(r"@([a-z0-9_-]+)", whole.message)
        faults.at_key(("names", name[1]) if name else ("names",), whole.message)
    return None


def secrets(values: Mapping[str, Any], faults: Faults) -> None:
    """A bot token in the file would end in the archive with it."""
    for path, text in _texts(values, ()):
        if _TOKEN.search(text):
            faults.at_value(path, "a bot token must not stand here: use TELEGRAM_BOT_TOKEN or telegram.token_file")


def warnings(values: Mapping[str, Any], positions: Positions, languages: tuple[str, ...]) -> tuple[Fault, ...]:
    """What works but is hardly meant. Expects values without faults."""
    found = [
        *_untitled(values, positions, languages),
        *_same_address(values, positions),
        *_too_often(values, positions),
        *_hardly_meant(values, positions),
    ]
    for section, sign in (("topics", "[topics.ID]"), ("sources", "[[sources]]")):
        if not values.get(section):
            found.append(Fault(1, 1, f"nothing is watched: there is no {sign}"))
    return tuple(sorted(found, key=lambda fault: (fault.line, fault.column)))


def _untitled(values: Mapping[str, Any], positions: Positions, languages: tuple[str, ...]) -> Iterator[Fault]:
    for section in ("names", "topics"):
        for key, entry in values.get(section, {}).items():
            title = entry.get("title", {})
            missing = [language for language in languages if language not in title]
            if title and missing:
                place = positions.key((section, key, "title"))
                yield Fault(*place, f"title is missing in: {', '.join(missing)}")


def _same_address(values: Mapping[str, Any], positions: Positions) -> Iterator[Fault]:
    found = values.get("sources", [])
    counts = Counter(entry["url"] for entry in found)
    for index, entry in enumerate(found):
        if counts[entry["url"]] > 1:
            place = positions.value(("sources", index, "url"))
            yield Fault(*place, "another source has the same address")


def _too_often(values: Mapping[str, Any], positions: Positions) -> Iterator[Fault]:
    paths: list[KeyPath] = [("sources", index) for index, _ in enumerate(values.get("sources", []))]
    for path in [("collect",), *paths]:
        entry = values.get("collect", {}) if path == ("collect",) else values["sources"][path[1]]
        if "every" in entry and parse_duration(entry["every"]) < parse_duration("2m"):
            yield Fault(*positions.value((*path, "every")), "no source is visited more often than every 2m")


def _hardly_meant(values: Mapping[str, Any], positions: Positions) -> Iterator[Fault]:
    """What core.rules.lint remarks upon in rules and in the spellings of names, at its own line and column."""
    for path, text in _rules(values.get("topics", {})):
        for remark in lint(parse(text)):
            yield Fault(*positions.inside(path, *remark.at), remark.message)
    for path, text in _texts(values.get("names", {}), ("names",)):
        if path[2] in _LISTS and path[-1] not in ("from", "until"):
            for remark in lint_form(text):
                yield Fault(*positions.inside(path, *remark.at), remark.message)


def _texts(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Every text inside a value with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))


def _rules(topics: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    for path, text in _texts(dict(topics), ("topics",)):
        is_rule = path[2:] == ("match",) or (len(path) == 4 and path[2] == "level")
        if is_rule and text.strip():
            yield path, text
