"""How well stories are formed: online, in order of time, against hand-labelled days of two languages.

    .venv/bin/python benchmarks/stories.py [--misses] [--shuffles 5] [--stream] [--archive]

    F1          BCubed, of what is shown together: legs and all links
    one id      BCubed, of stories: strict links only
    linked      pairs of a labelled story across languages that are shown together, and that are one story
    wrong       documents put, when they arrived, into a story whose first member is of another labelled story;
                of them silenced (surely placed); by a link across languages
Beside: average linkage over tf-idf cosines of all documents at once, at the threshold that suits the labels best.
The last third of the stories, by their beginning, was set aside while thresholds were chosen. English has no labels.
Rarities are counted on the other days of the same corpora. --stream adds all unlabelled posts of the days as noise.
--archive: the labelled documents alone, imported into an empty archive, and the stories that an export shows.
"""

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from statistics import mean
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks._corpora import ARTICLES, POSTS, Lines, Text, labelled, lines, texts
from benchmarks._through import through
from core.stories.concepts import Concepts, compile_concepts
from core.stories.fingerprints import own_words
from core.stories.pieces import CONCEPT_STEPS, READ, Frequencies, Piece, piece
from core.stories.story import Place, Stories

LEXICON = Path(__file__).parent.parent / "lexicon" / "concepts.txt"
MERGE_EVERY = 100
WINDOWS = {
    "tg-2026-05-19": (POSTS, ("2026-05-19", "2026-05-20")),
    "ant-2018-06-06": (ARTICLES, ("2018-06-05", "2018-06-10")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A document of a window. `story` is None for unlabelled noise."""

    piece: Piece
    story: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Window:
    rows: tuple[Row, ...]  # in order of time
    seconds: float  # spent on making the pieces


def read_window(name: str, concepts: Concepts, *, stream: bool) -> Window:
    """The labelled documents of a window, and with `stream` all others of its days."""
    corpus, (first, last) = WINDOWS[name]
    labels = {row["doc"]["id"]: row for row in labelled("stories.jsonl") if row["window"] == name}
    counted, frequencies, waiting = lines([corpus]), Frequencies(), []
    for text in texts(corpus):
        label = labels.get(text.post or text.id)
        if label is not None or (stream and first <= text.published[:10] <= last):
            waiting.append((text, label))
        elif not first <= text.published[:10] <= last:
            _count(text, counted, concepts, frequencies)
    began = time.process_time()
    rows = [
        _row(number, text, label, counted, concepts, frequencies) for number, (text, label) in enumerate(waiting, 1)
    ]
    spent = time.process_time() - began
    return Window(tuple(sorted(rows, key=lambda row: (row.piece.at, row.piece.article))), spent)


def _count(text: Text, counted: Lines, concepts: Concepts, frequencies: Frequencies) -> None:
    words = (*own_words(text.title), *counted.own_words(text))[:READ]
    lead = words[: CONCEPT_STEPS[-1][0]]
    found = {concept for _, concept in concepts.find(lead, text.language)}
    frequencies.count(text.language, words[:120], found)


def _row(
    number: int,
    text: Text,
    label: Mapping[str, str] | None,
    counted: Lines,
    concepts: Concepts,
    frequencies: Frequencies,
) -> Row:
    at = datetime.fromisoformat(label["ts"] if label else text.published).astimezone(UTC)
    title, body = own_words(text.title), counted.own_words(text)
    made = piece(number, text.language, at, title, body, concepts, frequencies)
    story = None if label is None else label["story_id"] or f"alone {number}"
    return Row(made, story, f"{text.title} {text.body}"[:200].replace("\n", " "))


@dataclass(frozen=True, slots=True)
class Run:
    """How one pass over a window ended."""

    stories: Stories
    places: Mapping[int, Place]  # by article, as it was placed on arrival
    seconds: float


def run(rows: Iterable[Row]) -> Run:
    stories, places = Stories(), {}
    began = time.process_time()
    for count, row in enumerate(rows, 1):
        places[row.piece.article] = stories.add(row.piece)
        if count % MERGE_EVERY == 0:
            stories.merge()
    stories.merge()
    return Run(stories, places, time.process_time() - began)


@dataclass(frozen=True, slots=True)
class Figures:
    together: float
    one_id: float
    linked: float
    linked_strictly: float
    wrong: float
    silenced: float
    by_link: float

    def __str__(self) -> str:
        return (
            f"F1 {self.together:.3f}  one id {self.one_id:.3f}  linked {self.linked:.0%} ({self.linked_strictly:.0%})"
            f"  wrong {self.wrong:.2%} (silenced {self.silenced:.2%}, by a link {self.by_link:.2%})"
        )


def figures(rows: Sequence[Row], ran: Run) -> Figures:
    """Of the labelled rows given, which may be a part of those that were run."""
    label = {row.piece.article: row.story for row in rows if row.story is not None}
    language = {row.piece.article: row.piece.language for row in rows}
    together, one_id = (
        shown_together(ran.stories),
        {a: ran.stories.story_of(leg) for a, leg in ran.stories.leg_of.items()},
    )
    pairs = [(a, b) for a, b in combinations(label, 2) if label[a] == label[b] and language[a] != language[b]]
    wrong = [place for article in label if is_wrong(place := ran.places[article], label)]
    return Figures(
        together=bcubed(label, together),
        one_id=bcubed(label, one_id),
        linked=sum(together[a] == together[b] for a, b in pairs) / max(1, len(pairs)),
        linked_strictly=sum(one_id[a] == one_id[b] for a, b in pairs) / max(1, len(pairs)),
        wrong=len(wrong) / len(label),
        silenced=sum(place.sure for place in wrong) / len(label),
        by_link=sum(is_by_link(place, label) for place in wrong) / len(label),
    )


def is_wrong(place: Place, label: Mapping[int, str | None]) -> bool:
    return place.story != place.article and place.story in label and label[place.story] != label[place.article]


def is_by_link(place: Place, label: Mapping[int, str | None]) -> bool:
    """Whether a leg that is right, or new, was tied to a story that is wrong."""
    return place.story != place.leg and label.get(place.leg) == label[place.article]


def shown_together(stories: Stories) -> dict[int, int]:
    """Article → the lowest leg that any links tie it to."""
    group = {leg: leg for leg in stories.legs}
    changed = True
    while changed:
        changed = False
        for leg, others in stories.links.items():
            lowest = min(group[leg], *(group[other] for other in others)) if others else group[leg]
            changed |= lowest != group[leg]
            group[leg] = lowest
    return {article: group[leg] for article, leg in stories.leg_of.items()}


Key = TypeVar("Key", bound=Hashable)


def bcubed(truth: Mapping[Key, Hashable], found: Mapping[Key, Hashable]) -> float:
    """F1 of mean precision and mean recall over documents."""
    by_truth, by_found, both = (
        Counter(truth.values()),
        Counter(found[a] for a in truth),
        Counter((truth[a], found[a]) for a in truth),
    )
    precision = mean(both[truth[a], found[a]] / by_found[found[a]] for a in truth)
    recall = mean(both[truth[a], found[a]] / by_truth[truth[a]] for a in truth)
    return 2 * precision * recall / (precision + recall)


def batch(rows: Sequence[Row]) -> tuple[float, float, float]:
    """Average linkage over tf-idf: best F1 over thresholds, its threshold, and the linked pairs across languages."""
    truth = {row.piece.article: row.story for row in rows}
    language = {row.piece.article: row.piece.language for row in rows}
    pairs = [(a, b) for a, b in combinations(truth, 2) if truth[a] == truth[b] and language[a] != language[b]]
    best = (0.0, 0.0, 0.0)
    for threshold, found in _linkage(rows):
        linked = sum(found[a] == found[b] for a, b in pairs) / max(1, len(pairs))
        best = max(best, (bcubed(truth, found), threshold, linked))
    return best


def _linkage(rows: Sequence[Row]) -> Iterable[tuple[float, dict[int, int]]]:
    """The clusters at falling thresholds."""
    sums: dict[int, dict[int, float]] = defaultdict(dict)
    for one, other in combinations(rows, 2):
        shared = one.piece.words.keys() & other.piece.words.keys()
        cosine = sum(one.piece.words[word] * other.piece.words[word] for word in shared)
        sums[one.piece.article][other.piece.article] = sums[other.piece.article][one.piece.article] = cosine
    members = {row.piece.article: [row.piece.article] for row in rows}
    for step in range(30, 2, -1):
        threshold = step / 50
        while (closest := _closest(sums, members))[0] >= threshold:
            _join(sums, members, *closest[1:])
        yield threshold, {article: key for key, articles in members.items() for article in articles}


def _closest(sums: Mapping[int, Mapping[int, float]], members: Mapping[int, list[int]]) -> tuple[float, int, int]:
    return max(
        (total / (len(members[a]) * len(members[b])), a, b)
        for a, row in sums.items()
        for b, total in row.items()
        if a < b
    )


def _join(sums: dict[int, dict[int, float]], members: dict[int, list[int]], kept: int, gone: int) -> None:
    members[kept] += members.pop(gone)
    for other, total in sums.pop(gone).items():
        del sums[other][gone]
        if other != kept:
            sums[other][kept] = sums[kept][other] = sums[kept][other] + total


def thirds(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The rows of the stories that begin in the first two thirds, and those set aside."""
    began: dict[str | None, datetime] = {}
    for row in rows:
        began.setdefault(row.story, row.piece.at)
    cut = sorted(began.values())[len(began) * 2 // 3]
    return [row for row in rows if began[row.story] < cut], [row for row in rows if began[row.story] >= cut]


def report(name: str, window: Window, shuffles: int, *, misses: bool) -> None:
    scored = [row for row in window.rows if row.story is not None]
    tuned, aside = thirds(scored)
    ran = run(window.rows)
    print(f"\n{name}: {len(scored)} labelled of {len(window.rows)} documents, {len({r.story for r in scored})} events")
    for title, rows in (("all", scored), ("tuned on", tuned), ("set aside", aside)):
        print(f"  {title:10} {figures(rows, ran)}")
    spread = [_shuffled(window, scored, seed) for seed in range(shuffles)]
    if spread:
        print(f"  {shuffles} shuffles: F1 {min(spread):.3f} to {max(spread):.3f}")
    score, threshold, linked = batch(scored)
    print(f"  batch tf-idf at its best (≥ {threshold:.2f}): F1 {score:.3f}, linked {linked:.0%}")
    placing, weighing = (1000 * seconds / len(window.rows) for seconds in (ran.seconds, window.seconds))
    print(f"  {placing:.2f} ms of one core to place a document, {weighing:.2f} ms to weigh it")
    if misses:
        _print_misses(window.rows, ran)


def _shuffled(window: Window, scored: Sequence[Row], seed: int) -> float:
    rows = list(window.rows)
    random.Random(seed).shuffle(rows)
    return figures(scored, run(rows)).together


def _print_misses(rows: Sequence[Row], ran: Run) -> None:
    by_article = {row.piece.article: row for row in rows}
    label = {row.piece.article: row.story for row in rows if row.story is not None}
    for article, story in label.items():
        place = ran.places[article]
        if is_wrong(place, label):
            print(f"\n  {place.score:.2f} {'sure' if place.sure else ''} {' · '.join(place.shared)}")
            print(f"    {story}: {by_article[article].text}")
            print(f"    {label[place.story]}: {by_article[place.story].text}")


def report_archived(name: str, shuffles: int) -> None:
    """What an archive that knows nothing else makes of the labelled documents of a window, in order and shuffled."""
    corpus, _ = WINDOWS[name]
    labels = {row["doc"]["id"]: row for row in labelled("stories.jsonl") if row["window"] == name}
    known = [(key, text) for text in texts(corpus) if (key := text.post or text.id) in labels]
    documents = sorted(
        ((key, text, labels[key]["ts"]) for key, text in known), key=lambda row: datetime.fromisoformat(row[2])
    )
    orders = [documents] + [random.Random(seed).sample(documents, len(documents)) for seed in range(shuffles)]
    print(f"\n{name}: {len(documents)} documents through an archive")
    for title, order in zip(("in order", *(f"shuffle {n}" for n in range(1, shuffles + 1))), orders, strict=True):
        print(f"  {title:10} {_archived(order, labels)}")


def _archived(order: Sequence[tuple[str, Text, str]], labels: Mapping[str, Mapping[str, str]]) -> str:
    archived = through(order)
    truth = {key: labels[key]["story_id"] or f"alone {key}" for key in archived.article_of}
    found = {key: archived.exported[article].story for key, article in archived.article_of.items()}
    pairs = [
        (a, b) for a, b in combinations(truth, 2) if truth[a] == truth[b] and labels[a]["lang"] != labels[b]["lang"]
    ]
    linked = sum(found[a] == found[b] for a, b in pairs) / max(1, len(pairs))
    related = sum(found[b] in (found[a], *archived.exported[archived.article_of[a]].related) for a, b in pairs)
    first = {article: key for key, article in reversed(list(archived.article_of.items()))}
    wrong = [(key, first[to]) for key, to in archived.joined.items() if truth[key] != truth[first[to]]]
    by_link = sum(labels[one]["lang"] != labels[other]["lang"] for one, other in wrong)
    return (
        f"F1 {bcubed(truth, found):.3f}  one story across languages {linked:.0%}, or related"
        f" {related / max(1, len(pairs)):.0%}  falsely silenced {len(wrong) / len(truth):.2%}"
        f" (across languages {by_link / len(truth):.2%})"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--misses", action="store_true")
    options.add_argument("--shuffles", type=int, default=5)
    options.add_argument("--stream", action="store_true")
    options.add_argument("--archive", action="store_true")
    chosen = options.parse_args()
    if chosen.archive:
        for name in WINDOWS:
            report_archived(name, chosen.shuffles)
        return
    concepts = compile_concepts(LEXICON.read_text(encoding="utf-8"))
    for name in WINDOWS:
        report(name, read_window(name, concepts, stream=chosen.stream), chosen.shuffles, misses=chosen.misses)


if __name__ == "__main__":
    main()
