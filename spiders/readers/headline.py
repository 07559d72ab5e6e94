"""Which of the titles that a page gives itself is the article's headline, without the site's name. Pure; knows no site.

A page is titled up to five times: for sharing, in JSON-LD, in its h1, for search machines, in its tab. Publishers mean
the first as the headline (measured: it agrees with their own choice more often than the h1); it wins here.
"""

import re

from lxml.html import HtmlElement

from spiders.readers.markup import line

_QUOTES = str.maketrans("‘’ʼ`´“”„«»″", '\'\'\'\'\'""""""')
_SEPARATOR = re.compile(r"\s*(?:[|｜ㅣ*·•：»«]|(?<=\s)[-–—:]|[-–—](?=.*[|｜ㅣ]))\s*")
_NOT_LETTERS = re.compile(r"[\W_]+")
_SHARED = ("og:title", "twitter:title", "dc.title", "sailthru.title", "parsely-title", "headline")
_PRINTED = ("h2", "h3", "b", "strong", "font", "p", "div", "span", "td", "a")
_H1_MAX = 5
_SHORTEST = 8  # characters of a headline that may be cut out of a longer one


def headline(tree: HtmlElement, said: str, *, site: str, host: str) -> str:
    """The headline in one line, "" for none. `said` is JSON-LD's, `site` what the page calls itself, if it does."""
    shared: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        if name in _SHARED and (content := line(meta.get("content") or "")):
            shared.setdefault(name, content)
    printed = [line(node.text_content()) for node in list(tree.iter("h1"))[:_H1_MAX]]
    tab = next((line(node.text_content()) for node in tree.iterfind(".//head/title")), "")
    names = tuple(filter(None, (_letters(site), _letters(host.removeprefix("www.")))))
    bare = [text for text in (*printed, line(said), shared.get("headline", "")) if text]
    order = (shared.get("og:title", ""), line(said), *printed, *shared.values(), tab)
    found = (_undressed(text, bare, names) for text in order if text)
    chosen = next((text for text in found if _letters(text) not in names), "")
    return _as_printed(tree, chosen) if chosen == tab and not bare else chosen


def _as_printed(tree: HtmlElement, tab: str) -> str:
    """The part of the tab's title which the page prints as a line of its own, where it has no h1."""
    parts = {part for match in _SEPARATOR.finditer(tab) for part in (tab[: match.start()], tab[match.end() :])}
    lines = {line(node.text or "") for node in tree.iter(*_PRINTED)}
    return max((part for part in parts & lines if len(part) >= _SHORTEST), key=len, default=tab)


def _undressed(text: str, bare: list[str], names: tuple[str, ...]) -> str:
    """`text` without what a separator adds behind a headline that the page prints, or without the site's name."""
    key = _key(text)
    for known in bare:
        stem = _key(known)
        if _SHORTEST <= len(stem) < len(key) and key.startswith(stem) and _SEPARATOR.match(text, len(known)):
            return text[: len(known)]
    return _without_site(text, names)


def _without_site(text: str, names: tuple[str, ...]) -> str:
    """Cut at a separator behind which stands what the site calls itself, or before which it stands."""
    for match in _SEPARATOR.finditer(text):
        if match.start() and _names_site(text[match.end() :], names):
            return text[: match.start()]
    first = _SEPARATOR.search(text)
    return text[first.end() :] if first and first.start() and _letters(text[: first.start()]) in names else text


def _names_site(tail: str, names: tuple[str, ...]) -> bool:
    said = _letters(tail)
    return len(said) > 1 and any(said in name or (len(name) >= 3 and said.endswith(name)) for name in names)


def _key(text: str) -> str:
    return text.translate(_QUOTES).casefold().rstrip(".… ")


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text).casefold()
