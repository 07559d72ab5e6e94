"""What a page says of itself: its headline among its titles, JSON-LD, authors, dates and the picture that it prints."""

import json

import pytest
from lxml.html import HtmlElement

from spiders.readers.bylines import printed_authors
from spiders.readers.headline import headline
from spiders.readers.linked_data import embedded, linked
from spiders.readers.markup import parse
from spiders.readers.page_dates import printed_dates
from spiders.readers.pictures import picture

SITE = "وكالة المثال"


def titled(head: str, body: str = "<p>x</p>", said: str = "", site: str = SITE) -> str:
    tree = parse(f"<html><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return headline(tree, said, site=site, host="www.mithal.example")


@pytest.mark.parametrize("separator", [" | ", " - ", " – ", " » ", " :: ", "|", " * "])
def test_a_sites_name_is_no_part_of_the_headline(separator: str) -> None:
    shared = f'<meta property="og:title" content="افتتاح الجسر الجديد{separator}{SITE}">'
    assert titled(shared) == "افتتاح الجسر الجديد"
    assert titled(f"<title>افتتاح الجسر الجديد{separator}{SITE}</title>") == "افتتاح الجسر الجديد"


@pytest.mark.parametrize(
    "title", ["وزير النقل: الجسر يفتتح الخميس", "نرخ ارز - گزارش روز", "Iran-Iraq talks: what we know"]
)
def test_a_separator_inside_a_headline_stays(title: str) -> None:
    assert titled(f'<meta property="og:title" content="{title}">') == title


def test_what_is_added_behind_the_printed_headline_goes() -> None:
    head = '<meta property="og:title" content="افتتاح الجسر الجديد | أخبار | الصفحة الأولى">'
    assert titled(head, "<h1>افتتاح الجسر الجديد</h1>") == "افتتاح الجسر الجديد"


def test_without_one_for_sharing_the_headline_is_json_lds_then_the_printed_one() -> None:
    assert titled("<title>x | y</title>", "<h1>Printed headline</h1>", said="Said headline") == "Said headline"
    assert titled("<title>x | y</title>", "<h1>Printed headline</h1>") == "Printed headline"


def test_a_site_that_shares_only_its_name_has_its_headline_elsewhere() -> None:
    head = f'<meta property="og:title" content="{SITE}">'
    assert titled(head, "<h1>افتتاح الجسر الجديد</h1>") == "افتتاح الجسر الجديد"


@pytest.mark.parametrize("shared", ["افتتاح الجسر...", "افتتاح الجسر…"])
def test_a_title_cut_off_for_sharing_is_whole(shared: str) -> None:
    head = f'<meta property="og:title" content="{shared}">'
    assert titled(head, "<h1>افتتاح الجسر الجديد أمام المركبات</h1>") == "افتتاح الجسر الجديد أمام المركبات"


def test_a_title_broken_off_at_a_quotation_mark_is_whole() -> None:
    head = """<meta property="og:title" content="A bridge and"><title>A bridge and "its" river</title>"""
    assert titled(head, """<h1>A bridge and "its" river</h1>""") == """A bridge and "its" river"""


def test_what_is_printed_and_said_wins_where_the_tab_shows_another() -> None:
    head = '<meta property="og:title" content="You will not believe this bridge"><title>You will not believe</title>'
    assert titled(head, "<h1>The bridge opens</h1>", said="The bridge opens") == "The bridge opens"
    in_tab = head.replace("You will not believe<", "The bridge opens<")
    assert titled(in_tab, "<h1>The bridge opens</h1>", said="The bridge opens") == "You will not believe this bridge"


def test_what_json_ld_adds_too_is_part_of_the_headline() -> None:
    head = '<meta property="og:title" content="The bridge opens - latest">'
    assert titled(head, "<h1>The bridge opens</h1>") == "The bridge opens"
    assert titled(head, "<h1>The bridge opens</h1>", said="The bridge opens - latest") == "The bridge opens - latest"


def test_the_name_that_leads_to_the_front_page_is_no_headline() -> None:
    logo = '<h1><a href="/"><img alt="نشرة الضفة"></a></h1><a href="/">نشرة الضفة</a>'
    head = "<title>نشرة الضفة</title>"
    assert titled(head, f"{logo}<div class='news_title'>افتتاح الجسر الجديد اليوم</div>", site="") == (
        "افتتاح الجسر الجديد اليوم"
    )
    assert titled("<title>نشرة الضفة | افتتاح الجسر</title>", logo, site="") == "افتتاح الجسر"


def test_the_line_above_a_headline_is_no_part_of_it() -> None:
    printed = "<h1><span>بعد نقاش طويل</span> افتتاح الجسر الجديد</h1>"
    assert titled("<title>افتتاح الجسر الجديد :: صحيفة</title>", printed) == "افتتاح الجسر الجديد"


def test_no_title_is_none() -> None:
    assert titled("") == ""


def data(*scripts: object) -> str:
    each = (script if isinstance(script, str) else json.dumps(script) for script in scripts)
    return "".join(f'<script type="application/ld+json">{text}</script>' for text in each)


def test_the_article_is_found_among_other_things() -> None:
    tree = parse(
        data(
            {"@type": "WebSite", "name": "News"},
            {"@graph": [{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "headline": "Another"}]}]},
            {
                "@type": ["NewsArticle", "Thing"],
                "headline": "A &amp; B",
                "author": [{"name": "Nour"}, "Sam"],
                "datePublished": "2026-11-24",
                "image": {"url": "https://news.example/1.jpg"},
            },
        )
        + "<p>x</p>"
    )
    assert tree is not None
    found = linked(tree)
    assert (found.headline, found.authors, found.published) == ("A & B", ("Nour", "Sam"), "2026-11-24")
    assert found.image == "https://news.example/1.jpg"


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{",
        "[[[[[[[[",
        '{"@type": 5, "author": {"name": {"x": 1}}}',
        '"x"',
        "[" * 100_000,
        '{"@type":"NewsArticle"}',
    ],
)
def test_broken_data_says_nothing(script: str) -> None:
    tree = parse(data(script) + "<p>x</p>")
    assert tree is not None
    assert linked(tree).headline == ""


