"""What a document betrays about its source: that it is a wall and no listing, that its letters are wrong. Pure.

Only documents in which no reader found an item are held against walls: a news item may speak of captchas.
"""

import re

from core.model import Page, Trouble

LOOKED_AT = 60_000  # bytes from the start

BLOCKING = frozenset({401, 403, 451})

_WALLS = (
    (
        re.compile(
            r"captcha|cf-chl|challenge-platform|just a moment\.\.\.|checking your browser|px-captcha"
            r"|verify(ing)? you are (a )?human|are you a robot|ddos-guard|incapsula incident"
            r"|_incapsula_resource|attention required!"
            r"|لست (روبوت|برنامج روبوت)|ربات نیستم|ربات نیستید",
            re.IGNORECASE,
        ),
        "a page that asks whether a human is there",
    ),
    (
        re.compile(
            r"domain( name)? (is|may be) for sale|buy this domain|sedoparking|parkingcrew|bodis\.com|hugedomains"
            r"|afternic|this domain (is parked|has expired)|النطاق (معروض )?للبيع|دامنه.{0,20}(به فروش|فروشی)",
            re.IGNORECASE,
        ),
        "a page that offers the domain for sale",
    ),
    (re.compile(r"\b10\.10\.34\.3[4-6]\b|peyvandha\.ir", re.IGNORECASE), "a page that a network puts in its place"),
)
_TITLE = re.compile(r"<title[^>]*>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
_ABSENT = re.compile(
    r"\b(404|page not found|not found)\b|(الصفحة|صفحة) غير موجود|لم يتم العثور|غير متوفر|(یافت|پیدا) نشد|وجود ندارد",
    re.IGNORECASE,
)

# UTF-8 of Arabic, Persian or Western letters read as cp1252 or latin-1; and what no decoder could read.
_MOJIBAKE = re.compile(r"[ØÙÚÛ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã[\u0080-\u00bf]|â€|ï¿½|\ufffd")
_MOJIBAKE_LEAST = 3


def refusal(status: int) -> Trouble:
    """What a status says of a source whose document it stands for."""
    return "gone" if status == 410 else "blocked" if status in BLOCKING else ""


def wall(page: Page) -> str:
    """What stands where a listing should: in words, "" when nothing known. Of a page in which no item was found."""
    if "challenge" in page.headers.get("cf-mitigated", ""):
        return _WALLS[0][1]
    text = page.body[:LOOKED_AT].decode("utf-8", "replace")
    for mark, what in _WALLS:
        if mark.search(text):
            return what
    title = _TITLE.search(text)
    return "a page that says that there is none" if title and _ABSENT.search(title[1]) else ""


def is_garbled(text: str) -> bool:
    """Whether the letters of `text` look as if they had been decoded by the wrong table."""
    return len(_MOJIBAKE.findall(text)) >= _MOJIBAKE_LEAST
