"""`rasad article`: all that is known of one, as an analyst asks for it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.text import Span

from archive import outbox, withdrawals
from archive.database import Archive
from cli.article import word_changes
from core.model import Article, Post
from core.worddiff import diff
from tests.archive.scene import Scene, page
from tests.cli.conftest import Rasad

MEDIA = ("photo", "video")
FIRST = "وصل قاآني صباح اليوم إلى بغداد.\nوقال مصدر إن الوفد يغادر غداً.\nوالتقى الوفد عدداً من المسؤولين في المدينة."
SECOND = "غادر قاآني مساء اليوم بغداد.\nوقال مصدر إن الوفد يغادر غداً.\nوالتقى الوفد عدداً من المسؤولين في المدينة."


@pytest.fixture
def scene(folder: Path) -> Iterator[Scene]:
    """The press of the archive's tests, in the folder that the command looks at."""
    archive = Archive.open(f"sqlite:///{folder}/data/rasad.db", evidence=folder / "data" / "evidence")
    yield Scene(archive)
    archive.close()


@pytest.fixture
def edited(scene: Scene) -> Article:
    """An article that was alerted, edited and copied, and then taken back."""
    scene.joins()
    draft = scene.draft(
        "tigris",
        "قاآني في بغداد",
        FIRST,
        published_raw="١٤ أيار ٢٠٢٦",
        authors=("سارة",),
        aliases=("https://t.example/a",),
    )
    scene.admit(draft, page=replace(page(b"<p>first</p>" * 9), requested="https://tigris.example/short"))
    scene.later(minutes=5)
    for sending in scene.claims():
        scene.write(outbox.sent, sending, 1, scene.now)
    scene.later(minutes=55)
    scene.admit(replace(draft, text=SECOND), page=page(b"<p>second</p>" * 9))
    scene.admit(scene.draft("gazette", "Same", SECOND))
    scene.write(withdrawals.withdraw, "tigris", [draft.url], scene.later(hours=1))
    return scene.article(draft.url)


def test_its_four_times_its_story_and_its_fate_are_told(rasad: Rasad, edited: Article) -> None:
    ended = rasad("article", edited.url)
    assert (ended.code, ended.err) == (0, "")
    told = facts(ended.out)
    assert told["article"] == ["#1 · Tigris Wire (private) · language unknown"]
    assert told["published"] == ['2026-05-14 06:25:00 UTC, printed as "١٤ أيار ٢٠٢٦"']
    assert told["fetched"] == ["2026-05-14 06:30:00 UTC"]
    assert told["recorded"] == ["2026-05-14 06:30:00 UTC"]
    assert told["alert sent"] == ["2026-05-14 06:35:00 UTC; 1 message told it"]
    assert told["withdrawn"] == ["its publisher took it back; seen 2026-05-14 08:30:00 UTC"]
    assert told["also at"] == ["https://t.example/a"]
    assert told["topic"] == ["qaani (breaking)"]
    assert told["story"] == [f"{edited.story}, carried by 1 more"]
    assert "#2 Gazette, 2026-05-14 07:30:00 UTC, copy: Same" in ended.out


def facts(out: str) -> dict[str, list[str]]:
    """What was told by its label."""
    found: dict[str, list[str]] = {}
    for each in out.splitlines():
        found.setdefault(each[:10].strip(), []).append(each[11:])
    return found


def test_it_is_found_by_number_and_by_any_of_its_addresses(rasad: Rasad, edited: Article) -> None:
    shown = rasad("article", "1").out
    for name in ("#1", edited.url, "https://t.example/a?utm_source=x"):
        assert rasad("article", name).out == shown


def test_an_edit_is_shown_word_by_word_in_its_own_direction(rasad: Rasad, edited: Article) -> None:
    out = rasad("article", "1").out
    assert "text 1 of 2, recorded 2026-05-14 06:30:00 UTC, until 2026-05-14 07:30:00 UTC" in out
    (changed,) = [each for each in out.splitlines() if "[-" in each]
    assert changed == (
        "\u2068[-وصل-]\u2069\u2068{+غادر+}\u2069 قاآني \u2068[-صباح-]\u2069\u2068{+مساء+}\u2069 اليوم"
        "\u2068[- إلى-]\u2069 بغداد."
    )


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("one two three", "one 2 three", ["one [-two-]{+2+} three"]),
        ("a\nb\nc", "a\nB\nc", ["[-b-]{+B+}"]),
        ("a b", "a\nb", ["a[- -]{+¶+}b"]),
        ("x " * 100 + "end", "x " * 100 + "END", ["x " * 29 + "x … " + "x " * 30 + "[-end-]{+END+}"]),
        ("بغداد 4", "بغداد 5", ["بغداد \u2068[-4-]\u2069\u2068{+5+}\u2069"]),
        ("same", "same", []),
    ],
)
def test_only_the_lines_of_a_change_are_shown(old: str, new: str, lines: list[str]) -> None:
    assert [told.plain for told in word_changes(diff(old, new), marks=True)] == lines