def test_a_comma_too_many_is_forgiven() -> None:
    tree = parse(data('{"@type":"NewsArticle","headline":"خبر اليوم",}') + "<p>x</p>")
    assert tree is not None
    assert linked(tree).headline == "خبر اليوم"


def test_a_text_that_a_browser_would_put_in_is_read_from_its_script() -> None:
    words = "<p>" + "أعلنت الوزارة بدء العمل في المشروع الجديد. " * 10 + "</p><p>Second paragraph.</p>"
    state = json.dumps({"story": {"id": 5, "html": words}})
    tree = parse(f"<body><div id='root'></div><script>window.state = {state}</script></body>")
    assert tree is not None
    assert embedded(tree).startswith("أعلنت الوزارة")
    assert embedded(tree).endswith("\n\nSecond paragraph.")


def test_the_date_behind_the_headline_is_found_and_others_are_not() -> None:
    tree = parse(
        "<body><div class='related'><span class='date'>1/1/2020</span></div><h2>افتتاح الجسر</h2>"
        "<span>الثلاثاء 24 تشرين الثاني 2026</span><p>نص</p><footer>© 2026 الجسر</footer></body>"
    )
    assert tree is not None
    assert list(printed_dates(tree, "افتتاح الجسر")) == ["الثلاثاء 24 تشرين الثاني 2026"]


def body(markup: str) -> HtmlElement:
    tree = parse(f"<html><head><title>افتتاح الجسر</title></head><body>{markup}</body></html>")
    assert tree is not None
    return tree


HEADLINE = "<h1>افتتاح الجسر</h1>"


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("<h1>افتتاح الجسر</h1><li class='date'>۳ آذر ۱۴۰۵</li><li>ساعت: ۱۱:۳۰</li>", "۳ آذر ۱۴۰۵ ساعت: ۱۱:۳۰"),
        ("<h1>افتتاح الجسر</h1><p>يوم <b class='date'>22 نونبر 2026</b> على الساعة 10:15</p>", "22 نونبر 2026 10:15"),
        ("<div>کد: ۷</div><div>۳ آذر ۱۴۰۵ ساعت ۱۲:۴۰</div><h1>افتتاح الجسر</h1>", "۳ آذر ۱۴۰۵ ساعت ۱۲:۴۰"),
        ("<p>آخر تحديث: 25/11/2026</p><h1>افتتاح الجسر</h1><p>نُشر في: 24/11/2026</p>", "نُشر في: 24/11/2026"),
        ("<p class='today date'>25/11/2026</p><h1>افتتاح الجسر</h1><p>24/11/2026</p>", "24/11/2026"),
    ],
    ids=["the hour beside it", "the hour around it", "above the headline", "not when it changed", "not today's"],
)
def test_the_printed_date_is_the_articles(printed: str, read: str) -> None:
    assert next(printed_dates(body(printed), "افتتاح الجسر")) == read


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("<p>كتب: سلمان القاضي</p>", ["سلمان القاضي"]),
        ("<span>گزارش از: <b>نیلوفر سادات موسوی</b></span>", ["نیلوفر سادات موسوی"]),
        ("<li class='writer'>بغداد - ليلى الجبوري</li>", ["ليلى الجبوري"]),
        ("<span class='author'>By Sam Reed and others</span>", ["Sam Reed and others"]),
        ("<p>خبرنگار: چرا این خط دو سال دیر شد؟</p>", []),
        ("<div class='related'><p>كتب: سلمان القاضي</p></div>", []),
        ("<p>كتب محمد رسالة إلى المدير</p>", []),
    ],
)
def test_who_writes_is_read_where_the_page_says_so(printed: str, names: list[str]) -> None:
    assert printed_authors(body(HEADLINE + printed)) == names


@pytest.mark.parametrize(
    ("image", "found"),
    [
        ("<img src='/2026/1.jpg'>", "https://news.example/2026/1.jpg"),
        ("<img src='data:image/gif;base64,x' data-src='/2026/1.jpg'>", "https://news.example/2026/1.jpg"),
        ("<img src='/2026/1.jpg' width='90'>", None),
        ("<a href='/'><img src='/top.jpg'></a>", None),
        ("<img src='/icons/telegram.png'>", None),
        ("<div class='related-news'><img src='/2026/2.jpg'></div>", None),
        ("<img src='javascript:x'>", None),
    ],
)
def test_the_picture_behind_the_headline_is_the_articles(image: str, found: str | None) -> None:
    assert picture(body(HEADLINE + image), "افتتاح الجسر", "https://news.example/1") == found


def test_a_picture_that_is_called_as_the_article_is_its_own_wherever_it_stands() -> None:
    page = body(f"<img src='/2026/1.jpg' alt='افتتاح الجسر'>{HEADLINE}<img src='/2026/2.jpg'>")
    assert picture(page, "افتتاح الجسر", "https://news.example/1") == "https://news.example/2026/1.jpg"
