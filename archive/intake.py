"""The one door into the archive: look up, judge, record, in the caller's transaction. Decides nothing itself."""

from datetime import datetime

from sqlalchemy import Connection

from archive import articles, placing
from core.judge import fingerprint_of, judge
from core.model import Arrival, Draft, Page, Verdict
from core.rules.match import RuleSet


def admit(
    conn: Connection,
    draft: Draft,
    *,
    rules: RuleSet,
    arrival: Arrival,
    now: datetime,
    edition: int,
    evidence: Page | None = None,
    judged: datetime | None = None,
) -> Verdict:
    """Judge `draft` against what `conn` sees and record the verdict, its alerts included.

    `judged` is the clock of judging where it is not `now`: an import lives through its lines' own time.
    Look-up and record share one write transaction, so that two visits at once cannot both find it new.
    """
    clock = judged or now
    fingerprint = fingerprint_of(draft)
    near = articles.neighbours(conn, draft, fingerprint, clock)
    near = placing.living(conn).press.introduce(conn, near, draft.source)
    if near.same is not None:
        verdict = judge(draft, fingerprint, placing.look_again(conn, near), rules, arrival, clock)
        articles.record(conn, draft, verdict, now=now, edition=edition, evidence=evidence)
        if verdict.action == "revision":
            placing.read_again(conn, draft, near.same.article, rules, clock)
        return verdict
    sight, near = placing.look(conn, draft, near, rules, clock)
    verdict = judge(draft, fingerprint, near, rules, arrival, clock)
    seat = placing.seat_of(conn, sight, verdict)
    articles.record(conn, draft, verdict, seat=seat, now=now, edition=edition, evidence=evidence, arrival=arrival.kind)
    placing.keep(conn, sight, verdict, clock)
    return verdict
