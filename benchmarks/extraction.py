"""How well articles are extracted: ours and trafilatura alone, on the same recorded pages, by the same measure.

python -m benchmarks.extraction [--misses] [--only bodies|publishers] [--ours]

Reads ../shared/data/extraction. The measure is that of scrapinghub's article-extraction-benchmark: shingles of four
words, every page of equal weight, F1 of the mean precision and the mean recall. Bodies of publishers are measured
the same way, with every letter of a script without spaces as a word. Time is per page, on one core.
"""

import argparse
import gzip
import json
import re
import statistics
import sys
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import trafilatura
from lxml.html import HtmlElement

from core.errors import ReadError
from core.model import Page, Source
from spiders.readers.article import read_article
from spiders.readers.encoding import decode
from spiders.readers.linked_data import linked
from spiders.readers.markup import parse

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "extraction"
NOW = datetime.now(UTC)
SHINGLE = 4  # words
TOLD = 12  # words of a miss that are printed
_QUOTES = str.maketrans("‘’“”„«»", '\'\'"""""')
_ADDED = re.compile(r"$|\s*[|–—:»*ㅣ-]\s*")
_WORD = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]|\w+")  # Thai, Lao, Japanese, Chinese: one by one


@dataclass(frozen=True)
class Case:
    """A recorded page and what its article is; None for what is not known of it."""

    name: str
    url: str
    html: bytes
    body: str
    title: str | None = None
    published: datetime | None = None


@dataclass(frozen=True)
class Found:
    """What a reader made of the page."""

    body: str
    title: str = ""
    published: datetime | None = None
    seconds: float = 0.0


class Score(NamedTuple):
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (sum(self) or 1)


# --- the measure -------------------------------------------------------------------------------------------------


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(tuple(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1)))


def score(expected: str, found: str) -> Score:
    true, ours = shingles(expected), shingles(found)
    hit, extra, missed = (true & ours).total(), (ours - true).total(), (true - ours).total()
    return Score(hit / (hit + extra) if extra else 1.0, hit / (hit + missed) if missed else 1.0)


def overall(scores: Iterable[Score]) -> Score:
    each = list(scores)
    return Score(statistics.mean(one.precision for one in each), statistics.mean(one.recall for one in each))


# --- the pages ---------------------------------------------------------------------------------------------------


def bodies() -> Iterator[Case]:
    folder = DATA / "article-bodies"
    for name, truth in json.loads((folder / "ground-truth.json").read_text("utf-8")).items():
        html = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        yield Case(name[:12], truth.get("url") or "https://news.example/article", html, truth["articleBody"])


def publishers() -> Iterator[Case]:
    for file in sorted((DATA / "publishers").glob("*/*.json")):
        meta = json.loads((file.parent / "meta.info").read_text("utf-8"))
        pages = sorted(file.parent.glob(f"{file.stem}_????_??_??.html.gz"))
        for page, truth in zip(pages, json.loads(file.read_text("utf-8")).values(), strict=True):  # both by age
            published = truth.get("publishing_date")
            yield Case(
                f"{file.parent.name}/{page.name.partition('.')[0]}",
                meta[page.name]["url"],
                gzip.decompress(page.read_bytes()),
                _body(truth["body"]),
                truth["title"],
                _aware(datetime.fromisoformat(published)) if published else None,
            )


def _body(parts: dict[str, Any]) -> str:
    said = [*parts["summary"]]
    for section in parts["sections"]:
        said += [*section["headline"], *section["paragraphs"]]
    return "\n\n".join(said)


def _aware(date: datetime) -> datetime:
    return date if date.tzinfo else date.replace(tzinfo=UTC)


# --- the readers -------------------------------------------------------------------------------------------------


def ours(case: Case) -> Found:
    page = Page(case.url, case.url, 200, {}, case.html, NOW)
    begun = time.perf_counter()
    try:
        draft = read_article(Source("x", "X", "article", case.url), page, timezone="UTC", now=NOW)
    except ReadError:
        return Found("", seconds=time.perf_counter() - begun)
    return Found(draft.text, draft.title, draft.published, time.perf_counter() - begun)


def alone(case: Case, *, favor_precision: bool = False) -> Found:
    text = decode(case.html)
    begun = time.perf_counter()
    found: Any = trafilatura.bare_extraction(text, url=case.url, with_metadata=True, favor_precision=favor_precision)
    seconds = time.perf_counter() - begun
    if not found:
        return Found("", seconds=seconds)
    date = _aware(datetime.fromisoformat(found.date)) if found.date else None
    return Found(found.text or "", found.title or "", date, seconds)


def precise(case: Case) -> Found:
    return alone(case, favor_precision=True)


READERS: dict[str, Callable[[Case], Found]] = {
    "rasad": ours,
    "trafilatura": alone,
    "trafilatura, precise": precise,
}


# --- what is printed ---------------------------------------------------------------------------------------------


def table(cases: list[Case], results: dict[str, list[Found]]) -> None:
    for reader, found in results.items():
        total = overall(score(case.body, each.body) for case, each in zip(cases, found, strict=True))
        line = f"{reader:21} F1 {total.f1:.3f}  precision {total.precision:.3f}  recall {total.recall:.3f}"
        if any(case.title for case in cases):
            line += f"  title {_share(map(same_title, cases, found))}  date {_share(map(same_day, cases, found))}"
        times = sorted(each.seconds * 1000 for each in found)
        print(f"{line}  ms per page {statistics.median(times):.0f} (p95 {times[len(times) * 95 // 100]:.0f})")


