"""What subscribers read: golden files to look at, laws that hold for any text, hostile payloads."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.excerpt import excerpt
from alerts.lists import listing
from alerts.message import LIMIT, Message, words
from alerts.rendering import render
from alerts.typesetting import clip, first_strong, graphemes, safe, units
from core.messages import Card
from core.model import Edit, Span
from core.tongue import LANGUAGES
from tests.alerts.stories import DOUBT, HEALTH, PROBE, TITLES, TOPICS, card, notices, sending
from tests.bot_api_rules import check, parsed_html

GOLDEN = Path(__file__).parent / "golden"
VISIBLE_MARKS = {"\u200e": "[LRM]", "\u200f": "[RLM]", "\u2068": "[", "\u2069": "]"}


def rendered(*cards: Card, language: str = "en") -> Message:
    [message] = render(sending(*cards, language=language), topics=TOPICS)
    return message


def in_order(text: str) -> str:
    """The text with its invisible marks to be seen."""
    for mark, sign in VISIBLE_MARKS.items():
        text = text.replace(mark, sign)
    return text + "\n"


def valid(message: Message) -> None:
    """By the Bot API's rules, formatted and plain, and by our own limit."""
    check("sendMessage", {"chat_id": 5, "text": message.html, "parse_mode": "HTML"})
    check("sendMessage", {"chat_id": 5, "text": message.plain})
    assert message.length <= LIMIT
    assert units(parsed_html(message.html)[0]) <= LIMIT
    for text in (message.plain, parsed_html(message.html)[0]):
        assert text.count("\u2068") == text.count("\u2069")


# --- to look at ---


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "kind",
    [
        "alert", "foreign", "undated", "digest", "burst", "latest", "notice", "doubt", "health",
        "unconfirmed", "denial", "second_source", "withdrawal", "edited",
    ],
)  # fmt: skip
def test_messages_read_as_approved(kind: str, language: str) -> None:
    other = {"en": "ar", "ar": "fa", "fa": "en"}[language]
    messages = {
        "alert": lambda: [rendered(card(language, also=("شفق", "INA", "ایرنا")), language=language)],
        "foreign": lambda: [rendered(card(other, affiliation="foreign state"), language=language)],
        "undated": lambda: [
            rendered(card(language, published=None, topics=(("council", "low"),), also=("INA",)), language=language)
        ],
        "digest": lambda: list(
            render(sending(card(language), card(other), language=language, kind="digest", total=57), topics=TOPICS)
        ),
        "burst": lambda: list(
            render(
                replace(sending(card(language), language=language, kind="digest", total=57), burst="شفق"),
                topics=TOPICS,
            )
        ),
        "health": lambda: list(render(notices(*HEALTH, language=language), topics=TOPICS)),
        "notice": lambda: list(render(notices(PROBE, PROBE, language=language), topics=TOPICS)),
        "doubt": lambda: list(render(notices(DOUBT, language=language), topics=TOPICS)),
        "unconfirmed": lambda: [rendered(card(language, unconfirmed="The Morning Paper"), language=language)],
        "denial": lambda: [
            rendered(
                card(language, turn="denial", about=TITLES[other], outlets=2, unlinked=1, also=("INA",)),
                language=language,
            )
        ],
        "second_source": lambda: [
            rendered(
                card(
                    language,
                    turn="second source",
                    about=TITLES[language],
                    formerly="شفق",
                    outlets=11,
                    unlinked=3,
                    also=("INA",) * 10,
                ),
                language=language,
            )
        ],
        "withdrawal": lambda: [
            rendered(card(language, turn="withdrawal", unconfirmed="The Morning Paper"), language=language)
        ],
        "edited": lambda: [
            rendered(card(language, edit=Edit(TITLES[other], ("قاآني", "F-35"), ("Badr",))), language=language)
        ],
        "latest": lambda: list(listing("F-35", [card(language), card(other, published=None)], language, "UTC")),
    }[kind]()
    for message in messages:
        valid(message)
    told = in_order("\n-----\n".join(message.html for message in messages))
    file = GOLDEN / f"{kind}_{language}.html"
    if not file.exists():  # delete a file to approve anew what is rendered now, and read it
        file.write_text(told, encoding="utf-8")
        pytest.fail(f"{file.name} was written: read it, then run again")
    assert told == file.read_text(encoding="utf-8")


