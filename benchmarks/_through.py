"""Labelled documents through the real archive: imported as `rasad import` does, read as `rasad export` writes."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, select

import settings
from archive import articles, exchange
from archive.database import Archive
from archive.intake import admit
from archive.schema import address
from benchmarks._corpora import Text
from core.model import Article, Draft, Verdict
from core.rules.match import RuleSet, compile_rules

CONFIG = Path(__file__).parent.parent / "config.toml"


@dataclass(frozen=True, slots=True)
class Archived:
    """What became of imported documents."""

    article_of: Mapping[str, int]  # a document's key → the article that it is; several may be the same one
    exported: Mapping[int, Article]
    joined: Mapping[str, int]  # key → the story that an article joined when it came, which silences it


def through(documents: Sequence[tuple[str, Text, str | None]]) -> Archived:
    """Import documents in their order into an empty archive: each a key, a text, and its time in ISO 8601 or None."""
    verdicts: dict[str, Verdict] = {}

    def heard(conn: Connection, draft: Draft, **how: Any) -> Verdict:
        verdicts[draft.url] = admit(conn, draft, **how)
        return verdicts[draft.url]

    with _archive() as archive, patch.object(exchange, "admit", heard):
        lines = (_line(number, text, at) for number, (_, text, at) in enumerate(documents))
        exchange.import_lines(archive, lines, rules=_rules(), edition=1, on_batch=lambda _: None)
        with archive.reading() as conn:
            at = {row.url: row.article for row in conn.execute(select(address.c.url, address.c.article))}
            exported = {each.id: each for each in articles.export(conn)}
    found = {key: at[url] for number, (key, _, _) in enumerate(documents) if (url := _url(number)) in at}
    joined = {
        key: verdict.story
        for number, (key, _, _) in enumerate(documents)
        if (verdict := verdicts.get(_url(number))) and verdict.story and verdict.action in ("new", "copy")
    }
    return Archived(found, exported, joined)


def _line(number: int, text: Text, at: str | None) -> str:
    line = {"url": _url(number), "title": text.title, "text": text.body, "published": at, "language": text.language}
    return json.dumps(line | {"source": text.source}, ensure_ascii=False)


def _url(number: int) -> str:
    return f"https://labelled.example/{number}"


@contextmanager
def _archive() -> Iterator[Archive]:
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive.open(f"sqlite:///{folder}/rasad.db")
        try:
            yield archive
        finally:
            archive.close()


@cache
def _rules() -> RuleSet:
    config = settings.load(CONFIG)
    return compile_rules(config.names, config.topics)
