"""The public preview of a Telegram channel (t.me/s/NAME): its posts as drafts, and the way to older ones. Pure.

The markup is Telegram's own and undocumented; what is said of it here was read from recorded pages. Nothing is
fetched, and no post is followed: the preview has all of its text.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from core.errors import ReadError
from core.model import Channel, Draft, Follow, Listing, Page, Post, Source
from core.urls import absolute
from spiders.paging import post_guid
from spiders.readers.encoding import decode
from spiders.readers.listing import Listed, drafts
from spiders.readers.markup import line, parse, plain
from spiders.readers.preview import no_preview

MOST = 500  # posts of one page: Telegram shows about 20
HEADLINE_MIN, HEADLINE_MAX = 15, 120  # letters, characters

_POST = re.compile(r"([A-Za-z0-9_]{1,64})/([0-9]{1,10})")
_IN_ALBUM = re.compile(r"/([0-9]{1,10})\?single$")
_PICTURE = re.compile(r"background-image:\s*url\(['\"]?([^'\")]+)")
_SENTENCE = re.compile(r"(?<=[.!?؟۔…])\s")
_LETTERS = re.compile(r"[^\W_]")
_ADDRESS = re.compile(r"https?://\S+")
_COUNT = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*([KMB]?)")
_TIMES = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}


_MEDIA = {
    "tgme_widget_message_photo_wrap": "photo",
    "tgme_widget_message_video_player": "video",
    "tgme_widget_message_roundvideo_player": "round-video",
    "tgme_widget_message_voice_player": "voice",
    "tgme_widget_message_document_wrap": "document",
    "tgme_widget_message_sticker_wrap": "sticker",
    "tgme_widget_message_location_wrap": "location",
    "tgme_widget_message_poll": "poll",
}


class _Message(NamedTuple):
    """A post, its text as an item of a listing; `listed` is None for a service message and for pictures alone."""

    post: Post
    listed: Listed | None


def read(source: Source, page: Page, *, timezone: str, now: datetime) -> list[Draft | Follow]:
    """The page's posts that have text, newest first. Raises ReadError with the reason where there is no preview."""
    return list(survey(source, page, timezone=timezone, now=now).entries)


def survey(source: Source, page: Page, *, timezone: str, now: datetime) -> Listing:
    """The page's posts, what it shows of the channel, and the address of the page before it."""
    tree = parse(decode(page.body, page.headers.get("content-type", "")))
    if tree is None:
        raise ReadError("empty document" if not page.body.strip() else "not a web page")
    nodes = _nodes(tree)
    if not nodes:
        raise ReadError(no_preview(tree, page))
    messages = sorted(_messages(nodes, page.url), key=lambda message: message.post.id)
    posts = {message.listed.guid: message.post for message in messages if message.listed}
    listed = [message.listed for message in reversed(messages) if message.listed]
    unfollowed = replace(source, full_text=False)
    found = drafts(listed, unfollowed, page, timezone=timezone, now=now)
    return Listing(
        entries=tuple(replace(draft, post=posts.get(draft.guid)) for draft in found if isinstance(draft, Draft)),
        older=_older(tree, page.url, messages[0].post.id),
        channel=Channel(_name(nodes), _title(tree), tuple(message.post for message in messages)),
    )


def _nodes(tree: HtmlElement) -> list[HtmlElement]:
    """The elements of the posts, each id once, at most 500 of the newest."""
    found: dict[str, HtmlElement] = {}
    for node in tree.find_class("tgme_widget_message"):
        if _POST.fullmatch(node.get("data-post") or ""):
            found.setdefault(node.get("data-post"), node)
    return list(found.values())[-MOST:]


def _messages(nodes: list[HtmlElement], base: str) -> Iterator[_Message]:
    for node in nodes:
        name, number = node.get("data-post").split("/")
        post = _post(node, int(number))
        yield _Message(post, _listed(node, name, post, base))


def _post(node: HtmlElement, number: int) -> Post:
    album = (_IN_ALBUM.search(link.get("href") or "") for link in _within(node, "grouped_media_wrap"))
    forwarded = next(_within(node, "tgme_widget_message_forwarded_from_name"), None)
    body = _body(node)
    links = (link.get("href") or "" for link in body.iter("a")) if body is not None else ()
    return Post(
        id=number,
        last=max([number, *(int(match[1]) for match in album if match)]),
        views=count(_words(node, "tgme_widget_message_views")),
        edited=_words(node, "tgme_widget_message_meta").startswith("edited"),
        forwarded_from=_words(node, "tgme_widget_message_forwarded_from_name"),
        forwarded_url=absolute("https://t.me/", (forwarded.get("href") if forwarded is not None else "") or ""),
        links=tuple(dict.fromkeys(link for link in links if absolute(link, link) == link)),
        media=tuple(dict.fromkeys(_media(node))),
    )


