"""What a rule is warned of, and where."""

import pytest

from core.rules.lint import lint
from core.rules.query import parse


@pytest.mark.parametrize(
    ("rule", "column", "says"),
    [
        ("x y OR z", 1, "AND binds before OR"),
        ("z OR بغداد قاآني", 6, "AND binds before OR"),
        ("Baghdad على", 9, "almost every text"),
        ("قاآني آلاء", 7, "almost every text"),
        ("قاآنی از", 7, "almost every text"),
        ("Baghdad The", 9, "almost every text"),
        ('x "of the"~3', 3, "almost every text"),
        ("Baghdad and Basra", 9, "the operator is written AND"),
        ("Baghdad not Basra", 9, "the operator is written NOT"),
        ("Baghdad near Basra", 9, "the operator is written NEAR"),
        ("بغداد و البصرة", 7, "the operator is written [و]"),
        ("بغداد یا بصره", 7, "the operator is written [یا]"),
    ],
)
def test_a_rule_that_is_hardly_meant_is_remarked_upon(rule: str, column: int, says: str) -> None:
    remarks = lint(parse(rule))
    assert remarks
    assert remarks[0].at == (1, column)
    assert says in remarks[0].message


@pytest.mark.parametrize(
    "rule",
    [
        "(x y) OR z",
        "x (y OR z)",
        '"من في بغداد"',
        "Baghdad",
        "قاآني [أو] بغداد",
        "علي_الزيدي",
        "x NEAR/10 y",
        "x AND y",
    ],
)
def test_a_plain_rule_is_not(rule: str) -> None:
    assert lint(parse(rule)) == ()
