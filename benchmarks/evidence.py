"""What an archived article costs on disk: its evidence, and the archive beside it. Reads ../shared/data.

Run: python -m benchmarks.evidence

Evidence: recorded article pages, and listings as they come visit after visit. Recorded listings are of one moment, so
the visits are made of one page: a window over its entries moves on, each time with other view counts and tokens. Texts
and indexes: the same pages read and recorded into an archive, counted by what SQLite says of its pages (dbstat).
"""

import gzip
import random
import re
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import zstandard

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
sys.path.insert(0, str(ROOT))

from archive import evidence, sources  # noqa: E402  # the root of the tree comes first
from archive.database import Archive  # noqa: E402
from archive.intake import admit  # noqa: E402
from benchmarks._corpora import POSTS, texts  # noqa: E402
from core.errors import ReadError  # noqa: E402
from core.model import Arrival, Draft, Page, Source  # noqa: E402
from core.rules.match import compile_rules  # noqa: E402
from spiders.readers import READERS  # noqa: E402

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CHANNEL = "telegram-preview/telegram_preview/full.html"
FEED = "feeds/encodings/internal/reader/parser/testdata/large_rss.xml"
MOST_VISITS = 20


def page_of(body: bytes, url: str) -> Page:
    return Page(url, url, 200, {"content-type": "text/html; charset=utf-8"}, body, NOW)


def pages() -> list[bytes]:
    """The recorded pages of publishers."""
    files = sorted((DATA / "extraction" / "publishers").rglob("*.html.gz"))
    return [gzip.decompress(file.read_bytes()) for file in files]


def visits(page: bytes, pattern: bytes, new: int) -> list[bytes]:
    """The page as it is seen while `new` entries come between two visits. It shows half of the entries there are."""
    head, *entries = re.split(pattern, page)
    shown = len(entries) // 2
    starts = range(0, min(len(entries) - shown, new * MOST_VISITS) + 1, new)
    return [_touched(head + b"".join(entries[start : start + shown]), seed=start) for start in starts]


def _touched(page: bytes, *, seed: int) -> bytes:
    """The page with other view counts, and other tokens in the addresses of its pictures."""
    chance = random.Random(seed)
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

    def token(match: re.Match[bytes]) -> bytes:
        return b"token=" + bytes(chance.choices(letters, k=len(match[0]) - 6))

    page = re.sub(rb"token=[\w-]+", token, page)
    return re.sub(rb'(message_views">)[0-9.]+', lambda match: match[1] + b"%.1f" % chance.uniform(1, 900), page)


def levels(bodies: list[bytes]) -> None:
    """Pages one by one, at several levels of compression."""
    size = sum(map(len, bodies))
    print(f"{len(bodies)} article pages of {size / len(bodies) / 1024:.0f} KiB on average")
    for level in (1, 3, 6, 9):
        begun = process_time()
        packed = sum(len(zstandard.ZstdCompressor(level=level).compress(body)) for body in bodies)
        took = (process_time() - begun) / len(bodies) * 1000
        kept = " (in use)" if level == evidence.LEVEL else ""
        print(f"  level {level}: {packed / len(bodies) / 1024:.1f} KiB each, {took:.1f} ms{kept}")


