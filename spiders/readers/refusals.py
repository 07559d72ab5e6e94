"""What no publisher writes and parsers choke on: refused by a look at the text, before any parser sees it. Pure."""

import re

from core.errors import ReadError
from spiders.readers.encoding import charset

MOST_ATTRIBUTES = 5_000  # of one element; parsers compare each with each

# A byte order mark is gone by then. Comments and instructions may stand before a document type (XML 1.0 § 2.8).
_BEFORE_TYPE = re.compile(r"(?:\s++|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)
_TYPE = re.compile(r"""<!DOCTYPE(?:[^\[>"']|"[^"]*"|'[^']*')*+(\[?)""", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
PROLOGUE = 100_000  # characters in which an entity that is declared out of its place is looked for
_CROWDED = re.compile(
    r"""<[a-zA-Z][^\s/>]*+(?:[\s/]*+[^\s=>/]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"']*+))?+)"""
    f"{{{MOST_ATTRIBUTES}}}"
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))
HEAD = 1_000  # bytes that show what a document is
_ROOTS = {"rss": "a feed", "feed": "a feed", "rdf:rdf": "a feed", "urlset": "a sitemap", "sitemapindex": "a sitemap"}
_ROOT = re.compile(r"(?:\s++|<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>]*>)*+<([\w:]++)", re.DOTALL | re.IGNORECASE)


def refuse_other_documents(body: bytes, markup: str) -> None:
    """Raises ReadError with what it is for a document that is plainly no web page; `markup` is its decoded text."""
    if body.startswith(b"%PDF-"):
        raise ReadError("a PDF document where a web page was expected")
    head = body[:HEAD]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if 50 * controls > len(head) and not charset(body).startswith(("utf-16", "utf-32")):
        raise ReadError("a binary file where a web page was expected")
    root = _ROOT.match(markup)
    if root and (kind := _ROOTS.get(root[1].lower())):
        raise ReadError(f"{kind} where a web page was expected")
    if markup.lstrip()[:1] in ("{", "[") and markup.rstrip()[-1:] in ("}", "]"):
        raise ReadError("data (JSON) where a web page was expected")


def refuse_own_types(xml: str) -> None:
    """Raises ReadError for a document type with declarations of its own: entities begin there, in whatever way."""
    start = _BEFORE_TYPE.match(xml)
    kind = _TYPE.match(xml, start.end() if start else 0)
    if (kind is not None and kind[1]) or _ENTITY.search(xml, 0, PROLOGUE):
        raise ReadError("refused: a document type with declarations of its own")


def refuse_crowds(markup: str) -> None:
    """Raises ReadError for an element with thousands of attributes."""
    if len(markup) > 3 * MOST_ATTRIBUTES and _CROWDED.search(markup):
        raise ReadError(f"refused: an element with more than {MOST_ATTRIBUTES:,} attributes")
