"""How well feeds are read: ours beside feedparser alone, over recorded feeds, broken ones, and mis-declared ones.

python -m benchmarks.feeds [--misses] [--excluded]

Reads ../shared/data/feeds. Four questions: does any input crash or hang a reading process; what share of
feedparser's own expectations (each file's header comment) do we meet, of those about an item's title, link, id, date,
summary or content; whose text is right on the recorded encoding troubles; and on Arabic and Persian feeds whose
declaration lies (made here, in memory).
"""

import argparse
import ast
import asyncio
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser

from benchmarks._misdeclared import RECORDED, troubles
from core.dates import parse_date
from core.errors import DeadlineExceeded, ReadError
from core.model import Draft, Follow, Page, Source
from core.urls import absolute, canonical, is_web
from spiders.readers.encoding import decode
from spiders.readers.feed import read
from spiders.readers.markup import line, paragraphs, plain
from spiders.workers import Workers

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "feeds"
NOW = datetime.now(UTC)
URL = "http://127.0.0.1:8097/tests/feed.xml"  # where the expectations say that the files lie

_HEADER = re.compile(rb"\A\W*(?:<\?xml.*?\?>\s*)?<!--(.*?)-->", re.DOTALL)
_EXPECT = re.compile(r"Expect:\s*(.+?)\s*\Z", re.DOTALL)
_HTTP = re.compile(r"^Header:\s*([\w-]+):\s*(.+?)\s*$", re.MULTILINE | re.IGNORECASE)
_SUBSET = re.compile(r"<!DOCTYPE[^>\[]*\[|<!ENTITY", re.IGNORECASE)

FIELDS = {
    "title": "title",
    "title_detail": "title",
    "link": "link",
    "links": "link",
    "id": "id",
    "guid": "id",
    "summary": "summary",
    "summary_detail": "summary",
    "description": "summary",
    "subtitle": "summary",
    "content": "content",
    "published": "date",
    "published_parsed": "date",
    "updated": "date",
    "updated_parsed": "date",
    "created": "date",
    "created_parsed": "date",
    "date": "date",
    "date_parsed": "date",
    "modified": "date",
    "modified_parsed": "date",
    "issued": "date",
    "issued_parsed": "date",
}
_INNER = {(), ("value",), ("href",), (0, "href"), (0, "value")}


@dataclass(frozen=True)
class Wanted:
    """One thing a file expects of one of its items. `path` is feedparser's way to it."""

    item: int
    path: tuple[str | int, ...]
    value: Any

    @property
    def field(self) -> str:
        return FIELDS[str(self.path[0])]


# --- what the files expect ---------------------------------------------------------------------------------------


def expectations(body: bytes) -> tuple[list[Wanted], str]:
    """What a file expects of its items, and a reason where it cannot be asked of us."""
    text = decode(body)
    header = _HEADER.search(body) or _HEADER.search(text.encode())
    said = _EXPECT.search(decode(header[1])) if header else None
    if said is None:
        return [], "no expectation in its header"
    if _SUBSET.search(text):
        return [], "refused: a document type with declarations of its own"
    try:
        tree = ast.parse(" ".join(said[1].split()), mode="eval")
    except (SyntaxError, ValueError):
        return [], "an expectation that is no expression"
    wanted = [found for node in ast.walk(tree) if isinstance(node, ast.Compare) and (found := _wanted(node))]
    if not wanted:
        return [], "not about an item's title, link, id, date, summary or content"
    return _ours_to_meet(wanted)


def _wanted(node: ast.Compare) -> Wanted | None:
    path: list[str | int] = []
    at: ast.expr = node.left
    while isinstance(at, ast.Subscript) and isinstance(at.slice, ast.Constant):
        path.insert(0, at.slice.value)  # type: ignore[arg-type]  # a key or an index, by what the files hold
        at = at.value
    if not (isinstance(at, ast.Name) and at.id == "entries" and len(path) >= 2 and isinstance(node.ops[0], ast.Eq)):
        return None
    if path[1] not in FIELDS or tuple(path[2:]) not in _INNER or not isinstance(path[0], int):
        return None
    try:
        return Wanted(path[0], tuple(path[1:]), ast.literal_eval(node.comparators[0]))
    except ValueError:
        return None


def _ours_to_meet(wanted: list[Wanted]) -> tuple[list[Wanted], str]:
    for each in wanted:
        if each.field == "link" and not is_web(absolute(URL, str(each.value)) or ""):
            return [], "a link that is no address of the web"
        if each.field == "date" and _date(each.value) is None:
            return [], "a date before 2000 or in the future, or none"
    return wanted, ""


def _date(value: Any) -> datetime | None:
    if isinstance(value, tuple):
        year, month, day, hour, minute, second = value[:6]
        date = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        return date if datetime(2000, 1, 1, tzinfo=UTC) <= date <= NOW else None
    return parse_date(str(value), language="en", timezone="UTC", now=NOW)


# --- who meets them ----------------------------------------------------------------------------------------------


def page(body: bytes, url: str = URL) -> Page:
    header = _HEADER.search(body)
    headers = {name.lower(): value for name, value in _HTTP.findall(decode(header[1]))} if header else {}
    return Page(url, url, 200, headers, body, NOW)


def drafts(document: Page) -> list[Draft]:
    source = Source("x", "X", "feed", document.url, full_text=False)
    found = read(source, document, timezone="UTC", now=NOW)
    return [each.draft if isinstance(each, Follow) else each for each in found]


def we_meet(document: Page, wanted: list[Wanted]) -> bool:
    try:
        found = drafts(document)
    except ReadError:
        return False
    return all(each.item < len(found) and _agrees(found[each.item], each, document.url) for each in wanted)


