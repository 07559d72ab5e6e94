"""What folding makes the same, what it keeps apart, and where a word stands in the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clitics import lookups, surfaces
from core.text import fold, index_tokens, text_hash, tokenise

ZWNJ = "\u200c"
WRITINGS = st.text(
    st.sampled_from("abZéİß'’-_ .\n0۱٢ابلوقآأإؤئءىيیكکةۀهحشدالـًِّ\u200b\u200c\u200d\u200f\u202e\u00adﷲﷺﻗﺎ"), max_size=30
)


@pytest.mark.parametrize(
    "spellings",
    [
        "قاآني قاآنی قاأني قاانی قاآنـي قَاآنِي قاآنى",
        "أكرم اكرم إكرم أَكرم",
        "کتائب كتائب كتايب کتایب",
        "الكاظمي الکاظمی الكاظمى",
        "النجباء النجبا",
        "سوريّة سورية سوريه",
        "ﷲ الله الله",
        "ﻗﺎﺁﻧﻲ قاآني",
        "Qa'ani Qa’ani Qaʿani QAANI qaani Qa`ani Qa\u00adani Qaani’s Qaani's",
        "Şadr Sadr ṣadr",
        "۱۴۰۵ ١٤٠٥ 1405",
        "qa\u200bani qa\u2060ani qaani".replace("\u200b", "\u200d"),
    ],
)
def test_spellings_that_readers_take_for_one_word_have_one_form(spellings: str) -> None:
    assert len({fold(word) for word in spellings.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("علي", "على"), ("عصائب", "عصابات"), ("فى", "في"), ("قدس", "القدس"), ("Badr", "Bader"), ("نجباء", "أنجبا")],
)
def test_words_that_differ_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_a_hashtag_a_hyphen_and_a_half_space_end_a_word() -> None:
    assert [t.form for t in tokenise("#الحشد_الشعبي F-35")] == ["الحشد", "الشعبی", "f", "35"]
    assert [(t.form, t.glued) for t in tokenise(f"خامنه{ZWNJ}ای گفت")] == [
        ("خامنه", True),
        ("ای", False),
        ("گفت", False),
    ]


def test_a_blessing_in_one_character_is_no_part_of_the_word_before_it() -> None:
    assert [t.form for t in tokenise("النبيﷺ محمد")] == ["النبی", "محمد"]


def test_an_offset_leaves_out_the_possessive_and_the_half_space() -> None:
    text = f"Qaani's سپاه{ZWNJ}قدس «قاآني»"
    assert [text[t.start : t.end] for t in tokenise(text)] == ["Qaani", "سپاه", "قدس", "قاآني"]


@given(WRITINGS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert all(fold(t.form) == t.form for t in tokenise(text))


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_in_any_script(text: str) -> None:
    assert all(fold(t.form) == t.form for t in tokenise(text))


@given(WRITINGS | st.text(max_size=40))
def test_offsets_point_at_the_original(text: str) -> None:
    end = 0
    for token in tokenise(text):
        assert end <= token.start < token.end <= len(text)
        assert fold(text[token.start : token.end]) == token.form
        end = token.end


@given(st.text(max_size=40))
def test_the_index_of_a_text_is_words_and_single_spaces(text: str) -> None:
    words = index_tokens(text).split(" ") if index_tokens(text) else []
    assert all(word and word.isalnum() for word in words)


def test_the_index_holds_a_half_spaced_word_in_parts_and_joined() -> None:
    assert set(index_tokens(f"آیت{ZWNJ}الله خامنه{ZWNJ}ای").split()) >= {"ایت", "الله", "ایتالله", "خامنهای"}


def test_the_hash_of_a_text_overlooks_spacing_marks_and_keyboards() -> None:
    def of(text: str) -> str:
        return text_hash(tokenise(text))

    assert of("رهبر خامنه‌ای گفت:") == of("رهبر خامنه ای گفت") == of("رهبر خامنه‌اي  گفت!")
    assert of("قتل خمسة") != of("قتل ستة")


# --- clitics ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("والحشد", "حشد"),
        ("للحشد", "الحشد"),
        ("وللحشد", "حشد"),
        ("بالكاظمية", "الكاظمية"),
        ("وقاآني", "قاآني"),
        ("لقاآني", "قاآني"),
        ("موشکها", "موشک"),
        ("موشکهای", "موشک"),
    ],
)
def test_a_dressed_word_is_looked_up_bare(word: str, form: str) -> None:
    assert fold(form) in lookups(fold(word))


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("بطاقة", "طاقة"),
        ("بحرية", "حرية"),
        ("ولایة", "لایه"),
        ("فقاآني", "قاآني"),
        ("كقاآني", "قاآني"),
        ("الله", "له"),
        ("وصدر", "صدر"),
        ("صدر", "الصدر"),
        ("almost", "most"),
    ],
)
def test_a_letter_of_the_root_is_never_stripped(word: str, form: str) -> None:
    assert fold(form) not in lookups(fold(word))


FORMS = st.text(st.sampled_from("ابلوفكحدرها"), min_size=1, max_size=8).map(fold).filter(bool)


@given(FORMS)
def test_surfaces_are_the_way_back_from_lookups(form: str) -> None:
    assert all(form in lookups(word) for word in surfaces(form))


@given(FORMS)
def test_every_word_is_a_surface_of_what_it_is_looked_up_under(word: str) -> None:
    assert all(word in surfaces(form) for form in lookups(word))
