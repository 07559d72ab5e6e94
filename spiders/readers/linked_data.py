"""What a page's scripts say of its article: JSON-LD (schema.org), and the text a browser would put in. Pure.

No script is run: only strings in them are read.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from spiders.readers.markup import plain

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|SocialMediaPosting)$")
_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,60})"')
_BROKEN = re.compile(r",\s*(?=[}\]])")  # a comma before a closing bracket: the commonest fault of templates
_INSIDE = ("@graph", "mainEntity", "mainEntityOfPage")  # where the page's own article may lie, in this order
_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)"')
_MARKUP = re.compile(r"(?:<|\\u003[cC])p[\s>\\]")
DEEPEST = 4
SHORTEST = 400  # characters of a text that is only in a script
LONGEST = 1_000_000  # characters of one script


@dataclass(frozen=True, slots=True)
class Linked:
    """The article as linked data tells it; "" for what is missing."""

    headline: str = ""
    body: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()
    image: str = ""
    publisher: str = ""


def linked(tree: HtmlElement) -> Linked:
    """The page's own article; lists of other articles, and parts of it, are not looked into."""
    scripts = [script.text or "" for script in tree.iterfind(".//script[@type='application/ld+json']")]
    nodes = [node for text in scripts for node in _articles(_parsed(text), 0)]
    first = max(nodes, key=_fullness, default=None)
    if first is not None:
        return _read(first)
    dates = (match[1] for text in scripts for match in _DATE.finditer(text))
    return Linked(published=next(dates, ""))


def embedded(tree: HtmlElement) -> str:
    """The longest text with paragraphs that lies as a string in a script, for pages which a browser fills; or ""."""
    best = ""
    for script in tree.iter("script"):
        text = script.text or ""
        if len(text) > LONGEST or not _MARKUP.search(text):
            continue
        for match in _STRING.finditer(text):
            if len(match[1]) > max(len(best), SHORTEST) and len(_MARKUP.findall(match[1])) >= 2:
                best = match[1]
    try:
        return plain(json.loads(f'"{best}"', strict=False))
    except ValueError:
        return ""


def _parsed(text: str) -> Any:
    if len(text) > LONGEST:
        return None
    for attempt in (text, _BROKEN.sub("", html.unescape(text) if "&quot;" in text else text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _articles(node: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > DEEPEST:
        return
    if isinstance(node, list):
        for each in node[:50]:
            yield from _articles(each, depth + 1)
    elif isinstance(node, dict):
        if any(_ARTICLE.search(kind) for kind in _strings(node.get("@type"))):
            yield node
        for name in _INSIDE:
            yield from _articles(node.get(name), depth + 1)


def _fullness(node: dict[str, Any]) -> tuple[bool, bool]:
    return bool(node.get("headline")), bool(node.get("datePublished"))


def _read(node: dict[str, Any]) -> Linked:
    body = _string(node.get("articleBody"))
    return Linked(
        headline=plain(html.unescape(_string(node.get("headline")) or _string(node.get("name")))),
        body=plain(html.unescape(body) if "&lt;" in body else body),
        published=_string(node.get("datePublished")) or _string(node.get("dateCreated")),
        authors=tuple(dict.fromkeys(_names(node.get("author")))),
        image=next(_addresses(node.get("image")), ""),
        publisher=next(_names(node.get("publisher")), ""),
    )


def _names(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        name = each.get("name") if isinstance(each, dict) else each
        yield from (said for said in map(plain, _strings(name)) if said and "://" not in said)


def _addresses(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        address = (each.get("url") or each.get("contentUrl") or each.get("@id")) if isinstance(each, dict) else each
        yield from filter(None, _strings(address))


def _string(value: Any) -> str:
    return next(iter(_strings(value)), "").strip()


def _strings(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]