def _listed(node: HtmlElement, name: str, post: Post, base: str) -> Listed | None:
    """The post as an item; None for what has no words of its own."""
    if _is_service(node):
        return None
    body = _body(node)
    text = _joined(_plain(body), *_polls(node))
    summary = _joined(_words(node, "link_preview_title"), _words(node, "link_preview_description"))
    said = text or _joined(_words(node, "tgme_widget_message_document_title"), summary)
    if not said:
        return None
    return Listed(
        link=f"https://t.me/{name}/{post.id}",
        guid=post_guid(name, post.id),
        title=headline(said),
        summary=summary if text else "",
        content=said,
        published=_date(node),
        authors=tuple(filter(None, [_words(node, "tgme_widget_message_from_author")])),
        image=_image(node, base),
    )


def _body(node: HtmlElement) -> HtmlElement | None:
    """The post's own text: not what it replies to, and of an album's two nested elements the outer one."""
    return None if _is_service(node) else next(_within(node, "js-message_text"), None)


def _is_service(node: HtmlElement) -> bool:
    """Whether it tells of the channel itself: created, renamed, a message pinned."""
    return "service_message" in node.classes


def _within(node: HtmlElement, name: str) -> Iterator[HtmlElement]:
    """Elements of that class in the post itself, outside of what it replies to."""
    for part in node.find_class(name):
        if not any("tgme_widget_message_reply" in above.classes for above in part.iterancestors("a", "div")):
            yield part


def _media(node: HtmlElement) -> Iterator[str]:
    """What a post shows beside its text. A silent, endless video is what Telegram makes of a GIF."""
    for name, kind in _MEDIA.items():
        for part in _within(node, name):
            if kind == "video" and any("loop" in video.attrib for video in part.iter("video")):
                yield "gif"
            elif kind == "document" and any("audio" in icon.classes for icon in part.iter("div")):
                yield "audio"
            else:
                yield kind


def _polls(node: HtmlElement) -> Iterator[str]:
    """A poll's question and its answers; the shares change with every visit and are left out."""
    for poll in _within(node, "tgme_widget_message_poll"):
        options = (line(part.text_content()) for part in poll.find_class("tgme_widget_message_poll_option_text"))
        yield "\n".join([_words(poll, "tgme_widget_message_poll_question"), *(f"• {option}" for option in options)])


def _plain(node: HtmlElement | None) -> str:
    return "" if node is None else plain(etree.tostring(node, encoding="unicode", with_tail=False))


def _words(node: HtmlElement, name: str) -> str:
    """What the first element of that class says, on one line."""
    return next((line(part.text_content()) for part in _within(node, name)), "")


def _joined(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))


def _date(node: HtmlElement) -> str:
    """The post's own time: a video's length is a <time> as well, without a date."""
    marked = [time for date in _within(node, "tgme_widget_message_date") for time in date.iter("time")]
    return next((time.get("datetime") for time in [*marked, *node.iter("time")] if time.get("datetime")), "")


def _image(node: HtmlElement, base: str) -> str:
    for name in ("tgme_widget_message_photo_wrap", "tgme_widget_message_video_thumb", "link_preview_image"):
        for part in _within(node, name):
            if match := _PICTURE.search(part.get("style") or ""):
                return absolute(base, match[1]) or ""
    return ""


def _older(tree: HtmlElement, base: str, oldest: int) -> str | None:
    """The page before this one, built from the ids shown: a link on the page only says that there is one."""
    more = (link.get("data-before") for link in tree.find_class("tme_messages_more"))
    before = any(more) or any("before=" in (link.get("href") or "") for link in tree.iterfind(".//link[@rel='prev']"))
    return urljoin(urlsplit(base)._replace(query="", fragment="").geturl(), f"?before={oldest}") if before else None


def _name(nodes: list[HtmlElement]) -> str:
    return str(nodes[-1].get("data-post")).partition("/")[0]


def _title(tree: HtmlElement) -> str:
    """The channel's title, from its header or from what the page says of itself to others."""
    shown = next((part.text_content() for part in tree.find_class("tgme_channel_info_header_title")), "")
    for meta in tree.iterfind(".//meta[@property='og:title']"):
        shown = shown or meta.get("content") or ""
    return line(shown, 200)


def headline(text: str) -> str:
    """A title for a text without one: its first lines up to some words, cut to the first sentence where they are long.

    Many posts open with a line like "#urgent" or an emoji: that is no headline by itself. Addresses are none either.
    """
    first = ""
    for said in filter(None, map(str.strip, (_ADDRESS.sub("", text).strip() or text).splitlines())):
        first = f"{first} {said}".strip()
        if len(_LETTERS.findall(first)) >= HEADLINE_MIN:
            break
    sentence = _SENTENCE.split(first, maxsplit=1)[0]
    return line(sentence if len(first) > HEADLINE_MAX and len(sentence) >= HEADLINE_MIN else first, HEADLINE_MAX)


def count(shown: str) -> int | None:
    """A number as Telegram rounds it: 436.6K is 436,600."""
    match = _COUNT.fullmatch(shown.strip().upper())
    return round(float(match[1].replace(",", ".")) * _TIMES[match[2]]) if match else None
