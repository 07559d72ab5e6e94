"""Which articles a rule is true of, and which of their words it marks."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import QueryError
from core.model import Topic
from core.rules.candidates import Adjacent, AllOf, AnyOf, Candidate, Everything, Fact, Lacks, Stem, Word
from core.rules.lexicon import Document
from core.rules.match import QUERY, compile_query, compile_rules
from core.text import WORD, index_tokens, tokenise
from tests.core.newsdesk import article, day, finds, marked, name, sees

ZWNJ = "\u200c"
QUDS = name("quds_force", ["Quds Force", "فيلق القدس", "نیروی قدس"])


# --- words and phrases ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "text", "marks"),
    [
        ("qaani", "Then Qaani’s aide spoke", ["Qaani"]),
        ("Qa'ani", "then QA’ANI spoke", ["QA’ANI"]),
        ("al-Sadr", "said Sadr and al-Sadr", ["Sadr", "Sadr"]),
        ('"Muqtada Sadr"', "said Muqtada al-Sadr.", ["Muqtada al-Sadr"]),
        ('"Muqtada al-Sadr"', "said Muqtada Sadr.", ["Muqtada Sadr"]),
        ("قاآني", "زار القائد وقَاآنِـي بغداد", ["وقَاآنِـي"]),
        ("الحشد", "قانون للحشد والحشد", ["للحشد", "والحشد"]),
        ("حشد", "بالحشد #الحشد_الشعبي", ["بالحشد", "الحشد"]),
        ("الحشد", "حشد من الناس", None),
        ('"الحشد الشعبي"', "#الحشد_الشعبي يعلن", ["الحشد_الشعبي"]),
        ('"الحشد الشعبي"', "هيئة الحشدالشعبي", ["الحشدالشعبي"]),
        ('"حشد شعبی"', "نیروهای حشدالشعبی و حشد‌الشعبی", ["حشدالشعبی", "حشد‌الشعبی"]),
        ('"حزب الله"', f"حزب{ZWNJ}الله لبنان", [f"حزب{ZWNJ}الله"]),
        (f"حزب{ZWNJ}الله", "حزب الله وحزبالله", ["حزب الله", "وحزبالله"]),
        ("خامنهای", f"خامنه{ZWNJ}ای", [f"خامنه{ZWNJ}ای"]),
        (f"خامنه{ZWNJ}ای", "خامنه اي، خامنهای", ["خامنه اي", "خامنهای"]),
        ("موشک", f"موشک{ZWNJ}های و موشکها", ["موشک‌های", "موشکها"]),
        ("قدس", f"سپاه{ZWNJ}قدس", ["قدس"]),
        ('"فرمانده سپاه"', f"فرمانده سپاه{ZWNJ}قدس", ["فرمانده سپاه"]),
        ('"حزب الله"', "زعيم لحزب الله وحزب الله", ["لحزب الله", "وحزب الله"]),
        ("عصائب", "عصابات مسلحة", None),
        ("السليماني", "محافظة السليمانية", None),
        ('"drone strike"', "a drone, strike", ["drone, strike"]),
        ('"drone strike"', "drone and strike", None),
        ("F-35", "two F‑35 and F 35 jets", ["F‑35", "F 35"]),
        ("bagh", "Baghdad", None),
    ],
)
def test_a_word_is_found_as_natives_write_it(rule: str, text: str, marks: list[str] | None) -> None:
    assert finds(rule, text) == marks


@pytest.mark.parametrize("typed", ["خامنه‌ای", "خامنه ای", "خامنه‌اي", "خامنه اي", "خامنهای", "خامنهاي", '"خامنه ای"'])
@pytest.mark.parametrize("printed", ["خامنه‌ای", "خامنه ای", "خامنه‌اي", "خامنه اي", "خامنهای", "خامنهاي"])
def test_keyboards_and_half_spaces_never_change_the_result(typed: str, printed: str) -> None:
    assert finds(typed, f"به گزارش رسانه‌ها {printed} گفت") is not None


# --- operators --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "text", "marks"),
    [
        ("Baghdad Erbil", "Erbil, then Baghdad", ["Erbil", "Baghdad"]),
        ("Baghdad Erbil", "Baghdad", None),
        ("بغداد OR أربيل", "في اربيل", ["اربيل"]),
        ("بغداد [أو] أربيل", "في بغداد", ["بغداد"]),
        ("تهران NOT بغداد", "در تهران", ["تهران"]),
        ("تهران NOT بغداد", "در تهران و بغداد", None),
        ("(a OR b) (c OR d)", "a d", ["a", "d"]),
        ("a (b OR NOT c)", "a", ["a"]),
        ("a NOT (b c)", "a b", ["a"]),
        ("a NOT (b c)", "a b c", None),
    ],
)
def test_operators(rule: str, text: str, marks: list[str] | None) -> None:
    assert finds(rule, text) == marks


def test_a_field_looks_in_its_part_of_the_article_only() -> None:
    scene = article("body of Baghdad", title="Talks in Erbil", summary="A lead on Basra")
    assert finds("title:Erbil", scene) == ["Erbil"]
    assert finds("title:Baghdad", scene) is None
    assert finds("lead:Basra body:Baghdad", scene) == ["Basra", "Baghdad"]
    assert finds("text:(Basra Baghdad)", scene) == ["Basra", "Baghdad"]
    assert finds("text:Erbil", scene) is None
    assert finds("Erbil Basra NOT title:Basra", scene) == ["Erbil", "Basra"]


def test_a_phrase_never_runs_from_the_title_into_the_text() -> None:
    assert finds('"Quds Force"', article("Force of nature", title="Al-Quds")) is None


def test_what_is_known_of_an_article_can_be_asked() -> None:
    scene = article(
        "Baghdad", source="press-tv", language="en", authors=("Ada Writer",), url="https://a.example/iraq/1"
    )
    assert finds("Baghdad source:press-tv lang:en", scene) == ["Baghdad"]
    assert finds("Baghdad lang:(ar OR fa)", scene) is None
    assert finds('Baghdad author:"ada writer" url:"/iraq/"', scene) == ["Baghdad"]
    assert finds("Baghdad NOT source:press-tv", scene) is None


# --- nearness ------------------------------------------------------------------------------------------------------

NEWS = "قال ضابط إن قاآني قتل في بغداد. وقال مسؤول إن الخبر كاذب."


@pytest.mark.parametrize(
    ("rule", "text", "marks"),
    [
        ("Qaani NEAR/2 killed", "Qaani was reportedly killed", ["Qaani", "killed"]),
        ("Qaani NEAR/1 killed", "Qaani was reportedly killed", None),
        ("killed NEAR/2 Qaani", "Qaani was reportedly killed", ["Qaani", "killed"]),
        ("killed ONEAR/2 Qaani", "Qaani was reportedly killed", None),
        ("Qaani ONEAR/2 killed", "Qaani was reportedly killed", ["Qaani", "killed"]),
        ("Qaani ONEAR/2 killed", "killed. Qaani was killed; killed, then, Qaani", ["Qaani", "killed", "killed"]),
        ("قاآني NEAR/3 بغداد", NEWS, ["قاآني", "بغداد"]),
        ("قاآني [قرب/3] بغداد", NEWS, ["قاآني", "بغداد"]),
        ("قاآنی [نزدیک/2] (بغداد [یا] تهران)", "قاآنی در شهر تهران", ["قاآنی", "تهران"]),
        ("a NEAR/1 (b c)", "a b then c a", ["a", "b", "c", "a"]),
        ("a NEAR/1 (b c)", "a b then then c", None),
        ("(a OR b) NEAR/1 c", "a then then then b c", ["b", "c"]),
        ("a NEAR a", "a", None),
        ("Badr NOTNEAR/3 battle", "the battle of Badr; and later, at last, the Badr bloc", ["Badr"]),
        ("بدر NOTNEAR/3 معركة", "معركة بدر", None),
        ("Badr NOTNEAR/3 battle", "Badr", ["Badr"]),
        ("قاآني SENT بغداد", NEWS, ["قاآني", "بغداد"]),
        ("قاآني SENT كاذب", NEWS, None),
        ("Ghani SENT Baghdad", "Gen. Ghani of the U.S. list was in Baghdad.", ["Ghani", "Baghdad"]),
        ('"Quds Force"~2', "the Quds special operations Force", ["Quds special operations Force"]),
        ('"Quds Force"~1', "the Quds special operations Force", None),
        ('"فيلق القدس"~1', "فيلق حرس القدس", ["فيلق حرس القدس"]),
    ],
)
def test_nearness(rule: str, text: str, marks: list[str] | None) -> None:
    assert finds(rule, text) == marks


def test_the_title_is_never_near_the_text() -> None:
    assert finds("Qaani NEAR/50 killed", article("killed", title="Qaani")) is None


# --- spellings, wildcards, counts, fields --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "text", "marks"),
    [
        ("=نجباء", "النجباء نجبا نجباء", ["نجباء"]),
        ("=Qaani", "QAANI Qa'ani", ["QAANI"]),
        ('="حركة النجباء"', "حركة النجبا ثم حركة النُّجباء", ["حركة النُّجباء"]),
        ("{US}", "tell us of the US", ["US"]),
        ("{Badr Bloc}", "the badr bloc, the Badr Bloc", ["Badr Bloc"]),
        ("dron*", "drone, drones, droning, dr", ["drone", "drones", "droning"]),
        ("*nuclear", "antinuclear nuclear nuclearize", ["antinuclear", "nuclear"]),
        ("wom?n", "women and woman, womaan", ["women", "woman"]),
        ("ميليش*", "والميليشيات وميليشيا مليشيا", ["والميليشيات", "وميليشيا"]),
        ("شبه‌نظام*", "شبه‌نظامیان", ["شبه‌نظامیان"]),
        ('"drone strik*"', "a drone striking, a drone strike", ["drone striking", "drone strike"]),
        ("ATLEAST/2(a, b, c)", "a c", ["a", "c"]),
        ("ATLEAST/2(a, b, c)", "a a", None),
        ("SCORE/5(a^2, b^1)", "a a b", ["a", "a", "b"]),
        ("SCORE/5(a^2, b^1)", "a b b", None),
        ("SCORE/5(a^2, b^1)", "b b b b b", None),
        ("SCORE/5(a^2, b^1x9)", "b b b b b", ["b", "b", "b", "b", "b"]),
        ("SCORE/2(a^2, b^-1)", "a b", None),
        ("tag:الحشد_الشعبي", "الحشد الشعبي #الحشد_الشعبي", ["الحشد_الشعبي"]),
        ("tag:iraq", "Iraq", None),
    ],
)
def test_spellings_wildcards_counts_and_tags(rule: str, text: str, marks: list[str] | None) -> None:
    assert finds(rule, text) == marks


@pytest.mark.parametrize("rule", ["ab*", "*abc", "a*bcdef", "?abcd", "قا*"])
def test_a_wildcard_that_means_half_of_the_language_is_refused(rule: str) -> None:
    with pytest.raises(QueryError, match="letters"):
        finds(rule, "")


@pytest.mark.parametrize(
    ("rule", "true"),
    [
        ("date:2026-05-14", True),
        ("date:2026-05", True),
        ("date:2026", True),
        ("date:2026-05-01..2026-05-13", False),
        ("date:2026-05-01..2026-05", True),
        ("date:۱۴۰۵/۰۲", True),
        ("date:۱۴۰۵/۰۲/۲۴", True),
        ("date:1405-03", False),
        ("date:1447-11", True),
        ("date:1448", False),
    ],
)
def test_a_date_is_asked_for_in_three_calendars(rule: str, true: bool) -> None:
    scene = article("Baghdad", published=day("2026-05-14"))
    assert (finds(f"Baghdad {rule}", scene) is not None) is true


@pytest.mark.parametrize(
    "rule", ["a date:yesterday", "a date:2026-13", "a date:2026..2025", "a story:x", "a lang:(b c)"]
)
def test_a_value_that_a_field_cannot_have_is_refused(rule: str) -> None:
    with pytest.raises(QueryError):
        compile_query(rule, {})


def test_a_topic_may_be_asked_for_by_another_but_not_by_itself() -> None:
    topics = {"a": Topic("a", {}, "alpha"), "b": Topic("b", {}, "topic:a beta")}
    found = compile_rules({}, topics).match(article("alpha beta"))
    assert [hit.topic for hit in found.topics] == ["a", "b"]
    with pytest.raises(QueryError, match="refers to itself"):
        compile_rules({}, {"a": Topic("a", {}, "alpha OR topic:a")})


def test_a_name_may_be_asked_for_as_a_field() -> None:
    assert finds("name:quds_force", "the Quds Force", QUDS) == ["Quds Force"]


# --- topics -----------------------------------------------------------------------------------------------------


def test_a_topic_is_raised_and_lowered_by_its_level_rules_and_breaking_wins() -> None:
    topic = Topic("t", {}, "@quds_force", levels={"breaking": "title:killed", "low": "anniversary"})
    rules = compile_rules({QUDS.id: QUDS}, {"t": topic})

    def level(title: str, text: str) -> str:
        return rules.match(article(text, title=title)).topics[0].level

    assert level("Talks", "the Quds Force") == "normal"
    assert level("Talks", "anniversary of the Quds Force") == "low"
    assert level("Two killed", "anniversary of the Quds Force") == "breaking"


def test_marks_inside_one_another_are_shown_once() -> None:
    scene = article("the Quds Force of Iran")
    hit = compile_query('@quds_force OR Quds OR "Quds Force of Iran"', {QUDS.id: QUDS}).match(scene).topics[0]
    assert marked(hit, scene) == ["Quds Force of Iran"]


def test_an_empty_article_matches_nothing() -> None:
    assert sees(compile_rules({QUDS.id: QUDS}, {}), "") == {}


def test_rules_that_know_how_frequent_words_are_find_the_same() -> None:
    topic = Topic("t", {}, "strike AND (drone OR missile)")
    plain = compile_rules({}, {"t": topic})
    known = plain.knowing({"strike": 90_000, "drone": 3, "missile": 5})
    for text in ("a drone strike", "a missile strike", "a strike", "drone"):
        assert known.match(article(text)) == plain.match(article(text))
    assert known._anchored != plain._anchored, "they are tried when the rarer word occurs"


def test_a_rule_with_an_unknown_name_is_refused_at_its_place() -> None:
    with pytest.raises(QueryError, match="did you mean @quds_force") as refused:
        compile_query("Baghdad OR @quds_forse", {QUDS.id: QUDS})
    assert (refused.value.line, refused.value.column) == (1, 12)


@pytest.mark.parametrize(
    "text",
    [
        "Quds " + "al " * 100_000 + "Force",
        "حزب\u200c" * 50_000,
        "ا" * 1_000_000,
        "Quds " * 20_000,
        "a" + "'" * 500_000 + "b\u0301" * 200_000,
    ],
)
def test_a_hostile_text_costs_time_in_proportion(text: str) -> None:
    rules = compile_query("@quds_force OR حزب‌الله OR Quds NEAR/50 Quds OR *fatal OR خامن*", {QUDS.id: QUDS})
    began = time.process_time()
    rules.match(article(text))
    assert index_tokens(text)
    assert time.process_time() - began < 6


# --- candidates -------------------------------------------------------------------------------------------------


def holds(candidate: Candidate, words: list[str]) -> bool:  # noqa: PLR0911  # one answer for each kind
    """What an index answers."""
    match candidate:
        case Everything():
            return True
        case Word(forms):
            return not set(words).isdisjoint(forms)
        case Adjacent(forms):
            runs = (words[start : start + len(forms)] for start in range(len(words) - len(forms) + 1))
            return any(all(word in each for word, each in zip(run, forms, strict=True)) for run in runs)
        case Fact():
            return True
        case Lacks(forms):
            return set(words).isdisjoint(forms)
        case Stem(start):
            return any(word.startswith(start) for word in words)
        case AllOf(parts):
            return all(holds(part, words) for part in parts)
        case AnyOf(parts):
            return any(holds(part, words) for part in parts)


WORDS = [
    "قاآني",
    "وقاآني",
    "القدس",
    "فيلق",
    "بفيلق",
    "نیروی",
    "قدس",
    "حزب",
    "الله",
    "خامنه",
    "ای",
    "Quds",
    "Force",
    "al",
]
TEXTS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", ZWNJ, "", "_", ", "])), max_size=12).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
OTHERS = [
    "@quds_force",
    '"فيلق القدس"',
    f"خامنه{ZWNJ}ای",
    "حزبالله",
    "title:قدس",
    "=القدس",
    "{Quds}",
    "قاآ*",
    '"قدس al"~3',
]
OPERATORS = [" ", " OR ", " NOT ", " NEAR ", " ONEAR ", " NOTNEAR ", " SENT "]
RULES = st.recursive(
    st.sampled_from([*WORDS, *OTHERS]),
    lambda inner: st.tuples(inner, st.sampled_from(OPERATORS), inner).map("".join).map("({})".format),
    max_leaves=5,
)


@given(RULES, TEXTS, TEXTS)
def test_the_index_finds_every_article_that_a_rule_is_true_of(rule: str, title: str, text: str) -> None:
    try:
        rules = compile_query(rule, {QUDS.id: QUDS})
    except QueryError:
        return  # a NOT inside a NEAR
    if rules.match(article(text, title=title)).topics:
        assert rules.match(article(text, title=title)).topics[0].topic == QUERY
        assert holds(rules.candidates(), index_tokens(f"{title} {text}").split())


@given(TEXTS)
def test_a_text_is_found_by_itself(text: str) -> None:
    words = " ".join(token.form for token in tokenise(text))
    if words and "al al al al" not in words:  # so many articles in a row are no language
        assert finds(f'"{text}"', text) is not None


# --- shortcuts -----------------------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(st.text(st.sampled_from("aab'’\u200c\u200dـ َ-_ .\n"), max_size=30))
def test_a_mark_stands_where_its_word_stands(text: str) -> None:
    words = list(WORD.finditer(text))
    for in_turn in (range(len(words)), reversed(range(len(words)))):
        document = Document(article(text), ([], [], [word.group() for word in words]))
        assert all(document.start(2, at) == words[at].start() for at in in_turn)
        document.sentences(2)
        assert [document.start(2, at) for at in range(len(words))] == [word.start() for word in words]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["حزب", "الله", "حزبالله", "می‌شود", "Qa'ani", "x", "من"]), max_size=700), st.integers(0, 9)
)
def test_a_level_is_what_matching_says_wherever_a_long_text_is_cut(words: list[str], shift: int) -> None:
    scene = article("z" * shift + " " + " ".join(words))
    for rule in ('"حزب الله"', "شود OR Qaani", "ani", "zz"):
        rules = compile_query(rule, {})
        assert rules.level(scene) == max((hit.level for hit in rules.match(scene).topics), default=None)
