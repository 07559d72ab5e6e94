"""What can go wrong with an outlet, as words of the scene. How each answer breaks is in `faults`."""

import threading
from collections.abc import Mapping
from typing import Literal, Protocol

from demo import faults
from demo.faults import Break, Fault
from demo.server import Response

Place = Literal["feed", "pages", "robots", "all"]


class Published(Protocol):
    """Something with pages of its own: an item."""

    @property
    def number(self) -> int: ...


class Troubles:
    """What can go wrong with an outlet: each fault lasts until `recovers`, or for `times` answers.

    `on` is the place: the feed, all pages, robots.txt, everything, or one published item's pages.
    """

    def __init__(self) -> None:
        self._faults: dict[Place | int, Fault] = {}
        self._lock = threading.RLock()

    def troubled(self, place: Place | int, healthy: Response) -> Response:
        """What the place answers in place of the healthy answer. Call it under the lock, once per answer."""
        for key in (place, "pages" if isinstance(place, int) else place, "all"):
            fault = self._faults.get(key)
            if fault is not None and fault.spend():
                return fault.broken(healthy)
        return healthy

    def breaks(self, broken: Break, on: Place | Published = "feed", times: int | None = None) -> None:
        """Answer with a fault of `demo.faults`, or one made by the caller."""
        with self._lock:
            self._faults[on if isinstance(on, str) else on.number] = Fault(broken, times)

    def recovers(self) -> None:
        """No faults any more."""
        with self._lock:
            self._faults.clear()

    def answers(
        self,
        status: int,
        *,
        retry_after: int | str | None = None,
        body: bytes | None = None,
        on: Place | Published = "feed",
        times: int | None = None,
    ) -> None:
        self.breaks(faults.status(status, retry_after=retry_after, body=body), on, times)

    def stalls(self, seconds: float, *, on: Place | Published = "feed", times: int | None = None) -> None:
        """The right answer, late."""
        self.breaks(faults.stall(seconds), on, times)

    def sends(
        self,
        body: bytes,
        *,
        content_type: str = "text/html; charset=utf-8",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        on: Place | Published = "feed",
        times: int | None = None,
    ) -> None:
        """Any bytes under any type."""
        broken = faults.content(body, content_type=content_type, code=status, headers=headers or {})
        self.breaks(broken, on, times)

    def sends_raw(self, raw: bytes, *, piece: int = 0, pause: float = 0.0, on: Place | Published = "feed") -> None:
        """Bytes on the wire in place of an HTTP answer, in pieces if wanted; then the connection closes."""
        self.breaks(faults.verbatim(raw, piece=piece, pause=pause), on)

    def sends_garbage(self, size: int = 4096, *, on: Place | Published = "feed") -> None:
        """Random bytes under the right type."""
        self.breaks(faults.garbage(size, seed=size), on)

    def redirects_to(
        self, url: str, *, status: int = 302, on: Place | Published = "feed", times: int | None = None
    ) -> None:
        self.breaks(faults.redirect(url, status), on, times)

    def loops(self) -> None:
        """The feed redirects to itself for ever."""
        self.redirects_to("?again=1")

    def swells(self, size: int = 11 << 20, *, on: Place | Published = "feed") -> None:
        """A body of so many bytes that begins as the right one."""
        self.breaks(faults.giant(size), on)

    def never_ends(self, chunk: bytes = b" " * 65536, pause: float = 0.0, *, on: Place | Published = "feed") -> None:
        self.breaks(faults.endless(chunk, pause), on)

    def truncates(self, share: float = 0.5, *, on: Place | Published = "feed") -> None:
        """Promise the whole body and close after a share of it."""
        self.breaks(faults.truncated(share), on)

    def resets(self, *, on: Place | Published = "feed", times: int | None = None) -> None:
        """A TCP reset in place of an answer."""
        self.breaks(faults.reset(), on, times)

    def drips(self, piece: int = 1, pause: float = 0.5, *, on: Place | Published = "feed") -> None:
        """The right body, a few bytes at a time."""
        self.breaks(faults.drip(piece, pause), on)

    def declares(self, charset: str | None, *, on: Place | Published = "feed") -> None:
        """The right bytes under another charset in the HTTP header."""
        self.breaks(faults.declared(charset), on)
