"""What a rule just missed: one condition is lacking, and which."""

import pytest

from core.rules.near_misses import NearMisses
from tests.core.newsdesk import article, name

QAANI = name("qaani", ["Qaani", "قاآني", "قاآنی"])


@pytest.mark.parametrize(
    ("rule", "text", "lacking", "there"),
    [
        ("Qaani Baghdad killed", "Qaani in Baghdad", "killed", ["Qaani", "Baghdad"]),
        ("@qaani بغداد (مقتل OR اغتيال)", "قاآني في بغداد", "مقتل OR اغتيال", ["قاآني", "بغداد"]),
        ("@qaani بغداد NOT ذكرى", "قاآني في بغداد ذكرى", None, []),
        ("@qaani بغداد کشته", "قاآنی در تهران", None, []),
        ("@qaani NEAR/2 کشته", "قاآنی در شهر بغداد دیروز کشته شد", "@qaani NEAR/2 کشته", ["قاآنی", "کشته"]),
        ("a NOTNEAR/2 b", "a b", None, []),
        ("dust OR Qaani NEAR/1 killed", "Qaani was not yet killed", "Qaani NEAR/1 killed", ["Qaani", "killed"]),
        ("ATLEAST/3(a, b, c, d)", "a d", "ATLEAST/3(a, b, c, d)", ["a", "d"]),
        ("ATLEAST/3(a, b, c, d)", "a", None, []),
        ("ATLEAST/3(a, b, c, d)", "a b c", None, []),
    ],
)
def test_one_lacking_condition_is_named(rule: str, text: str, lacking: str | None, there: list[str]) -> None:
    miss = NearMisses(rule, {QAANI.id: QAANI}).of(article(text))
    assert (miss.lacking if miss else None) == lacking
    assert [text[span.start : span.end] for span in (miss.spans if miss else ())] == there
