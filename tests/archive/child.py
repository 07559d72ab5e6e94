"""What another process does to an archive in the tests: `python -m tests.archive.child ACT URL [ARGUMENT]`."""

import os
import signal
import sys
from datetime import timedelta

from sqlalchemy import Engine, event

from archive import outbox, sources
from archive.database import Archive
from archive.intake import admit
from core.model import Arrival
from core.rules.match import compile_rules
from tests.archive.scene import NAMES, START, TOPICS, drafts_of_the_day


def tell(*words: object) -> None:
    """One line for the test that started this process."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def open_only(url: str, _: str) -> None:
    Archive.open(url).close()


def die_migrating(url: str, number: str) -> None:
    """End like kill -9 before the statement `number` of the migration."""
    seen = 0

    def count(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal seen
        seen += statement.lstrip().upper().startswith(("CREATE", "INSERT", "UPDATE"))
        if seen == int(number):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    Archive.open(url).close()


def admit_the_day(url: str, _: str) -> None:
    """Admit the same drafts as every other child."""
    archive = Archive.open(url)
    rules = compile_rules(NAMES, TOPICS)
    for draft in drafts_of_the_day():
        with archive.writing() as conn:
            verdict = admit(conn, draft, rules=rules, arrival=Arrival(), now=START, edition=1)
        tell(verdict.action)
    archive.close()


def claim_sources(url: str, owner: str) -> None:
    """Claim one source at a time until none is due."""
    archive = Archive.open(url)
    while True:
        with archive.writing() as conn:
            dues = sources.claim_due(conn, owner=owner, now=START, limit=1)
        if not dues:
            break
        tell(dues[0].source.id)
    archive.close()


def claim_messages(url: str, owner: str) -> None:
    """Claim and send one message at a time until nothing waits."""
    archive = Archive.open(url)
    while True:
        with archive.writing() as conn:
            claimed = outbox.claim(
                conn, channel="telegram", owner=owner, now=START, lease=timedelta(minutes=1), limit=2
            )
        if not claimed:
            break
        for sending in claimed:
            tell(*sending.rows)
            with archive.writing() as conn:
                outbox.sent(conn, sending, 1, START)
    archive.close()


if __name__ == "__main__":
    acts = {act.__name__: act for act in (open_only, die_migrating, admit_the_day, claim_sources, claim_messages)}
    acts[sys.argv[1]](sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "")
