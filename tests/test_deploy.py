"""What is given to operators to install for good: systemd accepts the unit, the container is made of the lock alone."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNIT = (DEPLOY / "rasad.service").read_text("utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8")


def analyzed(*command: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed here")
    return subprocess.run(["systemd-analyze", *command], capture_output=True, text=True, check=False, timeout=60)


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """With a command that is there: on this machine nothing is installed under /opt."""
    unit = tmp_path / "rasad.service"
    unit.write_text(UNIT.replace("/opt/rasad/.venv/bin/rasad", "/bin/true"), "utf-8")
    told = analyzed("verify", "--man=no", str(unit))
    ours = [line for line in (told.stdout + told.stderr).splitlines() if "rasad.service" in line]
    assert (told.returncode, ours) == (0, [])


def test_the_unit_is_hardened(tmp_path: Path) -> None:
    (tmp_path / "rasad.service").write_text(UNIT, "utf-8")
    told = analyzed("security", "--offline=yes", "--threshold=25", str(tmp_path / "rasad.service"))
    assert told.returncode == 0, told.stdout.splitlines()[-1]


def test_the_environment_file_holds_no_secret_and_every_variable_is_read() -> None:
    names = dict(re.findall(r"^([A-Z_]+)=(.*)$", (DEPLOY / "rasad.env").read_text("utf-8"), re.MULTILINE))
    assert names == {"TELEGRAM_BOT_TOKEN": "", "RASAD_PING_URL": "", "RASAD_LOGS": "json"}
    sources = "".join(file.read_text("utf-8") for folder in ("monitor", "cli") for file in (ROOT / folder).glob("*.py"))
    sources += (ROOT / "scheduler.py").read_text("utf-8") + (ROOT / "settings.py").read_text("utf-8")
    assert [name for name in names if f'"{name}"' not in sources] == []


def test_the_container_is_built_of_the_lock_and_runs_as_nobody_else() -> None:
    instructions = re.findall(r"^([A-Z]+) (.+(?:\\\n.+)*)", CONTAINER, re.MULTILINE)
    installs = [what for name, what in instructions if name == "RUN" and "pip install" in what]
    assert any("--require-hashes" in what and "-r requirements.lock" in what for what in installs)
    assert all("--require-hashes" in part or "--no-deps" in part for what in installs for part in what.split("&&")[-1:])
    assert [what for name, what in instructions if name == "USER"] == ["rasad"]
    assert ":latest" not in CONTAINER
    assert not re.search(r"^(ADD|ENV .*TOKEN)", CONTAINER, re.MULTILINE)
