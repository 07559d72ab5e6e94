"""An article's picture where the page declares none: the one with the headline, by where it stands. Pure."""

import re

from lxml.html import HtmlElement

from core.urls import absolute
from spiders.readers.markup import called, line
from spiders.sites import is_front

NEAR = 120  # elements behind the headline in which its picture is looked for
AROUND = 60  # characters beside the headline in its element
SMALLEST = 200  # pixels of width that an article's picture has, where it says its width

_ADDRESSES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "src")
_DECORATION = re.compile(
    r"logo|icon|avatar|sprite|banner|advert|(?<![a-z])ads?[/_.-]|pixel|spacer|blank|loading|placeholder|emoji|share|social|"
    r"facebook|twitter|telegram|whatsapp|instagram|author|writer|profile|button|badge|captcha|qr",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"related|comment|footer|sidebar|most-?|more|recommend|advert|menu|share|author", re.IGNORECASE)
_ASIDE = frozenset({"aside", "footer", "nav", "form"})
_WORD = re.compile(r"\w+")


def picture(tree: HtmlElement, title: str, url: str) -> str | None:
    """The address of the picture that is called as the article, or that stands first behind its headline."""
    behind: str | None = None
    passed = -1
    for node in tree.iterfind(".//body//*"):
        if not isinstance(node.tag, str) or node.tag in ("script", "style", "option"):
            continue
        if node.tag == "img":
            found = None if _is_decoration(node, url) else absolute(url, _address(node))
            if found and title and line(node.get("alt") or "") == title:
                return found
            behind = behind or (found if 0 <= passed <= NEAR else None)
        elif passed >= 0 or _is_headline(node, title):
            passed += 1
    return behind


def _is_headline(node: HtmlElement, title: str) -> bool:
    text = line(node.text_content()) if title and len(node) <= 3 else ""
    return title in text and len(text) <= len(title) + AROUND if text else False


def _address(image: HtmlElement) -> str:
    """Where the picture lies; pages that load pictures late have something else in `src`."""
    found = (image.get(name) or "" for name in _ADDRESSES)
    return next((each.strip() for each in found if each.strip() and not each.strip().startswith("data:")), "")


def _is_decoration(image: HtmlElement, url: str) -> bool:
    """Whether it belongs to the site, to a button or to another article."""
    anchor = next(image.iterancestors("a"), None)
    if anchor is not None and is_front(absolute(url, anchor.get("href") or "") or ""):
        return True
    width = _WORD.match(image.get("width") or "")
    if width and width[0].isdigit() and int(width[0]) < SMALLEST:
        return True
    address = _address(image)
    if address.endswith((".svg", ".gif")) or _DECORATION.search(f"{address} {called(image)}"):
        return True
    around = [each for each in image.iterancestors() if each.tag not in ("body", "html", "main", "article")]
    return any(each.tag in _ASIDE or _ELSEWHERE.search(called(each)) for each in around)
