"""What a site can be followed by: its feeds, sitemaps and channel, found in its front page and robots.txt. Pure.

Nothing is fetched here: a page's own word is certain enough to be proposed, a common path is only to be tried.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urljoin, urlsplit

from lxml.html import HtmlElement

from core.urls import absolute, canonical
from spiders.readers.markup import line, parse
from spiders.sites import same_site, site

FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/xml")
)
FEED_PATHS = (
    *(
        "/feed/",
        "/rss",
        "/rss.xml",
        "/feed.xml",
        "/atom.xml",
        "/index.xml",
        "/rss/",
        "/rss/all",
        "/feeds",
        "/feed.json",
    ),
    *("/rss.aspx", "/rss.php", "/rss/latest", "/rss/news", "/?feed=rss2", "/{language}/rss.xml", "/{language}/rss"),
    *("/rss/{language}", "/{language}/feed/", "/{language}/rss/allnews"),
)
SITEMAP_PATHS = (
    *("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/googlenews.xml", "/sitemap_index.xml"),
    *("/sitemap.xml", "/wp-sitemap.xml", "/sitemap.xml.gz"),
)

_FEED_HREF = re.compile(r"(^|[/._=?-])(rss2?|feeds?|atom|rdf)([/._?&-]|$|xml)", re.IGNORECASE)
_NO_FEED = re.compile(r"comments?/feed|/comments|feedback|\.(css|js|png|jpe?g|svg)(\?|$)|oembed|wp-json", re.IGNORECASE)
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_CHANNEL = re.compile(r"/(?:s/)?([A-Za-z][A-Za-z0-9_]{3,31})(?:/\d+)?/?$")
_TELEGRAM_HOSTS = frozenset(("t.me", "www.t.me", "telegram.me", "www.telegram.me", "telegram.dog"))
_NO_CHANNEL = frozenset(("share", "joinchat", "addstickers", "addlist", "proxy", "socks", "iv", "login", "setlanguage"))
_NO_ID = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a source, and why. A `certain` one was named by the site itself."""

    kind: str  # feed | sitemap | telegram | page
    url: str
    reason: str
    title: str = ""
    certain: bool = True


def discover(url: str, html: str, robots: str = "") -> list[Candidate]:
    """What the site names itself, best first: feeds, sitemaps, its channel, each address once; at last its front page.

    `url` is where the front page was found, `html` its text, `robots` the text of its robots.txt.
    """
    tree = parse(html)
    found = [*_sitemaps(url, robots)]
    if tree is not None:
        found = [*_feeds(tree, url), *found, *_channels(tree, url)]
    found.append(Candidate("page", url, "the front page itself, read by its links", _site_name(tree, url)))
    return list({canonical(candidate.url): candidate for candidate in reversed(found)}.values())[::-1]


def to_try(url: str, html: str = "") -> list[Candidate]:
    """Addresses where sites of the region keep feeds and sitemaps, to be tried where the page names none."""
    language = language_of(html) or "ar"
    feeds = (urljoin(url, path.format(language=language)) for path in FEED_PATHS)
    sitemaps = (urljoin(url, path) for path in SITEMAP_PATHS)
    return [
        *(Candidate("feed", feed, "a common path", certain=False) for feed in feeds),
        *(Candidate("sitemap", sitemap, "a common path", certain=False) for sitemap in sitemaps),
    ]


def language_of(html: str) -> str | None:
    """The language that the page declares, as two or three letters."""
    tree = parse(html) if html.strip() else None
    declared = (tree.getroottree().getroot().get("lang") or "") if tree is not None else ""
    primary = declared.replace("_", "-").partition("-")[0].strip().lower()
    return primary if primary.isascii() and primary.isalpha() and 2 <= len(primary) <= 3 else None


def toml(candidates: Iterable[Candidate], *, name: str, language: str | None = None, taken: Iterable[str] = ()) -> str:
    """The candidates as [[sources]] tables, ready to be pasted. Ids are made from the addresses, none is in `taken`."""
    used, tables = set(taken), []
    for candidate in candidates:
        identity = _unused(_identity(candidate), used)
        used.add(identity)
        lines = [
            f"# {line(candidate.reason, 200)}",
            "[[sources]]",
            f"id = {_quoted(identity)}",
            f"name = {_quoted(_called(candidate, name))}",
            f"kind = {_quoted(candidate.kind)}",
            f"url = {_quoted(candidate.url)}",
            *([f"language = {_quoted(language)}"] if language else []),
            'affiliation = "unknown"',
        ]
        tables.append("\n".join(lines) + "\n")
    return "\n".join(tables)


