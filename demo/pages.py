"""An outlet's pages as HTML, in the likeness of the region's news sites. Pure: no HTTP, no clock.

Everything that surrounds a real article surrounds these: navigation, breaking bar, related links, share bar,
tags, most read, comments, OpenGraph and JSON-LD. An extractor has to find the article among it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

import jdatetime

from demo.press import Masthead, Piece

IRAQI_MONTHS = (
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران",
    "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول",
)  # fmt: skip
JALALI_MONTHS = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a site's furniture in one language."""

    sections: tuple[str, ...]
    latest: str
    related: str
    most_read: str
    share: str
    tags: str
    comments: str
    comment_texts: tuple[str, ...]
    by: str
    rights: str
    promo: str


WORDING = {
    "en": Wording(
        sections=("Home", "Politics", "Economy", "Sport", "Culture", "Opinion"),
        latest="Latest", related="Related stories", most_read="Most read", share="Share this article",
        tags="Tags",
        comments="Comments (2)",
        comment_texts=("Thank you for the coverage, please keep us informed.", "Is there a map of the area?"),
        by="By", rights="All rights reserved. Reproduction only with a link to the source.",
        promo="Subscribe to our newsletter and get the morning's headlines by mail.",
    ),
    "ar": Wording(
        sections=("الرئيسية", "سياسة", "اقتصاد", "رياضة", "ثقافة", "مقالات"),
        latest="آخر الأخبار", related="أخبار ذات صلة", most_read="الأكثر قراءة", share="شارك الخبر",
        tags="الوسوم",
        comments="التعليقات (2)",
        comment_texts=("شكراً على التغطية ونتمنى المزيد من التفاصيل.", "هل توجد خريطة للمنطقة؟"),
        by="بقلم", rights="جميع الحقوق محفوظة، ويسمح بالنقل مع ذكر المصدر.",
        promo="اشترك في نشرتنا البريدية لتصلك أهم العناوين كل صباح.",
    ),
    "fa": Wording(
        sections=("صفحه نخست", "سیاسی", "اقتصادی", "ورزشی", "فرهنگی", "یادداشت"),
        latest="آخرین خبرها", related="خبرهای مرتبط", most_read="پربازدیدترین‌ها", share="اشتراک‌گذاری",
        tags="برچسب‌ها", comments="نظرات (۲)",
        comment_texts=("از پوشش خبری شما سپاسگزاریم، ادامه بدهید.", "نقشه‌ای از منطقه هم دارید؟"),
        by="نویسنده:", rights="همه حقوق محفوظ است و بازنشر با ذکر منبع آزاد است.",
        promo="برای دریافت خبرهای صبح در خبرنامه ما عضو شوید.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A piece beside its canonical address, as lists of links show it."""

    piece: Piece
    url: str


def article_page(site: Masthead, this: Listed, others: Sequence[Listed], *, amp: bool = False) -> str:
    """The page of one article; `others` fill its lists of links."""
    body = _agency_body if site.theme == "agency" else _portal_body
    return (
        f'<!DOCTYPE html>\n<html lang="{site.language}" dir="{site.direction}"{" amp" if amp else ""}>\n'
        f"{_head(site, this)}\n<body>\n{'' if amp else _top(site, others)}\n"
        f"{body(site, this, others)}\n{_bottom(site)}\n</body>\n</html>\n"
    )


def front_page(site: Masthead, pieces: Sequence[Listed]) -> str:
    """The home page: the newest headlines, and where the feed is."""
    cards = "\n".join(
        f'<div class="card"><h3><a href="{escape(listed.url)}">{escape(listed.piece.title)}</a></h3>'
        f"<p>{escape(listed.piece.summary)}</p></div>"
        for listed in pieces
    )
    kind = "application/feed+json" if site.format == "json" else f"application/{site.format}+xml"
    return (
        f'<!DOCTYPE html>\n<html lang="{site.language}" dir="{site.direction}">\n<head>{_charset(site)}'
        f"<title>{escape(site.name)}</title>"
        f'<link rel="alternate" type="{kind}" title="{escape(site.name)}" href="{site.feed_url}"></head>\n'
        f"<body>\n{_top(site, pieces)}\n<main>\n{cards}\n</main>\n{_bottom(site)}\n</body>\n</html>\n"
    )


def printed_date(site: Masthead, moment: datetime) -> str:
    """The time as the outlet prints it: Iraqi months, Jalali with Persian digits, or plain English."""
    local = moment.astimezone(ZoneInfo(site.timezone))
    clock = f"{local:%H:%M}"
    if site.language == "ar":
        return f"{local.day} {IRAQI_MONTHS[local.month - 1]} {local.year} - {clock}"
    if site.language == "fa":
        day = jdatetime.date.fromgregorian(date=local.date())
        return f"{day.day} {JALALI_MONTHS[day.month - 1]} {day.year} - {clock}".translate(PERSIAN_DIGITS)
    return f"{local.day} {local:%B} {local.year} {clock}"


def _head(site: Masthead, this: Listed) -> str:
    piece = this.piece
    title, summary = escape(piece.title), escape(piece.summary)
    dates = "".join(
        f'<meta property="article:{name}" content="{value.isoformat(timespec="seconds")}">\n'
        for name, value in (("published_time", piece.published), ("modified_time", piece.modified))
        if isinstance(value, datetime)
    )
    return (
        f"<head>\n{_charset(site)}<title>{title} | {escape(site.name)}</title>\n"
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="canonical" href="{escape(this.url)}">\n<meta name="description" content="{summary}">\n'
        f'<meta property="og:type" content="article">\n<meta property="og:title" content="{title}">\n'
        f'<meta property="og:description" content="{summary}">\n'
        f'<meta property="og:url" content="{escape(this.url)}">\n'
        f'<meta property="og:site_name" content="{escape(site.name)}">\n'
        f'<meta property="og:image" content="{site.origin}/media/{piece.number}.jpg">\n'
        f'<meta name="twitter:card" content="summary_large_image">\n{dates}'
        f'<script type="application/ld+json">{_json_ld(site, this)}</script>\n'
        "<style>body{font-family:sans-serif;margin:0} nav a{margin:0 8px}</style>\n</head>"
    )


def _json_ld(site: Masthead, this: Listed) -> str:
    piece = this.piece
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": piece.title,
        "description": piece.summary,
        "inLanguage": site.language,
        "mainEntityOfPage": this.url,
        "image": f"{site.origin}/media/{piece.number}.jpg",
        "publisher": {"@type": "NewsMediaOrganization", "name": site.name},
    }
    if piece.authors:
        data["author"] = [{"@type": "Person", "name": author} for author in piece.authors]
    if isinstance(piece.published, datetime):
        data["datePublished"] = piece.published.isoformat(timespec="seconds")
    if piece.modified is not None:
        data["dateModified"] = piece.modified.isoformat(timespec="seconds")
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _charset(site: Masthead) -> str:
    return f'<meta charset="{site.declared}">\n' if site.declared else ""


def _top(site: Masthead, others: Sequence[Listed]) -> str:
    words = WORDING[site.language]
    menu = "".join(f'<li><a href="/{site.language}/section/{n}">{s}</a></li>' for n, s in enumerate(words.sections))
    ticker = "".join(f'<a href="{escape(o.url)}">{escape(o.piece.title)}</a> • ' for o in others[:3])
    return (
        f'<header class="site-header"><div class="logo"><a href="/">{escape(site.name)}</a></div>'
        f'<nav class="main-menu"><ul>{menu}</ul></nav>'
        f'<div class="breaking-bar"><span>{words.latest}</span> {ticker}</div></header>'
    )


def _bottom(site: Masthead) -> str:
    words = WORDING[site.language]
    return (
        f'<div class="newsletter"><p>{words.promo}</p>'
        '<form><input type="email"><button>OK</button></form></div>\n'
        f'<footer class="site-footer"><p>© {escape(site.name)}. {words.rights}</p>'
        '<ul><li><a href="/about">About</a></li><li><a href="/contact">Contact</a></li></ul></footer>'
    )


def _portal_body(site: Masthead, this: Listed, others: Sequence[Listed]) -> str:
    """Semantic markup, as newer sites have it."""
    words, piece = WORDING[site.language], this.piece
    paragraphs = "\n".join(f"<p>{escape(text)}</p>" for text in piece.paragraphs)
    return (
        f'<main class="container"><div class="breadcrumb"><a href="/">{words.sections[0]}</a> / '
        f'<a href="/{site.language}/section/1">{words.sections[1]}</a></div>\n<article class="post">\n'
        f"<h1>{escape(piece.title)}</h1>\n{_byline(site, piece)}\n"
        f'<figure><img src="/media/{piece.number}.jpg" alt=""></figure>\n{_share(site)}\n'
        f'<div class="post-content">\n{paragraphs}\n</div>\n{_tags(site, piece)}\n</article>\n'
        f"<aside>{_links(words.most_read, others[:5])}</aside>\n"
        f'<section class="related">{_links(words.related, others[:4])}</section>\n{_comments(site)}\n</main>'
    )


def _agency_body(site: Masthead, this: Listed, others: Sequence[Listed]) -> str:
    """Nested divisions with the lead in a heading of its own, as older agency sites have it."""
    words, piece = WORDING[site.language], this.piece
    paragraphs = "\n".join(f"<p>{escape(text)}</p>" for text in piece.paragraphs)
    return (
        f'<div id="wrapper"><div class="row"><div class="col-9"><div class="news-box">\n'
        f'<div class="news-head"><div class="title"><h1>{escape(piece.title)}</h1></div>'
        f'<div class="news-id">#{piece.number}</div>{_byline(site, piece)}</div>\n'
        f'<div class="item-img"><img src="/media/{piece.number}.jpg" alt=""></div>\n'
        f'<div class="item-body"><div class="item-text" itemprop="articleBody">\n{paragraphs}\n</div></div>\n'
        f"{_share(site)}{_tags(site, piece)}\n{_links(words.related, others[:4])}</div></div>\n"
        f'<div class="col-3">{_links(words.most_read, others[:6])}</div></div>\n{_comments(site)}</div>'
    )


def _byline(site: Masthead, piece: Piece) -> str:
    author = f"{WORDING[site.language].by} {escape('، '.join(piece.authors))}" if piece.authors else ""
    if piece.published is None:
        return f'<div class="meta">{author}</div>'
    if isinstance(piece.published, str):
        return f'<div class="meta">{author} <span class="date">{escape(piece.published)}</span></div>'
    return (
        f'<div class="meta">{author} <time datetime="{piece.published.isoformat(timespec="seconds")}">'
        f"{printed_date(site, piece.published)}</time></div>"
    )


def _share(site: Masthead) -> str:
    links = "".join(f'<a href="https://share.example/{to}">{to}</a> ' for to in ("Telegram", "WhatsApp", "X"))
    return f'<div class="share-bar"><span>{WORDING[site.language].share}</span> {links}</div>'


def _tags(site: Masthead, piece: Piece) -> str:
    if not piece.tags:
        return ""
    links = " ".join(f'<a href="/tag/{n}" rel="tag">#{escape(tag)}</a>' for n, tag in enumerate(piece.tags))
    return f'<div class="tags"><span>{WORDING[site.language].tags}:</span> {links}</div>'


def _links(heading: str, listed: Sequence[Listed]) -> str:
    items = "".join(f'<li><a href="{escape(o.url)}">{escape(o.piece.title)}</a></li>' for o in listed)
    return f'<div class="list-box"><h4>{heading}</h4><ul>{items}</ul></div>'


def _comments(site: Masthead) -> str:
    words = WORDING[site.language]
    texts = "".join(f'<li class="comment"><p>{text}</p></li>' for text in words.comment_texts)
    return f'<div id="comments"><h4>{words.comments}</h4><ul>{texts}</ul></div>'
