"""The real texts beside the repository, read for measurements only: documents by corpus, and their boilerplate."""

import gzip
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.stories.fingerprints import BOILERPLATE_ARTICLES, BOILERPLATE_WORDS, line_keys, own_words

DATA = Path(__file__).parent.parent.parent / "shared" / "data"

POSTS = "telegram_posts_fa_ar.jsonl.gz"
EDITS = "telegram_edit_pairs.jsonl.gz"
ARTICLES = "articles_ar.jsonl.gz"
WIRE = "reuters_en.jsonl.gz"
TUNISIAN = "articles_ar_tn.jsonl.gz"
FARS = "fars_fa.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Text:
    """A document of a corpus. `id` is what the labelled sets call it."""

    id: str
    source: str
    language: str
    title: str
    body: str
    published: str  # as the corpus writes it, ISO where it has a date
    post: str = ""  # channel/number of a post


def texts(corpus: str, data: Path = DATA) -> Iterator[Text]:
    """All documents of a corpus in its order. An edited post is two."""
    for row in _rows(data / "corpora" / corpus):
        match corpus:
            case "telegram_posts_fa_ar.jsonl.gz":
                post = f"{row['channel']}/{row['id']}"
                yield Text(row["url"], row["channel"], row["lang"], "", row["text"], row["published_at"] or "", post)
            case "telegram_edit_pairs.jsonl.gz":
                for side in "ab":
                    yield Text(f"{row['url']}#{side}", row["channel"], row["lang"], "", row[side], "")
            case "articles_ar.jsonl.gz" | "articles_ar_tn.jsonl.gz":
                title, body, date = (row.get(key) or "" for key in ("title", "text", "date"))
                yield Text(row["docno"], row["src"] or row["docno"][:2], "ar", title, body, date)
            case "fars_fa.jsonl.gz":
                yield Text(row["link"], "fars", "fa", row["title"], "\n".join(row["paragraphs"]), "")
            case _:
                title, body = (row.get(key) or "" for key in ("title", "body"))
                yield Text(str(row["id"]), "reuters", "en", title, body, "")


def labelled(name: str, data: Path = DATA) -> list[dict[str, Any]]:
    """The rows of a labelled set; ends the program where it is missing."""
    path = data / "gold" / name
    if not path.exists():
        sys.exit(f"There is no {path}: this measurement needs the labelled set.")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class Lines:
    """In how many documents a line stands: of its source at any length, of all sources from a few words on."""

    def __init__(self) -> None:
        self._count: Counter[tuple[str, str]] = Counter()

    def read(self, text: Text) -> None:
        for line in set(line_keys(text.body)):
            self._count[text.source, line] += 1
            if line.count(" ") + 1 >= BOILERPLATE_WORDS:
                self._count["", line] += 1

    def of(self, source: str) -> Callable[[str], bool]:
        """Whether a line of that source is boilerplate."""
        return lambda line: max(self._count[source, line], self._count["", line]) >= BOILERPLATE_ARTICLES

    def own_words(self, text: Text) -> tuple[str, ...]:
        """A document's own words; all of them where nothing but boilerplate is in it."""
        return own_words(text.body, self.of(text.source)) or own_words(text.body)


def lines(corpora: Iterable[str], data: Path = DATA) -> Lines:
    """The lines of whole corpora."""
    counted = Lines()
    for corpus in corpora:
        for text in texts(corpus, data):
            counted.read(text)
    return counted


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        sys.exit(f"There is no {path}: this measurement needs the corpora.")
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)