def same_title(case: Case, found: Found) -> bool | None:
    """None where none is known. To the letter; only space does not count."""
    return None if case.title is None else _plain(case.title) == _plain(found.title)


def titles(cases: list[Case], found: list[Found]) -> None:
    """Ours in two halves of the publishers, with quotation marks of one kind, and what a choice could reach at most."""
    pairs = list(zip(cases, found, strict=True))
    for half in (0, 1):
        share = _share(same_title(*pair) for pair in pairs if zlib.crc32(_publisher(pair[0]).encode()) % 2 == half)
        print(f"    titles, half {half + 1} of the publishers: {share}")
    straight = _share(_straight(case.title or "") == _straight(each.title) for case, each in pairs)
    print(f"    titles, quotation marks of one kind: {straight}")
    any_of: list[bool] = []
    patterns: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        own = own_titles(case)
        seen = list(dict.fromkeys(own.values()))
        right = [place for place, title in own.items() if title == _straight(case.title or "")]
        patterns[" ".join(f"{place}{seen.index(title)}" for place, title in own.items())].update(right or ["none"])
        any_of.append(bool(right))
    print(f"    reachable by the best of a page's own titles each time: {_share(any_of)}")
    best = sum(max((n for place, n in each.items() if place != "none"), default=0) for each in patterns.values())
    print(f"    reachable by which of them agree, learnt from these very labels: {best / len(cases):.3f}")


def own_titles(case: Case) -> dict[str, str]:
    """What the page calls its article, by place, with straight quotation marks and without what is added behind."""
    tree = parse(decode(case.html))
    if tree is None:
        return {}
    found = {
        "shared": _first(tree, "//meta[@property='og:title' or @name='og:title']/@content"),
        "twitter": _first(tree, "//meta[@name='twitter:title' or @property='twitter:title']/@content"),
        "said": linked(tree).headline,
        "printed": _first(tree, "//h1[normalize-space()]"),
        "tab": _first(tree, "//head/title"),
    }
    straight = {place: _straight(title) for place, title in found.items() if title.strip()}
    return {
        place: min(
            (
                other
                for other in straight.values()
                if len(other) > 8 and title.startswith(other) and _ADDED.match(title[len(other) :])
            ),
            key=len,
            default=title,
        )
        for place, title in straight.items()
    }


def _first(tree: HtmlElement, path: str) -> str:
    found = next(iter(tree.xpath(path)), "")
    return found if isinstance(found, str) else found.text_content()


def _straight(title: str) -> str:
    return _plain(title.translate(_QUOTES))


def _publisher(case: Case) -> str:
    return re.sub(r"_\d{4}.*", "", case.name)


def _plain(title: str) -> str:
    return " ".join(title.split())


def same_day(case: Case, found: Found) -> bool | None:
    """The same day in the publisher's own zone, or in UTC."""
    if case.published is None:
        return None
    if found.published is None:
        return False
    zones = (case.published.tzinfo, UTC)
    return any(case.published.astimezone(zone).date() == found.published.astimezone(zone).date() for zone in zones)


def _share(right: Iterable[bool | None]) -> str:
    known = [each for each in right if each is not None]
    return f"{sum(known) / len(known):.3f}"


def misses(cases: list[Case], found: list[Found]) -> None:
    """Each page that lost something: what was missed and what is too much, in its first words."""
    for case, each in zip(cases, found, strict=True):
        if same_title(case, each) is False:
            print(f"{case.name}: title {each.title!r}, not {case.title!r}")
        if same_day(case, each) is False:
            print(f"{case.name}: date {each.published}, not {case.published}")
        precision, recall = score(case.body, each.body)
        if min(precision, recall) < 0.99:
            print(f"{case.name}: precision {precision:.3f}, recall {recall:.3f}")
            for sign, lines in ("+", _lost(each.body, case.body)), ("-", _lost(case.body, each.body)):
                for line in lines:
                    print(f"    {sign} {line}")


def _lost(text: str, other: str) -> Iterator[str]:
    """The paragraphs of `text` of which less than half is in `other`."""
    known = shingles(other)
    for line in filter(None, map(str.strip, text.split("\n"))):
        own = shingles(line)
        if (own & known).total() * 2 < own.total():
            words = line.split()
            yield f"{' '.join(words[:TOLD])[:120]}" + (f" … ({len(words)} words)" if len(words) > TOLD else "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="tell what our reader missed, page by page")
    parser.add_argument("--only", choices=["bodies", "publishers"])
    parser.add_argument("--ours", action="store_true", help="without trafilatura alone")
    asked = parser.parse_args()
    if not DATA.exists():
        sys.exit(f"{DATA} is missing: nothing to measure")
    for name, load in ("bodies", bodies), ("publishers", publishers):
        if asked.only in (None, name):
            cases = list(load())
            readers = {"rasad": ours} if asked.ours else READERS
            with ProcessPoolExecutor(2) as pool:
                results = {reader: list(pool.map(read, cases, chunksize=4)) for reader, read in readers.items()}
            print(f"== {name}: {len(cases)} pages")
            table(cases, results)
            if name == "publishers":
                titles(cases, results["rasad"])
            if asked.misses:
                misses(cases, results["rasad"])


if __name__ == "__main__":
    main()
