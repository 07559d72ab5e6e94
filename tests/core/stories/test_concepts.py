"""From words of three languages to the same concepts."""

from pathlib import Path

import pytest

from core.errors import ConfigError
from core.stories.concepts import LANGUAGES, compile_concepts, is_name
from core.stories.fingerprints import own_words
from core.stories.numerals import number
from core.text import fold, tokenise
from tests.core.newsdesk import name

LEXICON = """
# id | Arabic | Persian | English
c.iran | إيران,الإيراني* | ایران* | iran*
l.gulfoman | بحر عمان | دریای عمان | gulf of oman
p.leader | المرشد الأعلى | خامنه‌ای | supreme leader
m.mehr | وكالة مهر | خبرگزاری مهر | mehr
e.strike | ضربة,غارة,قصف | بمباران* | strike*
w.drone | مسيرة | پهپاد* | drone*
"""
CONCEPTS = compile_concepts(LEXICON)
SHIPPED = (Path(__file__).parents[3] / "lexicon" / "concepts.txt").read_text(encoding="utf-8")


def found(text: str, language: str | None) -> list[str]:
    return [mention.concept for mention in CONCEPTS.find([token.form for token in tokenise(text)], language)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "غارة على بحر عمان بمسيرة إيرانية"),
        ("fa", "بمباران در دریای عمان با پهپادهای ایرانی"),
        ("en", "Strikes in the Gulf of Oman by an Iranian drone"),
    ],
)
def test_three_languages_speak_of_the_same(language: str, text: str) -> None:
    assert {"e.strike", "l.gulfoman", "w.drone"} <= set(found(text, language))


def test_a_word_counts_in_its_own_language_only() -> None:
    assert found("ماه مهر", "fa") == []
    assert found("خبرگزاری مهر", "fa") == ["m.mehr"]
    assert found("iran", "fa") == []
    assert found("iran", None) == ["c.iran"]


def test_a_clitic_hides_no_concept() -> None:
    assert found("والغارة", "ar") == ["e.strike"]


@pytest.mark.parametrize("spelling", ["خامنه‌ای", "خامنه ای", "خامنهای"])
def test_a_half_space_hides_no_concept(spelling: str) -> None:
    assert found(spelling, "fa") == ["p.leader"]


def test_a_phrase_is_none_when_a_word_is_missing() -> None:
    assert found("gulf of", "en") == []
    assert found("the gulf of aden", "en") == []


def test_number_words_and_digits_are_one_concept() -> None:
    assert found("خمسة", "ar") == found("۵", "fa") == found("five", "en") == ["#5"]


@pytest.mark.parametrize(("word", "value"), [("136", 136), ("سوم", 3), ("الثالث", 3), ("مائة", 100), ("یک", None)])
def test_numbers(word: str, value: int | None) -> None:
    assert number(fold(word)) == value


def test_an_address_is_no_number() -> None:
    assert number("9" * 13) is None


def test_a_configured_name_is_one_concept_in_every_language() -> None:
    concepts = compile_concepts(LEXICON, {"bridge": name("bridge", ["River Bridge", "جسر النهر", "@other"])})
    for text in ("the River Bridge", "على جسر النهر"):
        words = [token.form for token in tokenise(text)]
        assert "@bridge" in {mention.concept for mention in concepts.find(words, "en")}


def test_who_and_where_are_names_and_what_happens_is_not() -> None:
    assert is_name("l.gulfoman") and is_name("@bridge")
    assert not is_name("e.strike") and not is_name("#5")


@pytest.mark.parametrize(
    ("concept", "language", "word"),
    [
        ("c.iran", "ar", "إيران"),
        ("c.iran", "fa", "ایران"),
        ("e.strike", "de", "ضربة"),
        ("#5", "fa", "5"),
        ("@nobody", "en", "nobody"),
    ],
)
def test_a_concept_is_shown_by_its_first_word(concept: str, language: str, word: str) -> None:
    assert CONCEPTS.title(concept, language) == word


def test_a_line_with_a_column_missing_is_a_fault_with_its_place() -> None:
    with pytest.raises(ConfigError, match=r"concepts\.txt:2:1"):
        compile_concepts("c.one | أ | آ | a\nc.two | ب | b\n")


def test_every_shipped_concept_has_an_id_of_its_own() -> None:
    compile_concepts(SHIPPED)
    ids = [line.split("|")[0].strip() for line in SHIPPED.splitlines() if line.strip() and line[0] != "#"]
    assert len(ids) == len(set(ids))
    assert all(line.count("|") == len(LANGUAGES) for line in SHIPPED.splitlines() if line.strip() and line[0] != "#")


@pytest.mark.parametrize(
    ("language", "text", "wrong"),
    [
        ("fa", "شهر سلیمانیه", "p.soleimani"),
        ("ar", "مدينة السليمانية", "p.soleimani"),
        ("ar", "صور جديدة من الموقع", "l.tyre"),
        ("fa", "هفتم مهر ماه", "m.mehr"),
        ("ar", "شاهد العيان", "v.shahed"),
        ("ar", "ليلة القدر", "v.qadr"),
        ("ar", "ضوء بدر", "o.badr"),
        ("ar", "عمان عاصمة الأردن", "c.oman"),
        ("en", "He told us who may feel dense banks", "c.us"),
        ("en", "He told us who may feel dense banks", "o.who"),
        ("en", "He told us who may feel dense banks", "n.may"),
        ("en", "He told us who may feel dense banks", "e.fee"),
        ("en", "He told us who may feel dense banks", "e.deny"),
        ("en", "He told us who may feel dense banks", "e.ban"),
    ],
)
def test_what_is_also_something_else_needs_a_phrase(language: str, text: str, wrong: str) -> None:
    assert wrong not in {mention.concept for mention in compile_concepts(SHIPPED).find(own_words(text), language)}


@pytest.mark.parametrize("text", ["US-led forces", "the U.S. army", "USA", "واشنطن: US"])
def test_initials_are_told_from_the_pronoun_by_their_capitals(text: str) -> None:
    assert "c.us" in {mention.concept for mention in compile_concepts(SHIPPED).find(own_words(text), "en")}
