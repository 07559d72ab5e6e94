"""Where a page says when its article was published, the surest first. Pure; it reads none of the dates."""

import re
from collections.abc import Iterator

import htmldate
from lxml.html import HtmlElement

_META_DATES = frozenset(
    {
        "article:published_time",
        "og:article:published_time",
        "og:published_time",
        "datepublished",
        "date",
        "pubdate",
        "publishdate",
        "publish-date",
        "publish_date",
        "publication_date",
        "dc.date",
        "dc.date.issued",
        "dcterms.created",
        "dcterms.date",
        "parsely-pub-date",
        "sailthru.date",
        "article.published",
    }
)
_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,60})"')

LONGEST = 90  # characters of a line that is a date
NEAR = 40  # elements behind the headline in which its date is looked for

_NAMED = re.compile(
    r"(?:^|[-_\s])(?:\w*date\w*|pub\w*time|post-?time|time|published|tarikh|zaman)(?=$|[-_\s])", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)(?:20\d\d|1[34]\d\d|[٠-٩۰-۹]{4})(?!\d)|\d\d?[/.-]\d\d?[/.-]\d\d(?!\d)")
_OTHERS = re.compile(r"related|comment|footer|copyright|most|sidebar|archive|aside|menu|modif|updat", re.IGNORECASE)
_LEAVES = frozenset(
    {"span", "div", "p", "li", "td", "font", "b", "strong", "em", "i", "small", "a", "label", "h4", "h5"}
)


def page_dates(tree: HtmlElement, url: str, title: str) -> Iterator[str]:
    """What is written in JSON-LD, meta and time elements, then in print, then whatever htmldate can find."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        yield from _LD_DATE.findall(script.text or "")
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if name.lower() in _META_DATES and meta.get("content"):
            yield meta.get("content")
    for time in tree.iterfind(".//time"):
        yield time.get("datetime") or time.text_content()
    yield from printed_dates(tree, title)
    yield htmldate.find_date(tree, original_date=True, extensive_search=False, url=url) or ""


def printed_dates(tree: HtmlElement, title: str) -> Iterator[str]:
    """Lines with a year in them: of elements called a date, then of those just behind the headline."""
    leaves = [node for node in tree.iter() if node.tag in _LEAVES and _is_line(node)]
    for node in leaves:
        if _NAMED.search(_name(node)) and not _elsewhere(node):
            yield _text(node)
    if title:
        yield from _behind(tree, title)


def _behind(tree: HtmlElement, title: str) -> Iterator[str]:
    seen = -1
    for node in tree.iter():
        if not isinstance(node.tag, str) or node.tag in ("title", "script", "style"):
            continue
        if seen < 0:
            seen = 0 if len(node) == 0 and title in " ".join(node.text_content().split()) else -1
            continue
        seen += 1
        if seen > NEAR:
            return
        if node.tag in _LEAVES and _is_line(node) and not _elsewhere(node):
            yield _text(node)


def _is_line(node: HtmlElement) -> bool:
    if len(node) > 8:
        return False
    text = _text(node)
    return 6 <= len(text) <= LONGEST and _YEAR.search(text) is not None


def _text(node: HtmlElement) -> str:
    return " ".join(node.text_content()[: LONGEST * 4].split())


def _name(node: HtmlElement) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''}"


def _elsewhere(node: HtmlElement) -> bool:
    """Whether it belongs to another article, a comment or the site."""
    return any(
        each.tag in ("aside", "footer", "nav") or _OTHERS.search(_name(each))
        for each in (node, *node.iterancestors())
        if each.tag not in ("body", "html")
    )
