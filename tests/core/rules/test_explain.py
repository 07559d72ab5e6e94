"""Why a mention counted or not, and which part of a rule was true."""

import pytest

from core.model import Draft, Form
from core.rules.explain import Explainer, Part
from core.rules.match import compile_query, compile_rules
from tests.core.newsdesk import article, day, name

QUDS = name("quds_force", ["Quds Force", "فيلق القدس"])
QAANI = name(
    "qaani",
    ["Qaani", "قاآني", Form("قائد الفيلق", since=day("2020-01-03"))],
    not_=["poet Qaani"],
    weak=["Ghani", "قاني"],
    context=["@quds_force"],
    rivals=[],
)
GHANI = name("ashraf", ["Ashraf Ghani"], weak=["Ghani"], context=["Kabul"], rivals=["other"])
OTHER = name("other", ["Abdul Ghani"], weak=["Ghani"], context=["Lahore"], rivals=["ashraf"])
DESK = {each.id: each for each in (QUDS, QAANI)}


def told(text: Draft | str) -> list[tuple[str, str, str]]:
    found = Explainer(DESK, {}).explain(article(text) if isinstance(text, str) else text).mentions
    return [(reason.form, reason.counts, reason.why) for reason in found if reason.name == "qaani"]


@pytest.mark.parametrize(
    ("text", "form", "counts", "why"),
    [
        ("قال قاآني", "قاآني", "yes", "a form"),
        ("سردار قانی", "قاني", "yes", "a weak form: a rank or title stands before it"),
        ("قاني وفيلق القدس", "قاني", "yes", "a weak form: the context «وفيلق القدس» is near"),
        ("Ghani; later Qaani", "Ghani", "yes", "a weak form: the article names it in full: «Qaani»"),
        ("قال قاني", "قاني", "no", "a weak form without a rank before it or a context within 25 words"),
        ("the poet Qaani", "Qaani", "no", "a form, but it is part of «poet Qaani», which is listed under not"),
        ("علي قاآني", "قاآني", "no", "a form, but somebody else's first name stands before it"),
    ],
)
def test_every_mention_has_its_reason(text: str, form: str, counts: str, why: str) -> None:
    assert told(text)[0] == (form, counts, why)


def test_a_form_out_of_its_days_says_so() -> None:
    ((_, counts, why),) = told(article("قائد الفيلق", published=day("2019-01-01")))
    assert (counts, why) == ("no", "a form that is not valid on the article's date")


def test_what_rivals_share_is_ambiguous() -> None:
    names = {each.id: each for each in (GHANI, OTHER)}
    found = Explainer(names, {}).explain(article("Ghani said"))
    assert {(reason.name, reason.counts) for reason in found.mentions} == {
        ("ashraf", "ambiguous"),
        ("other", "ambiguous"),
    }


def test_a_rule_is_told_part_by_part() -> None:
    rules = compile_query("(Qaani OR Baghdad) NEAR/3 visit NOT rumour", DESK)
    found = Explainer(rules.names, rules.topics).explain(article("a visit to Baghdad, a rumour"))
    rule = found.rules["query"]
    assert not rule.true
    assert rule.parts == (
        Part(
            "(Qaani OR Baghdad) NEAR/3 visit",
            True,
            ("visit", "Baghdad"),
            (
                Part(
                    "Qaani OR Baghdad",
                    True,
                    ("Baghdad",),
                    (Part("Qaani", False, ()), Part("Baghdad", True, ("Baghdad",))),
                ),
                Part("visit", True, ("visit",)),
            ),
        ),
        Part("NOT rumour", False, (), (Part("rumour", True, ("rumour",)),)),
    )


def test_what_is_told_agrees_with_what_is_found() -> None:
    texts = ["سردار قانی", "قاني", "the poet Qaani", "Ghani, Quds Force", "Abdul Ghani, Qaani", "علي قاآني وقاآني"]
    for text in texts:
        hits = {span for hit in compile_rules(DESK, {}).match(article(text)).names for span in hit.spans}
        yes = {reason.span for reason in Explainer(DESK, {}).explain(article(text)).mentions if reason.counts == "yes"}
        assert hits <= yes
