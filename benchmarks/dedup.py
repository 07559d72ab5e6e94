"""How fast and how large the look-up of copies is in a full archive; datasketch's MinHash-LSH beside it.

    .venv/bin/python -m benchmarks.dedup [--archived 100000 1000000] [--fresh 3000] [--stories 100000]

The archive holds the real corpora, and then documents made of them: as many lines or sentences as a real document has,
drawn from it and from two others of its corpus, in any order. So each passage stands in several documents, which is
harder than a real archive. What is measured is real documents that the archive lacks, a third of them once more with
a sentence left out: look-up, verification and insertion in transactions of 50, the moving of young fingerprints
counted in. All rates are per second of CPU time of one core. --stories: assignment with that many live articles.
"""

import argparse
import gc
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import Connection, insert, text

from archive import schema, stories
from archive.boilerplate import count_lines
from archive.copies import Samples, best_match, keep_fingerprints, read, young_fingerprints
from archive.database import Archive
from archive.lexicon import concepts_of
from archive.sources import ensure
from benchmarks._corpora import ARTICLES, FARS, POSTS, TUNISIAN, WIRE, Text, lines, texts
from benchmarks.neardup import LEXICON, Pair, Score, best_threshold, read_pairs, score
from core.model import Draft
from core.stories.concepts import Concepts, compile_concepts
from core.stories.fingerprints import own_words
from core.stories.pieces import Frequencies, Piece, piece
from core.stories.story import Stories

CORPORA = (POSTS, ARTICLES, TUNISIAN, WIRE, FARS)
NOW = datetime(2026, 5, 14, tzinfo=UTC)
TOGETHER = 50  # articles in a transaction
LOADED = 500  # of the building, which is not measured
_SENTENCE = re.compile(r"(?<=[.!?؟؛])\s+|\n")
MINHASH = 128  # permutations
LSH_DOCUMENTS = 20_000
ROWS = 27  # fingerprints of an article, for what moving them costs


def drafts(count: int) -> Iterator[Draft]:
    """The real documents in their order, then documents made of them."""
    real = [text for corpus in CORPORA for text in texts(corpus) if text.body.strip()]
    yield from (_draft(str(number), text) for number, text in enumerate(islice(real, count)))
    by_source: dict[str, list[Text]] = {}
    for text_ in real:
        by_source.setdefault(text_.source, []).append(text_)
    chance = random.Random(1)
    for number in range(len(real), count):
        first = chance.choice(real)
        yield _draft(f"made-{number}", replace(first, body=_mixed(first, by_source[first.source], chance)))


def _mixed(first: Text, of_source: Sequence[Text], chance: random.Random) -> str:
    bodies = [first.body, *(chance.choice(of_source).body for _ in range(2))]
    sentences = [sentence for body in bodies for sentence in _SENTENCE.split(body)]
    return "\n".join(chance.sample(sentences, len(_SENTENCE.split(first.body))))


def _draft(name: str, of: Text) -> Draft:
    url = f"https://corpus.example/{name}"
    return Draft(of.source, url, of.title, of.body, published=NOW, language=of.language)


class Shelf:
    """An archive's articles and fingerprints, written as the archive writes them; no stories and no index."""

    def __init__(self, archive: Archive, concepts: Concepts) -> None:
        self.archive = archive
        self.concepts = concepts
        self.samples = Samples()
        self.count = 0
        self._sources: set[str] = set()

    def load(self, found: Iterator[Draft]) -> None:
        """Put documents in without looking them up."""
        while batch := list(islice(found, LOADED)):
            with self.archive.writing() as conn:
                for draft in batch:
                    self._archive(conn, draft)
                    keep_fingerprints(conn, self.count, read(conn, draft, self.concepts).prints)
            stories.settle(self.archive)

    def admit(self, conn: Connection, draft: Draft) -> tuple[float, bool]:
        """Look a document up, compare it, and make it findable if it is no copy: the CPU time of that, and if it is."""
        self._archive(conn, draft)
        began = time.process_time()
        reading = read(conn, draft, self.concepts)
        found = best_match(conn, reading, self.samples, NOW)
        is_copy = found is not None and found[1].tier == "copy"
        count_lines(conn, reading.lines, NOW)
        if not is_copy:
            keep_fingerprints(conn, self.count, reading.prints)
        self.samples.put(self.count, str(self.count), reading.sample)
        return time.process_time() - began, is_copy

    def _archive(self, conn: Connection, draft: Draft) -> None:
        self.count += 1
        if draft.source not in self._sources:
            ensure(conn, draft.source, draft.source)
            self._sources.add(draft.source)
        conn.execute(insert(schema.story), {"id": self.count, "born": NOW})
        conn.execute(insert(schema.article), _row(draft, self.count))


