"""Collects what is wrong in a config file at the place where it is written. Knows places and words, not the schema."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.config.positions import KeyPath, Place, term_at
from core.config.toml import Reading
from core.config.values import did_you_mean
from core.errors import Fault, QueryError
from core.redaction import one_line, redact

_SENTENCES = {  # pydantic's error types, https://docs.pydantic.dev/latest/errors/validation_errors/
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "list_type": "must be a list: [ … ]",
    "tuple_type": "must be a list: [ … ]",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "too_short": "must not be empty",
    "path_type": "must be text in quotes",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}


@dataclass(slots=True)
class Faults:
    """The faults so far. Lines that could not be read are left alone: everything about them would be a guess."""

    reading: Reading
    found: list[Fault] = field(default_factory=list)

    def at_value(self, path: KeyPath, message: str) -> None:
        self._add(self.reading.positions.value(path), message)

    def at_key(self, path: KeyPath, message: str) -> None:
        self._add(self.reading.positions.key(path), message)

    def in_rule(self, path: KeyPath, error: QueryError) -> None:
        """A fault inside a rule's text, at its own place in the file."""
        self._add(self.reading.positions.inside(path, error.line, error.column), error.message)

    def missing(self, path: KeyPath, key: str) -> None:
        """A key that its table lacks; unsaid where a line of the table could not be read: it may be there."""
        positions = self.reading.positions
        place = positions.key(path) if path in positions.keys else positions.value(path)
        following = [at.line for at in positions.headers if at.line > place.line]
        lines = range(place.line, min(following, default=2**31))
        if not any(line in lines for line in self.reading.damaged):
            self._add(place, f"{key} is missing")

    def explain(
        self, base: KeyPath, errors: Iterable[Mapping[str, Any]], known: Callable[[KeyPath], Iterable[str]]
    ) -> None:
        """Pydantic's errors of the table at `base`; `known` tells the keys that could stand at a path in it."""
        for error in errors:
            path = (*base, *(part for part in error["loc"] if part != "[key]"))
            kind, name = error["type"], str(path[-1]) if path else ""
            if kind == "extra_forbidden":
                self.at_key(path, f"unknown key {name}" + did_you_mean(name, known(error["loc"])))
            elif kind == "missing":
                self.missing(path[:-1], name)
            elif "[key]" in error["loc"]:
                self.at_key(path, _sentence(error))
            else:
                self.at_value(path, _sentence(error))

    def _add(self, place: Place, message: str) -> None:
        fault = Fault(*place, message)
        if place.line not in self.reading.damaged and fault not in self.found:
            self.found.append(fault)


def with_term(fault: Fault, text: str) -> Fault:
    """The fault with the term that it points at, unless that may be a secret."""
    term = "" if fault.message.endswith("is missing") else term_at(text, fault.line, fault.column)
    secret = redact(term) != term or re.search(r"\S:\S*@", term)
    return replace(fault, term="" if secret else one_line(term))


def _sentence(error: Mapping[str, Any]) -> str:
    context = error.get("ctx") or {}
    if error["type"] == "value_error":
        return str(context["error"])
    if error["type"].startswith(("date", "datetime")):
        return "must be a date: 2026-05-14"
    sentence = _SENTENCES.get(error["type"])
    return sentence.format(**context) if sentence else re.sub(r"^Input should", "must", error["msg"])
