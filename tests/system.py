"""The real system in a process of its own, for tests and benchmarks: configured, started, watched, stopped, killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from archive.database import Archive

ROOT = Path(__file__).parent.parent
TOKEN = "424242:AAtheTokenOfTheTestsIsACanary_0123456789"


class System:
    """One installation in `folder`. Use as a context: whatever still runs at the end is killed."""

    def __init__(self, folder: Path, config: str, *, token: str | None = None, url: str | None = None) -> None:
        """`url` of the archive, where it is not the SQLite file that the newsroom's config names."""
        self.folder = folder
        self.config = folder / "config.toml"
        own = "sqlite:///data/rasad.db"
        self.config.write_text(config.replace(own, url or own), encoding="utf-8")
        self._url = url or f"sqlite:///{folder}/data/rasad.db"
        self.log = folder / "rasad.log"
        self._token = token
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    # --- commands that end ---

    def rasad(self, *arguments: str, seconds: float = 60, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run one command to its end; its output is text."""
        return subprocess.run(
            self._command(*arguments),
            cwd=self.folder, env=self._environment(), capture_output=True, text=True,
            encoding="utf-8", timeout=seconds, input=stdin, check=False,
        )  # fmt: skip

    # --- the monitor ---

    def start(self, *arguments: str) -> None:
        """`rasad run` in the background; what it prints goes to `log`."""
        assert self._process is None, "it runs already"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command("run", *arguments),
                cwd=self.folder, env=self._environment(), stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        assert self._process is not None, "it does not run"
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self, number: signal.Signals = signal.SIGTERM, seconds: float = 15) -> int:
        """Ask it to end; its exit code."""
        assert self._process is not None, "it does not run"
        self._process.send_signal(number)
        return self.ends(seconds)

    def ends(self, seconds: float = 15) -> int:
        """Wait until it ends; its exit code."""
        assert self._process is not None, "it does not run"
        code = self._process.wait(seconds)
        self._process = None
        return code

    def kill(self) -> None:
        """kill -9, at once; harmless when it has ended."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    # --- looking at it ---

    def printed(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to its archive, beside it."""
        archive = Archive.open(self._url)
        try:
            with archive.reading() as conn:
                yield conn
        finally:
            archive.close()

    def wait_until(self, condition: Callable[[], object], seconds: float = 30) -> None:
        """Until `condition` holds. Fails with the log when time runs out or the monitor ends."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"waited {seconds} s in vain\n{self.printed()[-4000:]}"
            assert self._process is None or self.running, f"the monitor ended\n{self.printed()[-4000:]}"
            time.sleep(0.02)  # polling another process: there is no condition of ours to be notified by

    def _command(self, *command: str) -> list[str]:
        return [sys.executable, "-m", "cli", *command, "--config", str(self.config)]

    def _environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "TMPDIR"}}
        token = {"TELEGRAM_BOT_TOKEN": self._token} if self._token else {}
        return kept | token | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONWARNINGS": "default"}
