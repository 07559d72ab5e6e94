"""A public channel of the newsroom: its posts as the web preview shows them, twenty to a page, older ones linked.

An outlet like the others to whoever publishes; it has no feed and no pages of articles.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from html import escape
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from demo.outlet import HTML, Item, Outlet
from demo.press import Masthead, Piece
from demo.server import Request, Response
from demo.troubles import Place

SHOWN = 20  # posts of one page of the preview


class Channel(Outlet):
    """Made by `Newsroom.channel`. Places of faults: `feed` is the newest page, `pages` are the older ones."""

    def __init__(self, site: Masthead, source: Mapping[str, str | bool]) -> None:
        super().__init__(site, source)
        self.handle = site.id.replace("-", "_")
        self.title = site.name
        self._beside: dict[int, str] = {}  # number → what its post shows beside the text

    @property
    def feed_url(self) -> str:
        return f"{self.site.origin}/s/{self.handle}"

    @property
    def source(self) -> dict[str, str | bool]:
        return {**super().source, "kind": "telegram"}

    # --- what its owner does ---

    def post(self, text: str, *, published: datetime | None = None) -> Item:
        """Publish a post of these lines."""
        return self.publish("", text, published=published or self.clock())

    def publish(self, title: str, body: str, **details: Any) -> Item:
        """A post that begins with the title. Its address is Telegram's, where nothing of it is."""
        with self._lock:
            item = super().publish(title, body, **details)
            item = self._items[item.number] = replace(item, url=f"https://t.me/{self.handle}/{item.number}")
            return item

    def shows(
        self, item: Item, *, views: str = "", forwarded: tuple[str, str] | None = None, photo: bool = False
    ) -> None:
        """What stands beside the text of a post. `forwarded`: of whom it was passed on, the name and the address."""
        name, url = map(escape, forwarded or ("", ""))
        parts = [
            f'<div class="tgme_widget_message_forwarded_from">Forwarded from '
            f'<a class="tgme_widget_message_forwarded_from_name" href="{url}"><span dir="auto">{name}</span></a></div>'
            if forwarded
            else "",
            '<a class="tgme_widget_message_photo_wrap"></a>' if photo else "",
            f'<span class="tgme_widget_message_views">{escape(views)}</span>' if views else "",
        ]
        with self._lock:
            self._beside[item.number] = "".join(parts)
            self._touch()

    def renames(self, title: str) -> None:
        """Another title over the same posts."""
        with self._lock:
            self.title = title
            self._touch()

    def begins_again(self) -> None:
        """The name is given up and taken anew: no posts, and their numbers start from 1."""
        with self._lock:
            self._items.clear()
            self._numbers = count(1)
            self._touch()

    # --- what it answers ---

    def _healthy(self, request: Request) -> tuple[Place | int, Response]:
        if request.path != urlsplit(self.feed_url).path:
            return super()._healthy(request)
        before = parse_qs(request.target.partition("?")[2]).get("before", [""])[0]
        older = [item for item in self.items if not before or item.number < int(before)]
        page = self._document(request.target, HTML, lambda: self._preview(older[-SHOWN:], more=len(older) > SHOWN))
        return "pages" if before else "feed", page

    def _preview(self, items: list[Item], *, more: bool) -> str:
        link = f'<a class="tme_messages_more" data-before="{items[0].number}"></a>' if more else ""
        title, posts = escape(self.title), "\n".join(self._post(item.number, item.piece) for item in items)
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><meta property="og:title" content="{title}"></head>\n'
            f'<body><div class="tgme_channel_info_header_title"><span dir="auto">{title}</span></div>\n'
            f'<section class="tgme_channel_history js-message_history">{link}\n{posts}\n</section></body></html>\n'
        )

    def _post(self, number: int, piece: Piece) -> str:
        text = "<br>".join(map(escape, filter(None, (piece.title, *piece.paragraphs))))
        edited = "edited " if piece.modified else ""
        when = piece.published.isoformat() if isinstance(piece.published, datetime) else ""
        return (
            '<div class="tgme_widget_message_wrap">'
            f'<div class="tgme_widget_message" data-post="{self.handle}/{number}">{self._beside.get(number, "")}'
            f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>'
            f'<span class="tgme_widget_message_meta">{edited}<a class="tgme_widget_message_date">'
            f'<time datetime="{when}">12:00</time></a></span></div></div>'
        )
