"""Which links of a section page are articles, learnt from the page alone: addresses of one shape that carry headlines.

Pure. No list of sites: navigation is told by where it stands, by what it says and by how short it is; articles by
the shape that many addresses of the page share.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from core.urls import absolute, canonical
from spiders.readers.addresses import shape
from spiders.readers.cards import HEADINGS, headline, label
from spiders.sites import is_front, same_site

MOST_LINKS = 3_000
_ASIDE_TAGS = frozenset({"nav", "footer", "form", "select", "menu"})
_ASIDE_ROLES = frozenset({"navigation", "menu", "menubar", "contentinfo", "search"})
_ASIDE = re.compile(
    r"(?!(?:has|with|without|no|is|fixed|sticky|page|site|theme|layout)[_-])(?:\S+[_-])?"  # of the page, not of a part
    r"(?:nav|navbar|navigation|menus?|submenu|breadcrumbs?|footer|pagination|pager|paging|social|share|sharing|tagcloud"
    r"|cookie|login|lang|languages?|copyright|comments?)(?:[_-]\S+)?",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_HEADLINE_WORDS = 4
_HEADLINE_LETTERS = 18
_FEW = 3  # links that make a kind


@dataclass(slots=True)
class _Link:
    """An address of the page, with all the anchors that lead there."""

    url: str
    pattern: str
    score: int
    anchors: list[HtmlElement] = field(default_factory=list)
    headed: bool = False  # one of them carries a headline


def article_links(tree: HtmlElement, base: str) -> Iterator[tuple[str, list[HtmlElement]]]:
    """The addresses of articles in the page's order, as written, each with its anchors."""
    links = _links(tree, base)
    kinds: dict[str, list[_Link]] = defaultdict(list)
    for link in links.values():
        kinds[link.pattern].append(link)
    chosen = {pattern for pattern, members in kinds.items() if _are_articles(members)}
    for link in links.values():
        if link.pattern in chosen:
            yield link.url, link.anchors


def _are_articles(members: list[_Link]) -> bool:
    """Whether addresses of one shape are articles: by their shape and their headlines; by many headlines alone."""
    score = members[0].score
    headed = sum(link.headed for link in members)
    if score >= 2:
        return headed * 3 >= len(members) and (headed >= _FEW or score >= 4 or headed == len(members))
    return headed >= _FEW + 2 and headed * 10 >= len(members) * 7


def _links(tree: HtmlElement, base: str) -> dict[str, _Link]:
    """Canonical address → link, of the same site, outside of navigation."""
    found: dict[str, _Link] = {}
    aside: dict[HtmlElement, bool] = {}
    anchors = list(_anchors(tree))[:MOST_LINKS]
    for anchor in anchors:
        url = absolute(base, anchor.get("href") or "")
        if not url or not same_site(url, base) or is_front(url) or _stands_aside(anchor, aside, len(anchors)):
            continue
        address = canonical(url)
        kind = shape(address)
        if address == canonical(base) or kind.score < 0:
            continue
        link = found.setdefault(address, _Link(url, *kind))
        link.anchors.append(anchor)
        link.headed = link.headed or _is_headline(headline(anchor) or label(anchor), anchor)
    return found


def _anchors(tree: HtmlElement) -> Iterator[HtmlElement]:
    for anchor in tree.iter("a"):
        href = (anchor.get("href") or "").strip()
        if href and not href.startswith(("#", "javascript:", "mailto:", "tel:")):
            yield anchor


def _is_headline(said: str, anchor: HtmlElement) -> bool:
    """Some words, as a headline has and a section's name has not; fewer do in a heading."""
    count, letters = len(_WORDS.findall(said)), sum(map(len, _WORDS.findall(said)))
    heading = anchor.find(".//h2") is not None or any(True for _ in anchor.iterancestors(*HEADINGS))
    return count >= _HEADLINE_WORDS - heading and letters >= _HEADLINE_LETTERS - 6 * heading


def _stands_aside(anchor: HtmlElement, known: dict[HtmlElement, bool], links: int) -> bool:
    """Whether it is part of the page's navigation; an element with half of the page's `links` never is. `known`
    remembers the elements already looked at."""
    passed = []
    aside = False
    for node in anchor.iterancestors():
        if node in known:
            aside = known[node]
            break
        passed.append(node)
        if node.tag in ("body", "html", "main", "article"):
            break
        if _is_aside(node) and 2 * sum(1 for _ in node.iter("a")) < links:
            aside = True
            break
    known.update(dict.fromkeys(passed, aside))
    return aside


def _is_aside(node: HtmlElement) -> bool:
    marks = f"{node.get('class') or ''} {node.get('id') or ''}".split()
    return node.tag in _ASIDE_TAGS or (node.get("role") or "") in _ASIDE_ROLES or any(map(_ASIDE.fullmatch, marks))
