"""read and match: documents looked at without an archive."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from demo.newsroom import Newsroom
from tests.cli.conftest import Rasad
from tests.system import ROOT, System

FEED = """<?xml version="1.0" encoding="{declared}"?>
<rss version="2.0"><channel><title>وكالة</title><link>https://agency.example/</link>
<item><title>زيارة إلى بغداد</title><link>https://agency.example/news/1?utm_source=x</link>
<pubDate>Tue, 24 Nov 2026 09:00:00 +0300</pubDate><description>وصل الوفد صباح اليوم.</description></item>
</channel></rss>"""

PAGE = """<!doctype html><html lang="ar" dir="rtl"><head><title>زيارة إلى بغداد</title>
<meta property="article:published_time" content="2026-11-24T09:00:00+03:00"></head>
<body><nav>الرئيسية</nav><article><h1>زيارة إلى بغداد</h1>
<p>وصل الوفد صباح اليوم إلى العاصمة، والتقى عدداً من المسؤولين في مبنى المجلس، وبحث معهم ملفات مشتركة.</p>
<p>ومن المقرر أن يغادر الوفد مساء الغد، بعد مؤتمر صحفي يعقد في المكان نفسه بحضور الإعلاميين.</p>
</article></body></html>"""


def test_a_feed_file_becomes_lines(folder: Path, rasad: Rasad) -> None:
    (folder / "feed.xml").write_text(FEED.format(declared="utf-8"), encoding="utf-8")
    ended = rasad("read", "feed", "feed.xml", "--url", "https://agency.example/rss")
    assert ended.code == 0
    [line] = ended.lines
    assert (line["title"], line["url"], line["published"]) == (
        "زيارة إلى بغداد",
        "https://agency.example/news/1",
        "2026-11-24T06:00:00Z",
    )


def test_an_arabic_feed_in_cp1256_is_read_whatever_it_declares(folder: Path, rasad: Rasad) -> None:
    (folder / "feed.xml").write_bytes(FEED.format(declared="iso-8859-1").encode("cp1256"))
    [line] = rasad("read", "feed", "feed.xml", "--language", "ar").lines
    assert line["title"] == "زيارة إلى بغداد"


def test_an_article_page_becomes_one_line(folder: Path, rasad: Rasad) -> None:
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    [line] = rasad("read", "article", "page.html", "--url", "https://agency.example/news/1").lines
    assert line["title"] == "زيارة إلى بغداد"
    assert line["text"].startswith("وصل الوفد صباح اليوم")
    assert "الرئيسية" not in line["text"]
    assert (line["published"], line["language"]) == ("2026-11-24T06:00:00Z", "ar")


def test_a_page_is_read_by_selectors_that_are_tried_out(folder: Path, rasad: Rasad) -> None:
    cards = "".join(
        f'<li class="card"><a href="/news/{n}">المزيد</a><b>خبر رقم {n} من المدينة</b><i>2024-11-2{n} 10:00</i></li>'
        for n in range(1, 4)
    )
    (folder / "page.html").write_text(f"<html lang=ar><body><ul>{cards}</ul></body></html>", encoding="utf-8")
    chosen = ("--select", "item=li.card", "--select", "title = b", "--select", "date=i")
    ended = rasad("read", "page", "page.html", "--url", "https://a.example/section", *chosen)
    assert [(line["url"], line["title"], line["published"][:10]) for line in ended.lines] == [
        (f"https://a.example/news/{n}", f"خبر رقم {n} من المدينة", f"2024-11-2{n}") for n in range(1, 4)
    ]
    ended = rasad("read", "page", "page.html", "--url", "https://a.example/", "--select", "item=.nothing")
    assert (ended.code, ended.err) == (1, "rasad: the selector for item finds nothing\n")


def test_a_post_is_shown_with_what_stands_beside_its_text(folder: Path, rasad: Rasad) -> None:
    (folder / "channel.html").write_text(
        '<div class="tgme_widget_message" data-post="river/8"><a class="tgme_widget_message_forwarded_from_name" '
        'href="https://t.me/lake/5">قناة البحيرة</a><a class="tgme_widget_message_photo_wrap"></a>'
        '<div class="js-message_text">وصل الوفد صباح اليوم إلى بغداد</div>'
        '<span class="tgme_widget_message_views">1.2K</span></div>',
        encoding="utf-8",
    )
    (line,) = rasad("read", "telegram", "channel.html").lines
    assert line["post"] == {
        "number": 8,
        "last": 8,
        "views": 1_200,
        "edited": False,
        "forwarded_from": "قناة البحيرة",
        "forwarded_url": "https://t.me/lake/5",
        "links": [],
        "media": ["photo"],
    }


def test_a_sitemap_needs_to_know_where_it_is_from(folder: Path, rasad: Rasad) -> None:
    (folder / "map.xml").write_bytes(gzip.compress(b"<urlset><url><loc>https://a.example/news/1</loc></url></urlset>"))
    ended = rasad("read", "sitemap", "map.xml")
    assert (ended.code, ended.err.endswith("; say with --url where it is from\n")) == (1, True)
    (line,) = rasad("read", "sitemap", "map.xml", "--url", "https://a.example/map.xml").lines
    assert line["url"] == "https://a.example/news/1"


def test_a_document_comes_from_standard_input_and_an_empty_one_is_told(rasad: Rasad) -> None:
    (line,) = rasad("read", "feed", "-", given=FEED.format(declared="utf-8").encode()).lines
    assert line["title"] == "زيارة إلى بغداد"
    ended = rasad("read", "feed", "-", given=b"<rss version='2.0'><channel><title>x</title></channel></rss>")
    assert (ended.code, ended.out, ended.err) == (0, "", "-: nothing is listed in it\n")


@pytest.mark.parametrize(("status", "code"), [(200, 0), (404, 1)])
def test_an_address_is_fetched_as_the_monitor_would(tmp_path: Path, status: int, code: int) -> None:
    with Newsroom() as newsroom:
        outlet = newsroom.outlet("daily")
        outlet.publish("A road to the north", "The council met on Tuesday.")
        if status != 200:
            outlet.answers(status)
        with System(tmp_path, newsroom.config()) as system:
            ended = system.rasad("read", "feed", outlet.feed_url)
    assert (ended.returncode, ended.stdout.count("A road to the north")) == (code, 1 - code)
    assert ended.stderr == ("" if status == 200 else f"rasad: {outlet.feed_url} answered 404\n")


def test_what_is_no_feed_is_told_in_one_line(folder: Path, rasad: Rasad) -> None:
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    ended = rasad("read", "feed", "page.html")
    assert (ended.code, ended.out, len(ended.err.splitlines())) == (1, "", 1)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("read", "feed", "missing.xml"), "rasad: missing.xml: no such file"),
        (("read", "feed", "."), "rasad: .: a folder, not a file"),
        (("read", "feed", "ftp://a.example/feed"), "rasad: ftp://a.example/feed: an address must be http or https"),
        (
            ("read", "page", "config.toml", "--select", "body=p"),
            "rasad: --select: write item=CSS, or link, title, text",
        ),
        (("read", "page", "config.toml", "--select", "item"), "rasad: --select: write item=CSS, or link, title, text"),
        (("read", "podcast", "config.toml"), "rasad: no reader is called 'podcast'; there are"),
        (
            ("read", "feed", "config.toml", "--url", "file:///etc/passwd"),
            "rasad: --url must be an http or https address",
        ),
        (("match", "missing.jsonl"), "rasad: missing.jsonl: no such file"),
        (("match", "config.toml", "--rule", "(Qaani"), "rasad: line 1, column"),
        (("match", "config.toml", "--rule", "@nobody"), "rasad: line 1, column 1"),
    ],
)
def test_wrong_input_is_one_line_and_exit_2(rasad: Rasad, arguments: tuple[str, ...], reason: str) -> None:
    ended = rasad(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(reason)
    assert len(ended.err.splitlines()) == 1


ARTICLES = (
    {"url": "https://a.example/1", "title": "Qaani in Baghdad", "text": "Ghaani met them."},
    {"url": "https://a.example/2", "title": "وصول قاآني", "text": None},
    {"url": "https://a.example/3", "title": "سفر قاآنی به بغداد"},
    {"title": "Rain"},
)


def test_matches_are_lines_with_spans_into_the_original(folder: Path, rasad: Rasad) -> None:
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, ARTICLES)) + "\n\n", encoding="utf-8")
    ended = rasad("match", "a.jsonl")
    assert ended.code == 0
    found = ended.lines
    assert [[name["name"] for name in line["names"]] for line in found] == [["qaani"], ["qaani"], ["qaani"], []]
    assert found[0]["names"][0]["spans"] == [["title", 0, 5], ["text", 0, 6]]
    assert found[1]["topics"][0] == {"topic": "qaani", "level": "breaking", "spans": [["title", 5, 10]]}
    assert found[3] == {"url": None, "names": [], "topics": [], "ambiguous": []}


def test_a_rule_of_ones_own_stands_in_for_the_topics(folder: Path, rasad: Rasad) -> None:
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, ARTICLES)), encoding="utf-8")
    lines = rasad("match", "a.jsonl", "--rule", "title:rain OR Baghdad").lines
    assert [[topic["topic"] for topic in line["topics"]] for line in lines] == [["query"], [], [], ["query"]]


def test_a_bad_line_is_told_with_its_number_and_the_others_go_on(folder: Path, rasad: Rasad) -> None:
    (folder / "a.jsonl").write_bytes(b'{"title": "Qaani"}\n{"title": 5}\n{"title": "\xff"}\n{"title": "Qaani"}\n')
    ended = rasad("match", "a.jsonl")
    assert (ended.code, len(ended.lines)) == (1, 2)
    assert ended.err.splitlines() == ['a.jsonl:2: "title" must be text or null, not int', "a.jsonl:3: not UTF-8"]


def test_a_reader_that_has_left_is_no_error() -> None:
    """`rasad … | head`, with the reader certainly gone before anything is written."""
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-c", "import cli; cli.main()", "--version"]
    buffered = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, env=buffered, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (ended.returncode, ended.stderr) == (0, "")
