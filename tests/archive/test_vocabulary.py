"""Spellings of a name that the archive holds, and mentions that its rules just miss."""

from archive import vocabulary
from core.model import Form, NameSet
from tests.archive.scene import Scene

QAANI = NameSet(
    "qaani", {"en": "Qaani"}, (Form("قاآني"), Form("Esmail Qaani"), Form("إسماعيل قاآني")), weak=(Form("قاني"),)
)
NAMES = {"qaani": QAANI}
TEXTS = (
    "Ismail Ghaani spoke in Baghdad",
    "Esmail Qaani met them",
    "وصل إسماعيل قاآني إلى بغداد",
    "سفر اسماعیل قاآنی",
    "قال قاني في طهران",
    "كان في المدينة كانون طويل",
    "a canal and a cabin",
)


def published(scene: Scene) -> None:
    for number, text in enumerate(TEXTS):
        scene.publishes(title=f"T{number}", text=text)


def test_spellings_of_all_scripts_are_proposed_with_what_they_count_for(scene: Scene) -> None:
    published(scene)
    found = {each.form: each for each in scene.ask(vocabulary.suggest, "Esmail Qaani", NAMES)}
    assert found["اسماعیل قاانی"].count == 2
    assert found["اسماعیل قاانی"].found_as == ("qaani",)
    assert found["ismail ghaani"].found_as == ()
    assert found["esmail qaani"].sample.title == "T1"
    assert not {word for form in found for word in form.split()} & {"canal", "cabin", "کان", "کانون"}


def test_a_name_of_one_word_too(scene: Scene) -> None:
    published(scene)
    forms = {each.form for each in scene.ask(vocabulary.suggest, "قاآني", NAMES)}
    assert {"قاانی", "qaani", "ghaani"} <= forms
    assert "کان" not in forms


def test_what_is_in_no_article_is_not_proposed(scene: Scene) -> None:
    published(scene)
    assert scene.ask(vocabulary.suggest, "Zbigniew", NAMES) == []
    assert scene.ask(vocabulary.suggest, "…", NAMES) == []


def test_a_weak_form_without_its_context_is_a_near_miss(scene: Scene) -> None:
    published(scene)
    ((article, reason),) = scene.ask(vocabulary.near_misses, QAANI, NAMES, 10)
    assert article.title == "T4"
    assert "without a rank" in reason.why


def test_a_word_one_letter_from_a_form_is_a_near_miss_too(scene: Scene) -> None:
    published(scene)
    scene.publishes(title="T9", text="قال قأأني")
    scene.publishes(title="T10", text="قال قاانیي هنا")
    found = scene.ask(vocabulary.one_letter_off, QAANI, NAMES, 10)
    assert [(each.form, each.count, each.sample.title) for each in found] == [("قاانیی", 1, "T10")]


def test_how_common_words_are_is_learned_from_the_last_articles(scene: Scene) -> None:
    published(scene)
    counted = scene.ask(vocabulary.frequencies)
    assert (counted["baghdad"], counted["قاانی"], counted["nowhere"]) == (1, 2, 0)
