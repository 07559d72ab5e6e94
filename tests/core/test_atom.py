"""Articles as an Atom feed, read back by feedparser and by an XML parser that forgives nothing."""

from datetime import UTC, datetime, timedelta

import feedparser
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from core import atom
from core.model import Article, Matches, NameHit, TopicHit

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


def article(**changes: object) -> Article:
    plain: dict[str, object] = {
        "id": 1,
        "story": 1,
        "source": "tigris",
        "source_name": "Tigris Wire",
        "url": "https://tigris.example/1?a=1&b=2",
        "title": "قاآني يصل إلى بغداد",
        "text": "وصل قاآني صباح اليوم.\n\nوالتقى عدداً من المسؤولين.",
        "summary": "وصول الوفد",
        "language": "ar",
        "published": NOW - timedelta(hours=2),
        "published_raw": "",
        "fetched": NOW,
        "recorded": NOW,
        "first_alert": None,
        "authors": (),
        "image": None,
        "guid": None,
        "duplicate_of": None,
        "revision": 1,
        "sha256": None,
        "matches": Matches((NameHit("qaani", ()),), (TopicHit("qaani", "breaking", ()),)),
    }
    return Article(**(plain | changes))  # type: ignore[arg-type]  # the fields as they are named


def feed(*articles: Article, about: str = "@qaani") -> str:
    return atom.head(about, NOW) + "".join(map(atom.entry, articles)) + atom.END


def test_a_feed_reader_finds_titles_texts_and_their_direction() -> None:
    found = feedparser.parse(
        feed(article(), article(url="https://t.example/2", language="en", text="He met <them> & left."))
    )
    assert not found.bozo
    assert found.feed.title == "Rasad: @qaani"
    arabic, english = found.entries
    assert (arabic.title, arabic.link, arabic.id) == (
        "قاآني يصل إلى بغداد",
        "https://tigris.example/1?a=1&b=2",
        "https://tigris.example/1?a=1&b=2",
    )
    assert arabic.content[0].value == (
        '<div dir="rtl"><p>وصل قاآني صباح اليوم.</p><p>والتقى عدداً من المسؤولين.</p></div>'
    )
    assert (arabic.title_detail.language, arabic.author, arabic.source.title) == ("ar", "Tigris Wire", "Tigris Wire")
    assert [tag.term for tag in arabic.tags] == ["topic:qaani", "name:qaani"]
    assert english.content[0].value == '<div dir="auto"><p>He met &lt;them&gt; &amp; left.</p></div>'


def test_what_the_format_demands_is_there_whatever_is_missing() -> None:
    bare = article(title="", text="", summary="", published=None, language=None, matches=Matches())
    root = etree.fromstring(feed(bare, about="").encode())
    assert [child.tag for child in root if child.tag != f"{ATOM}entry"] == [
        f"{ATOM}{name}" for name in ("id", "title", "updated", "author")
    ]
    (entry,) = root.iterfind(f"{ATOM}entry")
    for needed in ("id", "title", "updated", "author", "link"):
        assert len(entry.findall(f"{ATOM}{needed}")) == 1
    assert entry.findtext(f"{ATOM}title") == bare.url


def test_an_edit_and_a_withdrawal_make_an_entry_newer() -> None:
    later = NOW + timedelta(hours=1)
    root = etree.fromstring(feed(article(revised=later), article(withdrawn=later)).encode())
    edited, gone = root.iterfind(f"{ATOM}entry")
    assert edited.findtext(f"{ATOM}updated") == gone.findtext(f"{ATOM}updated") == "2026-11-24T13:00:00Z"
    assert [each.get("term") for each in gone.iterfind(f"{ATOM}category")][-1] == "withdrawn"


@given(st.text(), st.text(), st.text())
def test_any_text_makes_well_formed_xml(title: str, text: str, about: str) -> None:
    root = etree.fromstring(feed(article(title=title, text=text, authors=(title,)), about=about).encode())
    assert len(root.findall(f"{ATOM}entry")) == 1
