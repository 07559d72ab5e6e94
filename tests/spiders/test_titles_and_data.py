"""What a page says of itself: its headline among its titles, JSON-LD, text that only a script holds, printed dates."""

import json

import pytest

from spiders.readers.headline import headline
from spiders.readers.linked_data import embedded, linked
from spiders.readers.markup import parse
from spiders.readers.page_dates import printed_dates

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
