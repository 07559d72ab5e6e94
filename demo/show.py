"""`rasad demo`: the real monitor on a synthetic newsroom, with a voice that tells what happens. Leaves nothing behind.

It starts the newsroom, an empty archive in a throw-away folder and the scheduler as `rasad run` does, archive page
included; then it performs the scene step by step and says what the archive shows. On a terminal the archive stays open
afterwards, to be looked at, until Ctrl-C. It never opens a connection beyond loopback.
"""

import asyncio
import logging
import os
import re
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.text import Text

import scheduler
import settings as config
from core.errors import InputError
from demo.newsroom import Newsroom
from demo.scene import OPENING, OUTLETS, TIMELINE, Expected, Stage, Step
from demo.witness import Finding, Witness, isolated

SHIPPED_CONFIG = Path(__file__).parent.parent / "config.toml"
FIRST_ROUND_PATIENCE = 15.0  # seconds
STEP_PATIENCE = 6.0  # a step is given up when it is this late, and the story goes on
CLOSING = 3.0  # seconds kept for the end
TOKEN = "TELEGRAM_BOT_TOKEN"  # noqa: S105  the variable's name

SETTLED: dict[Expected, str] = {
    "alert": "alerted",
    "copy": "copies held back",
    "joined": "joined what was told",
    "turn": "told because it denies",
    "revision": "revision kept",
    "quiet": "archived in silence",
    "failing": "failure told",
    "healthy": "recovery seen",
    "withdrawn": "withdrawal survived",
}
WHAT_NEXT = (
    ("make run", "the real thing, with the sources of config.toml"),
    (".venv/bin/rasad check", "after you have edited what config.toml watches"),
    (f"{TOKEN}=… make run", "alerts in Telegram instead of here"),
)


