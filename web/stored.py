"""A stored document made fit to be looked at: bytes → answer that runs nothing and loads nothing. Reads no archive.

The policy forbids scripts, forms and every address. What a policy does not govern (preconnect, prefetch of names) hangs
on <link>, which is renamed; scripts and the addresses of pictures go too, so that a browser has nothing to complain of.
It is a document for an <iframe sandbox>, and safe where it is opened by itself.
"""

import re

from starlette.responses import Response

POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
_SCRIPT = re.compile(rb"<script\b.*?(?:</script\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(rb"<[a-z][^<>]*>", re.IGNORECASE)
_LINK = re.compile(rb"^<link(?=[\s/>])", re.IGNORECASE)
_LOADS = re.compile(rb"(?<=[\s\"'/])(src|srcset|poster|background|data|on[a-z]+)(?=\s*=)", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_MARKUP = ("text/html", "application/xhtml+xml")


def stored_answer(body: bytes, content_type: str) -> Response:
    """HTML as it was, without what would reach out; anything else as plain text."""
    kind = content_type.partition(";")[0].strip().lower()
    charset = _CHARSET.search(content_type)
    markup = (kind in _MARKUP or not kind) and b"\0" not in body
    shown = "text/html" if markup else "text/plain"
    if charset or not markup:  # without one a browser looks into the document, as it did when it was published
        shown += f"; charset={charset[1] if charset else 'utf-8'}"
    return Response(
        _TAG.sub(_inward, _SCRIPT.sub(b"", body)) if markup else body,
        headers={
            "content-type": shown,
            "content-security-policy": POLICY,
            "x-dns-prefetch-control": "off",
            "x-content-type-options": "nosniff",
        },
    )


def _inward(tag: re.Match[bytes]) -> bytes:
    """A tag without what loads or runs."""
    return _LOADS.sub(rb"x-\1", _LINK.sub(b"<x-link", tag[0]))
