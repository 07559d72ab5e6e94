"""One outlet: what it has published, what it answers, and how it fails. Rendering is done elsewhere."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from demo import faults, feeds, pages, press
from demo.press import Masthead, Piece
from demo.server import Request, Response
from demo.troubles import Place, Troubles

WINDOW = 50  # a feed lists so many of the newest items
HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Item:
    """The handle of something published. `url` is canonical; the other addresses lead to the same article."""

    outlet: "Outlet" = field(repr=False)
    number: int
    url: str
    guid: str | None
    link: str  # as the feed prints it

    @property
    def tracked(self) -> str:
        return f"{self.url}?utm_source=social&fbclid=x{self.number}"

    @property
    def amp(self) -> str:
        return f"{self.outlet.site.origin}/amp/news/{self.number}"

    @property
    def redirect(self) -> str:
        return f"{self.outlet.site.origin}/go/{self.number}"

    @property
    def piece(self) -> Piece:
        """Its state now: title, text, dates."""
        return self.outlet.pieces[self.number]


class Outlet(Troubles):
    """Made by `Newsroom.outlet`. Every word here may be used from any thread while the monitor reads."""

    def __init__(
        self,
        site: Masthead,
        source: Mapping[str, str | bool],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__()
        self.site = site
        self.clock = clock
        self.pieces: dict[int, Piece] = {}
        self._source = source
        self._items: dict[int, Item] = {}
        self._numbers = count(1001)
        self._withdrawn: dict[int, int] = {}  # number → status of its page
        self._robots = "User-agent: *\nAllow: /\n"
        self._rotation: int | None = None
        self._rendered: dict[str, tuple[bytes, str]] = {}  # path → body and ETag, until the next change
        self._changed = clock().replace(microsecond=0) - timedelta(minutes=1)

    @property
    def id(self) -> str:
        return self.site.id

    @property
    def feed_url(self) -> str:
        return self.site.feed_url

    @property
    def items(self) -> tuple[Item, ...]:
        """Everything published and not withdrawn, oldest first."""
        with self._lock:
            return tuple(item for number, item in self._items.items() if number not in self._withdrawn)

    @property
    def source(self) -> dict[str, Any]:
        """The keys of its [[sources]] table."""
        site = self.site
        keys = {
            "id": site.id,
            "name": site.name,
            "kind": "feed",
            "url": self.feed_url,
            "language": site.language,
        }
        return {**keys, **self._source}

    # --- what an editor does ---

    def publish(
        self,
        title: str,
        body: str,
        *,
        published: datetime | str | timedelta | None = timedelta(0),
        summary: str | None = None,
        guid: str | None = "",
        authors: tuple[str, ...] = (),
        tags: tuple[str, ...] = (),
    ) -> Item:
        """Put an article on the site and on top of the feed. Paragraphs of `body` are its lines.

        published: a time, an age (timedelta before now), the words it prints, or None for no date at all.
        guid: the outlet's own when left out; None for a feed without. summary: the first paragraph, cut.
        """
        with self._lock:
            number = next(self._numbers)
            url = press.article_url(self.site, number, title)
            paragraphs = tuple(line.strip() for line in body.splitlines() if line.strip())
            lead = summary if summary is not None else _lead(paragraphs)
            moment = self.clock() - published if isinstance(published, timedelta) else published
            own_guid = f"{self.id}:{number}" if guid == "" else guid
            self.pieces[number] = Piece(number, own_guid, title, paragraphs, lead, moment, authors, tags)
            item = Item(self, number, url, own_guid, press.feed_link(self.site, number, url))
            self._items[number] = item
            self._touch()
            return item

    def copies(self, item: Item, *, title: str | None = None) -> Item:
        """Publish the same text, as an outlet that takes over a wire item does."""
        piece = item.piece
        return self.publish(title or piece.title, piece.text, summary=piece.summary, tags=piece.tags)

    def edit(
        self, item: Item, *, title: str | None = None, body: str | None = None, summary: str | None = None
    ) -> None:
        """Change what is given, silently: the address and the first time stay."""
        with self._lock:
            piece = self.pieces[item.number]
            if body is not None:
                paragraphs = tuple(line.strip() for line in body.splitlines() if line.strip())
                piece = replace(piece, paragraphs=paragraphs, summary=_lead(paragraphs))
            if summary is not None:
                piece = replace(piece, summary=summary)
            self.pieces[item.number] = replace(piece, title=title or piece.title, modified=self.clock())
            self._touch()

    def withdraw(self, item: Item, *, status: int = 410) -> None:
        """Take it out of the feed; its page answers `status` from now on."""
        with self._lock:
            self._withdrawn[item.number] = status
            self._touch()

    def restores(self, item: Item) -> None:
        """Have a withdrawn item stand as before."""
        with self._lock:
            del self._withdrawn[item.number]
            self._touch()

    def rotates_guids(self) -> None:
        """Print a new GUID for every item on every visit, as some feeds do."""
        with self._lock:
            self._rotation = 0

    def robots(self, text: str = "", *, crawl_delay: float | None = None, disallow: tuple[str, ...] = ()) -> None:
        """The site's robots.txt: as given, or made of the parts; a disallowed path is a prefix."""
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in disallow)]
        if crawl_delay is not None:
            lines.append(f"Crawl-delay: {crawl_delay:g}")
        with self._lock:
            self._robots = text or "\n".join(lines) + "\n"

    # --- what it answers ---

    def answer(self, request: Request) -> Response:
        """The healthy answer, then the fault of its place, then 304 where that still applies."""
        with self._lock:
            place, response = self._healthy(request)
            return _conditional(request, self.troubled(place, response))

    def _healthy(self, request: Request) -> tuple[Place | int, Response]:
        path = request.path
        if path == "/robots.txt":
            return "robots", Response(200, {"Content-Type": "text/plain; charset=utf-8"}, self._robots.encode())
        if path == urlsplit(self.feed_url).path:
            return "feed", self._feed_response(path)
        if path == "/":
            listed = [self._listed(item) for item in reversed(self.items)]
            return "pages", self._document(path, HTML, lambda: pages.front_page(self.site, listed[:WINDOW]))
        return self._article_response(path)

    def _feed_response(self, path: str) -> Response:
        if self._rotation is not None:
            self._rotation += 1
            self._touch()
        kind = feeds.CONTENT_TYPES[self.site.format]
        return self._document(path, kind, lambda: feeds.render(self.site, self._entries(), self._changed))

    def _entries(self) -> list[feeds.Entry]:
        entries = []
        for item in list(reversed(self.items))[:WINDOW]:
            piece = item.piece
            if self._rotation is not None:
                piece = replace(piece, guid=f"{piece.guid}?{self._rotation}")
            entries.append(feeds.Entry(piece, item.link))
        return entries

    def _article_response(self, path: str) -> tuple[Place | int, Response]:
        steps = path.split("/")
        number = next((int(step) for step in steps if step.isdecimal()), 0)
        item = self._items.get(number)
        if item is None:
            return "pages", faults.status(404)(Response())
        if number in self._withdrawn:
            return number, faults.status(self._withdrawn[number])(Response())
        if steps[1] == "go":
            return number, faults.redirect(item.url, 302)(Response())
        amp = steps[1] == "amp"
        return number, self._document(path, HTML, lambda: self._article_page(item, amp))

    def _article_page(self, item: Item, amp: bool) -> str:
        others = [self._listed(other) for other in reversed(self.items) if other.number != item.number]
        return pages.article_page(self.site, self._listed(item), others[:10], amp=amp)

    def _listed(self, item: Item) -> pages.Listed:
        return pages.Listed(self.pieces[item.number], item.url)

    def _document(self, path: str, kind: str, render: Callable[[], str]) -> Response:
        if path not in self._rendered:
            # What the encoding lacks becomes a character reference, as old publishing systems write it.
            body = render().encode(self.site.encoding, "xmlcharrefreplace")
            self._rendered[path] = (body, f'"{hashlib.sha256(body).hexdigest()[:16]}"')
        body, etag = self._rendered[path]
        charset = f"; charset={self.site.declared}" if self.site.declared else ""
        changed = format_datetime(self._changed, usegmt=True)
        return Response(200, {"Content-Type": kind + charset, "ETag": etag, "Last-Modified": changed}, body)

    def _touch(self) -> None:
        """Something changed. Last-Modified has whole seconds: two changes within one still get two values."""
        self._rendered.clear()
        self._changed = max(self.clock().replace(microsecond=0), self._changed + timedelta(seconds=1))


def _conditional(request: Request, response: Response) -> Response:
    """304 by RFC 9110: If-None-Match decides where it is given, else If-Modified-Since."""
    tag, changed = response.headers.get("ETag"), response.headers.get("Last-Modified")
    if response.status != 200 or tag is None or changed is None:
        return response
    wanted, since = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
    if wanted is not None:
        same = tag in (part.strip().removeprefix("W/") for part in wanted.split(","))
    else:
        same = since is not None and parsedate_to_datetime(changed) <= parsedate_to_datetime(since)
    return replace(response, status=304) if same else response


def _lead(paragraphs: tuple[str, ...], words: int = 30) -> str:
    """A summary as feeds carry it: the beginning, cut on a word."""
    parts = " ".join(paragraphs).split()
    return " ".join(parts[:words]) + ("…" if len(parts) > words else "")
