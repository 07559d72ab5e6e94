"""Who wrote an article, as the page prints it: “by …”, «كتب: …», «گزارش از: …». Pure; knows no names."""

import re
from collections.abc import Iterator
from itertools import chain

from lxml.html import HtmlElement

from spiders.readers.markup import called, line

LONGEST = 80  # characters of a line that is a byline
WORDS = 6  # of a name where its element is called so
SURELY = 4  # where only the words before it say so

_WRITES = (
    r"by|written by|reported by|posted by|(?:(?:كتب|مرسل|نشر|أرسل)ة?\s+)?بواسطة|كتبت?|بقلم|الكاتب|الكاتبة|المراسل|"
    r"حاورت?ه?ا?|[إا]عداد|نویسنده|خبرنگار|گزارش از|مترجم|به قلم|گفت[\u200c ]?و[\u200c ]?گو از"
)
_BYLINE = re.compile(rf"^\W*(?:{_WRITES}|تقرير|ترجمة|گزارش)(?:\s*[:：]\s*|\s+)", re.IGNORECASE)
_WITH_COLON = re.compile(rf"^\W*(?:{_WRITES})\s*[:：]\s*(?=\S)", re.IGNORECASE)
_CALLED = re.compile(
    r"(?:^|[\s_-])(?:authors?|writers?|byline|reporters?|kateb|nevisande|khabarnegar)(?:$|[\s_-])", re.IGNORECASE
)
_ELSEWHERE = re.compile(r"related|comment|footer|sidebar|box|bio|about|more|most", re.IGNORECASE)
_PARTS = re.compile(r"\s*(?:[|/؛;•·]|\s[-–—]\s|[،,](?=\s)|\s(?:في|در|on|at)\s)\s*")
_NOBODY = frozenset(
    {"admin", "administrator", "editor", "webmaster", "root", "المحرر", "محرر", "مدير الموقع", "مدیر سایت"}
)
_NO_NAME = re.compile(r"[\d٠-٩۰-۹@:<>؟?!]|https?")


def without_by(name: str) -> str:
    """A name without what stands before it: by, writes, interviewed by; "" for an account that is nobody's name."""
    bare = _BYLINE.sub("", line(name, 200))
    return "" if bare.casefold() in _NOBODY else bare


def printed_authors(tree: HtmlElement) -> list[str]:
    """The names in the first line that says who writes, by its first words or by what its element is called."""
    lines = list(_lines(tree))
    said = (_names(text, SURELY) for text, _ in lines if _WITH_COLON.match(text))
    named = (_names(text, WORDS) for text, named in lines if named)
    return next(filter(None, chain(said, named)), [])


def _lines(tree: HtmlElement) -> Iterator[tuple[str, bool]]:
    """Lines that begin as a byline does, and those (True) of an element that is called so."""
    for node in tree.iter("span", "div", "p", "li", "a", "b", "strong", "em", "address", "td", "h4", "h5", "h6"):
        if len(node) > 4 or not (text := line(node.text_content()[: LONGEST * 4])) or len(text) > LONGEST:
            continue
        named = _CALLED.search(f"{called(node)} {node.get('rel') or ''}") is not None
        if (named or _WITH_COLON.match(text)) and not _elsewhere(node):
            yield text, named


def _names(text: str, longest: int) -> list[str]:
    """The names in a byline, of so many words. A place stands beside them in one word: «بغداد - ليلى حسن»."""
    parts = [part for part in _PARTS.split(without_by(text)) if part and not _NO_NAME.search(part)]
    names = [part for part in parts if 2 <= len(part.split()) <= longest]
    return names or [part for part in parts[:1] if len(parts) == 1 and len(part) > 3 and part != text]


def _elsewhere(node: HtmlElement) -> bool:
    """Whether it belongs to another article, a comment, or a portrait of the author; an article has a footer too."""
    within = any(True for _ in node.iterancestors("article"))
    return any(
        each.tag in ("aside", "nav") or (each.tag == "footer" and not within) or _ELSEWHERE.search(called(each))
        for each in (node, *node.iterancestors())
        if each.tag not in ("body", "html", "main")
    )