def test_on_a_terminal_colours_stand_in_for_brackets() -> None:
    (told,) = word_changes(diff("one two", "one 2"), marks=False)
    assert (told.plain, told.spans) == ("one two2", [Span(4, 7, "red strike"), Span(7, 8, "green underline")])


def test_the_evidence_of_each_text_is_hashed_anew(folder: Path, rasad: Rasad, edited: Article) -> None:
    out = rasad("article", "1").out
    assert out.count("intact, its hash is right") == 2
    assert "https://courier.example/1 after https://tigris.example/short answered 200, text/html" in out
    first, second = json.loads(rasad("article", "1", "--json").out)["texts"]
    assert [each["evidence"]["intact"] for each in (first, second)] == [True, True]
    Path(first["evidence"]["file"]).unlink()
    Path(second["evidence"]["file"]).write_bytes(b"damaged")
    ended = rasad("article", "1")
    assert ended.code == 1
    assert "cannot be read: No such file or directory." in ended.out
    assert "is damaged: it cannot be unpacked." in ended.out
    faults = [each["evidence"]["fault"] for each in json.loads(rasad("article", "1", "--json").out)["texts"]]
    assert all(faults)


def test_without_evidence_nothing_is_wrong(folder: Path, rasad: Rasad, edited: Article) -> None:
    config = (folder / "config.toml").read_text("utf-8").replace("[archive]", "[archive]\nevidence = false")
    (folder / "config.toml").write_text(config, encoding="utf-8")
    ended = rasad("article", "1", "--json")
    assert ended.code == 0
    assert [each["evidence"]["intact"] for each in json.loads(ended.out)["texts"]] == [None, None]


def test_as_json_it_has_the_changes_and_all_that_is_shown(rasad: Rasad, edited: Article) -> None:
    found = json.loads(rasad("article", "1", "--json").out)
    assert (found["published_raw"], found["first_alert"], found["messages"]) == (
        "١٤ أيار ٢٠٢٦",
        "2026-05-14T06:35:00Z",
        1,
    )
    assert found["withdrawn"] == "2026-05-14T08:30:00Z"
    assert [each["id"] for each in found["carriers"]] == [2]
    first, second = found["texts"]
    assert first["changes"] is None
    assert second["changes"]["text"][:2] == [["removed", "وصل"], ["added", "غادر"]]
    assert "".join(text for kind, text in second["changes"]["text"] if kind != "removed") == SECOND


def test_a_post_is_told_with_what_it_shows_and_whom_it_was_passed_on_from(scene: Scene, rasad: Rasad) -> None:
    scene.publishes("karun", "الأصل", "نص الخبر الأصلي هنا.", url="https://t.me/lake/5")
    seen = Post(
        8, 10, 950, forwarded_from="قناة البحيرة", forwarded_url="https://t.me/lake/5", media=("photo", "video")
    )
    scene.publishes("tigris", "الخبر", "نص الخبر كما وصلنا.", url="https://t.me/river/8", post=seen)
    told = facts(rasad("article", "https://t.me/river/8").out)
    assert told["post"] == ["8–10, an album, with photo, video"]
    assert told["views"] == ["950 on 2026-05-14 06:30:00 UTC"]
    assert told["forwarded"] == ["from قناة البحيرة https://t.me/lake/5, here #1"]


@pytest.mark.parametrize(
    ("which", "reason"),
    [
        ("99", "no article '99' is in the archive"),
        ("https://nowhere.example/", "no article 'https://nowhere.example/' is in the archive"),
        ("qaani", "'qaani' is neither an http address nor the number of an article"),
        ("9" * 30, f"'{'9' * 30}' is neither an http address nor the number of an article"),
    ],
)
def test_what_is_no_article_is_one_line(scene: Scene, rasad: Rasad, which: str, reason: str) -> None:
    ended = rasad("article", which)
    assert (ended.code, ended.out, ended.err) == (2, "", f"rasad: {reason}\n")


def test_what_would_steer_a_terminal_is_not_shown(scene: Scene, rasad: Rasad) -> None:
    draft = scene.draft("tigris", "A \u202etitle", "Text \x1b[31m one of it.", published_raw="\x1b[2J")
    scene.admit(draft, page=replace(page(b"x"), headers={"content-type": "\x1b]0;x"}))
    scene.admit(replace(draft, text="Text \x1b[31m two of it."), page=page(b"y"))
    assert not {"\x1b", "\u202e"} & set(rasad("article", "1").out)


def test_a_warc_that_lacks_a_document_says_so_with_exit_1(folder: Path, rasad: Rasad, edited: Article) -> None:
    ended = rasad("export", "--format", "warc", "--output", "all.warc")
    assert (ended.code, ended.err) == (0, "2 documents of 2 articles (1 have none) written to all.warc\n")
    for file in (folder / "data" / "evidence").rglob("*.zst"):
        file.write_bytes(b"damaged")
    ended = rasad("export", "tigris OR قاآني", "--format", "warc", "--output", "all.warc")
    assert (ended.code, len(ended.err.splitlines())) == (1, 3)
    assert ended.err.splitlines()[-1] == "0 documents of 2 articles (1 have none) written to all.warc"
