"""Pages that hold nothing but the way to another: some sites send their readers on by a meta refresh. Pure."""

import re
from urllib.parse import urldefrag

from scrapy.http import Response
from w3lib.html import get_meta_refresh

from core.urls import absolute

LARGEST = 16 * 1024  # bytes of a page that only sends on
LONGEST_WAIT = 5.0  # seconds; a page that reloads itself every five minutes is a page
MOST_WORDS = 40  # that such a page says: please wait, you are being taken there, click here

_HIDDEN = re.compile(rb"<(head|script|style|noscript)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(rb"<[^>]*>")


def refreshed_to(response: Response) -> str | None:
    """Where the page sends its readers at once, if that is all it does; None for every other answer."""
    kind = (response.headers.get("Content-Type") or b"").lower()
    if response.status != 200 or len(response.body) > LARGEST or (kind and b"html" not in kind):
        return None
    wait, url = get_meta_refresh(
        response.body.decode("utf-8", "replace"), response.url, "utf-8", ("script", "noscript")
    )
    target = absolute(response.url, url) if url else None
    itself = target is None or urldefrag(target).url == urldefrag(response.url).url
    words = _TAG.sub(b" ", _HIDDEN.sub(b" ", response.body)).split()
    return None if itself or wait is None or wait > LONGEST_WAIT or len(words) > MOST_WORDS else target
