"""The walls between the folders, as pyproject.toml states them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


PACKAGES = ("alerts", "archive", "cli", "core", "demo", "spiders", "web")
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
