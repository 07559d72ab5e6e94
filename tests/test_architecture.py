"""The walls between the folders, as pyproject.toml states them."""

import ast
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


PACKAGES = ("alerts", "archive", "cli", "core", "demo", "monitor", "spiders", "web")
MODULES = ("scheduler", "settings")


def test_every_import_contract_is_kept(tmp_path: Path) -> None:
    """On a copy of the tree in which the single-file modules are packages: the linter knows only packages."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for module in MODULES:
        (tmp_path / module).mkdir()
        shutil.copy(ROOT / f"{module}.py", tmp_path / module / "__init__.py")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    linter = Path(sys.executable).parent / "lint-imports"
    result = subprocess.run(
        [str(linter), "--no-cache"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Contracts:" in result.stdout


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("scheduler", ["scrapy", "twisted", "telegram", "feedparser", "trafilatura"]),
        ("alerts.delivery", ["scrapy", "twisted", "feedparser", "trafilatura"]),
        ("core.judge", ["sqlalchemy", "pydantic", "asyncio"]),
        ("archive.database", ["scrapy", "telegram", "feedparser", "trafilatura"]),
        ("cli", ["scrapy", "twisted", "telegram", "feedparser", "trafilatura"]),
    ],
)
def test_a_role_loads_only_what_it_needs(module: str, heavy: list[str]) -> None:
    script = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_production_imports_nothing_that_only_the_tests_install() -> None:
    """A package of requirements-dev.lock alone is there on every developer's machine and missing on a newcomer's."""
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE))
    owners = packages_distributions()
    files = [ROOT / f"{module}.py" for module in MODULES] + [
        file for package in PACKAGES for file in (ROOT / package).rglob("*.py")
    ]
    missing = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in files
        for name in imported(file)
        if name not in {*PACKAGES, *MODULES, *sys.stdlib_module_names}
        and not {re.sub(r"[-_.]+", "-", owner).lower() for owner in owners.get(name, ())} & locked
    }
    assert not missing


def imported(file: Path) -> set[str]:
    """The top-level packages that a file imports, wherever in it."""
    tree = ast.parse(file.read_text("utf-8"))
    whole = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    parts = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in whole | parts}
