"""docs/develop.md and docs/tour.md: the steps do what they say, and what is named is where it is said to be."""

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DEVELOP = (ROOT / "docs" / "develop.md").read_text("utf-8")
STEP = re.compile(
    r"`(?P<file>[\w/.]+)`(?:[^`\n]*)?(?:, (?P<how>below|instead of) `(?P<line>[^`]+)`)?(?: \([^)]*\))?:\n\n"
    r"```\w+\n(?P<text>.*?)```",
    re.DOTALL,
)


def defined(file: Path) -> set[str]:
    """Functions, classes and their methods (Class.method), and constants of a module."""
    names: set[str] = set()
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
            inner = node.body if isinstance(node, ast.ClassDef) else []
            names |= {f"{node.name}.{each.name}" for each in inner if hasattr(each, "name")}
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


@pytest.mark.parametrize("document", ["develop.md", "tour.md"])
def test_what_is_named_is_in_the_file_that_is_linked(document: str) -> None:
    named = re.findall(r"\[`([\w.]+)`\]\(\.\./([^)]+\.py)\)", (ROOT / "docs" / document).read_text("utf-8"))
    assert len(named) > 5
    assert [f"{name} in {file}" for name, file in named if name not in defined(ROOT / file)] == []


def test_the_tour_goes_through_the_seven_verbs() -> None:
    tour = (ROOT / "docs" / "tour.md").read_text("utf-8")
    verbs = ["Due", "Fetch", "Read", "Judge", "Record", "Deliver", "Look"]
    assert re.findall(r"^## \d\. (\w+)$", tour, re.MULTILINE) == verbs


def test_a_source_kind_is_added_by_the_steps_as_they_are_written(tmp_path: Path) -> None:
    for package in ("core", "spiders"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests" / "spiders" / "fixtures", tmp_path / "tests" / "spiders" / "fixtures")
    for file in ("settings.py", "tests/spiders/test_readers.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    steps = list(STEP.finditer(DEVELOP.partition("## Add a source kind")[2].partition("\n## ")[0]))
    assert len(steps) == 6
    for step in steps:
        carry_out(step, tmp_path)
    ours = json.loads((tmp_path / "tests/spiders/fixtures/table.json").read_text("utf-8"))
    script = (
        "import sys, pytest, settings; from pathlib import Path\n"
        "text = \"[[sources]]\\nid = 'm'\\nname = 'M'\\nkind = 'table'\\nurl = '{}'\"\n"
        f"settings.parse(text.format({ours['url']!r}), file='', folder=Path('.'))\n"
        "sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', '-c', '/dev/null', '--rootdir=.', '-k', 'table',"
        " 'tests/spiders/test_readers.py']))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in result.stdout, result.stdout + result.stderr


def carry_out(step: re.Match[str], folder: Path) -> None:
    file = folder / step["file"]
    if step["how"] is None:
        assert not file.exists(), f"{step['file']} is there already"
        file.write_text(step["text"], "utf-8")
        return
    text, line = file.read_text("utf-8"), f"{step['line']}\n"
    assert text.count(line) == 1, f"{step['file']} has no line {step['line']}"
    file.write_text(text.replace(line, (line if step["how"] == "below" else "") + step["text"]), "utf-8")
