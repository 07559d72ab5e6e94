"""The front page, a story, an article and what is known around it, as an analyst reads them."""

import gzip
import re
from dataclasses import replace

import pytest

from core.model import Article, Post
from tests.archive.scene import DENIAL_AR, REPORT_EN, RUMOUR_FA, WEATHER_EN, Scene
from tests.archive.scene import page as fetched
from tests.web.conftest import Browser, Opens
from web.gate import Rules

DOCUMENT = (
    b"<!doctype html><html><head><meta charset='utf-8'><LINK rel='preconnect' href='https://evil.example'>"
    b"<script>document.title = 'ran'</script></head><body onload='alert(1)'><img src='https://evil.example/p.png'>"
    b"<p>Qaani met party leaders</p><script src=//evil.example/x.js></body></html>"
)


def words(page: str) -> str:
    """What a page says, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def rumour(scene: Scene) -> Article:
    """One story in three languages, with a copy and an edit."""
    first = scene.draft(
        "karun", "سردار قاآنی در بغداد", RUMOUR_FA, language="fa", published_raw="۲۴ اردیبهشت ۱۴۰۵، ۰۹:۲۵"
    )
    scene.admit(first)
    scene.later(minutes=20)
    scene.publishes("tigris", "نفي وصول قاآني", DENIAL_AR, language="ar")
    report = scene.draft("courier", "Qaani in Baghdad", REPORT_EN, language="en", authors=("Layla Hassan",))
    scene.admit(report, page=fetched(DOCUMENT))
    scene.later(minutes=20)
    scene.publishes("gazette", "Qaani in Baghdad, wire says", REPORT_EN, language="en")
    edited = replace(report, title="Qaani out of Baghdad", text=REPORT_EN.replace("next cabinet", "next budget"))
    scene.admit(edited, page=fetched(b"<p>later</p>"))
    return scene.article(report.url)


# --- the front page ------------------------------------------------------------------------------------------------


def test_an_empty_archive_says_how_to_begin(browser: Browser) -> None:
    page = browser.shows("/?lang=ar")
    assert "الأرشيف ما زال فارغاً" in page
    assert "rasad import" in page


@pytest.mark.parametrize(
    ("language", "headline", "others"),
    [
        ("en", "Qaani out of Baghdad", ["سردار قاآنی در بغداد", "نفي وصول قاآني"]),
        ("ar", "نفي وصول قاآني", ["سردار قاآنی در بغداد", "Qaani out of Baghdad"]),
        ("fa", "سردار قاآنی در بغداد", ["نفي وصول قاآني", "Qaani out of Baghdad"]),
    ],
)
def test_a_story_is_headed_in_the_readers_language(
    rumour: Article, browser: Browser, language: str, headline: str, others: list[str]
) -> None:
    card = browser.shows(f"/?lang={language}").partition('<article class="card')[2].partition("</article>")[0]
    assert re.findall(r"<h3[^>]*><a[^>]*>(.*?)</a>", card) == [headline]
    assert re.findall(r'<p class="other"[^>]*>(.*?)</p>', card) == others


def test_the_front_page_tells_growth_and_volume_in_numbers_too(rumour: Article, browser: Browser) -> None:
    page = browser.shows("/")
    assert "4 in the last 3 hours" in page
    assert "articles by three hours, the last day: 0 0 0 0 0 0 0 4" in page
    assert '<tr data-day="2026-05-14" data-count="4">' in page
    assert "carried by 4" in page


def test_an_article_without_language_or_headline_has_its_place(scene: Scene, browser: Browser) -> None:
    it = scene.publishes("gazette", " ", REPORT_EN)
    for path in ("/", f"/stories/{it.story}", f"/articles/{it.id}", "/search?q=%40qaani"):
        assert "Late on Sunday" in words(browser.shows(path)), path


# --- a story -------------------------------------------------------------------------------------------------------


def test_a_story_tells_who_when_and_in_which_order(rumour: Article, browser: Browser) -> None:
    page = browser.shows(f"/stories/{rumour.story}")
    said = words(page)
    assert [*map(int, re.findall(r'<li class="card" id="a(\d+)"', page))] == [1, 2, 3]
    assert "1 copy" in said
    assert re.search(r"First Karun Daily\s*seen 14 May 2026 09:30 \+03 ?as printed: ۲۴ اردیبهشت ۱۴۰۵، ۰۹:۲۵", said)
    assert "Qaani 4 of 4" in said


def test_a_printed_date_without_an_hour_is_told_to_be_none(scene: Scene, browser: Browser) -> None:
    it = scene.publishes("karun", "سردار قاآنی", RUMOUR_FA, published_raw="۲۴ اردیبهشت ۱۴۰۵")
    assert "as printed: ۲۴ اردیبهشت ۱۴۰۵ (no hour: tells no order)" in words(browser.shows(f"/stories/{it.story}"))


def test_languages_stand_side_by_side_or_alone(rumour: Article, browser: Browser) -> None:
    beside = browser.shows(f"/stories/{rumour.story}?view=languages")
    assert re.findall(r"<section><h2>(\w+)</h2><ol", beside) == ["Persian", "Arabic", "English"]
    alone = browser.shows(f"/stories/{rumour.story}?language=ar")
    assert [*map(int, re.findall(r'<li class="card" id="a(\d+)"', alone))] == [2]


def test_any_two_members_are_compared_word_by_word(rumour: Article, browser: Browser) -> None:
    sent = browser.get(f"/compare?one={rumour.id}&other=4", follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, f"/compare/{rumour.id}/4")
    page = browser.shows(f"/compare/{rumour.id}/4")
    assert "<del>budget</del>" in page
    assert "<ins>cabinet</ins>" in page
    assert "not compared word by word" in browser.shows(f"/compare/{rumour.id}/1")
    assert browser.get("/compare/1/999").status_code == 404
    assert browser.get("/compare?one=x&other=2").status_code == 404


def test_numbers_beyond_everything_are_nowhere(browser: Browser) -> None:
    for path in ("/articles/", "/stories/", "/compare/1/"):
        assert browser.get(f"{path}{'9' * 30}").status_code == 404


# --- an article ----------------------------------------------------------------------------------------------------


def test_an_article_tells_why_it_matched(rumour: Article, browser: Browser) -> None:
    page = browser.shows(f"/articles/{rumour.id}")
    why = words(page.partition('<section id="why">')[2].partition("</section>")[0])
    assert "Qaani · breaking" in why
    assert "title:Qaani OR title:قاآني Qaani" in why
    assert re.search(r"…Late on Sunday Qaani met party leaders .{0,60}… counts · form Qaani", why)
    assert "<mark>Qaani</mark> out of Baghdad" in page


def test_an_article_shows_its_times_edits_and_copies(rumour: Article, browser: Browser) -> None:
    page = browser.shows(f"/articles/{rumour.id}")
    assert "<del>in</del><ins>out of</ins>" in page
    assert "<del>cabinet</del><ins>budget</ins>" in page
    assert 'rel="noreferrer noopener external nofollow"' in page
    assert "Who else has it" in page
    assert page.count("SHA-256") >= 2


def test_a_reference_comes_in_four_forms(rumour: Article, browser: Browser) -> None:
    page = browser.shows(f"/articles/{rumour.id}")
    assert "Layla Hassan. “Qaani out of Baghdad”. The Courier" in page
    for suffix, begins in (("txt", "Layla"), ("md", "Layla"), ("bib", "@online{"), ("ris", "TY  - NEWS")):
        answer = browser.get(f"/articles/{rumour.id}/cite.{suffix}")
        assert answer.text.startswith(begins)
        assert f"http://localhost/articles/{rumour.id}" in answer.text
        assert "attachment" in answer.headers["content-disposition"]
    assert browser.get(f"/articles/{rumour.id}/cite.exe").status_code == 404


def test_the_stored_page_is_shown_and_can_do_nothing(rumour: Article, browser: Browser) -> None:
    frame = browser.get(f"/articles/{rumour.id}/stored/1")
    assert "frame-src 'self'" in frame.headers["content-security-policy"]
    assert f'<iframe class="stored" sandbox src="/articles/{rumour.id}/stored/1/document"' in frame.text
    document = browser.get(f"/articles/{rumour.id}/stored/1/document")
    policy = document.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'; ")
    assert "script-src" not in policy
    assert document.headers["content-type"] == "text/html"
    assert "Qaani met party leaders" in document.text
    for harmful in ("<link", "<script", " src=", " onload="):
        assert harmful not in document.text.lower()
    assert browser.get(f"/articles/{rumour.id}/stored/9").status_code == 404


def test_what_is_no_page_is_shown_as_text(scene: Scene, browser: Browser) -> None:
    it = scene.draft()
    feed = replace(fetched(b"<rss><script>alert(1)</script></rss>"), headers={"content-type": "application/rss+xml"})
    scene.admit(it, page=feed)
    document = browser.get(f"/articles/{scene.article(it.url).id}/stored/1/document")
    assert document.headers["content-type"] == "text/plain; charset=utf-8"


def test_the_evidence_leaves_as_warc(rumour: Article, scene: Scene, browser: Browser) -> None:
    answer = browser.get(f"/articles/{rumour.id}/evidence.warc.gz")
    records = gzip.decompress(answer.content)
    assert records.startswith(b"WARC/1.1")
    assert DOCUMENT in records
    assert b"<p>later</p>" in records
    bare = scene.publishes()
    assert browser.get(f"/articles/{bare.id}/evidence.warc.gz").status_code == 404


def test_an_analyst_writes_beside_an_article(rumour: Article, browser: Browser) -> None:
    here = f"/articles/{rumour.id}"
    for kind, text in (("star", ""), ("tag", "سلاح"), ("note", "<b>call</b>"), ("noise", ""), ("relevant", "")):
        assert browser.sends(f"{here}/annotations", form_on=here, kind=kind, text=text) == 303
    page = browser.shows(here).partition('<section id="beside">')[2]
    assert "#سلاح" in page
    assert "&lt;b&gt;call&lt;/b&gt;" in page
    number = re.findall(r'name="remove" value="(\d+)"', page)[-1]
    assert browser.sends(f"{here}/annotations", form_on=here, remove=number) == 303
    kept = words(browser.shows("/saved"))
    assert "tag سلاح" in kept
    assert ("relevant" in kept, "noise" in kept) == (False, False)
    assert browser.sends(f"{here}/annotations", form_on=here, kind="tag", text="") == 400
    assert browser.sends(f"{here}/annotations", form_on=here, kind="like", text="") == 400
    assert browser.sends("/articles/99/annotations", form_on=here, kind="star") == 404


def test_the_public_sees_marks_and_no_forms(rumour: Article, browser: Browser, opens: Opens) -> None:
    here = f"/articles/{rumour.id}"
    browser.sends(f"{here}/annotations", form_on=here, kind="tag", text="desk")
    anybody = opens(Rules("public"), address="192.0.2.7")
    page = anybody.shows(here)
    assert "#desk" in page
    assert 'method="post"' not in page
    assert anybody.post(f"{here}/annotations", headers={"origin": "http://localhost"}).status_code == 403


# --- hostile input -------------------------------------------------------------------------------------------------

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    '"><a xlink:href="javascript:alert(1)">',
    "&lt;b&gt;alert(2)&lt;/b&gt;",
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }} {% raw %} </title></textarea></script>",
)


def stays_text(page: str, where: str) -> None:
    """None of the hostile texts stands in a page as it was written, and no tag that is not ours."""
    assert not [payload for payload in HOSTILE if payload in page], where
    assert not re.search(r"<(?:img|svg|math|iframe|a xlink)\b", page), where


def test_hostile_text_stays_text_on_every_page(scene: Scene, browser: Browser) -> None:
    payload = " ".join(HOSTILE)
    it = scene.publishes(
        "gazette",
        f"Qaani {payload}",
        f"{REPORT_EN} {payload}",
        summary=payload,
        authors=(payload,),
        published_raw=payload,
    )
    other = scene.publishes("courier", f"{payload} Qaani", f"{WEATHER_EN} {payload} Qaani")
    scene.write(lambda conn: conn.exec_driver_sql("UPDATE source SET name = :name", {"name": payload}))
    for path in (
        "/",
        f"/articles/{it.id}",
        f"/stories/{it.story}",
        f"/compare/{it.id}/{other.id}",
        "/search?q=%40qaani",
        "/search?q=%40qaani&view=stories",
    ):
        stays_text(browser.shows(path), path)
    assert "{{ 7 * 7 }}" in browser.shows(f"/articles/{it.id}")


@pytest.mark.parametrize(
    "payload", ["javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,<script>", "//evil"]
)
def test_an_address_that_is_none_becomes_no_link(scene: Scene, browser: Browser, payload: str) -> None:
    it = scene.publishes()
    scene.write(lambda conn: conn.exec_driver_sql("UPDATE article SET url = :url", {"url": payload}))
    assert not re.search(r'href="(?:java|data|//)', browser.shows(f"/articles/{it.id}"))


def test_what_steers_the_eye_is_left_out_and_the_word_still_marked(scene: Scene, browser: Browser) -> None:
    it = scene.publishes(title="Qa\u200bani \u202egnp.exe\u2066\U000e0041 arrives")
    page = browser.shows(f"/articles/{it.id}")
    assert "<mark>Qa\u200bani</mark>" in page
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)


def test_a_post_shows_what_its_channel_showed(scene: Scene, browser: Browser) -> None:
    post = Post(7, 7, views=1200, forwarded_from="Sabereen <b>", media=("photo", "poll"))
    it = scene.publishes("tigris", "قاآني", DENIAL_AR, post=post)
    said = words(browser.shows(f"/articles/{it.id}"))
    assert "views1200" in said
    assert "passed on fromSabereen &lt;b&gt;" in said
    assert "showsphoto, poll" in said


# --- split and merge -----------------------------------------------------------------------------------------------


def heads(page: str) -> list[int]:
    return [*map(int, re.findall(r'<li class="card" id="a(\d+)"', page))]


def test_an_analyst_splits_a_story_and_takes_it_back(rumour: Article, browser: Browser) -> None:
    here = f"/stories/{rumour.story}"
    assert browser.sends(f"{here}/split", form_on=here, a3="on") == 303
    assert heads(browser.shows(here)) == [1, 2]
    page = browser.shows(here)
    assert "split off" in words(page)
    number = re.findall(r'name="ruling" value="(\d+)"', page)[0]
    assert browser.sends(f"{here}/undo", form_on=here, ruling=number) == 303
    assert heads(browser.shows(here)) == [1, 2, 3]
    assert "undone" in words(browser.shows(here))


def test_stories_are_merged_and_the_old_address_leads_on(rumour: Article, scene: Scene, browser: Browser) -> None:
    other = scene.publishes("gazette", "Dust on the way", WEATHER_EN).story
    here = f"/stories/{rumour.story}"
    assert browser.sends(f"{here}/merge", form_on=here, **{"with": f"http://localhost/stories/{other}"}) == 303
    old = browser.get(f"/stories/{other}", follow_redirects=False)
    assert (old.status_code, old.headers["location"]) == (301, here)
    assert "merged" in words(browser.shows(here))


def test_a_decision_that_cannot_be_is_refused(rumour: Article, browser: Browser, opens: Opens) -> None:
    here = f"/stories/{rumour.story}"
    for action, fields in (
        ("split", {}),
        ("split", {"a99": "on"}),
        ("merge", {"with": "x"}),
        ("undo", {"ruling": "9"}),
    ):
        assert browser.sends(f"{here}/{action}", form_on=here, **fields) == 400
    public = opens(Rules("public"), address="192.0.2.7").shows(here)
    assert 'method="post"' not in public
