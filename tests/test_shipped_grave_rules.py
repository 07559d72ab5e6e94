"""What the shipped rules call grave: a claim about somebody watched, not his yearly commemoration, not a denial."""

from pathlib import Path

import pytest

from core.model import Draft
from core.rules.match import RuleSet, compile_rules
from core.stories.turns import account_of
from settings import load


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    shipped = load(Path(__file__).parent.parent / "config.toml")
    return compile_rules(shipped.names, shipped.topics)


def read(language: str, title: str, text: str = "") -> Draft:
    return Draft("wire", "https://wire.example/1", title, text, language=language)


@pytest.mark.parametrize(
    "claim",
    [
        read("ar", "أنباء عن مقتل قائد فيلق القدس إسماعيل قاآني في غارة"),
        read("ar", "اغتيال قاآني في بغداد"),
        read("fa", "کشته شدن سردار قاآنی در حملهٔ هوایی"),
        read("fa", "سردار قاآنی ترور شد"),
        read("en", "Qaani killed in air strike, sources say"),
        read("en", "Assassination of Quds Force commander Esmail Qaani"),
    ],
    ids=lambda draft: draft.title[:20],
)
def test_claims_are_grave(rules: RuleSet, claim: Draft) -> None:
    account = account_of(claim, rules.match(claim))
    assert (account.grave, account.denies) == (True, False)


@pytest.mark.parametrize(
    "denial",
    [
        read("ar", "الحرس الثوري ينفي مقتل قائد فيلق القدس إسماعيل قاآني"),
        read("fa", "تکذیب خبر کشته شدن سردار قاآنی"),
        read("fa", "سردار قاآنی زنده است"),
        read("en", "Guards deny that Qaani was killed"),
    ],
    ids=lambda draft: draft.title[:20],
)
def test_denials_deny(rules: RuleSet, denial: Draft) -> None:
    account = account_of(denial, rules.match(denial))
    assert (account.grave, account.denies) == (False, True)


@pytest.mark.parametrize(
    "calm",
    [
        read("ar", "ذكرى استشهاد قائد فيلق القدس قاسم سليماني في كرمان"),
        read("fa", "سالگرد شهادت فرمانده نیروی قدس سپاه با حضور سردار قاآنی"),
        read("ar", "إحياء ذكرى اغتيال قادة الحشد الشعبي في بغداد"),
        read("en", "Quds Force marks anniversary of the killing of Soleimani"),
        read("en", "Qaani meets party leaders in Baghdad"),
        read("fa", "سردار قاآنی به بغداد رفت"),
    ],
    ids=lambda draft: draft.title[:20],
)
def test_commemorations_and_visits_are_neither(rules: RuleSet, calm: Draft) -> None:
    found = rules.match(calm)
    account = account_of(calm, found)
    assert (account.grave, account.denies) == (False, False)
    assert found.topics
    assert all(hit.level != "breaking" for hit in found.topics)