def same_site() -> None:
    """Whether another page of the same publisher helps: what was decided against."""
    sites: dict[tuple[str, str], list[bytes]] = {}
    for file in sorted((DATA / "extraction" / "publishers").rglob("*.html.gz")):
        sites.setdefault((file.parent.name, file.name.partition("_")[0]), []).append(gzip.decompress(file.read_bytes()))
    alone = against = 0
    for first, *others in sites.values():
        known = zstandard.ZstdCompressionDict(first, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        for body in others:
            alone += len(zstandard.ZstdCompressor(level=evidence.LEVEL).compress(body))
            against += len(zstandard.ZstdCompressor(level=evidence.LEVEL, dict_data=known).compress(body))
    print(f"article pages against another page of their site: {1 - against / alone:.0%} saved")


def listings(name: str, file: str, pattern: bytes) -> None:
    """A listing visited again and again, through the archive's own door."""
    for new in (1, 3):
        bodies = visits((DATA / file).read_bytes(), pattern, new)[1:]
        alone = sum(len(zstandard.ZstdCompressor(level=evidence.LEVEL).compress(body)) for body in bodies)
        _, *stored = _stored_visits(visits((DATA / file).read_bytes(), pattern, new))
        told = f"{alone / len(bodies) / 1024:.1f} KiB a visit by itself, {sum(stored) / len(bodies) / 1024:.1f} as kept"
        print(f"{name}, {new} new of {_entries(bodies[0], pattern)} entries, {len(bodies)} visits: {told}", end=" ")
        print(f"({1 - sum(stored) / alone:.0%} saved), {sum(stored) / len(bodies) / new / 1024:.1f} KiB an entry")


def _entries(page: bytes, pattern: bytes) -> int:
    return len(re.split(pattern, page)) - 1


def _stored_visits(bodies: list[bytes]) -> list[int]:
    """The bytes of the file of each visit's document."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "evidence"
        archive = Archive.open(f"sqlite:///{place}/rasad.db", evidence=folder)
        source = Source("s", "S", "telegram", "https://s.example/s")
        rules = compile_rules({}, {})
        try:
            with archive.writing() as conn:
                sources.sync(conn, [source], NOW)
                for number, body in enumerate(bodies):
                    draft = Draft("s", f"https://s.example/{number}", f"Item {number}", f"Text of item {number}.")
                    admit(
                        conn,
                        draft,
                        rules=rules,
                        arrival=Arrival("import"),
                        now=NOW,
                        edition=1,
                        evidence=page_of(body, source.url),
                    )
                kept = evidence.kept(conn, range(1, len(bodies) + 1))
        finally:
            archive.close()
        return [each.stored or 0 for each in kept]


def recorded(name: str, drafts: Iterator[tuple[Draft, Page | None]]) -> None:
    """Articles recorded into a fresh archive, and what each table and index takes per article."""
    with TemporaryDirectory() as place:
        path = Path(place)
        archive = Archive.open(f"sqlite:///{place}/rasad.db", evidence=path / "evidence")
        rules, number, texts_size = compile_rules({}, {}), 0, 0
        with archive.writing() as conn:
            sources.sync(conn, [Source("s", "S", "feed", "https://s.example/feed")], NOW)
            for draft, page in drafts:
                number += 1
                texts_size += sum(len(part.encode()) for part in (draft.title, draft.summary, draft.text))
                arrival = Arrival("import")
                admit(conn, draft, rules=rules, arrival=arrival, now=NOW, edition=1, evidence=page)
            _, kept = evidence.stored(conn)
        archive.close()
        parts = _parts(path / "rasad.db")
    print(f"{name}: {number} articles of {texts_size / number / 1024:.1f} KiB of text; per article, KiB: ", end="")
    print(
        ", ".join(
            [*(f"{part} {size / number / 1024:.1f}" for part, size in parts), f"evidence {kept / number / 1024:.1f}"]
        )
    )


def _parts(file: Path) -> list[tuple[str, int]]:
    """The bytes of the database by what they are for."""
    sizes: Counter[str] = Counter()
    connection = sqlite3.connect(file)
    try:
        for name, size in connection.execute("SELECT name, SUM(pgsize) FROM dbstat GROUP BY name"):
            kind = "texts" if name in ("article", "revision") else "full-text index" if "words" in name else "the rest"
            sizes[kind] += size
    except sqlite3.Error as error:
        sys.exit(f"this SQLite does not tell its pages: {error}")
    finally:
        connection.close()
    return sizes.most_common()


def articles(bodies: list[bytes]) -> Iterator[tuple[Draft, Page | None]]:
    """The pages as the article reader reads them."""
    source = Source("s", "S", "feed", "https://s.example/feed")
    for number, body in enumerate(bodies):
        page = page_of(body, f"https://s.example/{number}")
        try:
            (draft,) = READERS["article"](source, page, timezone="UTC", now=NOW)
        except ReadError:
            continue
        if isinstance(draft, Draft):
            yield replace(draft, url=page.url, aliases=()), page


def posts(most: int) -> Iterator[tuple[Draft, Page | None]]:
    """Real posts, whose pages were not recorded."""
    for number, text in zip(range(most), texts(POSTS), strict=False):
        url = f"https://t.me/s/{number}"
        yield Draft("s", url, text.body[:80], text.body, guid=url, language=text.language), None


def main() -> None:
    if not DATA.exists():
        sys.exit(f"{DATA} is missing: nothing to measure")
    bodies = pages()
    levels(bodies)
    same_site()
    listings("a channel's page", CHANNEL, rb'(?=<div class="tgme_widget_message_wrap)')
    listings("a feed", FEED, rb"(?=<item>)")
    recorded("articles with their pages", articles(bodies))
    recorded("posts (evidence: a page per visit, above)", posts(2_000))


if __name__ == "__main__":
    main()
