"""How well copies are told from their neighbours, on hand-labelled pairs of three languages; and what it costs.

    .venv/bin/python benchmarks/neardup.py [--misses] [--archive]

Copies count against the same event in own wording and against all else; derived texts count neither way. Beside:
containment and resemblance (Jaccard) of word pairs, each at the threshold that suits these very labels best. The
thresholds of core.stories.dedup were chosen on these pairs, so they are also chosen on two thirds and scored on the
rest, for each third. Boilerplate is counted over the whole corpora. --archive: the labelled documents alone, imported
into an empty archive, and whose copy an export says that each is.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks._corpora import ARTICLES, EDITS, POSTS, WIRE, Lines, Text, labelled, lines, texts
from benchmarks._through import through
from core.stories import dedup
from core.stories.concepts import Concepts, compile_concepts
from core.stories.dedup import Evidence, Sample, capitals, compare
from core.stories.fingerprints import enough_shared, fingerprints, looked_up

LEXICON = Path(__file__).parent.parent / "lexicon" / "concepts.txt"
SUPPORTS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4)
LONG_SUPPORTS = (0.45, 0.5, 0.55, 0.6, 0.65, 0.7)


@dataclass(frozen=True, slots=True)
class Pair:
    id: str
    label: str
    sure: bool
    why: str
    one: Sample
    other: Sample


def read_pairs(concepts: Concepts) -> list[Pair]:
    rows = labelled("neardup.jsonl")
    wanted = {(row[side]["corpus"], row[side]["id"]) for row in rows for side in "ab"}
    found = {
        (corpus, text.id): text
        for corpus in (POSTS, EDITS, ARTICLES, WIRE)
        for text in texts(corpus)
        if (corpus, text.id) in wanted
    }
    counted = lines((POSTS, ARTICLES, WIRE))
    return [_pair(row, found, counted, concepts) for row in rows]


def _pair(row: dict[str, Any], found: Mapping[tuple[str, str], Text], counted: Lines, concepts: Concepts) -> Pair:
    one, other = (_sample(found[row[side]["corpus"], row[side]["id"]], row["lang"], counted, concepts) for side in "ab")
    return Pair(row["pair_id"], row["label"], row["confidence"] == "high", row["why"], one, other)


def _sample(text: Text, language: str, counted: Lines, concepts: Concepts) -> Sample:
    return Sample(counted.own_words(text), language, concepts, capitals(text.body))


@dataclass(frozen=True, slots=True)
class Score:
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)

    def __str__(self) -> str:
        return f"F1 {self.f1:.3f}  precision {self.precision:.3f}  recall {self.recall:.3f}"


Judge = Callable[[Pair], bool]
"""Whether a pair is taken for a copy."""


def score(pairs: Iterable[Pair], is_copy: Judge) -> Score:
    judged = [(pair.label == "duplicate", is_copy(pair)) for pair in pairs if pair.label != "derived"]
    return Score(judged.count((True, True)), judged.count((False, True)), judged.count((True, False)))


def by_rules(pair: Pair) -> bool:
    return compare(pair.one, pair.other).tier == "copy"


def containment(pair: Pair) -> float:
    return _shared(pair) / max(1, min(len(pair.one.pairs), len(pair.other.pairs)))


def resemblance(pair: Pair) -> float:
    return _shared(pair) / max(1, len(pair.one.pairs | pair.other.pairs))


def _shared(pair: Pair) -> int:
    return len(pair.one.pairs & pair.other.pairs)


def best_threshold(pairs: Sequence[Pair], measure: Callable[[Pair], float]) -> tuple[float, Score]:
    measured = [(pair, measure(pair)) for pair in pairs]
    tried = {
        step / 100: frozenset(pair.id for pair, value in measured if value * 100 >= step) for step in range(5, 100)
    }
    scores = {least: score(pairs, partial(_among, copies)) for least, copies in tried.items()}
    return max(scores.items(), key=lambda found: found[1].f1)


def _among(copies: frozenset[str], pair: Pair) -> bool:
    return pair.id in copies


def set_aside(pairs: Sequence[Pair]) -> Score:
    """Thresholds chosen on two thirds of the pairs, each third scored by those that it had no part in."""
    kept = dedup.SUPPORT, dedup.LONG_SUPPORT
    total = Score(0, 0, 0)
    try:
        for third in range(3):
            aside = [pair for place, pair in enumerate(pairs) if place % 3 == third]
            rest = [pair for place, pair in enumerate(pairs) if place % 3 != third]
            _choose(rest)
            found = score(aside, by_rules)
            total = Score(total.right + found.right, total.wrong + found.wrong, total.missed + found.missed)
    finally:
        dedup.SUPPORT, dedup.LONG_SUPPORT = kept
    return total


def _choose(pairs: Sequence[Pair]) -> None:
    def value(thresholds: tuple[float, float]) -> float:
        dedup.SUPPORT, dedup.LONG_SUPPORT = thresholds
        return score(pairs, by_rules).f1

    chosen = max(((short, long) for short in SUPPORTS for long in LONG_SUPPORTS), key=value)
    dedup.SUPPORT, dedup.LONG_SUPPORT = chosen


def is_candidate(pair: Pair) -> bool:
    """Whether the fingerprints of one would have brought up the other."""
    asked, held = fingerprints(pair.one.words), set(fingerprints(pair.other.words))
    return enough_shared(len(held.intersection(looked_up(asked))), len(pair.one.words))


def print_misses(pairs: Iterable[Pair]) -> None:
    for pair in pairs:
        found = compare(pair.one, pair.other)
        if pair.label != "derived" and (pair.label == "duplicate") != (found.tier == "copy"):
            print(f"  {pair.id} {pair.label} → {_told(found)}  | {pair.why}")


def _told(found: Evidence) -> str:
    return f"{found.tier}: {found.why} (containment {found.containment:.2f}, alone {found.alone:.2f})"


def print_cost(concepts: Concepts) -> None:
    """Fingerprint and sample of whole articles, and one verification each, in articles a second of one core."""
    read = [text for place, text in enumerate(texts(ARTICLES)) if place < 3000]
    counted = Lines()
    began, previous, size = time.process_time(), None, 0
    for text in read:
        words = counted.own_words(text)
        fingerprints(words)
        made = Sample(words, text.language, concepts)
        if previous is not None:
            compare(made, previous)
        previous, size = made, size + len(words)
    rate = len(read) / (time.process_time() - began)
    print(f"fingerprint, sample and one verification: {rate:,.0f} articles/s of {size / len(read):.0f} words")


def print_archived() -> None:
    """How well the archive tells the copies among the labelled documents, of which it knows no others."""
    rows = labelled("neardup.jsonl")
    keys = dict.fromkeys(f"{row[side]['corpus']} {row[side]['id']}" for row in rows for side in "ab")
    found = {
        key: text
        for corpus in (POSTS, EDITS, ARTICLES, WIRE)
        for text in texts(corpus)
        if (key := f"{corpus} {text.id}") in keys
    }
    dated = {key: text.published if text.published[:2] == "20" else None for key, text in found.items()}
    archived = through([(key, text, dated[key]) for key, text in found.items()])
    copies = {each.id: each.duplicate_of for each in archived.exported.values()}
    for title, some in (("all", rows), ("confident", [row for row in rows if row["confidence"] == "high"])):
        judged = []
        for row in some:
            one, other = (archived.article_of[f"{row[side]['corpus']} {row[side]['id']}"] for side in "ab")
            is_copy = one == other or copies[one] == other or copies[other] == one
            judged += [(row["label"] == "duplicate", is_copy)] if row["label"] != "derived" else []
        counts = (judged.count(case) for case in ((True, True), (False, True), (True, False)))
        print(f"through an archive, {title}: {Score(*counts)}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--misses", action="store_true")
    options.add_argument("--archive", action="store_true")
    chosen = options.parse_args()
    if chosen.archive:
        print_archived()
        return
    concepts = compile_concepts(LEXICON.read_text(encoding="utf-8"))
    pairs = read_pairs(concepts)
    for title, rows in (("all", pairs), ("confident", [pair for pair in pairs if pair.sure])):
        print(f"{title} ({len(rows)} pairs)")
        print(f"  rules                          {score(rows, by_rules)}")
        print(f"  rules, chosen on other thirds  {set_aside(rows)}")
        for name, measure in (("containment", containment), ("Jaccard", resemblance)):
            threshold, found = best_threshold(rows, measure)
            print(f"  {name + f' ≥ {threshold:.2f}':29}  {found}")
    for language in ("ar", "fa", "en"):
        print(f"{language}: {score((pair for pair in pairs if pair.id.startswith(language)), by_rules)}")
    copies = [pair for pair in pairs if pair.label == "duplicate"]
    print(f"copies brought up by fingerprints: {sum(map(is_candidate, copies))} of {len(copies)}")
    if chosen.misses:
        print_misses(pairs)
    print_cost(concepts)


if __name__ == "__main__":
    main()