# --- laws ---

TEXT = st.text(max_size=300) | st.text(
    st.sampled_from("abc إقاآني قاآنی‌ها 👩‍👩‍👧🇮🇶é\u0301\u0327 <>&\"'\n\t\u202e\u2066\u2069\u200f.\u061cﷺ"), max_size=400
)
LONG = st.builds(lambda text, times: text * times, TEXT, st.integers(1, 60))
SPANS = st.lists(
    st.builds(
        lambda field, start, length: Span(field, start, start + length),
        st.sampled_from(("title", "summary", "text")), st.integers(0, 9000), st.integers(0, 60),
    ),
    max_size=5,
)  # fmt: skip
NAMED = st.lists(TEXT).map(tuple)
EDITS = st.builds(Edit, LONG, NAMED, NAMED)
STANDINGS = st.fixed_dictionaries(
    {},
    optional={
        "turn": st.sampled_from(("denial", "second source", "withdrawal")),
        "about": LONG,
        "edit": EDITS,
        "unconfirmed": TEXT,
        "formerly": LONG,
        "outlets": st.integers(1, 999),
        "unlinked": st.integers(1, 999),
        "denied_by": NAMED,
    },
)
CARDS = st.builds(
    lambda title, text, summary, name, also, spans, url, standing: card(
        title=title, text=text, summary=summary, source_name=name, also=tuple(also), spans=tuple(spans), url=url,
        **standing,
    ),
    LONG, LONG, TEXT, TEXT, st.lists(TEXT, max_size=12), SPANS,
    TEXT | st.just("https://example.org/" + "x" * 1500) | st.just("https://example.org/a?b=1&c=<d>\"'"),
    STANDINGS,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(CARDS, st.sampled_from(LANGUAGES))
def test_any_article_becomes_a_valid_message(article: Card, language: str) -> None:
    message = rendered(article, language=language)
    valid(message)
    assert first_strong(message.plain) == ("L" if language == "en" else "R")
    for line in message.plain.split("\n"):
        assert line.startswith("https://") or first_strong(line) in {None, "L" if language == "en" else "R"}


@settings(max_examples=60, deadline=None)
@given(st.lists(CARDS, min_size=1, max_size=40), st.sampled_from(LANGUAGES))
def test_any_digest_is_valid_and_lists_every_story(articles: list[Card], language: str) -> None:
    messages = render(sending(*articles, language=language, kind="digest"), topics=TOPICS)
    for message in messages:
        valid(message)
    assert sum(run.bold and run.text != "" for message in messages for run in message.runs) == len(articles)


@pytest.mark.parametrize(("language", "weak"), [("en", "Unconfirmed"), ("ar", "خبر غير مؤكد"), ("fa", "خبر تأییدنشده")])
def test_a_grave_claim_in_a_digest_opens_with_its_weakness_too(language: str, weak: str) -> None:
    cards = (card(language), card(language, unconfirmed="INA"))
    [message] = render(sending(*cards, language=language, kind="digest"), topics=TOPICS)
    assert [line for line in message.plain.split("\n") if line.startswith(weak)] == [
        line for line in message.plain.split("\n") if "INA" in line
    ]
    valid(message)


def test_ten_ordinary_stories_are_one_digest() -> None:
    ordinary = [card("ar", url=f"https://example.org/news/{'x' * 100}/{number}") for number in range(10)]
    assert len(render(sending(*ordinary, language="ar", kind="digest", total=300), topics=TOPICS)) == 1


@pytest.mark.parametrize(
    ("language", "words_"), [("en", "Continued, 2 of "), ("ar", "تتمة، 2 من "), ("fa", "ادامه، ۲ از ")]
)
def test_a_long_list_is_split_between_stories(language: str, words_: str) -> None:
    many = [card(title=f"Story {number} " + "word " * 40) for number in range(40)]
    messages = render(sending(*many, language=language, kind="digest"), topics=TOPICS)
    assert len(messages) > 1
    assert messages[1].plain.startswith(words_)
    told = "".join(message.plain for message in messages)
    assert [f"Story {number} " in told for number in range(40)] == [True] * 40


@given(LONG, st.integers(1, 200))
def test_cutting_keeps_graphemes_whole(text: str, limit: int) -> None:
    cut = clip(text, limit)
    assert units(cut) <= limit
    if cut != text:
        kept = list(graphemes(cut.removesuffix("…")))
        assert kept == list(graphemes(text))[: len(kept)]


@given(TEXT, st.integers(0, 400), st.integers(1, 40))
def test_the_excerpt_shows_the_match(text: str, at: int, length: int) -> None:
    matched = "Qaani" * (1 + length // 20)
    body = text[:at] + " " + matched + " " + text[at:] * 10
    start = len(text[:at]) + 1
    pieces = excerpt(card(text=body, spans=(Span("text", start, start + len(matched)),)), 500)
    assert matched in "".join(piece.text for piece in pieces if piece.bold)
    assert units("".join(piece.text for piece in pieces)) <= 500


@given(st.text())
def test_safe_text_is_one_line_without_controls(text: str) -> None:
    assert not set(safe(text)) & set("\n\r\t\x00\x1b\x85\u2028\u2029\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\ufffe")
    assert safe(safe(text)) == safe(text)


# --- hostile and peculiar ---


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ('</b><a href="tg://user?id=1">x</a> & <tg-spoiler>', '</b><a href="tg://user?id=1">x</a> & <tg-spoiler>'),
        ("[x](https://y.example)_*`~", "[x](https://y.example)_*`~"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("safe\u202eelif.exe\u2066x", "safeelif.exex"),
        ("a\x00b\x1b[31mc\nd\u2028e", "ab[31mc d e"),
        ("tag\U000e0041\U000e0042s and 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", None),
        ("حزب\u200cالله می\u200cرود", "حزب\u200cالله می\u200cرود"),
        ("key\u200bword", "keyword"),
        ("\ud800half", "half"),
    ],
)
def test_hostile_titles_are_shown_verbatim_and_harmless(title: str, shown: str | None) -> None:
    message = rendered(card(title=title))
    valid(message)
    text, entities = parsed_html(message.html)
    if shown is None:
        shown = "tags and 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
    assert f"\u2068{shown}\u2069\n" in text
    assert {tag for tag, _ in entities} <= {"b", "a"}


@pytest.mark.parametrize("unit", ["😀", "👩‍👩‍👧", "🇮🇶", "e" + "\u0301" * 40, "ﷺ", "م", "👍🏽"])
def test_a_very_long_title_is_cut_between_its_characters(unit: str) -> None:
    message = rendered(card(title=unit * 4096))
    valid(message)
    [title, *_] = [words_ for tag, words_ in parsed_html(message.html)[1] if tag == "b"]
    bare = title.strip("\u2068\u2069").removesuffix("…")
    assert bare == unit * (len(bare) // len(unit))
    assert bare


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "java\tscript:x", "data:text/html,x", "http://", "", "https://e.example/a b", "ftp://x/"],
)
def test_only_web_addresses_become_links(url: str) -> None:
    message = rendered(card(url=url))
    assert not any(run.href for run in message.runs)
    assert not any(button.url for row in message.buttons for button in row)
    valid(message)


def test_a_link_stands_alone_on_its_line() -> None:
    message = rendered(card("ar", url="https://example.org/خبر?x=1&y=2"), language="ar")
    assert "https://example.org/خبر?x=1&y=2" in message.plain.split("\n")
    assert message.buttons[0][0].url == "https://example.org/خبر?x=1&y=2"


def test_the_highest_level_leads() -> None:
    assert rendered(card(topics=(("council", "low"), ("bridge", "breaking")))).plain.startswith("Breaking · ")
    assert rendered(card(topics=(("council", "low"),))).plain.startswith("Minor · ")


def test_matched_words_are_bold() -> None:
    _, entities = parsed_html(rendered(card("fa"), language="fa").html)
    assert ("b", "پل") in entities


def test_our_own_words_run_in_their_language() -> None:
    message = words("/help · جميع الأوامر\n\nتم", "ar")
    assert message.plain == "\u200f/help · جميع الأوامر\n\nتم"
