"""Why an address of t.me shows no channel: the plain reason, for a page without posts. Pure; reads no posts."""

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from core.model import Page
from spiders.readers.markup import line

_MEMBERS = re.compile(r"\b(members?|online)\b", re.IGNORECASE)
_SUBSCRIBERS = re.compile(r"\bsubscribers?\b", re.IGNORECASE)
_USERS = re.compile(r"\bmonthly users\b|^@\w+bot$", re.IGNORECASE)


def no_preview(tree: HtmlElement, page: Page) -> str:
    """One plain sentence on why `page` holds no posts."""
    if tree.find_class("tme_no_messages_found"):
        # Telegram says so of an empty channel, and of any channel to those who ask too often.
        return "the preview shows no messages: the channel is empty, or Telegram wants to be asked less often"
    if tree.find_class("tgme_channel_history"):
        return "the preview shows no messages"
    if tree.find_class("tgme_page") or _redirected(page):
        return _plain_page(tree, page)
    return "not a channel's preview"


def _plain_page(tree: HtmlElement, page: Page) -> str:
    """Of the page with the channel's picture and a button: t.me/s/NAME leads there when there is no preview."""
    said = [line(part.text_content(), 200) for part in tree.find_class("tgme_page_extra")]
    if any(map(_SUBSCRIBERS.search, said)):
        if page.requested == page.url and not urlsplit(page.url).path.startswith("/s/"):
            return "the channel's front page: its posts are at the address with /s/ before the name"
        return "the channel has no public preview (any more)"
    if any(map(_MEMBERS.search, said)):
        return "a group: groups have no public preview"
    if any(map(_USERS.search, said)):
        return "a bot, not a channel"
    return "no channel of this name: it is gone, renamed or private"


def _redirected(page: Page) -> bool:
    return urlsplit(page.requested).path.startswith("/s/") and not urlsplit(page.url).path.startswith("/s/")