def run(*, port: int | None, seconds: float) -> int:
    """Show the scene for about `seconds` and end. 0 when the monitor did what was to be seen, or was stopped by hand.

    `port` is the newsroom's; None takes a free one. Raises OSError when it is taken, InputError or ConfigError when
    the shipped config is missing or wrong.
    """
    console = Console(highlight=False, markup=False, soft_wrap=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rasad-demo-")))
        stack.enter_context(_logging_to(folder / "rasad.log"))
        stack.enter_context(_without_token())
        newsroom = stack.enter_context(Newsroom(port or 0))
        stage = Stage(newsroom)
        file = folder / "config.toml"
        file.write_text(compose(newsroom, listen=f"127.0.0.1:{_free_port()}"), "utf-8")
        show = Show(console, stage, file, config.load(file), ends=time.monotonic() + seconds, stays=_is_watched())
        return asyncio.run(show.play())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


def _is_watched() -> bool:
    """Whether somebody sits before it, who may want to look around."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def compose(newsroom: Newsroom, listen: str | None = None) -> str:
    """The shipped names and topics with the newsroom's outlets as sources; no backups."""
    try:
        shipped = SHIPPED_CONFIG.read_text("utf-8")
    except OSError as error:
        raise InputError(f"the demo uses the shipped {SHIPPED_CONFIG}: {error.strerror}") from None
    beat = tables_of(shipped, ("names", "topics"))
    return newsroom.config(f'[backup]\nto = ""\n\n{beat}', listen=listen)


def tables_of(text: str, roots: tuple[str, ...]) -> str:
    """The tables of a TOML text whose header begins with one of `roots`, as they are written."""
    kept, keeping = [], False
    for line in text.splitlines():
        header = re.match(r"\[+\s*([A-Za-z0-9_-]+)", line)
        if header is not None:
            keeping = header[1] in roots
        if keeping:
            kept.append(line)
    return "\n".join(kept) + "\n"


@dataclass(slots=True)
class Show:
    """One performance. `ends` is on the monotonic clock."""

    console: Console
    stage: Stage
    file: Path
    settings: config.Settings
    ends: float
    stays: bool
    code: int | None = None  # once the story is told
    findings: list[tuple[Step, Finding]] = field(default_factory=list)

    async def play(self) -> int:
        """The monitor and the story side by side, until the story or the monitor ends."""
        until = asyncio.Event()
        self._prologue()
        roles = ("collect", "deliver", "web")
        monitor = asyncio.create_task(scheduler.run(self.settings, file=self.file, roles=roles, until=until))
        story = asyncio.create_task(self._story())
        await asyncio.wait((monitor, story), return_when=asyncio.FIRST_COMPLETED)
        until.set()
        story.cancel()
        results = await asyncio.gather(monitor, story, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, asyncio.CancelledError):
                raise result
        if self.code is None or self.stays:
            self._say("Stopped. Nothing is left behind.")
        return self.code or 0

    async def _story(self) -> None:
        with scheduler.opened(self.settings) as archive:
            witness = Witness(archive)
            try:
                async with asyncio.timeout(FIRST_ROUND_PATIENCE):
                    await witness.first_round_over()
            except TimeoutError:
                self._say("  the first round is not over yet; the story begins all the same", "yellow")
            curtain = time.monotonic()
            pace = min(1.0, max(self.ends - CLOSING - curtain, 0) / (TIMELINE[-1].at + STEP_PATIENCE))
            self._say("\nFrom now on, alerts one by one, as things are published.\n", "bold")
            for step in TIMELINE:
                await asyncio.sleep(curtain + step.at * pace - time.monotonic())
                if time.monotonic() > self.ends - CLOSING:
                    self._say("Time is up; the rest of the story needs more seconds.", "yellow")
                    break
                await self._perform(step, witness)
            self._say(f"\n{await witness.archived()} articles are in the archive.", "bold")
            await asyncio.sleep(self.ends - CLOSING - time.monotonic())
        self.code = self._epilogue()
        if self.stays:
            self._say("\nThe archive stays open until Ctrl-C.", "bold")
            await asyncio.Event().wait()

    async def _perform(self, step: Step, witness: Witness) -> None:
        outlet, item = self.stage.perform(step)
        self._say(f"▸ {isolated(outlet.site.name)}: {step.note}", "cyan")
        try:
            async with asyncio.timeout(STEP_PATIENCE):
                since = await witness.call(outlet.id)
                finding = await witness.see(step.expected, outlet.id, item, since)
        except TimeoutError:
            finding = Finding(False, f"not seen within {STEP_PATIENCE:.0f} s: {step.expected}")
        self.findings.append((step, finding))
        mark, style = ("✓", "green") if finding.as_expected else ("✗", "yellow")
        self._say(f"  {mark} {finding.says}", style)

    def _prologue(self) -> None:
        self._say("Rasad, shown on a newsroom that does not exist: nothing here is news.", "bold")
        self._say(
            f"{len(OUTLETS)} outlets on loopback in English, Arabic and Persian, {len(OPENING)} articles already "
            "out. An empty archive begins with one round over all of them and a single digest."
        )
        self._say(f"The archive page:     http://{self.settings.web.listen}")
        self._say(f"On another terminal:  .venv/bin/rasad search قاآني --config {self.file}\n")

    def _epilogue(self) -> int:
        seen = Counter(step.expected for step, finding in self.findings if finding.as_expected)
        self._say(" · ".join(f"{count} {SETTLED[kind]}" for kind, count in seen.items()), "bold")
        missed = [step.note for step, finding in self.findings if not finding.as_expected]
        if missed:
            self._say("not seen in time: " + "; ".join(missed), "yellow")
        self._say("\nWhat next:")
        for command, purpose in WHAT_NEXT:
            self._say(f"  {command:<34}{purpose}")
        return 1 if missed else 0

    def _say(self, text: str, style: str = "") -> None:
        self.console.print(Text(text, style=style))


@contextmanager
def _without_token() -> Iterator[None]:
    """No token for the length of the show: its alerts are invented and go to the terminal only."""
    token = os.environ.pop(TOKEN, None)
    try:
        yield
    finally:
        if token is not None:
            os.environ[TOKEN] = token


@contextmanager
def _logging_to(file: Path) -> Iterator[None]:
    """Log lines go to a file of the throw-away folder, so that the story can be read."""
    handler = logging.FileHandler(file, encoding="utf-8")
    root = logging.getLogger()
    others = root.handlers[:]
    root.handlers[:] = [handler]
    try:
        yield
    finally:
        root.handlers[:] = others
        handler.close()