def _feeds(tree: HtmlElement, url: str) -> Iterator[Candidate]:
    """Those declared in the head, the site's main feed before those of sections and comments; then plain links."""
    declared = []
    for link in tree.iter("link"):
        kinds = (link.get("rel") or "").lower().split()
        if "alternate" in kinds and (link.get("type") or "").split(";")[0].strip().lower() in FEED_TYPES:
            declared.append((link, line(link.get("title") or "", 200)))
    for link, title in declared:
        if (feed := absolute(url, link.get("href") or "")) and not _NO_FEED.search(feed):
            yield Candidate("feed", feed, "declared in the page's head", title)
    for anchor in tree.iter("a"):
        feed = absolute(url, anchor.get("href") or "")
        if feed and same_site(feed, url) and _FEED_HREF.search(urlsplit(feed).path) and not _NO_FEED.search(feed):
            yield Candidate("feed", feed, "linked on the page", line(anchor.text_content(), 200))


def _sitemaps(url: str, robots: str) -> list[Candidate]:
    """The sitemaps of robots.txt that are of this site, those for news first."""
    named = (absolute(url, match) for match in _SITEMAP_LINE.findall(robots))
    ours = dict.fromkeys(link for link in named if link and same_site(link, url))
    return [
        Candidate("sitemap", link, "named in robots.txt") for link in sorted(ours, key=lambda link: "news" not in link)
    ]


def _channels(tree: HtmlElement, url: str) -> list[Candidate]:
    """The channels that the page links to, the one most often linked first; share buttons, bots, invites are none."""
    names: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for anchor in tree.iter("a"):
        href = anchor.get("href") or ""
        if name := channel_of(absolute(url, href) or href):
            names[name.lower()] += 1
            spelled.setdefault(name.lower(), name)
    return [_channel(spelled[name], times) for name, times in names.most_common(3)]


def _channel(name: str, times: int) -> Candidate:
    often = "once" if times == 1 else f"{times} times"
    return Candidate("telegram", f"https://t.me/s/{name}", f"a channel that the page links to {often}", f"@{name}")


def channel_of(link: str) -> str | None:
    """The name of the public channel that a link leads to, None for every other link."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if parts.scheme == "tg" and parts.netloc == "resolve":
        name = parse_qs(parts.query).get("domain", [""])[0]
        match = _CHANNEL.fullmatch(f"/{name}")
    else:
        match = _CHANNEL.fullmatch(parts.path) if (parts.hostname or "") in _TELEGRAM_HOSTS else None
    name = match[1] if match else ""
    return None if not name or name.lower() in _NO_CHANNEL or name.lower().endswith("bot") else name


def _site_name(tree: HtmlElement | None, url: str) -> str:
    for meta in tree.iterfind(".//meta[@property='og:site_name']") if tree is not None else ():
        if name := line(meta.get("content") or "", 100):
            return name
    return site(url)


def _identity(candidate: Candidate) -> str:
    if candidate.kind == "telegram":
        return f"tg-{_NO_ID.sub('-', (channel_of(candidate.url) or 'channel').lower()).strip('-')}"
    label = site(candidate.url).partition(".")[0].removeprefix("www.")
    return _NO_ID.sub("-", label.lower()).strip("-") or "source"


def _unused(identity: str, used: Iterable[str]) -> str:
    taken = set(used)
    numbered = (f"{identity}-{number}" for number in range(2, len(taken) + 3))
    return identity if identity not in taken else next(each for each in numbered if each not in taken)


def _called(candidate: Candidate, name: str) -> str:
    extra = candidate.title if candidate.kind in ("feed", "telegram") and candidate.title not in ("", name) else ""
    return f"{name} · {extra}" if extra else name


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are among TOML's, but for DEL, which must be escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
