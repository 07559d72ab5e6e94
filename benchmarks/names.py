"""How well the shipped names and topics find what a reader finds: recall and precision on hand-labelled texts.

    .venv/bin/python benchmarks/names.py [--misses] [--unseen] [--config config.toml] [--gold FILE]

Pooled over names for each language, beside the exact aliases between word borders; then each name, each topic.
A pair of text and name that the annotator doubted is not scored. --misses prints every wrong pair. --unseen asks how
the names do on spellings that nobody listed: each word of their forms is taken out of the whole set in turn, and the
forms that had it are looked for with what is left; also whether `rasad names suggest` would propose it from the rest.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from core.clitics import is_arabic_script
from core.model import Draft, Form, NameSet
from core.names.spellings import sounds_like
from core.rules.match import compile_query, compile_rules
from core.rules.patterns import writings
from core.text import tokenise
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
    _print_listed(_shipped(asked.config), DATA / "names" / "target_aliases.json")
    if asked.unseen:
        _print_unseen(load(asked.config).names)
    if asked.misses:
        _print_misses(shipped, {row["id"]: row["text"] for row in rows})
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="print every wrong pair with its text")
    parser.add_argument("--unseen", action="store_true", help="spellings left out one by one, and found all the same")
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


# --- spellings that nobody listed --------------------------------------------------------------------------------


@dataclass
class Unseen:
    """Of spellings left out: found all the same, else whether their words would be proposed."""

    tried: int = 0
    found: int = 0
    proposed: int = 0

    def __str__(self) -> str:
        return (
            f"{self.tried:4} left out, {self.found / self.tried:4.0%} found, {self.proposed / self.tried:4.0%} proposed"
        )


def _print_unseen(names: Mapping[str, NameSet]) -> None:
    print("spellings left out, of full names and bodies")
    total = {script: Unseen() for script in ("Arabic letters", "Latin letters")}
    for id_ in sorted(ALIASES.values()):
        counts = {script: Unseen() for script in total}
        for word, gone, rest in _left_out(names[id_]):
            script = "Arabic letters" if is_arabic_script(word) else "Latin letters"
            rules = compile_query(f"@{id_}", {**names, id_: rest})
            left = {token.form for text in _texts(rest) for token in tokenise(text)}
            found = bool(rules.match(Draft("gold", "https://gold.example/", "", gone)).topics)
            proposed = not found and any(sounds_like(word, other) for other in left)
            for count in (counts[script], total[script]):
                count.tried, count.found, count.proposed = (
                    count.tried + 1,
                    count.found + found,
                    count.proposed + proposed,
                )
        print(f"  {id_:24} " + "   ".join(f"{script}: {count}" for script, count in counts.items() if count.tried))
    for script, count in total.items():
        print(f"  {script:24} {count}")


def _left_out(name: NameSet) -> Iterator[tuple[str, str, NameSet]]:
    """A word of the name's longer forms, a form that has it, and the name without every entry that has it."""
    every = {text: {token.form for token in tokenise(text)} for text in _texts(name)}
    for word in sorted({form for text, forms in every.items() if len(forms) > 1 for form in forms if len(form) > 3}):
        gone = next(text for text, forms in every.items() if word in forms and len(forms) > 1)
        rest = tuple(Form(text) for text in every if word not in every[text])
        weak = tuple(form for form in name.weak if word not in {token.form for token in tokenise(form.text)})
        yield word, gone, replace(name, forms=rest, weak=weak)


def _texts(name: NameSet) -> list[str]:
    plain = (form.text for form in name.forms if form.text[0] not in "@={")
    return [text for entry in plain for text in writings(entry)]


def _print_listed(find: Finder, aliases: Path) -> None:
    """How many spellings of the American sanction list are found standing alone, and which are not."""
    listed = [
        (ALIASES[title], f"{first} {last}".strip().title())
        for title, entry in json.loads(aliases.read_text(encoding="utf-8")).items()
        for last, _, first in (spelling.partition(", ") for spelling in entry["latin"]["ofac"])
    ]
    missed = [spelling for id_, spelling in listed if id_ not in find(spelling, "en")]
    print(f"sanction list: {len(listed) - len(missed)} of {len(listed)} spellings found, not: {', '.join(missed)}")


def _print_misses(table: Table, texts: dict[str, str]) -> None:
    for (id_, _), count in sorted(table.items()):
        for kind, rows in (("MISSED", count.missed), ("WRONG", count.wrong)):
            for row in rows:
                print(f"\n{kind} {id_} in {row}: {' '.join(texts[row].split())}")


if __name__ == "__main__":
    sys.exit(main())
