"""What install.sh tells a newcomer before it downloads anything. Each machine is a folder of stand-in commands."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PLAIN_COMMANDS = ("sh", "dirname", "cksum", "cut", "cat", "awk", "df", "head", "rm")

Machine = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with only the usual shell commands and the given stand-ins; runs install.sh on it."""
    bin_folder, clone = tmp_path / "bin", tmp_path / "clone"
    bin_folder.mkdir()
    clone.mkdir()
    for command in PLAIN_COMMANDS:
        (bin_folder / command).symlink_to(str(shutil.which(command)))
    for name in ("install.sh", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, clone)

    def install(**stand_ins: str) -> subprocess.CompletedProcess[str]:
        for command, script in stand_ins.items():
            path = bin_folder / command
            path.unlink(missing_ok=True)
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(0o755)
        result = subprocess.run(
            ["sh", "install.sh"],
            cwd=clone,
            env={"PATH": str(bin_folder), "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert not (clone / ".venv").exists(), "nothing is made before all is known to be right"
        return result

    return install


def test_no_python_at_all(machine: Machine) -> None:
    result = machine()
    assert result.returncode == 1
    assert "Python 3.11 or newer is needed; found: none." in result.stderr
    assert "apt install python3" in result.stderr


def test_a_python_that_is_too_old(machine: Machine) -> None:
    old = 'if [ "$1" = --version ]; then echo Python 3.9.2; else exit 1; fi'
    result = machine(python3=old)
    assert result.returncode == 1
    assert "Python 3.11 or newer is needed; found: Python 3.9.2." in result.stderr


def test_a_python_without_venv(machine: Machine) -> None:
    without = f'case "$2" in *ensurepip*) exit 1 ;; esac; exec {sys.executable} "$@"'
    result = machine(python3=without)
    assert result.returncode == 1
    assert "has no venv module" in result.stderr
    assert "python3-venv" in result.stderr


def test_a_disk_that_is_full(machine: Machine) -> None:
    result = machine(
        python3=f'exec {sys.executable} "$@"',
        df="echo Filesystem blocks used available; echo /dev/x 9000 8000 102400 99% /",
    )
    assert result.returncode == 1
    assert "this disk has 100 MB free; .venv needs up to 700 MB" in result.stderr


def test_an_unknown_word_is_the_wrong_input() -> None:
    result = subprocess.run(
        ["sh", str(ROOT / "install.sh"), "everything"],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    assert (result.returncode, result.stderr.strip()) == (2, "usage: install.sh [runtime|dev]")


def test_ctrl_c_while_it_builds_ends_in_one_sentence(tmp_path: Path) -> None:
    """Sent to the whole group, as a terminal does; what was at work must not outlive the script."""
    slow = tmp_path / "python3"
    slow.write_text(
        f'#!/bin/sh\nif [ "$*" = "-m venv .venv" ]; then echo $$ >{tmp_path}/at_work; exec sleep 60; fi\n'
        f'exec {sys.executable} "$@"\n'
    )
    slow.chmod(0o755)
    for name in ("install.sh", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    script = subprocess.Popen(
        ["sh", "install.sh"],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not (tmp_path / "at_work").is_file() or not (pid := (tmp_path / "at_work").read_text().strip()):
        assert script.poll() is None
    os.killpg(script.pid, signal.SIGINT)
    assert script.communicate(timeout=20)[1].strip() == (
        "rasad: stopped before .venv was complete. Run the same command again: it continues."
    )
    assert script.returncode == 130
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)
