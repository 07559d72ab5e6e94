import pytest

from core.errors import ConfigError, InputError, QueryError
from core.model import NameSet, Topic
from core.rules.match import compile_query, compile_rules
from core.rules.refusals import told, told_with_place
from core.tongue import LANGUAGES

TOO_LONG = "a" * 100_001
WRONG = [
    "", "a AND", "(a b", "a ) b", 'قاآني "بغداد', "titel:a", "a / b", "a $", "NOT a", '""', "{-}", "a ((_))",
    "a NEAR (b NOT c)", "a NEAR/51 b", 'x "a b"~51', "ATLEAST/3(a, b)", "(" * 200, "-" * 200 + "a", TOO_LONG,
    '"._."', 'story:"ten"', "date:soon", "date:2026-02-30", "date:2026..2025", "ab*", "a*bcd", "@qani", "source:(a b)",
    '=("a")', '="🙂"', "a =🙂",
]  # fmt: skip


def refusal(rule: str) -> QueryError:
    with pytest.raises(QueryError) as refused:
        compile_query(rule, {"qaani": NameSet("qaani", {}, ())})
    return refused.value


@pytest.mark.parametrize("rule", WRONG)
def test_every_refusal_of_a_query_has_words_in_the_readers_language(rule: str) -> None:
    error = refusal(rule)
    arabic, persian = told("ar", error), told("fa", error)
    assert told("en", error) == error.message
    assert len({error.message, arabic, persian}) == len(LANGUAGES)
    assert all(any("\u0621" <= letter <= "\u06cc" for letter in words) for words in (arabic, persian))


def test_the_words_name_what_is_wrong_where_it_is_and_what_may_be_meant() -> None:
    error = refusal("بغداد @qani")
    assert told("en", error) == "there is no name @qani (did you mean @qaani?)"
    assert told_with_place("fa", error) == (
        "سطر ۱، نویسهٔ ۷: نامی به شکل @\u2068qani\u2069 نیست (منظورتان \u2068@qaani\u2069 است؟)"
    )
    assert told_with_place("ar", refusal(TOO_LONG)).endswith("عدد الأحرف 100,001، والحد الأقصى 100,000")
    assert "۱۰۰٬۰۰۰" in told("fa", refusal(TOO_LONG))


def test_what_steers_the_eye_and_line_ends_do_not_come_back_in_the_words() -> None:
    assert told("ar", refusal("date:2026\u202e31")).count("\u202e") == 0
    assert "\n" not in told("fa", refusal('story:"a\nb"'))


def test_an_error_of_another_kind_is_told_as_it_is() -> None:
    assert told("fa", InputError("no such file")) == "no such file"
    assert told_with_place("ar", ConfigError("config.toml", ())) == ""


def test_circles_are_told_too() -> None:
    circle = {"a": Topic("a", {}, "topic:b x"), "b": Topic("b", {}, "topic:a x")}
    with pytest.raises(QueryError) as refused:
        compile_rules({}, circle)
    assert "إلى نفسه" in told("ar", refused.value)
