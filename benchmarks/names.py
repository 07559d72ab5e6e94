"""How well the shipped names and topics find what a reader finds: recall and precision on hand-labelled texts.

    .venv/bin/python benchmarks/names.py [--misses] [--config config.toml] [--gold ../shared/data/gold/keywords.jsonl]

Pooled over names for each language, beside the exact aliases between word borders; then each name, each topic.
A pair of text and name that the annotator doubted is not scored. --misses prints every wrong pair.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from core.model import Draft
from core.rules.match import compile_rules
from settings import load

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
LANGUAGES = ("ar", "fa", "en")

ALIASES = {  # the titles of the alias file → ids of the shipped names
    "Esmail Qaani": "qaani",
    "Qassem Soleimani": "soleimani",
    "Muqtada al-Sadr": "sadr",
    "Ali al-Sistani": "sistani",
    "Qais al-Khazali": "khazali",
    "Abu Mahdi al-Muhandis": "muhandis",
    "Mohammed al-Halbousi": "halbousi",
    "Mustafa al-Kadhimi": "kadhimi",
    "Ali Khamenei": "khamenei",
    "Hadi al-Amiri": "amiri",
    "Nouri al-Maliki": "maliki",
    "Faleh al-Fayyadh": "fayyadh",
    "Quds Force": "quds_force",
    "IRGC": "irgc",
    "PMF / Hashd al-Shaabi": "pmf",
    "Asaib Ahl al-Haq": "asaib",
    "Kataib Hezbollah": "kataib_hezbollah",
    "Harakat al-Nujaba": "nujaba",
    "Badr Organization": "badr",
    "Saraya al-Salam": "saraya_salam",
    "Fatah Alliance": "fatah_alliance",
    "Coordination Framework": "coordination_framework",
    "Sadrist Movement": "sadrist_movement",
}

Finder = Callable[[str, str], set[str]]
"""Text and language → ids of the names (or topic_ids) found."""


@dataclass
class Count:
    """What was found, missed and wrongly found."""

    hit: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, row: str, true: bool, found: bool) -> None:
        if true and found:
            self.hit += 1
        elif true:
            self.missed.append(row)
        elif found:
            self.wrong.append(row)

    def merged(self, other: "Count") -> "Count":
        return Count(self.hit + other.hit, self.missed + other.missed, self.wrong + other.wrong)

    def __str__(self) -> str:
        wanted, given = self.hit + len(self.missed), self.hit + len(self.wrong)
        recall = self.hit / wanted if wanted else 1.0
        precision = self.hit / given if given else 1.0
        return f"recall {recall:.3f}  precision {precision:.3f}  ({wanted} mentions, {len(self.wrong)} wrong)"


Table = dict[tuple[str, str], Count]  # (id, language)


def main() -> int:
    asked = _arguments()
    if not asked.gold.exists():
        print(f"{asked.gold} is not here: nothing was measured", file=sys.stderr)
        return 1
    rows = [json.loads(line) for line in asked.gold.read_text(encoding="utf-8").splitlines()]
    shipped = _score(rows, _shipped(asked.config))
    exact = _score(rows, _exact(DATA / "names" / "target_aliases.json"))
    _print_pooled(shipped, exact)
    _print_each("names", shipped, sorted(ALIASES.values()))
    _print_each("topics", shipped, sorted({id_ for id_, _ in shipped if id_.startswith("topic_")}))
    if asked.misses:
        _print_misses(shipped, {row["id"]: row["text"] for row in rows})
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="print every wrong pair with its text")
    parser.add_argument("--config", type=Path, default=Path("config.toml"))
    parser.add_argument("--gold", type=Path, default=DATA / "gold" / "keywords.jsonl")
    return parser.parse_args()


# --- the two finders ---------------------------------------------------------------------------------------------


def _shipped(config: Path) -> Finder:
    settings = load(config)
    rules = compile_rules(settings.names, settings.topics)

    def find(text: str, language: str) -> set[str]:
        matches = rules.match(Draft("gold", "https://gold.example/", "", text, language=language))
        return {hit.name for hit in matches.names} | {f"topic_{hit.topic}" for hit in matches.topics}

    return find


def _exact(aliases: Path) -> Finder:
    patterns = {
        ALIASES[title]: re.compile("|".join(rf"\b{re.escape(form)}\b" for form in _forms(entry)), re.IGNORECASE)
        for title, entry in json.loads(aliases.read_text(encoding="utf-8")).items()
    }
    return lambda text, _: {id_ for id_, pattern in patterns.items() if pattern.search(text)}


def _forms(entry: dict[str, object]) -> Iterator[str]:
    latin = entry["latin"]
    assert isinstance(latin, dict)
    yield from (form["form"] for form in latin["other"])
    for listed in latin["ofac"]:
        last, _, first = listed.partition(", ")
        yield f"{first} {last}".strip()
    for language in ("ar", "fa"):
        forms = entry[language]
        assert isinstance(forms, list)
        yield from (form["form"] for form in forms)


# --- scoring -----------------------------------------------------------------------------------------------------


def _score(rows: Iterable[dict[str, object]], find: Finder) -> Table:
    table: Table = defaultdict(Count)
    ids = {*ALIASES.values(), *(f"topic_{id_}" for id_ in _TOPICS)}
    for row in rows:
        language, doubt = str(row["lang"]), row["doubt"]
        true = {*_list(row["targets"]), *_list(row["topics"])}
        found = find(str(row["text"]), language)
        for id_ in ids - {*_list(doubt)}:
            table[id_, language].add(str(row["id"]), id_ in true, id_ in found)
    return table


_TOPICS = ("qaani", "quds_force", "iraqi_militias", "government_formation")


def _list(value: object) -> list[str]:
    assert isinstance(value, list)
    return value


def _pool(table: Table, language: str, topics: bool) -> Count:
    pooled = Count()
    for (id_, spoken), count in table.items():
        if spoken == language and id_.startswith("topic_") == topics:
            pooled = pooled.merged(count)
    return pooled


# --- printing ----------------------------------------------------------------------------------------------------


def _print_pooled(shipped: Table, exact: Table) -> None:
    print("pooled over names")
    for language in LANGUAGES:
        print(f"  {language}  rasad           {_pool(shipped, language, topics=False)}")
        print(f"      exact aliases   {_pool(exact, language, topics=False)}")
    print("pooled over topics")
    for language in LANGUAGES:
        print(f"  {language}  rasad           {_pool(shipped, language, topics=True)}")


def _print_each(what: str, table: Table, ids: list[str]) -> None:
    print(f"each of the {what}")
    for id_ in ids:
        pooled = Count()
        for language in LANGUAGES:
            pooled = pooled.merged(table[id_, language])
        print(f"  {id_:28} {pooled}")


def _print_misses(table: Table, texts: dict[str, str]) -> None:
    for (id_, _), count in sorted(table.items()):
        for kind, rows in (("MISSED", count.missed), ("WRONG", count.wrong)):
            for row in rows:
                print(f"\n{kind} {id_} in {row}: {' '.join(texts[row].split())}")


if __name__ == "__main__":
    sys.exit(main())
