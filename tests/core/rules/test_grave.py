"""A breaking hit tells which words of @grave made it so: by them a story knows that something grave is claimed."""

import pytest

from core.model import Topic
from core.rules.match import RuleSet, compile_rules
from tests.core.newsdesk import article, name

NAMES = {
    each.id: each
    for each in (
        name("qaani", ["Qaani", "قاآني", "قاآنی"]),
        name("grave", ["@grave_act"], title=""),
        name("grave_act", ["killed", "مقتل", "کشته شد"], title=""),
    )
}


def rules(**levels: str) -> RuleSet:
    return compile_rules(NAMES, {"qaani": Topic("qaani", {}, "@qaani", levels=levels)})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Qaani was killed in Tehran", ["killed"]),
        ("مقتل قاآني في طهران", ["مقتل"]),
        ("سردار قاآنی کشته شد", ["کشته شد"]),
        ("Qaani came to Tehran", []),
    ],
)
def test_the_grave_words_are_marked(text: str, words: list[str]) -> None:
    [hit] = rules(breaking="@grave NEAR/5 @qaani").match(article(text)).topics
    assert [text[span.start : span.end] for span in hit.grave] == words


def test_what_is_breaking_for_another_reason_is_not_grave() -> None:
    [hit] = rules(breaking="title:@qaani").match(article("Others were killed.", title="Qaani in Baghdad")).topics
    assert (hit.level, hit.grave) == ("breaking", ())


def test_a_config_without_grave_words_has_none() -> None:
    topics = {"qaani": Topic("qaani", {}, "@qaani killed", "breaking")}
    [hit] = compile_rules({"qaani": NAMES["qaani"]}, topics).match(article("Qaani was killed")).topics
    assert (hit.level, hit.grave) == ("breaking", ())
