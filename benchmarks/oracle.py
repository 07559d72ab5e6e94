"""Whether searching and matching ever disagree: `python -m benchmarks.oracle [--pairs 10000000] [--url URL]`.

Articles of ../shared/data/corpora (or made up, where that is missing) are indexed as the archive does. For each of
many random rules (words, phrases, clitics, wildcards, AND OR NOT NEAR, fields) the matcher looks at every article,
and the index is asked for its candidates. A match that the index did not propose is *missed*: there must be none.
How many more it proposes than match is told, too.
"""

import argparse
import gzip
import json
import random
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import timedelta
from itertools import islice, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, select

from archive.asking import articles_with
from archive.database import Archive
from archive.inquiry import readables
from archive.schema import article
from benchmarks.archive import NOW, articles
from benchmarks.search import fill
from core.errors import QueryError
from core.model import Draft, NameSet, Topic
from core.rules.match import RuleSet, candidates, compile_query, compile_rules
from core.text import WORD
from settings import load

CORPORA = Path(__file__).parent.parent.parent / "shared" / "data" / "corpora"
FILES = ("telegram_posts_fa_ar.jsonl.gz", "articles_ar.jsonl.gz", "reuters_en.jsonl.gz")
BATCH = 250  # rules tried at once
PREFIXES = ("", "", "", "و", "ب", "ل", "ال", "وال")
OPERATORS = (" ", " ", " OR ", " NOT ", " NEAR/5 ", " ONEAR/3 ", " NOTNEAR/4 ", " SENT ")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=10_000_000)
    parser.add_argument("--articles", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--url", help="an empty PostgreSQL archive; SQLite by default")
    asked = parser.parse_args()
    names = load(Path("config.toml")).names
    with TemporaryDirectory() as folder:
        archive = Archive.open(asked.url or f"sqlite:///{folder}/rasad.db")
        fill(archive, list(islice(_texts(), asked.articles)))
        with archive.reading() as conn:
            missed = _run(conn, names, asked.pairs, random.Random(asked.seed))
        archive.close()
    return 1 if missed else 0


# --- texts and rules ---------------------------------------------------------------------------------------------


def _texts() -> Iterator[Draft]:
    if not all((CORPORA / name).exists() for name in FILES):
        print(f"{CORPORA} is not here: made-up articles are used", file=sys.stderr)
        yield from articles(100_000)
        return
    with ExitStack() as open_:
        streams = [open_.enter_context(gzip.open(CORPORA / name, "rt", encoding="utf-8")) for name in FILES]
        yield from _drafts(streams)


def _drafts(streams: Sequence[Iterable[str]]) -> Iterator[Draft]:
    for number, lines in enumerate(zip(*streams, strict=False)):
        for place, line in enumerate(lines):
            row = json.loads(line)
            text = (row.get("text") or row.get("body") or "")[:3_000]
            yield Draft(
                source=f"s{place}",
                url=f"https://s{place}.example/{number}",
                title=(row.get("title") or text[:60]).strip(),
                text=text,
                guid=f"{place}-{number}",
                published=NOW - timedelta(hours=number % 2_000),
                language=("fa", "ar", "en")[place],
            )


class Writer:
    """Writes rules of words that stand in the texts, as they stand there or a little otherwise."""

    def __init__(self, texts: Sequence[str], names: Sequence[str], dice: random.Random) -> None:
        words = [found for text in texts for found in [WORD.findall(text)] if len(found) > 1]
        self._words = sorted({word for found in words for word in found if len(word) > 1})
        self._pairs = [pair for found in words for pair in pairwise(found)]
        self._names, self._dice = names, dice

    def rule(self) -> str:
        parts = [self._leaf() for _ in range(self._dice.choice((1, 1, 2, 2, 3)))]
        rule = parts[0]
        for part in parts[1:]:
            rule = f"({rule}{self._dice.choice(OPERATORS)}{part})"
        return rule

    def _leaf(self) -> str:  # noqa: PLR0911  # one kind of leaf each
        dice = self._dice
        word, kind = dice.choice(self._words), dice.random()
        if kind < 0.4:
            return f'"{dice.choice(PREFIXES)}{word}"'
        if kind < 0.6:
            return '"{} {}"'.format(*dice.choice(self._pairs))
        if kind < 0.68:
            return '"{}{}"'.format(*dice.choice(self._pairs))
        if kind < 0.75:
            return f"@{dice.choice(self._names)}"
        if kind < 0.82 and word[:4].isalpha() and len(word) > 4:
            return f"{word[:4]}*"
        if kind < 0.88:
            return f'{dice.choice(("title", "body", "lead"))}:("{word}" NOT "{dice.choice(self._words)}")'
        if kind < 0.94:
            return dice.choice(('=("{}")', "{{{}}}", 'NOT "{}" NOT zzz')).format(word).replace("(", "").replace(")", "")
        return dice.choice(("source:s1", "lang:fa", "date:2026-05-10", "source:(s0 OR s2)", "lang:en"))


# --- the run -----------------------------------------------------------------------------------------------------


def _run(conn: Connection, names: Mapping[str, NameSet], pairs: int, dice: random.Random) -> int:
    every = list(conn.execute(select(article.c.id)).scalars())
    plain = readables(conn, compile_query("anything", names), every)
    writer = Writer([row.text for row in dice.sample(list(plain), min(400, len(plain)))], list(names), dice)
    tried = rules = matched = proposed = missed = 0
    began = time.perf_counter()
    while tried < pairs:
        queries = _readable(writer, names)
        for (rule, compiled), true in zip(queries.items(), _true(queries, names, plain), strict=True):
            given = _proposed(conn, compiled)
            for lost in sorted(true - given):
                print(f"MISSED by {rule}: article {lost}")
            matched, proposed, missed = matched + len(true), proposed + len(given), missed + len(true - given)
        tried, rules = tried + len(plain) * len(queries), rules + len(queries)
    print(
        f"{conn.dialect.name}: {tried:,} pairs of {rules:,} rules and {len(plain):,} articles in "
        f"{time.perf_counter() - began:.0f} s: {matched:,} matches, {proposed:,} proposed, {missed} missed"
    )
    return missed


def _readable(writer: Writer, names: Mapping[str, NameSet]) -> dict[str, RuleSet]:
    """A batch of rules that can be read, each compiled as a search is."""
    found: dict[str, RuleSet] = {}
    while len(found) < BATCH:
        rule = writer.rule()
        with suppress(QueryError):
            found[rule] = compile_query(rule, names)
    return found


def _true(queries: Iterable[str], names: Mapping[str, NameSet], plain: Sequence[Any]) -> list[set[int]]:
    """The articles that each rule is true of, all rules tried at once as the monitor does."""
    topics = {f"q{place}": Topic(f"q{place}", {}, rule) for place, rule in enumerate(queries)}
    together = compile_rules(names, topics)
    true: dict[str, set[int]] = {id_: set() for id_ in topics}
    for row in plain:
        for hit in together.match(row).topics:
            true[hit.topic].add(row.id)
    return list(true.values())


def _proposed(conn: Connection, rules: RuleSet) -> set[int]:
    return {id_ for ids in articles_with(conn, candidates(rules)) for id_ in ids}


if __name__ == "__main__":
    sys.exit(main())