def _agrees(draft: Draft, wanted: Wanted, url: str) -> bool:
    value = wanted.value
    match wanted.field:
        case "title" if not plain(str(value)):  # an image only: words of the text or address stand in
            return "<" not in draft.title
        case "title":
            return draft.title in (line(str(value)), line(plain(str(value))))
        case "link":
            return draft.url == canonical(absolute(url, str(value)) or "")
        case "id":
            return draft.guid == str(value)
        case "date":
            return draft.published == _date(value)
    bodies = {_squeezed(draft.text), _squeezed(draft.summary)}
    return bool(bodies & {_squeezed(paragraphs(str(value))), _squeezed(plain(str(value)))})


def _squeezed(text: str) -> str:
    return "".join(text.split())


def feedparser_meets(document: Page, wanted: list[Wanted]) -> bool:
    headers = {**document.headers, "content-location": document.url}
    feed = feedparser.parse(document.body, response_headers=headers)
    try:
        return all(_reached(feed.entries[each.item], each.path) == each.value for each in wanted)
    except (KeyError, IndexError, AttributeError, TypeError):
        return False


def _reached(entry: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        entry = entry[step]
    return tuple(entry) if isinstance(entry, time.struct_time) else entry


def agreement(*, misses: bool, excluded: bool) -> None:
    reasons: Counter[str] = Counter()
    theirs = both = ours = asked = 0
    for file in sorted((DATA / "feedparser").rglob("*.xml")):
        body = file.read_bytes()
        wanted, reason = expectations(body)
        if reason:
            reasons[reason] += 1
            if excluded:
                print(f"excluded {file.relative_to(DATA)}: {reason}")
            continue
        document = page(body)
        asked += 1
        we, they = we_meet(document, wanted), feedparser_meets(document, wanted)
        ours, theirs, both = ours + we, theirs + they, both + (we and they)
        if misses and they and not we:
            print(
                f"missed {file.relative_to(DATA)}: {[(each.path, each.value) for each in wanted]}: {_shown(document)}"
            )
    share = f"{both / theirs:.1%}"
    print(f"expectations: {asked} files; feedparser meets {theirs}, we {ours}, {both} of those it meets ({share})")
    for reason, number in reasons.most_common():
        print(f"  excluded {number}: {reason}")


def _shown(document: Page) -> str:
    try:
        found = drafts(document)
    except ReadError as error:
        return str(error)
    return "; ".join(
        f"{d.title!r} {d.url} {d.guid!r} {d.published} {d.summary[:60]!r} {d.text[:60]!r}" for d in found[:2]
    )


# --- nothing crashes ---------------------------------------------------------------------------------------------


async def survive() -> None:
    """Every file through the reading processes: each ends, with drafts or with a reason."""
    ends: Counter[str] = Counter()
    slowest = 0.0
    workers = Workers(2)
    workers.start()
    source = Source("x", "X", "feed", URL, full_text=False)
    try:
        for file in sorted(path for path in DATA.rglob("*") if path.is_file()):
            begun = time.perf_counter()
            try:
                found = await workers.read("feed", source, page(file.read_bytes()), timezone="UTC", now=NOW)
                ends["read" if found else "read, nothing in it"] += 1
            except DeadlineExceeded:
                ends["over the deadline"] += 1
                print(f"hung: {file}")
            except ReadError as error:
                failed = "crashed" in error.reason or "the reader failed" in error.reason
                ends["CRASHED" if failed else "refused with a reason"] += 1
                if failed:
                    print(f"crashed: {file}: {error.reason}")
            slowest = max(slowest, time.perf_counter() - begun)
    finally:
        workers.stop()
    print(f"survival: {ends.total()} files: {dict(ends)}; slowest {slowest * 1000:.0f} ms")


# --- encodings ---------------------------------------------------------------------------------------------------


def our_text(document: Page) -> str:
    """The items' text; of a document without items, what our decoding makes of it."""
    try:
        found = drafts(document)
    except ReadError:
        found = []
    if not found:
        return decode(document.body, document.headers.get("content-type", ""))
    return "\n".join(f"{draft.title}\n{draft.summary}\n{draft.text}" for draft in found)


def their_text(document: Page) -> str:
    """All that feedparser found in the document, the feed's own title and description too."""
    feed = feedparser.parse(document.body, response_headers=dict(document.headers))
    parts = [feed.feed, *feed.entries]
    names = ("title", "summary", "subtitle", "content", "to", "from")
    return "\n".join(str(part.get(name, "")) for part in parts for name in names)


def encodings(*, misses: bool) -> None:
    readers: dict[str, Callable[[Page], str]] = {"rasad": our_text, "feedparser": their_text}
    recorded = [file for file in sorted((DATA / "encodings").rglob("*.xml")) if file.name in RECORDED]
    lying = list(troubles())
    for reader, text in readers.items():
        right = 0
        for file in recorded:
            found = text(Page(URL, URL, 200, {}, file.read_bytes(), NOW))
            good = RECORDED[file.name] in found
            right += good
            if misses and not good:
                print(f"{reader} misreads {file.name}: {found[:80]!r}")
        declared = 0
        for each in lying:
            good = each.expected in text(Page(URL, URL, 200, each.headers, each.body, NOW))
            declared += good
            if misses and reader == "rasad" and not good:
                print(f"rasad misreads {each.name}")
        print(f"{reader:10} encodings {right} of {len(recorded)}, mis-declared {declared} of {len(lying)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="tell what we missed, file by file")
    parser.add_argument("--excluded", action="store_true", help="name each excluded file")
    asked = parser.parse_args()
    if not DATA.exists():
        sys.exit(f"{DATA} is missing: nothing to measure")
    agreement(misses=asked.misses, excluded=asked.excluded)
    encodings(misses=asked.misses)
    asyncio.run(survive())


if __name__ == "__main__":
    main()
