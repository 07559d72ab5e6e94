"""How a site can fail: pure functions from the healthy answer to the broken one."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from demo.server import Response

Break = Callable[[Response], Response]


@dataclass(slots=True)
class Fault:
    """A way to break an answer, for so many answers (None: until the outlet recovers)."""

    broken: Break
    times: int | None = None

    def spend(self) -> bool:
        """Count one answer; False when this fault is used up."""
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0


def status(code: int, *, retry_after: int | str | None = None, body: bytes | None = None) -> Break:
    """Another status, with a small HTML page as servers send it, or with `body`."""
    headers = {"Content-Type": "text/html; charset=utf-8"}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    page = f"<html><head><title>{code}</title></head><body><h1>{code}</h1></body></html>".encode()
    return lambda _healthy: Response(code, headers, page if body is None else body)


def stall(seconds: float) -> Break:
    """The right answer, so many seconds late."""
    return lambda healthy: replace(healthy, wait=seconds)


def content(body: bytes, *, content_type: str, code: int, headers: Mapping[str, str]) -> Break:
    """Any bytes under any type."""
    return lambda _healthy: Response(code, {"Content-Type": content_type, **headers}, body)


def garbage(size: int, seed: int) -> Break:
    """Random bytes under the healthy answer's type: the same ones for the same seed."""
    noise = random.Random(seed).randbytes(size)  # noqa: S311  noise, not a secret
    return lambda healthy: replace(_unvalidated(healthy), body=noise)


def redirect(url: str, code: int) -> Break:
    return lambda _healthy: Response(code, {"Location": url, "Content-Type": "text/html"})


def giant(size: int) -> Break:
    """The healthy body, then spaces up to `size` bytes: right in its beginning, far too long."""
    return lambda healthy: replace(_unvalidated(healthy), body=healthy.body.ljust(size))


def truncated(share: float) -> Break:
    """Content-Length promises the whole body; the connection closes after a share of it (0 ≤ share < 1)."""
    return lambda healthy: replace(healthy, cut=int(len(healthy.body) * share))


def reset() -> Break:
    return lambda healthy: replace(healthy, reset=True)


def drip(piece: int, pause: float) -> Break:
    """The right body, `piece` bytes every `pause` seconds."""
    return lambda healthy: replace(healthy, piece=piece, pause=pause)


def declared(charset: str | None) -> Break:
    """The right bytes under another charset in the HTTP header; None: no charset there."""

    def broken(healthy: Response) -> Response:
        kind = healthy.headers.get("Content-Type", "text/html").partition(";")[0]
        declaration = kind if charset is None else f"{kind}; charset={charset}"
        return replace(healthy, headers={**healthy.headers, "Content-Type": declaration})

    return broken


def verbatim(raw: bytes, *, piece: int = 0, pause: float = 0.0) -> Break:
    """Bytes on the wire in place of any HTTP answer, then the end of the connection."""
    return lambda _healthy: Response(verbatim=raw, piece=piece, pause=pause)


def endless(chunk: bytes, pause: float) -> Break:
    """A body that never ends."""
    return lambda healthy: replace(_unvalidated(healthy), body=chunk, endless=True, pause=pause)


def _unvalidated(healthy: Response) -> Response:
    """Without validators, and never as 304: what follows is not the document that they vouch for."""
    headers = {k: v for k, v in healthy.headers.items() if k not in ("ETag", "Last-Modified")}
    return replace(healthy, status=200, headers=headers)
