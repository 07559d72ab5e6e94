"""What the shape of an address says: whether an article may stand there, and which addresses are of one kind. Pure.

It knows the habits of news sites (dates, numbers, headlines in the path), in Latin, Arabic and Persian letters; it
knows no site.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from spiders.sites import is_front

_NEVER = frozenset(
    """tag tags topic topics keyword category categories cat author authors writer writers archive archives search
    login signin register signup account profile user users contact contactus contact-us about aboutus about-us privacy
    privacy-policy terms policy rss feed feeds xml sitemap page pages subscribe newsletter newsletters advertise ads
    jobs careers help faq cart shop print share comment comments wp-login.php wp-admin live tv radio schedule weather
    apps app mobile polls survey وسم وسوم تصنيف تصنيفات كاتب الكاتب اتصل-بنا من-نحن برچسب دسته نویسنده آرشیو جستجو
    تماس-با-ما درباره-ما پیوندها""".split()  # noqa: SIM905 (a list of eighty quoted words reads worse)
)
_FILES = re.compile(
    r"\.(jpe?g|png|gif|webp|svg|ico|css|js|json|xml|rss|pdf|docx?|xlsx?|zip|rar|apk|mp[34]|m4a|avi|mov|ogg)$", re.I
)
_PAGES = re.compile(r"\.(s?html?|php\d?|aspx?|jsp|cfm)$", re.I)
_DATED = re.compile(r"/(?:20\d\d|1[34]\d\d)[/-]?(?:0?[1-9]|1[0-2])[/-]?(?:[0-3]?\d)?(?=[/-]|$)")
_QUERY_ID = re.compile(r"(?:^|&)(?:\w*(?:id|no|code|news|article|story|n|p)|a)=[\w-]*\d{2,}", re.I)
_NUMBER = re.compile(r"\d{3,}")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_BREAKS = re.compile(r"[-_+ .،؛:\u200c]+")


class Shape(NamedTuple):
    """`pattern` is the same for addresses of one kind on a site. `score`: 2 and up, an article can be expected
    there; 0 or 1, nothing is known; below 0, certainly none."""

    pattern: str
    score: int


def shape(url: str) -> Shape:
    """The shape of an absolute address."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    segments = [segment for segment in path.split("/") if segment]
    kinds = _tail_cut([_kind(segment) for segment in segments])
    query = "?" + "&".join(sorted(pair.partition("=")[0] for pair in parts.query.split("&"))) if parts.query else ""
    pattern = f"{parts.hostname}/{'/'.join(kinds)}{query}"
    if is_front(url) or _FILES.search(path) or any(segment.lower() in _NEVER for segment in segments):
        return Shape(pattern, -1)
    score = 2 * bool(_DATED.search(path)) + 2 * ("slug" in kinds) + 2 * bool(_QUERY_ID.search(parts.query))
    return Shape(pattern, score + 2 * ("number" in kinds or any(kind.startswith("number-") for kind in kinds)))


def _tail_cut(kinds: list[str]) -> list[str]:
    """The kinds up to a number that names the article: what follows it is its headline, long or short."""
    place = next((place for place, kind in enumerate(kinds) if kind == "number"), len(kinds))
    return kinds[:place] + ["number"] * (place < len(kinds)) + ["tail"] * (place < len(kinds) - 1)


def _kind(segment: str) -> str:
    """number, slug (a headline's words), number-slug, code, or word: a section, whatever its name."""
    bare = _PAGES.sub("", segment)
    words = _WORDS.findall(bare)
    number = bool(_NUMBER.search(bare))
    long = len(_BREAKS.split(bare)) >= 4 or (len(words) >= 3 and sum(map(len, words)) >= 15)
    if long:
        return "number-slug" if number and _starts_or_ends(bare) else "slug"
    if bare.isdigit():
        return "number" if len(bare) >= 3 and not _is_year(bare) else "digits"
    if number and _starts_or_ends(bare):
        return "number-word"
    return "code" if number else "word"


def _starts_or_ends(bare: str) -> bool:
    """Whether a number stands at either end, as ids do: 4711-headline, headline-4711, news4711."""
    return bare[:3].isdigit() or bare[-3:].isdigit()


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and digits[:2] in ("13", "14", "19", "20")
