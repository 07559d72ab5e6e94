"""What an article's page holds besides the article, by its shape: taken out of its tree. Pure; knows no site.

Careful: what holds much of the page's prose stays, whatever it looks like.
"""

import re

from lxml.html import HtmlElement

from spiders.readers.boilerplate import ENDS, POINTER_WORDS, is_pointer
from spiders.readers.markup import called

LINKS_ONLY = 0.95  # share of a block's letters that stand in links
CELL_MAX = 400  # characters in a cell of a table that holds data; a third where it has
MANY_BREAKS = 4  # lines
BREAKS = 2  # between the lines of a box, from which on they are its paragraphs
MOST_STORIES = 20  # headlines of one page that are looked at
BYLINE_MAX = 80  # characters
CAPTION_MAX = 120

_ASKS = re.compile(r"(?:^|[\s_-])(?:poll|survey|quiz|newsletter|captcha)(?:$|[\s_-])", re.IGNORECASE)
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by|byline|dateline|authors?|author-?name|writer|kicker|eyebrow|overline|r[ou]{1,2}-?t[iy]tr|up-?titr"
    r"|up-?title|supertitle)(?:$|[\s_-])",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"(?:^|[\s_-])(?:img|image|photo|pic|picture|thumb|caption)(?:$|[\s_-])", re.IGNORECASE)
_BLOCKS = frozenset({"p", "li", "h2", "h3", "h4", "h5", "h6", "div"})
_INLINE = frozenset({"a", "b", "strong", "em", "i", "u", "span", "br", "font", "small", "sup", "sub", "img", "svg"})
_LISTS = frozenset({"ul", "ol", "table"})
_CUT = frozenset({"aside", "nav", "form", "button", "select", "textarea"})


def prune(tree: HtmlElement) -> None:
    """Takes out what cannot be an article's text by its shape. What holds much of the page's prose stays."""
    for later in (*_articles(tree)[1:], *_next_stories(tree)):
        _drop(later)
    _without_layout_tables(tree)
    for box in reversed(list(tree.iter("div", "td", "center", "font", "span"))):  # the inner ones first
        if sum(1 for _ in box.iterchildren("br")) >= BREAKS:
            _paragraphed(box)
        elif box.tag == "font":
            box.tag = "span"
    prose = _prose(tree)
    for node in list(tree.iter()):
        named = isinstance(node.tag, str) and node.tag not in ("html", "body", "main")
        if named and node.getparent() is not None and _is_none_of_it(node, prose):
            _drop(node)


def _is_none_of_it(node: HtmlElement, prose: int) -> bool:
    """Whether an element is certainly no part of a text with so much prose."""
    if node.tag in _CUT or _ASKS.search(called(node)):
        return _prose(node) * 5 <= prose
    if node.tag == "article":
        return _is_card(node) and _prose(node) * 2 <= prose
    if node.tag in _LISTS:
        return _is_link_list(node)
    return node.tag in _BLOCKS and (_is_pointer(node) or _is_byline(node) or _is_picture(node))


def _articles(tree: HtmlElement) -> list[HtmlElement]:
    """The page's articles with a headline each: a page that goes on for ever appends others to its own."""
    return [
        node for node in tree.iter("article") if node.find(".//h1") is not None and node.find(".//article//h1") is None
    ]


def _next_stories(tree: HtmlElement) -> list[HtmlElement]:
    """Boxes beside the article's own, of its kind, each with a headline of its own: the page goes on for ever."""
    headed = list(tree.iter("h1"))[:MOST_STORIES]
    if len(headed) < 2:
        return []
    above = list(headed[0].iterancestors())
    found = []
    for later in headed[1:]:
        box = later
        while (parent := box.getparent()) is not None and parent not in above:
            box = parent
        own = next((node for node in above if node.getparent() is parent), None)
        both = own is not None and own.find(".//p") is not None and box.find(".//p") is not None
        if both and _kind(box)[1] and _kind(own) == _kind(box):
            found.append(box)
    return found


