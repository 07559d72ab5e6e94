"""docs/config.md holds every key of config.toml, with its true default; what it shows can be used as it stands."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

import settings as config
from monitor.reload import NEXT_START

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "config.md").read_text("utf-8")
HEADINGS = {"names": "[names.ID]", "topics": "[topics.ID]", "sources": "[[sources]]", "webhooks": "[webhooks.ID]"}
MODELS: dict[str, type[BaseModel]] = {**config.SECTIONS, "forms": config.FormEntry}
NEEDED = {
    "title": {"en": "T"},
    "match": "m",
    "id": "i",
    "name": "N",
    "kind": "feed",
    "url": "https://a.example/",
    "text": "t",
}


def rows(section: str) -> dict[str, list[str]]:
    """The cells after the key of each row of a section's table."""
    heading = HEADINGS.get(section, f"[{section}]")
    text = DOCUMENT.partition(f"## {HEADINGS['names'] if section == 'forms' else heading}\n")[2].partition("\n## ")[0]
    above, _, below = text.partition("A spelling in `forms`")
    table = below if section == "forms" else above
    found = re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE)
    return {key: cells.split(" | ") for key, cells in found}


@pytest.mark.parametrize("section", MODELS)
def test_every_key_is_documented_and_no_other(section: str) -> None:
    assert sorted(rows(section)) == sorted(config.keys(MODELS[section]))
    assert all(len(cells) == 4 and all(cells) for cells in rows(section).values())


@pytest.mark.parametrize("section", MODELS)
def test_every_default_is_the_true_one(section: str) -> None:
    model = MODELS[section]
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    said = {key: cells[1].strip("`") for key, cells in rows(section).items()}
    needed = {key: NEEDED[key] for key, field in fields.items() if field.is_required()}
    assert {key for key, default in said.items() if default == "needed"} == set(needed)
    unset = {key for key, field in fields.items() if field.get_default(call_default_factory=True) is None}
    assert {key for key, default in said.items() if default == "not set"} == unset - set(needed)
    shown = "\n".join(f"{key} = {default}" for key, default in said.items() if default not in ("needed", "not set"))
    assert model.model_validate(needed | tomllib.loads(shown)) == model.model_validate(needed)


def test_what_waits_for_the_next_start_is_what_a_reload_says_of_it() -> None:
    waits = {
        f"{section}.{key}"
        for section in config.SECTIONS
        for key, cells in rows(section).items()
        if cells[3] == "next start"
    }
    tables = {key for key in NEXT_START if "." not in key}
    assert waits == {key for key in NEXT_START if "." in key} | {
        f"{table}.{key}" for table in tables for key in config.keys(config.SECTIONS[table])
    }


def test_the_selectors_are_named() -> None:
    line = next(line for line in DOCUMENT.split("\n") if line.startswith("Keys of `selectors`"))
    assert re.findall(r"`(\w+)`", line.partition(":")[2]) == config.keys(config.SelectorsEntry)


def test_the_examples_make_one_config_that_is_right(tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.+?)```", DOCUMENT, re.DOTALL)
    assert len(examples) == len(config.SECTIONS) - 1  # [rasad] needs none
    settings = config.parse("\n".join(examples), file="docs/config.md", folder=tmp_path)
    assert settings.warnings == ()