def _row(draft: Draft, number: int) -> dict[str, Any]:
    moments = dict.fromkeys(("fetched", "recorded", "revised", "published"), NOW)
    texts_ = {name: getattr(draft, name) for name in ("source", "url", "title", "text", "summary", "language")}
    hashes = {"text_hash": "", "content_hash": str(number)}
    rest = {"arrival": "import", "edition": 1, "authors": [], "published_raw": "", "revision": 1, "complete": True}
    return {"id": number, "story": number} | moments | texts_ | hashes | rest


def measure(shelf: Shelf, fresh: Sequence[Draft]) -> None:
    """Print rate, latency and memory of looking documents up on a full shelf and making them findable."""
    times, copies, memory = [], 0, _memory()
    for start in range(0, len(fresh), TOGETHER):
        with shelf.archive.writing() as conn:
            for draft in fresh[start : start + TOGETHER]:
                spent, is_copy = shelf.admit(conn, draft)
                times.append(spent)
                copies += is_copy
    began = time.process_time()
    moved = young(shelf)
    stories.settle(shelf.archive, least=0)
    moving = (time.process_time() - began) / max(1, moved) * ROWS
    rate = 1 / (sum(times) / len(times) + moving)
    times.sort()
    middle, late = (1000 * times[len(times) * part // 100] for part in (50, 99))
    each = f"median {middle:.2f} ms, p99 {late:.1f} ms, {1000 * moving:.2f} ms of moving"
    print(f"{shelf.count:,} archived: {rate:,.0f}/s, {each}, {copies} copies among {len(fresh)}")
    print(f"  memory {memory:,.0f} MB, {_memory() - memory:+.0f}")


def young(shelf: Shelf) -> int:
    with shelf.archive.reading() as conn:
        return young_fingerprints(conn)


def print_size(shelf: Shelf) -> None:
    """The bytes of fingerprints, as what becomes free when they are dropped."""
    stories.settle(shelf.archive, least=0)
    with shelf.archive.writing() as conn:
        indexed = conn.execute(text("SELECT count(DISTINCT article) FROM fingerprint")).scalar_one()
        rows = conn.execute(text("SELECT count(*) FROM fingerprint")).scalar_one()
        free = [conn.exec_driver_sql("PRAGMA freelist_count").scalar_one()]
        conn.execute(text("DROP TABLE fingerprint"))
        free.append(conn.exec_driver_sql("PRAGMA freelist_count").scalar_one())
        size = (free[1] - free[0]) * conn.exec_driver_sql("PRAGMA page_size").scalar_one()
    print(f"fingerprints: {size / shelf.count:,.0f} B an article, {rows / indexed:.1f} rows of {size / rows:.1f} B")


def _memory() -> float:
    """Megabytes of this process now, the documents in waiting included."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


# --- beside it -----------------------------------------------------------------------------------------------------


def print_datasketch(concepts: Concepts) -> None:
    """MinHash on the same word pairs: as a judge of the labelled pairs, and as an index of real documents."""
    from datasketch import MinHash, MinHashLSH

    def sketch(words: Sequence[str]) -> Any:
        made = MinHash(num_perm=MINHASH)
        made.update_batch([f"{one} {other}".encode() for one, other in pairwise(words)])
        return made

    pairs = read_pairs(concepts)
    sketches = {id(sample): sketch(sample.words) for pair in pairs for sample in (pair.one, pair.other)}

    def resemblance(pair: Pair) -> float:
        return float(sketches[id(pair.one)].jaccard(sketches[id(pair.other)]))

    for name, some in (("all", pairs), ("confident", [pair for pair in pairs if pair.sure])):
        threshold, found = best_threshold(some, resemblance)
        print(f"datasketch, {name} pairs at its best (≥ {threshold:.2f}): {found}")
        print(f"  taken for copies what its index brings up: {_by_lsh(some, sketches)}")
    gc.collect()
    before, began = _memory(), time.process_time()
    index = MinHashLSH(threshold=0.5, num_perm=MINHASH)
    for number, draft in enumerate(drafts(LSH_DOCUMENTS)):
        made = sketch(own_words(draft.text))
        index.query(made)
        index.insert(number, made)
    rate = LSH_DOCUMENTS / (time.process_time() - began)
    size = 1000 * (_memory() - before) / LSH_DOCUMENTS
    print(f"datasketch, look-up and insertion in memory: {rate:,.0f}/s, {size:.1f} KB a document")


def _by_lsh(pairs: Sequence[Pair], sketches: dict[int, Any]) -> Score:
    """What an index of half resemblance brings up of the labelled pairs, taken for copies."""
    from datasketch import MinHashLSH

    def is_copy(pair: Pair) -> bool:
        index = MinHashLSH(threshold=0.5, num_perm=MINHASH)
        index.insert("other", sketches[id(pair.other)])
        return bool(index.query(sketches[id(pair.one)]))

    return score(pairs, is_copy)


# --- stories -------------------------------------------------------------------------------------------------------


def print_stories(live: int, concepts: Concepts) -> None:
    """Assignment with so many live articles, spread evenly over 72 hours."""
    counted, frequencies = lines([POSTS]), Frequencies()
    made: list[Piece] = []
    for number, found in enumerate(islice(chain.from_iterable(map(texts, (POSTS, ARTICLES))), live + 3000), 1):
        words = counted.own_words(found)
        named = {mention.concept for mention in concepts.find(words[:70], found.language)}
        frequencies.count(found.language, words[:120], named)
        at = NOW + timedelta(hours=72) * (number / (live + 3000))
        made.append(piece(number, found.language, at, own_words(found.title), words, concepts, frequencies))
    desk = Stories()
    before = _memory()
    began = time.process_time()
    _assign(desk, made[:live])
    filled, began = time.process_time() - began, time.process_time()
    _assign(desk, made[live:])
    rate = (len(made) - live) / (time.process_time() - began)
    print(
        f"stories, {live:,} live in {len(desk.legs):,} legs: {rate:,.0f} assigned/s with merges"
        f" ({live / filled:,.0f}/s on the way there), memory of the index {_memory() - before:,.0f} MB"
    )


def _assign(desk: Stories, pieces: Sequence[Piece]) -> None:
    for count, each in enumerate(pieces):
        desk.add(each)
        if count % 100 == 0:
            desk.merge()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--archived", type=int, nargs="*", default=[100_000, 1_000_000])
    options.add_argument("--fresh", type=int, default=3_000)
    options.add_argument("--stories", type=int, default=100_000)
    chosen = options.parse_args()
    concepts = concepts_of({})
    print_stories(chosen.stories, concepts)
    print_datasketch(compile_concepts(LEXICON.read_text(encoding="utf-8")))
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive.open(f"sqlite:///{folder}/rasad.db")
        shelf = Shelf(archive, concepts)
        every = drafts(max(chosen.archived) + chosen.fresh * len(chosen.archived))
        for goal in sorted(chosen.archived):
            fresh = with_copies(list(islice(every, chosen.fresh)))
            shelf.load(islice(every, goal - shelf.count))
            measure(shelf, fresh)
        print_size(shelf)
        archive.close()


def with_copies(fresh: list[Draft]) -> list[Draft]:
    """Every third one twice, the second time without its last sentence and at another address."""
    again = [
        replace(draft, url=f"{draft.url}-again", text="\n".join(_SENTENCE.split(draft.text)[:-1]) or draft.text)
        for draft in fresh[::3]
    ]
    return fresh + again


if __name__ == "__main__":
    main()
