"""How many alerts a day the shipped topics would make, for each topic and level, and what they look like.

    .venv/bin/python -m benchmarks.topics [--samples 20] [--config config.toml]

Runs over the dated posts and articles of ../shared/data/corpora. A text is counted once a day and topic, as a copy
would be; texts of one event in other words are counted each, so a monitor that groups stories alerts less.
"""

import argparse
import gzip
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from core.model import LEVELS, Draft
from core.rules.match import RuleSet, compile_rules
from core.text import text_hash, tokenise
from settings import load

CORPORA = Path(__file__).parent.parent.parent / "shared" / "data" / "corpora"
FILES = ("telegram_posts_fa_ar.jsonl.gz", "articles_ar.jsonl.gz")

Found = dict[tuple[str, str], dict[str, list[str]]]
"""(topic, level) → day → lines about its texts."""


def main() -> int:
    asked = _arguments()
    if not all((CORPORA / name).exists() for name in FILES):
        print(f"{CORPORA} is not here: nothing was measured", file=sys.stderr)
        return 1
    settings = load(asked.config)
    rules = compile_rules(settings.names, settings.topics)
    for name in FILES:
        found, days, texts = _found(rules, name)
        print(f"{name}: {texts:,} texts of {len(days)} days")
        _print(found, sorted(days), asked.samples, list(settings.topics))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=0, help="texts of each topic and level to print")
    parser.add_argument("--config", type=Path, default=Path("config.toml"))
    return parser.parse_args()


def _found(rules: RuleSet, name: str) -> tuple[Found, set[str], int]:
    found: Found = defaultdict(lambda: defaultdict(list))
    seen: set[tuple[str, str, str]] = set()
    days: set[str] = set()
    texts = 0
    for day, draft in _texts(name):
        days.add(day)
        texts += 1
        for hit in rules.match(draft).topics:
            same = (day, hit.topic, text_hash(tokenise(draft.text[:300])))
            if same not in seen:
                seen.add(same)
                words = " · ".join(getattr(draft, s.field)[s.start : s.end] for s in hit.spans[:4])
                found[hit.topic, hit.level][day].append(f"{day} [{words}] {' '.join(draft.text.split())[:220]}")
    return found, days, texts


def _texts(name: str) -> Iterator[tuple[str, Draft]]:
    with gzip.open(CORPORA / name, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            day = str(row.get("published_at") or row["docno"][-8:])[:10].replace("-", "")
            text = row.get("text") or ""
            title = row.get("title") or text.strip().partition("\n")[0][:120]
            published = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC)
            yield day, Draft("corpus", "https://corpus.example/", title, text, published=published)


def _print(found: Found, days: list[str], samples: int, topics: list[str]) -> None:
    for topic in topics:
        for level in reversed(LEVELS):
            by_day = found.get((topic, level), {})
            counts = [len(by_day.get(day, ())) for day in days]
            total = sum(counts)
            busy = sorted(counts)[len(counts) * 95 // 100] if counts else 0
            days_told = f"median {median(counts):5.1f} a day, 95 % of days ≤ {busy}, most {max(counts)}, {total} in all"
            print(f"  {topic:22} {level:9} {days_told}")
            lines = [line for each in by_day.values() for line in each]
            for line in random.Random(0).sample(lines, min(samples, len(lines))):
                print(f"      {line}")


if __name__ == "__main__":
    sys.exit(main())
