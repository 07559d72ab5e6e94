"""The card around a link to an article: its headline, lead, date and picture. Pure; it does not choose the links."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml.etree import XPath
from lxml.html import HtmlElement

from core.urls import absolute, canonical
from spiders.readers.markup import line

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
HEADLINE_MAX = 300  # characters: what is longer is a whole card in one anchor, or a text
_LEVELS = 6  # how far above its link a card may begin
_LEAD_MIN = 40  # characters
_BLOCKS = ("p", "span", "div", "strong", "b")
_IMAGES = ("data-src", "data-original", "data-lazy-src", "src")
_DATE_CLASS = re.compile(r"(^|[\s_-])(date|time|datetime|timestamp|published|pubdate|tarikh)([\s_-]|$)", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_TEXTS = XPath(".//text()[not(parent::script or parent::style or parent::noscript)]", smart_strings=False)
# What stands on buttons, in place of a headline.
_BUTTONS = frozenset(
    (
        *("read more", "continue reading", "details", "full story", "more", "more details", "view more", "see more"),
        *("اقرأ المزيد", "اقرأ أيضا", "اقرأ أيضاً", "المزيد", "التفاصيل", "تفاصيل", "لمزيد من التفاصيل", "للمزيد"),
        *(
            "تابع القراءة",
            "ادامه مطلب",
            "ادامه",
            "ادامه خبر",
            "بیشتر",
            "بیشتر بخوانید",
            "جزئیات",
            "مشروح خبر",
            "متن کامل",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Card:
    """What a page says of an article that it links to. `date` as printed, "" for what is missing."""

    link: str
    title: str
    text: str = ""
    date: str = ""
    image: str = ""


def cards(
    links: Iterable[tuple[str, list[HtmlElement]]], base: str, *, within: HtmlElement | None = None
) -> Iterator[Card]:
    """One card per link, in their order. `links` are addresses with the anchors that lead there; `within` is the
    card where it is known."""
    for link, anchors in links:
        boxes = [within if within is not None else _box(anchor, link, base) for anchor in anchors]
        title = _title(anchors, boxes)
        yield Card(
            link,
            title,
            text=next(filter(None, (_lead(box, title) for box in boxes)), ""),
            date=next(filter(None, map(_date, boxes)), ""),
            image=next(filter(None, (_image(box, base) for box in boxes)), ""),
        )


def words(node: HtmlElement) -> str:
    """The text of an element on one line, without scripts."""
    return line(" ".join(_TEXTS(node)), 1_000)


def headline(anchor: HtmlElement) -> str:
    """What an anchor says of its article: the heading in or around it, else its words."""
    heading = next(anchor.iter(*HEADINGS), None)
    around = next(anchor.iterancestors(*HEADINGS), None)
    said = (
        words(heading) if heading is not None else "",
        words(around) if around is not None and sum(1 for _ in around.iter("a")) == 1 else "",
        _own(anchor),
    )
    return next(filter(_is_said, said), "")


def label(anchor: HtmlElement) -> str:
    """What is said of an anchor without words: its title, or what its picture shows."""
    said = [anchor.get("title") or "", *(image.get("alt") or "" for image in anchor.iter("img"))]
    return next(filter(_is_said, (line(text, HEADLINE_MAX) for text in said)), "")


def _own(anchor: HtmlElement) -> str:
    """The anchor's words; of a whole card in one anchor, its longest block that is no text."""
    blocks = [words(part) for part in anchor.iter(*_BLOCKS) if not len(part)]
    short = [block for block in blocks if len(block) <= HEADLINE_MAX]
    return max(short, key=len) if len(short) > 1 else words(anchor)


def _is_said(said: str) -> bool:
    return bool(_LETTERS.search(said)) and said.lower().strip(" .…»«›‹←→") not in _BUTTONS


def _title(anchors: list[HtmlElement], boxes: list[HtmlElement]) -> str:
    """The best of what the anchors say; else the heading of a card whose link is only its picture or a button."""
    said = max(map(headline, anchors), key=lambda text: min(len(text), HEADLINE_MAX), default="")
    inside = (words(heading) for box in boxes for heading in box.iter(*HEADINGS))
    heading = next(filter(_is_said, inside), "")
    if heading and not len(heading) <= len(said) <= HEADLINE_MAX:
        return line(heading)
    return line(said or next(filter(None, map(label, anchors)), ""))


def _box(anchor: HtmlElement, link: str, base: str) -> HtmlElement:
    """The largest element around the anchor that leads to no other article."""
    address = canonical(link)
    box = anchor
    for level, above in enumerate(anchor.iterancestors()):
        if level >= _LEVELS or above.tag in ("body", "main", "html") or not _leads_only(above, address, base):
            break
        box = above
    return box


def _leads_only(node: HtmlElement, address: str, base: str) -> bool:
    """Whether besides the article only a section, an author, a share button are linked: few and short."""
    others = 0
    for anchor in node.iter("a"):
        url = absolute(base, anchor.get("href") or "")
        if url and canonical(url) != address:
            others += 1
            if others > 3 or len(_LETTERS.findall(words(anchor))) >= 4:
                return False
    return True


def _lead(box: HtmlElement, title: str) -> str:
    """A paragraph of the card that is not its headline."""
    parts = (part for part in box.iter("p", "div", "span") if next(part.iterchildren("div", "p", "a"), None) is None)
    said = map(words, parts)
    return next((text for text in said if len(text) >= _LEAD_MIN and text not in title and title not in text), "")


def _date(box: HtmlElement) -> str:
    for node in box.iter("time"):
        if date := line(node.get("datetime") or words(node), 100):
            return date
    marked = (node for node in box.iter(*_BLOCKS, "small", "em", "i", "li", "td") if _DATE_CLASS.search(_class(node)))
    return next((date for date in map(words, marked) if 0 < len(date) <= 100), "")


def _class(node: HtmlElement) -> str:
    return node.get("class") or ""


def _image(box: HtmlElement, base: str) -> str:
    found = (absolute(base, image.get(name) or "") for image in box.iter("img") for name in _IMAGES)
    return next(filter(None, found), "")