def _kind(box: HtmlElement) -> tuple[str, str]:
    return str(box.tag), next(iter((box.get("class") or "").split()), "")


def _is_card(article: HtmlElement) -> bool:
    """Whether it points to another article: its heading is nothing but a link."""
    heading = next(article.iter("h2", "h3", "h4", "h5"), None)
    return heading is not None and article.find(".//h1") is None and _linked_share(heading) >= LINKS_ONLY


def _without_layout_tables(tree: HtmlElement) -> None:
    """Tables that only place things become plain boxes: those of one row, those with a table in them, or with a cell
    that is a text or has a heading."""
    for table in [each for each in tree.iter("table") if each.find(".//th") is None]:
        rows = list(table.iter("tr"))
        cells = [cell for row in rows for cell in row.iterchildren("td")]
        if len(rows) == 1 or table.find(".//table") is not None or any(map(_is_box, cells)):
            for part in [table, *table.iter("tbody", "tr", "td")]:
                part.tag = "div"


def _paragraphed(box: HtmlElement) -> None:
    """Makes paragraphs of a box whose lines are parted by breaks."""
    box.tag = "div" if box.tag in ("font", "span") else box.tag
    children = list(box)
    paragraph = box.makeelement("p")
    paragraph.text, box.text = box.text, None
    box.insert(0, paragraph)
    for child in children:
        if child.tag != "br" and child.tag in _INLINE:
            paragraph.append(child)
            continue
        after = box.makeelement("p")
        after.text, child.tail = child.tail, None
        child.addnext(after)
        if child.tag == "br":
            box.remove(child)
        paragraph = after


def _is_box(cell: HtmlElement) -> bool:
    breaks = sum(1 for _ in cell.iter("br", "p"))
    most = CELL_MAX / 3 if breaks >= MANY_BREAKS else CELL_MAX
    return len(cell.text_content()) > most or any(True for _ in cell.iter("h1", "h2", "h3", "h4"))


def _drop(node: HtmlElement) -> None:
    """`drop_tree`, unless an ancestor went before it."""
    if node.getparent() is not None:
        node.drop_tree()


def _prose(node: HtmlElement) -> int:
    """Characters in its paragraphs."""
    return sum(len(paragraph.text_content()) for paragraph in node.iter("p"))


def _is_link_list(node: HtmlElement) -> bool:
    items = [item for item in (node.iter("td") if node.tag == "table" else node) if item.tag in ("li", "td")]
    return len(items) >= 2 and all(_linked_share(item) >= LINKS_ONLY for item in items)


def _is_pointer(node: HtmlElement) -> bool:
    """A block of nothing but a link, or of a label and a link: "Related: …". Not where a sentence ends in it."""
    if node.find(".//a") is None or any(child.tag not in _INLINE for child in node.iter() if child is not node):
        return False
    text = " ".join(node.text_content().split())
    words = len(text.split())
    if words > POINTER_WORDS or not text:
        return False
    if is_pointer(text):
        return True
    return node.tag == "p" and words >= 4 and _linked_share(node) >= LINKS_ONLY and not text.endswith(ENDS)


def _is_picture(node: HtmlElement) -> bool:
    """A block that is called a picture and holds one, with its caption."""
    if not _PICTURE.search(called(node)) or node.find(".//img") is None:
        return False
    return len(" ".join(node.text_content().split())) <= CAPTION_MAX


def _is_byline(node: HtmlElement) -> bool:
    """A short block that is called a byline, or the line above a headline."""
    return _BYLINE.search(called(node)) is not None and len(" ".join(node.text_content().split())) <= BYLINE_MAX


def _linked_share(node: HtmlElement) -> float:
    total = len("".join(node.text_content().split()))
    links = sum(len("".join(link.text_content().split())) for link in node.iter("a"))
    return links / total if total else 0.0
