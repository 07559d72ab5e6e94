"""An article's text out of its page: trafilatura's, corrected by the page's shape and by what JSON-LD says. Pure.

Trafilatura finds where the text is. What it takes along from share bars and pointers goes; paragraphs that it leaves
out beside those that it takes come back, in the page's order. JSON-LD's text is believed only where it and what is
printed agree.
"""

import re
from collections import Counter
from typing import Any, NamedTuple

import trafilatura
from lxml.html import HtmlElement

from spiders.readers.boilerplate import is_boilerplate, without_boilerplate
from spiders.readers.linked_data import embedded
from spiders.readers.markup import called, paragraphs
from spiders.readers.pruning import prune

ENOUGH = 200  # characters in one element of found paragraphs before those beside them are trusted
PROSE_WORDS = 8  # of a paragraph that was left out
MOSTLY_LINKS = 0.4
LIKE_THE_REST = 0.3  # of the found text stands in elements of one kind: others of the kind hold the article too
FULLER = 1.15
AGREES = 0.6

_BLOCKS = frozenset({"p", "blockquote", "h2", "h3", "h4", "li", "pre"})
_BOXES = _BLOCKS | {"div", "ul", "ol", "table", "section", "img", "script", "style"}
_APART = re.compile(
    r"caption|credit|related|recirc|recommend|share|social|newsletter|subscri|sign-?up|comment|promo|advert|sponsor|byline|"
    r"author|footer|cookie|paywall|tags?(?:$|[-_ ])|most-|teaser|breadcrumb|disclaimer|copyright|widget|sidebar|hidden|"
    r"menu|modal|popup|infobox|read-?(?:more|also)|print",
    re.IGNORECASE,
)
_APART_TAGS = frozenset(
    """figure figcaption aside nav footer form header table button script style noscript template select
    dialog""".split()  # noqa: SIM905 (a list of 16 quoted tags reads worse)
)
_LEAD = re.compile(r"(?:^|[\s_-])(?:lead|lede|intro\w*|summary|standfirst|sapo)(?:$|[\s_-])", re.IGNORECASE)
_KEY = re.compile(r"[\W_]+")
_MARK = re.compile(r"^(?:[-•*] |\|\s*)")


class _Block(NamedTuple):
    node: HtmlElement
    text: str
    key: str


def body(tree: HtmlElement, url: str, said: str = "") -> str:
    """The article's text, paragraphs parted by an empty line, "" for none. `said` is what JSON-LD gives as the text.

    The tree is spent: what cannot be text has been taken out of it.
    """
    prune(tree)
    for lead in tree.iter("div"):
        if _LEAD.search(called(lead)) and not any(child.tag in _BOXES for child in lead.iter() if child is not lead):
            lead.tag = "p"
    blocks = _blocks(tree)
    found: Any = trafilatura.bare_extraction(tree, url=url, favor_precision=True, include_comments=False)
    text = without_boilerplate((found and found.text) or "")
    lines = [line for line in text.split("\n") if line.strip()]
    lines = _completed(lines, blocks) if lines else embedded(tree).split("\n")
    lines = _agreed(lines, [line for line in without_boilerplate(said).split("\n") if line.strip()])
    return paragraphs("\n\n".join(lines))


# --- paragraphs that were left out -------------------------------------------------------------------------------


def _blocks(tree: HtmlElement) -> list[_Block]:
    """The innermost blocks of text, in the page's order."""
    found = []
    for node in tree.iter(*_BLOCKS):
        if any(child.tag in _BLOCKS for child in node.iter() if child is not node):
            continue
        text = " ".join(node.text_content().split())
        if text:
            found.append(_Block(node, text, _key(text)))
    return found


def _completed(lines: list[str], blocks: list[_Block]) -> list[str]:
    """`lines` and the paragraphs beside them that were left out, in the page's order."""
    keys = {_key(line): at for at, line in reversed(list(enumerate(lines)))}
    known = [keys.get(block.key, -1) for block in blocks]
    total = sum(len(lines[at]) for at in set(known) if at >= 0)
    within = Counter[HtmlElement]()
    kinds = Counter[tuple[str, str]]()
    for block, at in zip(blocks, known, strict=True):
        if at >= 0:
            within[block.node.getparent()] += len(block.text)
            kinds[_kind(block.node.getparent())] += len(block.text)
    trusted = {kind for kind, size in kinds.items() if kind[1] and size >= max(ENOUGH, total * LIKE_THE_REST)}
    everything = _key(" ".join(lines))
    inserted: dict[int, list[str]] = {}
    place = -1
    for block, at in zip(blocks, known, strict=True):
        if at >= 0:
            place = max(place, at)
            continue
        parent = block.node.getparent()
        beside = within[parent] >= ENOUGH or _kind(parent) in trusted
        taken = beside if place >= 0 else bool(_LEAD.search(called(block.node)))
        if taken and block.key not in everything and _is_prose(block):
            inserted.setdefault(place, []).append(block.text)
            everything += block.key
    return inserted.get(-1, []) + [each for at, line in enumerate(lines) for each in (line, *inserted.get(at, ()))]


def _kind(node: HtmlElement | None) -> tuple[str, str]:
    return ("", "") if node is None else (str(node.tag), node.get("class") or "")


def _is_prose(block: _Block) -> bool:
    if len(block.text.split()) < PROSE_WORDS or is_boilerplate(block.text):
        return False
    if block.node.tag not in ("p", "blockquote"):
        return False
    links = sum(len(link.text_content()) for link in block.node.iter("a"))
    return links <= len(block.text) * MOSTLY_LINKS and not any(map(_apart, (block.node, *block.node.iterancestors())))


def _apart(node: HtmlElement) -> bool:
    if node.tag in ("body", "html", "main", "article"):
        return False
    return node.tag in _APART_TAGS or bool(_APART.search(called(node)))


# --- what JSON-LD says -------------------------------------------------------------------------------------------


def _agreed(lines: list[str], said: list[str]) -> list[str]:
    """JSON-LD's text where it holds what is printed and more; else the printed without what stands before and behind
    what both hold."""
    if not said:
        return lines
    ours, theirs = _key("".join(lines)), _key("".join(said))
    if not ours:
        return said
    inside = [_key(line) in theirs for line in lines]
    agreed = sum(len(line) for line, both in zip(lines, inside, strict=True) if both)
    if agreed < sum(map(len, lines)) * AGREES:
        return lines
    if len(theirs) > len(ours) * FULLER and len(said) > 1:
        return said
    if len(theirs) * FULLER < agreed:
        return lines
    first, last = inside.index(True), len(inside) - inside[::-1].index(True)
    return lines[first:last]


def _key(text: str) -> str:
    """The letters and digits only: lists and tables are marked up differently on both sides."""
    return _KEY.sub("", _MARK.sub("", text)).casefold()
