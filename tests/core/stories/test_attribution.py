"""Whom a text cites, in three languages, and what only looks like it."""

from pathlib import Path

import pytest

from core.errors import ConfigError
from core.model import Draft, Source
from core.stories.attribution import compile_outlets

SOURCES = [
    Source("shafaq-ar", "Shafaq News", "feed", "https://shafaq.example/ar", "ar"),
    Source("shafaq-en", "Shafaq News", "feed", "https://shafaq.example/en", "en"),
    Source("tasnim", "Tasnim", "feed", "https://tasnim.example/rss", "fa"),
    Source("alalam", "Al-Alam", "feed", "https://alalam.example/rss", "ar"),
    Source("marsh", "Marsh Radio", "telegram", "https://t.me/s/marshradio", "ar"),
]
LEXICON = """
# a comment
shafaq | شفق نيوز | شفق نیوز | Shafaq News
tasnim | تسنيم | تسنیم | Tasnim
reuters | رويترز | رویترز | Reuters
alam | العالم | العالم | Al-Alam
mehr | مهر | مهر | Mehr News, Mehr
"""
OUTLETS = compile_outlets(LEXICON, SOURCES)
SHIPPED = (Path(__file__).parents[3] / "lexicon" / "outlets.txt").read_text(encoding="utf-8")


def cited(text: str, *, source: str = "other") -> set[str]:
    return set(OUTLETS.cited(Draft(source, "https://other.example/1", "", text)))


@pytest.mark.parametrize(
    "text",
    [
        "قتل ثلاثة، نقلاً عن وكالة رويترز.",
        "قتل ثلاثة بحسب رويترز",
        "ووفقاً لوكالة رويترز للأنباء قتل ثلاثة",
        "قال مسؤول لوكالة رويترز إن ثلاثة قتلوا",
        "وأفادت وكالة «رويترز» بمقتل ثلاثة",
        "به نقل از خبرگزاری رویترز سه نفر کشته شدند",
        "به گزارش رویترز، سه نفر کشته شدند",
        "رویترز گزارش داد سه نفر کشته شدند",
        "سه نفر کشته شدند (منبع: رویترز)",
        "Three were killed, according to Reuters.",
        "Three were killed, according to a report by the Reuters news agency.",
        "Three were killed, an official told Reuters.",
        "Three were killed, Reuters reported.",
        "Citing two officials, Reuters said three were killed.",
    ],
)
def test_an_agency_is_cited(text: str) -> None:
    assert cited(text) == {"reuters"}


@pytest.mark.parametrize(
    "text",
    [
        "Reuters moved its office in Baghdad.",
        "According to officials three were killed. Reuters has an office there.",
        "بحسب خبراء في هذا العالم فإن الحرب قريبة",  # "in this world"
        "وفقاً لمعايير دول العالم",
        "به گزارش خبرنگار ما در ماه مهر",  # the month
        "قتل ثلاثة في بغداد",
        "",
    ],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert cited(text) == set()


def test_a_word_that_is_also_a_name_counts_directly_after_the_cue() -> None:
    assert cited("به گزارش خبرگزاری مهر سه نفر کشته شدند") == {"mehr"}
    assert cited("بحسب قناة العالم قتل ثلاثة") == {"alalam"}


def test_an_outlet_in_two_languages_is_two_sources() -> None:
    assert cited("نقلاً عن شفق نيوز") == {"shafaq-ar", "shafaq-en"}


def test_nobody_cites_himself_in_any_of_his_languages() -> None:
    assert cited("وقال المصدر لوكالة شفق نيوز إن ثلاثة قتلوا", source="shafaq-ar") == set()
    assert cited("به گزارش خبرگزاری تسنیم", source="tasnim") == set()


def test_a_source_is_known_by_its_own_name_and_a_channel_by_its_handle() -> None:
    assert cited("Three were killed, according to Marsh Radio.") == {"marsh"}
    assert cited("قتل ثلاثة، المصدر: @marshradio") == {"marsh"}


def test_several_are_cited() -> None:
    assert cited("به گزارش تسنیم به نقل از رویترز سه نفر کشته شدند") == {"tasnim", "reuters"}


def test_a_headline_counts_and_the_end_of_a_long_text_does_not() -> None:
    assert OUTLETS.cited(Draft("other", "u", "Three killed, Reuters reports")) == {"reuters"}
    assert cited("word " * 300 + "according to Reuters") == set()


def test_outlets_are_titled_as_english_writes_them() -> None:
    assert (OUTLETS.title("reuters"), OUTLETS.title("tasnim"), OUTLETS.title("nobody")) == (
        "Reuters",
        "Tasnim",
        "nobody",
    )


def test_a_bad_line_is_told_with_its_place() -> None:
    with pytest.raises(ConfigError) as refused:
        compile_outlets("reuters | رويترز | Reuters\nok | | | Ok\nbad", ())
    assert [fault.line for fault in refused.value.faults] == [1, 3]


def test_the_shipped_lexicon_names_the_shipped_wires() -> None:
    shipped = compile_outlets(SHIPPED, SOURCES[:1])
    text = Draft("x", "https://x.example/1", "نقلاً عن شفق نيوز", "به گزارش ایسنا و به نقل از AFP")
    assert shipped.cited(text) == {"shafaq-ar", "isna", "afp"}
