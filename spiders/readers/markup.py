"""HTML fragments and pages to plain text that keeps its paragraphs. No network, no scripts, no guessing."""

import html
import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from spiders.readers.encoding import clean
from spiders.readers.refusals import refuse_crowds

TITLE_MAX = 500
SUMMARY_MAX = 5_000
TEXT_MAX = 300_000

_MARKUP = re.compile(r"<[a-zA-Z/!]|&(#\w+|\w+);")
# In HTML such an element goes on until it is closed, and the text behind it would be hidden in it.
_SELF_CLOSED = re.compile(r"<(?:script|style|noscript|template|iframe|object|svg|math)\b[^<>]*/>", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n[ \n]*")
_HIDDEN = frozenset({"script", "style", "noscript", "template", "iframe", "object", "svg", "math", "head"})
_PARAGRAPHS = frozenset(
    """p div section article header footer aside main blockquote pre ul ol table figure form hr h1 h2 h3 h4 h5 h6
    address dl fieldset figcaption""".split()  # noqa: SIM905 (a list of 26 quoted tags reads worse)
)
_LINES = frozenset(["br", "li", "tr", "dt", "dd"])


def parse(text: str) -> HtmlElement | None:
    """A page as a tree; None for what holds no element at all. Raises ReadError for one with crowded elements."""
    refuse_crowds(text)
    parser = HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8")
    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def plain(fragment: str) -> str:
    """A fragment's text, paragraphs parted by an empty line."""
    if not _MARKUP.search(fragment):
        return paragraphs(fragment)
    if "<" not in fragment:
        return paragraphs(html.unescape(fragment))
    tree = parse(f"<div>{_SELF_CLOSED.sub(' ', fragment)}</div>")
    return "" if tree is None else paragraphs(_text(tree))


def _text(tree: HtmlElement) -> str:
    pieces: list[str] = []
    hidden = 0
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        name = node.tag if isinstance(node.tag, str) else ""
        start = event == "start"
        if name in _HIDDEN:
            hidden += 1 if start else -1
        if name in _PARAGRAPHS:
            pieces.append("\n\n")
        elif name in _LINES and start:
            pieces.append("\n")
        words = node.text if start else node.tail
        if words and not hidden:
            pieces.append(words.replace("\n", " ") if name != "pre" or not start else words)
    return "".join(pieces)


def paragraphs(text: str) -> str:
    """One space between words, an empty line between paragraphs, a single line break where there was one."""
    spaced = _SPACES.sub(" ", clean(text.replace("\r\n", "\n").replace("\r", "\n")))
    return _BREAKS.sub(lambda gap: "\n\n" if gap[0].count("\n") > 1 else "\n", spaced).strip()


def called(node: HtmlElement) -> str:
    """What an element is called: its classes and its id."""
    return f"{node.get('class') or ''} {node.get('id') or ''}"


def line(text: str, limit: int = TITLE_MAX) -> str:
    """`text` as one line of at most `limit` characters."""
    return clip(" ".join(clean(text).split()), limit)


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a space where there is one near."""
    if len(text) <= limit:
        return text
    cut = text.rfind(" ", limit - 80, limit)
    return text[: cut if cut > 0 else limit - 1].rstrip() + "…"
