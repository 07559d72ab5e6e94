"""The shipped config.toml works as it is, keeps its promises, and explains every key to who edits it."""

import re
from collections import Counter
from pathlib import Path

import pytest
from pydantic import BaseModel

from core.affiliations import AFFILIATIONS
from settings import LANGUAGES, SECTIONS, FormEntry, SelectorsEntry, Settings, keys, load

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "config.toml").read_text("utf-8")

NAMES = """qaani soleimani sadr sistani khazali muhandis halbousi kadhimi khamenei amiri maliki fayyadh quds_force irgc
    pmf asaib kataib_hezbollah nujaba badr saraya_salam fatah_alliance coordination_framework sadrist_movement"""
TOPICS = ["qaani", "quds_force", "iraqi_militias", "government_formation"]
IRAQI = """shafaq-ar shafaq-en shafaq-ku alsumaria kurdistan24-en kurdistan24-ar kurdistan24-ckb iraqi-news
    iraq-business-news ina al-mada al-maalomah kitabat sotaliraq mawazin almasalah non14 rudaw-ar rudaw-en esta"""


@pytest.fixture(scope="module")
def shipped() -> Settings:
    return load(ROOT / "config.toml")


def test_it_has_neither_faults_nor_warnings(shipped: Settings) -> None:
    assert shipped.warnings == ()


def test_the_promised_topics_and_names_are_there_in_three_languages(shipped: Settings) -> None:
    assert list(shipped.topics) == TOPICS
    assert set(NAMES.split()) <= set(shipped.names)
    assert all(shipped.names[id_].title for id_ in NAMES.split())
    titles = [name.title for name in shipped.names.values()] + [topic.title for topic in shipped.topics.values()]
    assert all(set(title) == set(LANGUAGES) for title in titles if title)


def test_the_promised_names_are_spelt_in_latin_and_arabic_letters(shipped: Settings) -> None:
    for id_ in NAMES.split():
        spellings = " ".join(form.text for form in shipped.names[id_].forms)
        assert re.search(r"[A-Za-z]", spellings), id_
        assert re.search(r"[\u0621-\u064a]", spellings), id_


def test_iraq_is_covered_in_all_states(shipped: Settings) -> None:
    iraqi = [source for source in shipped.sources if source.id in IRAQI.split()]
    assert len(iraqi) >= 15
    assert {(source.enabled, source.probe) for source in iraqi} == {(True, False), (False, True), (False, False)}


def test_the_languages_of_the_beat_are_collected(shipped: Settings) -> None:
    enabled = Counter(source.language for source in shipped.sources if source.enabled)
    assert min(enabled["ar"], enabled["fa"], enabled["en"]) >= 5
    assert {source.language for source in shipped.sources} == {"ar", "fa", "en", "ckb"}


def test_what_was_never_seen_answering_is_only_tried(shipped: Settings) -> None:
    sources = {source.id: source for source in shipped.sources}
    assert sources["press-tv"].enabled
    assert sources["track-persia"].probe
    assert 'enabled = "probe"  # unverified' in TEXT


def test_addresses_and_ids_are_used_once(shipped: Settings) -> None:
    for used in (Counter(source.url for source in shipped.sources), Counter(s.id for s in shipped.sources)):
        assert max(used.values()) == 1


def test_every_source_has_its_row_of_affiliations_and_every_row_its_source(shipped: Settings) -> None:
    text = (ROOT / "docs" / "affiliations.md").read_text("utf-8")
    rows = [tuple(line.strip("| ").split(" | ")) for line in text.partition("|---|---|---|---|---|\n")[2].splitlines()]
    assert all(len(row) == 5 and len(row[4]) > 20 and row[4].endswith(".") for row in rows)
    assert [row[:4] for row in rows] == [
        (source.id, source.affiliation, source.owner if source.owner != source.id else "—", source.name)
        for source in shipped.sources
    ]
    for affiliation in AFFILIATIONS:
        assert f"| {affiliation} |" in text


def test_channels_near_to_the_factions_and_far_from_them_are_read(shipped: Settings) -> None:
    channels = {source.id: source for source in shipped.sources if source.kind == "telegram"}
    assert len(channels) >= 8
    iraqi = {source.affiliation for source in channels.values() if source.timezone == "Asia/Baghdad"}
    assert sum(source.timezone == "Asia/Baghdad" for source in channels.values()) >= 5
    assert {"faction-linked", "state", "party", "private"} <= iraqi
    assert channels["tg-sabreen"].url == "https://t.me/s/sabreenS1"
    assert channels["tg-sabreen"].probe
    assert re.search(r'sabreenS1"\n(?:[a-z]+ = .*\n)+enabled = "probe"  # unverified', TEXT)


def test_a_site_whose_feed_is_dead_is_read_another_way(shipped: Settings) -> None:
    """Every source that is off, but for search engines, names its stand-in beside it."""
    ids = {source.id for source in shipped.sources if source.enabled or source.probe}
    off = [source.id for source in shipped.sources if not source.enabled and not source.probe]
    for id_ in set(off) - {"google-rudaw", "bing-irgc"}:
        named = re.search(rf'id = "{id_}"\n(?:.+\n)*enabled = false  # .*: see ([a-z0-9-]+)', TEXT)
        assert named, id_
        assert named[1] in ids


def test_every_key_is_explained() -> None:
    for name in ("rasad", "archive", "collect", "telegram", "web"):
        for key in keys(SECTIONS[name]):
            assert re.search(rf"^(?:# )?{key} = .*\S +#|^# {key} = ", table(name), re.MULTILINE), f"{name}.{key}"
    for name in ("names", "topics", "sources"):
        for key in keys(SECTIONS[name]):
            assert re.search(rf"^#   {key} +\S", TEXT, re.MULTILINE), f"{name}.{key}"


@pytest.mark.parametrize("model", [FormEntry, SelectorsEntry])
def test_the_keys_of_inner_tables_are_shown(model: type[BaseModel]) -> None:
    shown = [line for line in TEXT.split("\n") if line.startswith("#") and "{ " in line]
    assert any(all(f"{key} = " in line for key in keys(model)) for line in shown)


def test_values_shown_are_the_defaults(shipped: Settings) -> None:
    for name in ("archive", "collect", "telegram", "web"):
        section = getattr(shipped, name)
        for key, default in type(section)().model_dump().items():
            if (name, key) != ("archive", "url"):
                assert getattr(section, key) == default, f"{name}.{key}"


def test_names_are_tables_of_their_own_at_the_start_of_a_line(shipped: Settings) -> None:
    assert re.findall(r"^\[names\.([a-z0-9_-]+)\]", TEXT, re.MULTILINE) == list(shipped.names)


def table(name: str) -> str:
    return TEXT.split(f"[{name}]\n")[1].split("\n[")[0]
