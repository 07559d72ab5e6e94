"""The page says everything in three languages, with the plurals of each, in a neutral voice."""

import re
from pathlib import Path

import pytest
from babel import Locale

import web
from core.tongue import LANGUAGES
from web.words import WORDS, say

FOLDER = Path(web.__file__).parent
NEVER = ("شهيد", "ميليشيا", "إرهاب", "رژیم", "martyr", "regime", "terror", "confirmed")


def test_all_languages_have_the_same_words_with_the_same_places() -> None:
    places = {
        language: {key: set(re.findall(r"\{(\w+)\}", str(said))) - {"count"} for key, said in words.items()}
        for language, words in WORDS.items()
    }
    assert places["ar"] == places["en"]
    assert places["fa"] == places["en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_count_has_the_plurals_of_its_language(language: str) -> None:
    tags = {"other", *Locale.parse(language).plural_form.tags}
    for key, said in WORDS[language].items():
        if isinstance(said, dict):
            assert said.keys() == tags, key
            assert isinstance(WORDS["en"][key], dict), key


def test_templates_say_nothing_that_has_no_words() -> None:
    said = {
        key
        for file in (FOLDER / "templates").iterdir()
        for key in re.findall(r'say\("([\w.:/?-]+)"\s*[,)]', file.read_text("utf-8"))
    }
    assert len(said) > 100
    assert said <= WORDS["en"].keys()


def test_no_words_are_kept_that_nothing_says() -> None:
    files = [*FOLDER.glob("templates/*.html"), *(it for it in FOLDER.rglob("*.py") if not it.stem.startswith("words"))]
    source = "\n".join(file.read_text("utf-8") for file in files)
    said = set(re.findall(r'["\']([a-z_]+(?:\.[\w:/-]+)*)["\']', source))
    begun = re.findall(r'["\']([a-z_]+(?:\.[\w-]+)*\.)["\'] ~|f"([a-z_]+(?:\.[\w-]+)*\.)\{', source)  # … ~ each
    beginnings = tuple(one or other for one, other in begun)
    assert [key for key in WORDS["en"] if key not in said and not key.startswith(beginnings)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_voice_is_neutral(language: str) -> None:
    said = " ".join(map(str, WORDS[language].values()))
    assert not [word for word in NEVER if re.search(rf"\b{word}", said)]


def test_numbers_are_written_as_natives_do() -> None:
    assert say("ar", "story.copies", count=11) == "11 نسخة"
    assert say("ar", "story.articles", count=2) == "مادتان"
    assert say("fa", "search.count", count=12) == "۱۲ نتیجه"
