"""The stories of a stretch of time as one page for days without Telegram or a network. Pure.

It holds no script and loads nothing; it stays below LIMIT bytes, and says how many stories did not fit. Must not choose
what is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape

from alerts.catalogue import say
from alerts.excerpt import excerpt
from alerts.rendering import level_of, occasion, origin
from alerts.standing import closing, opening
from alerts.typesetting import clip, is_right_to_left, safe, web_address
from core.messages import Card
from core.model import Topic
from core.tongue import instant

LIMIT = 60_000  # bytes
_PASSAGE = 400  # UTF-16 units
_TITLE = 300

_STYLE = (
    "body{max-width:42rem;margin:0 auto;padding:1rem 1.2rem 3rem;color:#1c1c1c;background:#fff;"
    "font:1.05rem/1.7 'Noto Naskh Arabic',Vazirmatn,'Segoe UI',Tahoma,sans-serif}"
    "h1{font-size:1.3rem;line-height:1.5}h2{font-size:1.15rem;line-height:1.5;margin:.1rem 0 .4rem}"
    "article{border-top:1px solid #bbb;padding:1rem 0}p{margin:.3rem 0}small,.of{color:#555;font-size:.9rem}"
    ".breaking .of{color:#a40000;font-weight:bold}a{color:#0b4f8a;overflow-wrap:anywhere}"
    "@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#141414}small,.of{color:#aaa}"
    ".breaking .of{color:#ff8a80}a{color:#8ec5ff}}"
)


def bulletin(
    cards: Sequence[Card],
    *,
    topics: Mapping[str, Topic],
    language: str,
    timezone: str,
    since: datetime,
    until: datetime,
) -> str:
    """The page, the foremost card first. Where room is short the last stories lose their passages, then go."""
    span = [instant(language, moment, timezone) for moment in (since, until)]
    head = _head(say(language, "bulletin.title", since=span[0], until=span[1]), len(cards), language)
    short, full = ([_story(card, topics, language, timezone, units) for card in cards] for units in (0, _PASSAGE))
    for whole in range(len(cards), -1, -max(1, len(cards) // 20)):
        if len((page := _page(head, full[:whole] + short[whole:], "")).encode()) <= LIMIT:
            return page
    shown = len(short)
    while len(page.encode()) > LIMIT:
        shown -= max(1, shown // 20)
        rest = say(language, "bulletin.more", count=len(short) - shown)
        page = _page(head, short[:shown], f"<p>{escape(rest)}</p>")
    return page


def _head(title: str, count: int, language: str) -> str:
    direction = "rtl" if is_right_to_left(language) else "ltr"
    told = say(language, "merged.total", count=count) if count else say(language, "bulletin.none")
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body><h1>{escape(title)}</h1>"
        f"<p>{escape(told)}</p>\n"
    )


def _page(head: str, stories: Sequence[str], tail: str) -> str:
    return f"{head}{''.join(stories)}{tail}</body></html>\n"


def _story(card: Card, topics: Mapping[str, Topic], language: str, timezone: str, passage: int) -> str:
    return f'<article class="{level_of(card)}">{"".join(_parts(card, topics, language, timezone, passage))}</article>\n'


def _parts(card: Card, topics: Mapping[str, Topic], language: str, timezone: str, passage: int) -> Iterator[str]:
    yield f'<p class="of">{escape(occasion(card, language, topics))}</p>'
    yield from (f"<p>{escape(line)}</p>" for line in opening(card, language))
    spoken = f' lang="{escape(card.language)}"' if card.language else ""
    title = clip(safe(card.title).strip() or safe(card.text).strip() or "…", _TITLE)
    yield f'<h2 dir="auto"{spoken}>{escape(title)}</h2>'
    if passage and (pieces := excerpt(card, passage)):
        marked = (f"<b>{escape(piece.text)}</b>" if piece.bold else escape(piece.text) for piece in pieces)
        yield f'<p dir="auto"{spoken}>{"".join(marked)}</p>'
    yield f"<p><small>{escape(origin(card, language, timezone))}</small></p>"
    yield from (f"<p><small>{escape(line)}</small></p>" for line in closing(card, language))
    if address := web_address(card.url):
        yield f'<p dir="ltr"><small><a href="{escape(address)}">{escape(address)}</a></small></p>'
