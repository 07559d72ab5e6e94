"""How long matching takes: CPU time per article of 3 KB, everything included, for 1k, 10k and 100k rules.

    .venv/bin/python benchmarks/match.py [--articles 1000] [--rules 1000 10000 100000] [--percolate]

Articles are real Arabic and Persian ones of ../shared/data/corpora, joined or cut to 3 KB. Rules are made of the words
of other articles: phrases of two neighbours, ANDs, ORs of three, NEARs, NOTs. How common words are is learned from
those others, as a monitor learns it from its archive. --percolate also times, at the first size, SQLite's FTS5 asked
once for each rule, one regular expression for each rule, and as a bound an automaton (Aho-Corasick, in C) that only
looks for the words of the rules and evaluates none. The shipped config.toml is measured last.
"""

import argparse
import gzip
import json
import random
import re
import resource
import sqlite3
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from pathlib import Path

import ahocorasick

sys.path.insert(0, str(Path(__file__).parent.parent))

from core.model import Draft, Topic
from core.rules.match import RuleSet, compile_rules
from core.text import index_tokens, tokenise
from settings import load

CORPORA = Path(__file__).parent.parent.parent / "shared" / "data" / "corpora"
FILES = ("telegram_posts_fa_ar.jsonl.gz", "articles_ar.jsonl.gz")
SIZE = 3000  # bytes of UTF-8
COMMON = 2000  # words more common than this rank stand in no rule
GOALS = {1_000: 250, 10_000: 500, 100_000: 1_700}  # µs


def main() -> int:
    asked = _arguments()
    if not all((CORPORA / name).exists() for name in FILES):
        print(f"{CORPORA} is not here: nothing was measured", file=sys.stderr)
        return 1
    articles = list(islice(_articles(), 2 * asked.articles))
    random.Random(0).shuffle(articles)
    learned, measured = articles[: asked.articles], articles[asked.articles :]
    texts = [[token.form for token in tokenise(article.text)] for article in learned]
    frequencies = Counter(word for text in texts for word in set(text))
    queries = _queries(texts, frequencies, max(asked.rules), random.Random(1))
    for count in asked.rules:
        _report(f"{count:,} rules", _compiled(queries[:count], frequencies), measured, GOALS.get(count))
    if asked.percolate:
        _percolate(queries[: asked.rules[0]], measured[:20])
    settings = load(Path("config.toml"))
    _report("shipped config", lambda: compile_rules(settings.names, settings.topics), measured, None)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rules", type=int, nargs="+", default=list(GOALS))
    parser.add_argument("--percolate", action="store_true")
    return parser.parse_args()


# --- texts and rules ---------------------------------------------------------------------------------------------


def _articles() -> Iterator[Draft]:
    """Articles of 3 KB, of both files in turn."""
    streams = [_texts(name) for name in FILES]
    while True:
        for stream in streams:
            text = ""
            while len(text.encode()) < SIZE:
                text += next(stream) + "\n"
            yield Draft("corpus", "https://corpus.example/", "", text.encode()[:SIZE].decode(errors="ignore"))


def _texts(name: str) -> Iterator[str]:
    with gzip.open(CORPORA / name, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            yield f"{article.get('title') or ''}\n{article.get('text') or ''}"


def _queries(texts: list[list[str]], frequencies: Counter[str], count: int, dice: random.Random) -> list[str]:
    """Rules in the manner of a watch list: mostly of words that are not common."""
    words = [word for word, count in frequencies.most_common()[COMMON:] if count > 1 and len(word) > 2]
    rare = set(words)
    pairs = [f"{one} {two}" for text in texts for one, two in pairwise(text) if {one, two} <= rare]
    return [_query(words, pairs, dice) for _ in range(count)]


def _query(words: list[str], pairs: list[str], dice: random.Random) -> str:
    one, two, three = dice.choices(words, k=3)
    kind = dice.random()
    if kind < 0.4:
        return f'"{dice.choice(pairs)}"'
    if kind < 0.65:
        return f'"{one}" AND "{two}"'
    if kind < 0.85:
        return f'"{one}" OR "{two}" OR "{three}"'
    if kind < 0.95:
        return f'"{one}" NEAR/5 "{two}"'
    return f'"{one}" NOT "{two}"'


def _compiled(queries: list[str], frequencies: Counter[str]) -> Callable[[], RuleSet]:
    topics = {f"q{place}": Topic(f"q{place}", {}, query) for place, query in enumerate(queries)}
    return lambda: compile_rules({}, topics, frequencies=frequencies)


# --- measuring ---------------------------------------------------------------------------------------------------


def _report(title: str, compiled: Callable[[], RuleSet], articles: list[Draft], goal: int | None) -> None:
    before = _memory()
    began = time.process_time()
    rules = compiled()
    compiling = time.process_time() - began
    hits = sum(len(rules.match(article).topics) for article in articles)  # also warms the memo of words
    spent = min(_timed(lambda: deque((rules.match(article) for article in articles), 0)) for _ in range(3))
    micro = spent / len(articles) * 1e6
    aim = f"  goal {goal}" if goal else ""
    print(
        f"{title:16} {micro:8.0f} µs an article{aim}   compiled in {compiling:.2f} s, {_memory() - before:.0f} MB, "
        f"{hits / len(articles):.2f} hits an article"
    )


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _memory() -> float:
    """MB that the process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _percolate(queries: list[str], articles: list[Draft]) -> None:
    """The same rules, each asked of an index that holds one article; and each as a regular expression."""
    plain = [" ".join(word.strip('"') for word in re.findall(r'"([^"]+)"', query)) for query in queries]
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE article USING fts5(words, tokenize='unicode61 remove_diacritics 0')")

    def asked_of_fts5() -> None:
        for article in articles:
            index.execute("DELETE FROM article")
            index.execute("INSERT INTO article VALUES (?)", (index_tokens(article.text),))
            for words in plain:
                index.execute("SELECT 1 FROM article WHERE article MATCH ?", (f'"{words}"',)).fetchone()

    patterns = [re.compile(rf"\b{re.escape(words)}\b") for words in plain]

    def searched() -> None:
        for article in articles:
            for pattern in patterns:
                pattern.search(article.text)

    automaton = ahocorasick.Automaton()
    for words in dict.fromkeys(word for line in plain for word in line.split()):
        automaton.add_word(f" {words} ", words)
    automaton.make_automaton()

    def scanned() -> None:
        for article in articles:
            list(automaton.iter(f" {' '.join(token.form for token in tokenise(article.text))} "))

    for title, work in (("FTS5 percolator", asked_of_fts5), ("plain re", searched), ("automaton, scan", scanned)):
        print(f"{title:16} {_timed(work) / len(articles) * 1e6:8.0f} µs an article   {len(queries):,} rules")


if __name__ == "__main__":
    sys.exit(main())
