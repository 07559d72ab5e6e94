"""Which of the titles that a page gives itself is the article's headline, without the site's name. Pure; knows no site.

A page is titled up to five times: for sharing, in JSON-LD, in its h1, for search machines, in its tab. Publishers mean
the first as the headline (measured: it agrees with their own choice more often than the h1). It gives way where it is
cut off, and where what is printed and JSON-LD agree on another that the tab does not show.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from core.urls import absolute
from spiders.readers.markup import called, line
from spiders.sites import is_front

_QUOTES = str.maketrans("‘’ʼ`´“”„«»″", '\'\'\'\'\'""""""')
_SEPARATOR = re.compile(r"\s*(?:[|｜ㅣ*·•：»«]|(?<=\s)[-–—:]|[-–—](?=.*[|｜ㅣ]))\s*")
_NOT_LETTERS = re.compile(r"[\W_]+")
_SHARED = ("og:title", "twitter:title", "dc.title", "sailthru.title", "parsely-title", "headline")
_PRINTED = ("h2", "h3", "h4", "b", "strong", "font", "p", "div", "span", "td", "a")
_CALLED = re.compile(r"(?:^|[\s_-])(?:\w*titles?|headline|heading|titr|onvan|subject|htag)(?:$|[\s_-])", re.IGNORECASE)
_OF_A_PART = re.compile(r"logo|site|box|widget|section|related|comment|menu|share|rutitr|sutitr|sub", re.IGNORECASE)
_ASIDE = ("nav", "aside", "footer", "form")
_H1_MAX = 5
FRONT_MAX = 24  # characters of a front page's address besides its host
_SHORTEST = 8  # characters of a headline that may be cut out of a longer one
_WORDS = 4  # of a headline that only its element's name gives away
_LONGEST = 250


def headline(tree: HtmlElement, said: str, *, site: str, host: str) -> str:
    """The headline in one line, "" for none. `said` is JSON-LD's, `site` what the page calls itself, if it does."""
    shared: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        if name in _SHARED and (content := line(meta.get("content") or "")):
            shared.setdefault(name, content)
    names = tuple(filter(None, (_letters(site), _letters(host.removeprefix("www.")))))
    fronts = frozenset({*names, *_fronts(tree, host)})
    printed = [text for text in _h1s(tree) if _letters(text) not in fronts]
    said = line(said)
    tab = next((line(node.text_content()) for node in tree.iterfind(".//head/title")), "")
    bare = [text for text in (*printed, said, shared.get("headline", "")) if text]

    def plain(texts: Iterable[str]) -> list[str]:
        undressed = (_undressed(text, said, bare, names, fronts) for text in texts if text)
        return [text for text in undressed if _letters(text) not in fronts]

    given = plain((shared.get("og:title", ""), said))
    if not given:
        in_tab = [text for text in printed if _key(text) in _key(tab)]
        given = plain((*in_tab, _as_printed(tree, tab), *printed, *shared.values(), *_called(tree), tab))
    if not given:
        return ""
    if said and _agreed(said, printed, given[0], tab):
        return next(text for text in printed if _key(text) == _key(said))
    if not bare and given[0] == tab:
        return _as_printed(tree, tab) or tab
    return _whole(given[0], plain((*printed, said, tab)))


def _h1s(tree: HtmlElement) -> Iterator[str]:
    """The h1s' lines, each without a kicker in an element of its own where the tab shows it so."""
    tab = next((_key(node.text_content()) for node in tree.iterfind(".//head/title")), "")
    for node in list(tree.iter("h1"))[:_H1_MAX]:
        whole = line(node.text_content())
        own = line(" ".join([node.text or "", *(child.tail or "" for child in node)]))
        cut = len(own) >= _SHORTEST and own != whole and _key(own) in tab and _key(whole) not in tab
        if whole:
            yield own if cut else whole


def _fronts(tree: HtmlElement, host: str) -> Iterator[str]:
    """What leads to the site's front page says, or shows: the site's name, mostly."""
    for anchor in tree.iter("a"):
        href = anchor.get("href") or ""
        link = absolute(f"https://{host}/-", href) if 0 < len(href) <= len(host) + FRONT_MAX else None
        if link and is_front(link) and urlsplit(link).hostname == host:
            said = (anchor.text_content(), *(image.get("alt") or "" for image in anchor.iter("img")))
            yield from filter(None, map(_letters, said))


def _agreed(said: str, printed: list[str], shared: str, tab: str) -> bool:
    """Whether what is printed and JSON-LD agree on another headline, which the tab does not show."""
    return _key(said) != _key(shared) and _key(said) in map(_key, printed) and _key(said) not in _key(tab)


def _whole(text: str, others: list[str]) -> str:
    """`text`, or, where it is cut off, by dots or at a quotation mark, the title that goes on."""
    stem = _key(text)
    for other in others:
        rest = _key(other)[len(stem) :].lstrip()
        if rest and _key(other).startswith(stem) and (text.endswith(("…", "...")) or rest.startswith('"')):
            return other
    return text


def _as_printed(tree: HtmlElement, tab: str) -> str:
    """The part of the tab's title which the page prints as a line of its own, "" for none."""
    parts = {part for match in _SEPARATOR.finditer(tab) for part in (tab[: match.start()], tab[match.end() :])}
    lines = {line(node.text or "") for node in tree.iter(*_PRINTED)}
    return max((part for part in {*parts, tab} & lines if len(part) >= _SHORTEST), key=len, default="")


def _called(tree: HtmlElement) -> Iterator[str]:
    """Lines of elements that are called a title, as the last resort."""
    for node in tree.iter("h2", "h3", "div", "span", "p", "td", "b"):
        name = called(node)
        if node.tag not in ("h2", "h3") and (not _CALLED.search(name) or _OF_A_PART.search(name)):
            continue
        text = line(node.text_content())
        if len(text) <= _LONGEST and len(text.split()) >= _WORDS and not any(True for _ in node.iterancestors(*_ASIDE)):
            yield text


def _undressed(text: str, said: str, bare: list[str], names: tuple[str, ...], fronts: frozenset[str]) -> str:
    """`text` without what a separator adds behind a headline that the page prints, or without the site's name."""
    key = _key(text)
    for known in bare if key != _key(said) else []:
        stem = _key(known)
        if _SHORTEST <= len(stem) < len(key) and key.startswith(stem) and _SEPARATOR.match(text, len(known)):
            return text[: len(known)]
    return _without_site(text, names, fronts)


def _without_site(text: str, names: tuple[str, ...], fronts: frozenset[str]) -> str:
    """Cut at a separator behind which stands what the site calls itself, or before which it stands."""
    for match in _SEPARATOR.finditer(text):
        tail = text[match.end() :]
        if match.start() and (_names_site(tail, names) or _letters(tail) in fronts):
            return text[: match.start()]
    first = _SEPARATOR.search(text)
    return text[first.end() :] if first and first.start() and _letters(text[: first.start()]) in fronts else text


def _names_site(tail: str, names: tuple[str, ...]) -> bool:
    said = _letters(tail)
    return len(said) > 1 and any(said in name or (len(name) >= 3 and said.endswith(name)) for name in names)


def _key(text: str) -> str:
    return text.translate(_QUOTES).casefold().rstrip(".… ")


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text).casefold()
