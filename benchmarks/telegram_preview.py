"""How much of recorded channel previews is read right. Reads ../shared/data/telegram-preview.

Run: python benchmarks/telegram_preview.py
"""

import json
import re
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PREVIEWS = ROOT.parent / "shared" / "data" / "telegram-preview"
sys.path.insert(0, str(ROOT))

from core.errors import ReadError  # noqa: E402  # the root of the tree comes first
from core.model import Draft, Listing, Page, Source  # noqa: E402
from spiders.readers.telegram import survey  # noqa: E402

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def surveyed(file: Path) -> Listing:
    """What the reader makes of one recorded page or fragment."""
    page = Page("https://t.me/s/x", "https://t.me/s/x", 200, {}, file.read_bytes(), NOW)
    return survey(Source("x", "X", "telegram", page.url), page, timezone="UTC", now=NOW)


def compared(expected: dict[str, Any], listing: Listing) -> dict[str, bool]:
    """Field → whether it agrees with the recorded expectation of one message."""
    assert listing.channel is not None
    post = listing.channel.posts[-1]
    draft = next((entry for entry in listing.entries if isinstance(entry, Draft)), None)
    service = expected["type"] == "service"
    links = tuple(url for kind, url in expected["urls"] if kind == "link" and "maps.google" not in url)
    agrees = {
        "id": post.id == expected["id"],
        "channel": listing.channel.name == expected["channel"],
        "views": post.views == expected["views"],
        "edited": post.edited == expected["edited"],
        "links": post.links == links,
        "text": (draft is None) if service else _same(draft.text if draft else None, expected["text"]),
    }
    if not service:
        agrees["media"] = set(post.media) == _MEDIA[expected["type"]]
    if draft is not None:
        agrees["date"] = draft.published == datetime.fromisoformat(expected["created_at"])
        agrees["author"] = (draft.authors or (None,))[0] == expected["author"]
    return agrees


# What the expectations call a post; the one document that was recorded is a piece of music.
_MEDIA = {
    "text": set[str](),
    "multimedia": {"photo", "video"},
    "document": {"audio"},
    **{kind: {kind} for kind in ("video", "round-video", "sticker", "location")},
}


def _same(one: str | None, other: str | None) -> bool:
    return re.sub(r"\s+", "", one or "") == re.sub(r"\s+", "", other or "")


def main() -> None:
    if not PREVIEWS.exists():
        sys.exit(f"{PREVIEWS} is missing: nothing to measure")
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for name, messages in json.loads((PREVIEWS / "tchan" / "expected.json").read_text("utf-8")).items():
        for expected in messages if name != "test_channel_info" else ():
            for field, agrees in compared(expected, surveyed(PREVIEWS / "tchan" / f"{name}.html")).items():
                asked[field] += 1
                right[field] += agrees
                if not agrees:
                    print(f"{name}: {field} differs")
    for field, number in asked.items():
        print(f"{field}: {right[field]} of {number}")
    for file in sorted(PREVIEWS.rglob("*.html")):
        told(file)


def told(file: Path) -> None:
    """Prints what was read of one file, where it is more than the one message measured above."""
    begun = perf_counter()
    try:
        channel = surveyed(file).channel
    except ReadError as error:
        print(f"{file.name}: {error.reason}")  # fragments of a post, and a channel's description, hold none
        return
    took = (perf_counter() - begun) * 1000
    assert channel is not None
    if len(channel.posts) > 1:
        ids, albums = [post.id for post in channel.posts], sum(post.last > post.id for post in channel.posts)
        forwarded = sum(bool(post.forwarded_from) for post in channel.posts)
        print(f"{file.name}: {channel.title!r}, {len(ids)} posts {ids[0]}–{ids[-1]}", end=", ")
        shown = Counter(kind for post in channel.posts for kind in post.media)
        media = ", ".join(f"{count} with {kind}" for kind, count in sorted(shown.items()))
        print(f"{albums} albums, {forwarded} forwarded, {media}, {took:.0f} ms")


if __name__ == "__main__":
    main()
