"""Where a page says when its article was published, the surest first. Pure; it reads none of the dates."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import htmldate
from lxml.html import HtmlElement

from spiders.readers.markup import called

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

_MARKED = (
    "//body//*[@itemprop='datePublished'] | //abbr[contains(@class, 'published')]"
    " | //body//*[@content][contains(@property, 'dateCreated') or contains(@property, 'datePublished')]"
)

LONGEST = 110  # characters of a line that is a date
WHOLE = 60  # characters: what is longer is read by its parts, where one of them has the year
ABOVE = 12  # elements before the headline in which it is looked for
NEAR = 40  # elements behind the headline in which its date is looked for

_NAMED = re.compile(
    r"(?:^|[-_\s])(?:\w*date\w*|pub\w*time|post-?time|time|published|tarikh|zaman)(?=$|[-_\s])", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)(?:20\d\d|1[34]\d\d|[٠-٩۰-۹]{4})(?!\d)|\d\d?[/.-]\d\d?[/.-]\d\d(?!\d)")
_SAYS_SO = re.compile(r"publish|posted|نشر|تاریخ|تاريخ|انتشار", re.IGNORECASE)
_CHANGED = re.compile(
    r"updated?\b|modified|تحديث|عد[ّ]?لت?\b|به[\u200c\ua66e ]?روز|بروزرسانی|ویرایش|آخرین تغییر", re.IGNORECASE
)
_HOUR_ALONE = re.compile(
    r"\W*(?:[^\W\d_]+\W+)?[\d٠-٩۰-۹]{1,2}:[\d٠-٩۰-۹]{2}(?::[\d٠-٩۰-۹]{2})?\W*(?:[^\W\d_]+\W*){0,2}"
)
_HOUR = re.compile(r"(?<![\d:])\d{1,2}:\d\d(?![\d:])(?:\s*(?:[صم]|[^\W\d_]{4,5}ا?ً?)(?!\w))?")
_COLON = re.compile(r"(?<=[^\W\d_])\s*:")  # behind a word: «تاریخ:»
_ISSUE = re.compile(r"شماره|العدد|\bno\.|issue", re.IGNORECASE)
_OTHERS = re.compile(r"related|comment|footer|copyright|most|sidebar|archive|aside|menu|modif|updat", re.IGNORECASE)
_TODAY = re.compile(r"(?:^|[\s_-])(?:today|now|current|clock|topbar|top-?bar)(?:$|[\s_-])", re.IGNORECASE)
_LEAVES = frozenset(
    {"span", "div", "p", "li", "td", "font", "b", "strong", "em", "i", "small", "a", "label", "h4", "h5"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})


class _Line(NamedTuple):
    """A short line with a year in it; `behind` elements behind the headline, fewer than 0 before it."""

    text: str
    named: bool
    behind: int


def page_dates(tree: HtmlElement, url: str, title: str) -> Iterator[str]:
    """What is written in JSON-LD, meta and time elements, then in print, then whatever htmldate can find."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        yield from _LD_DATE.findall(script.text or "")
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if name.lower() in _META_DATES and meta.get("content"):
            yield meta.get("content")
    for marked in tree.xpath(_MARKED):
        yield marked.get("content") or marked.get("datetime") or marked.get("title") or marked.text_content()
    for time in tree.iterfind(".//time"):
        yield time.get("datetime") or time.text_content()
    yield from printed_dates(tree, title)
    yield htmldate.find_date(tree, original_date=True, extensive_search=False, url=url) or ""


def printed_dates(tree: HtmlElement, title: str) -> Iterator[str]:
    """Lines with a year in them: that say they are the date or are called so, then those just behind the headline,
    then when the article was changed, last what stands above it: a date with its hour, or of a newspaper's issue."""
    lines = _lines(tree, title)
    changed = [line for line in lines if _CHANGED.search(line.text) and not _SAYS_SO.search(line.text)]
    kept = [line for line in lines if line not in changed]
    yield from (line.text for line in kept if _SAYS_SO.search(line.text))
    yield from (line.text for line in kept if line.named and line.behind >= 0)
    yield from (line.text for line in kept if line.named and line.behind < 0)
    for near in (kept, changed):
        yield from (line.text for line in near if 0 <= line.behind <= NEAR)
    above = [line for line in kept if -ABOVE <= line.behind < 0]
    yield from (line.text for line in above if _HOUR.search(line.text))
    yield from (line.text for line in kept if _ISSUE.search(line.text))


def _lines(tree: HtmlElement, title: str) -> list[_Line]:
    found: list[tuple[int, HtmlElement]] = []
    headline = 0
    for at, node in enumerate(tree.iter()):
        if not isinstance(node.tag, str) or node.tag in ("title", "script", "style"):
            continue
        if not headline and title and (len(node) == 0 or node.tag in _HEADINGS):
            headline = at if title in " ".join(node.text_content().split()) else 0
        if at != headline and node.tag in _LEAVES and _is_line(node) and not _elsewhere(node):
            found.append((at, node))
    far = -headline or -ABOVE - 1
    return [
        _Line(_with_hour(node), bool(_NAMED.search(called(node))), at - headline if headline else far)
        for at, node in found
    ]


def _is_line(node: HtmlElement) -> bool:
    if len(node) > 8:
        return False
    text = _text(node)
    if not 6 <= len(text) <= LONGEST or not _YEAR.search(text):
        return False
    return len(text) <= WHOLE or not any(child.tag in _LEAVES and _is_line(child) for child in node)


def _with_hour(node: HtmlElement) -> str:
    """The line; with the hour where that stands beside it, in an element of its own or in none."""
    text, beside, around = _text(node), node.getnext(), node.getparent()
    if ":" in _COLON.sub("", text):
        return text
    if beside is not None and isinstance(beside.tag, str) and _HOUR_ALONE.fullmatch(_text(beside)):
        return f"{text} {_text(beside)}"
    line = "" if around is None else _text(around)
    hours = list(_HOUR.finditer(line)) if len(line) <= LONGEST else []
    return f"{text} {hours[0][0]}" if len(hours) == 1 else text


def _text(node: HtmlElement) -> str:
    return " ".join(" ".join(islice(node.itertext(), LONGEST)).split())[: LONGEST * 4]


def _elsewhere(node: HtmlElement) -> bool:
    """Whether it belongs to another article, a comment or the site, or is today's date."""
    return any(
        each.tag in ("aside", "footer", "nav") or _OTHERS.search(called(each)) or _TODAY.search(called(each))
        for each in (node, *node.iterancestors())
        if each.tag not in ("body", "html")
    )
