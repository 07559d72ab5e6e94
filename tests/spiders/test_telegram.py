"""The channel reader: posts as Telegram's public preview shows them, and plain reasons where there is no preview."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ReadError
from core.model import Channel, Draft, Listing, Page, Post, Source
from spiders.readers.telegram import HEADLINE_MAX, count, headline, read, survey

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://t.me/s/rafidain_example"
SOURCE = Source("rafidain", "Rafidain", "telegram", URL)
RECORDED = Path(__file__).parent / "fixtures" / "telegram.html"
MORE = '<a class="tme_messages_more js-messages_more" data-before="10" href="/s/rafidain_example?before=10"></a>'


def page(body: str | bytes, *, url: str = URL, requested: str = URL) -> Page:
    data = body.encode() if isinstance(body, str) else body
    return Page(url, requested, 200, {"content-type": "text/html; charset=utf-8"}, data, NOW)


def surveyed(body: str | bytes, **where: str) -> Listing:
    return survey(SOURCE, page(body, **where), timezone="Asia/Baghdad", now=NOW)


def channel(body: str | bytes) -> Channel:
    found = surveyed(body).channel
    assert found is not None
    return found


def drafts(body: str | bytes) -> list[Draft]:
    return [entry for entry in read(SOURCE, page(body), timezone="Asia/Baghdad", now=NOW) if isinstance(entry, Draft)]


def preview(*posts: str, above: str = "") -> str:
    return (
        '<html><head><meta property="og:title" content="الرافدين"></head><body>'
        f'<section class="tgme_channel_history js-message_history">{above}{"".join(posts)}</section></body></html>'
    )


def post(number: int = 10, text: str = "نص الخبر هنا", *, name: str = "rafidain_example", inside: str = "") -> str:
    body = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>' if text else ""
    date = '<a class="tgme_widget_message_date"><time datetime="2026-11-24T09:00:00+00:00">12:00</time></a>'
    return (
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="{name}/{number}">{inside}'
        f'{body}<span class="tgme_widget_message_meta">{date}</span></div></div>'
    )


# --- the recorded page -------------------------------------------------------------------------------------------


def test_the_channel_and_all_of_its_posts_are_seen() -> None:
    found = channel(RECORDED.read_bytes())
    assert (found.name, found.title) == ("rafidain_example", "شبكة الرافدين الإخبارية 📡")
    assert [post.id for post in found.posts] == [4101, 4102, 4103, 4106, 4107, 4108, 4112]


def test_views_edits_forwards_albums_and_links_are_told() -> None:
    posts = {post.id: post for post in channel(RECORDED.read_bytes()).posts}
    assert posts[4102] == Post(4102, 4102, 12_400, edited=True, links=("https://rafidain.example/news/4102",))
    assert posts[4103] == Post(
        4103,
        4105,
        1_200_000,
        forwarded_from="خبرگزاری نمونه",
        forwarded_url="https://t.me/khabar_example/880",
        media=("photo", "video"),
    )
    assert posts[4101] == Post(4101, 4101)


def test_the_page_before_is_asked_for_by_the_oldest_id() -> None:
    assert surveyed(RECORDED.read_bytes()).older == f"{URL}?before=4101"
    assert surveyed(preview(post(10), above=MORE), url=f"{URL}?before=30").older == f"{URL}?before=10"
    assert surveyed(preview(post(10))).older is None


def test_a_link_to_the_page_before_never_leads_elsewhere() -> None:
    evil = '<a class="tme_messages_more" data-before="1" href="https://evil.example/?before=1"></a>'
    assert surveyed(preview(post(10), above=evil)).older == f"{URL}?before=10"


def test_a_draft_carries_what_its_post_shows_beside_the_text() -> None:
    posts = {post.id: post for post in channel(RECORDED.read_bytes()).posts}
    carried = [draft.post for draft in drafts(RECORDED.read_bytes())]
    assert carried
    assert all(post is not None and post == posts[post.id] for post in carried)


# --- posts -------------------------------------------------------------------------------------------------------


def test_a_post_keeps_its_lines_links_hashtags_and_emoji() -> None:
    text = (
        'سطر أول<br/><br/>انظر <a href="https://a.example/1">هنا</a> <a href="?q=%23x">#بغداد</a><br/>'
        '<tg-emoji emoji-id="1"><i class="emoji"><b>🔥</b></i></tg-emoji> &lt;b&gt; <code>x</code>'
    )
    (draft,) = drafts(preview(post(text=text)))
    assert draft.text == "سطر أول\n\nانظر هنا #بغداد\n🔥 <b> x"


def test_what_a_post_replies_to_is_not_its_text() -> None:
    quoted = (
        '<a class="tgme_widget_message_reply" href="https://t.me/x/1"><div class="tgme_widget_message_text '
        'js-message_text js-message_reply_text">نص قديم</div></a>'
    )
    (draft,) = drafts(preview(post(text="رد جديد على الخبر", inside=quoted)))
    assert draft.text == "رد جديد على الخبر"


def test_an_album_says_its_caption_once() -> None:
    inner = '<div class="tgme_widget_message_text js-message_text" dir="auto">صور من الموقع</div>'
    assert [draft.text for draft in drafts(preview(post(text=inner)))] == ["صور من الموقع"]


def test_pictures_alone_and_service_messages_are_no_articles() -> None:
    photo = "<a class='tgme_widget_message_photo_wrap' style=\"background-image:url('https://c.example/1.jpg')\"></a>"
    service = post(12).replace('class="tgme_widget_message"', 'class="tgme_widget_message service_message"')
    assert drafts(preview(post(11, text="", inside=photo), service)) == []


@pytest.mark.parametrize(
    ("shown", "kinds"),
    [
        ('<a class="tgme_widget_message_photo_wrap"></a><a class="tgme_widget_message_photo_wrap"></a>', ("photo",)),
        ('<a class="tgme_widget_message_video_player"><video src="x"></video></a>', ("video",)),
        ('<a class="tgme_widget_message_video_player"><video muted autoplay loop></video></a>', ("gif",)),
        ('<a class="tgme_widget_message_roundvideo_player"></a>', ("round-video",)),
        ('<a class="tgme_widget_message_voice_player"></a>', ("voice",)),
        (
            '<a class="tgme_widget_message_document_wrap">'
            '<div class="tgme_widget_message_document_icon audio"></div></a>',
            ("audio",),
        ),
        ('<a class="tgme_widget_message_document_wrap"></a>', ("document",)),
        ('<div class="tgme_widget_message_sticker_wrap"></div>', ("sticker",)),
        ('<a class="tgme_widget_message_location_wrap"></a>', ("location",)),
        ('<div class="tgme_widget_message_poll"></div>', ("poll",)),
        (
            '<a class="tgme_widget_message_reply"><i class="tgme_widget_message_photo_wrap"></i></a>'
            '<a class="tgme_widget_message_video_player"></a>',
            ("video",),
        ),
        ("", ()),
    ],
)
def test_what_a_post_shows_is_named_by_its_kind(shown: str, kinds: tuple[str, ...]) -> None:
    (found,) = channel(preview(post(text="وصل الوفد صباح اليوم", inside=shown))).posts
    assert found.media == kinds


def test_a_file_is_known_by_its_name_and_a_bare_link_by_its_preview() -> None:
    file = '<div class="tgme_widget_message_document_title">بيان رقم 7.pdf</div>'
    shown = '<a class="tgme_widget_message_link_preview"><div class="link_preview_title">A title there</div></a>'
    found = drafts(preview(post(10, text="", inside=file), post(11, text="", inside=shown)))
    assert [draft.text for draft in found] == ["A title there", "بيان رقم 7.pdf"]


def test_the_address_is_the_posts_own_whatever_was_asked() -> None:
    (draft,) = drafts(preview(post(77, name="Rafidain_Example")))
    assert draft.url == "https://t.me/Rafidain_Example/77"
    assert draft.guid == "https://t.me/rafidain_example/77"
    assert draft.published == datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_views_and_shares_of_a_poll_do_not_make_a_post_look_edited() -> None:
    option = (
        '<div class="tgme_widget_message_poll"><div class="tgme_widget_message_poll_question">Yes?</div>'
        '<div class="tgme_widget_message_poll_option_percent">{}</div>'
        '<div class="tgme_widget_message_poll_option_text">no</div></div><i class="tgme_widget_message_views">{}</i>'
    )
    (one,) = drafts(preview(post(text="", inside=option.format("1%", "5"))))
    (two,) = drafts(preview(post(text="", inside=option.format("99%", "6"))))
    assert one.text == "Yes?\n• no"
    assert one.listing == two.listing


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("عاجل\nانفجار في مخزن للحبوب", "عاجل انفجار في مخزن للحبوب"),
        ("🔴🔴\n#عاجل", "🔴🔴 #عاجل"),
        ("A short line of words here\nand more", "A short line of words here"),
        ("See this now please https://a.example/x", "See this now please"),
        ("https://a.example/x", "https://a.example/x"),
        ("One sentence that is here. " + "word " * 40, "One sentence that is here."),
    ],
)
def test_the_title_is_the_first_line_or_sentence(text: str, title: str) -> None:
    assert headline(text) == title


@given(st.text(min_size=1).filter(str.strip))
def test_a_title_is_one_short_line(text: str) -> None:
    title = headline(text)
    assert len(title) <= HEADLINE_MAX
    assert len(title.splitlines()) <= 1


@pytest.mark.parametrize(
    ("shown", "number"),
    [("7", 7), ("436.6K", 436_600), ("3.1M", 3_100_000), ("1,2K", 1_200), ("", None), ("many", None), ("1.2X", None)],
)
def test_rounded_numbers_are_read(shown: str, number: int | None) -> None:
    assert count(shown) == number


# --- no preview --------------------------------------------------------------------------------------------------

PLAIN = "https://t.me/rafidain_example"


def plain(extra: str) -> str:
    return f'<html><body><div class="tgme_page"><div class="tgme_page_extra">{extra}</div></div></body></html>'


@pytest.mark.parametrize(
    ("body", "where", "reason"),
    [
        ("", {}, "empty document"),
        ("<html><title>Are you human?</title><p>x</p></html>", {}, "not a channel's preview"),
        (preview('<div class="tme_no_messages_found">No posts found</div>'), {}, "the preview shows no messages: the"),
        (preview(), {}, "the preview shows no messages"),
        (plain("12 345 subscribers"), {"url": PLAIN}, r"the channel has no public preview \(any more\)"),
        (plain("12 345 subscribers"), {"url": PLAIN, "requested": PLAIN}, "the channel's front page"),
        (plain("40 members, 3 online"), {"url": PLAIN}, "a group"),
        (plain("12,000 monthly users"), {"url": PLAIN}, "a bot"),
        (plain(""), {"url": PLAIN}, "no channel of this name"),
    ],
)
def test_a_page_without_posts_says_why(body: str, where: dict[str, str], reason: str) -> None:
    with pytest.raises(ReadError, match=f"^{reason}"):
        surveyed(body, **where)


def test_a_post_that_quotes_the_notice_of_no_messages_is_a_post() -> None:
    assert len(drafts(preview(post(text="tme_no_messages_found")))) == 1


# --- hostile -----------------------------------------------------------------------------------------------------


def test_names_and_ids_that_are_none_are_no_posts() -> None:
    bad = [
        post().replace("rafidain_example/10", name) for name in ("../../x/1", "x/1?y", "x", "x/99999999999", "a b/1")
    ]
    with pytest.raises(ReadError, match="no messages"):
        surveyed(preview(*bad))


def test_addresses_in_a_post_are_of_the_web_or_none() -> None:
    text = (
        '<a href="javascript:alert(1)">a</a> <a href="tg://resolve?domain=x">b</a> <a href="https://ok.example/">c</a>'
    )
    forward = '<a class="tgme_widget_message_forwarded_from_name" href="data:text/html,x">Some</a>'
    found = channel(preview(post(text=text, inside=forward))).posts[0]
    assert found.links == ("https://ok.example/",)
    assert (found.forwarded_from, found.forwarded_url) == ("Some", None)


def test_a_page_of_ten_thousand_posts_is_cut_to_the_newest() -> None:
    found = channel(preview(*(post(number) for number in range(1, 10_001))))
    assert [found.posts[0].id, found.posts[-1].id] == [9_501, 10_000]


def test_a_post_shown_twice_is_one() -> None:
    assert len(channel(preview(post(5), post(5))).posts) == 1
