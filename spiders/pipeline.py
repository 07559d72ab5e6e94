"""Drafts to the archive: judge and record, nothing more. It fetches and reads nothing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from archive import articles, intake, sources, withdrawals
from archive.database import Archive
from core.model import Arrival, ArrivalKind, Draft, Due, Page
from core.pace import BURST_LEAST, is_burst
from settings import Edition

MOST_AGAIN = 10


class Pipeline:
    """The way of one visit's drafts into the archive, under one edition of the rules from its first to its last."""

    def __init__(
        self, archive: Archive, due: Due, edition: Edition, clock: Callable[[], datetime], *, held: bool = False
    ) -> None:
        self._archive = archive
        self._due = due
        self._edition = edition
        self._clock = clock
        # The source may be somebody else's now, or was found to lie: archived, and no alert.
        self._held = held or due.quarantined is not None
        self.burst = 0  # new items of this visit, where they are far more than usual

    async def unseen(self, drafts: list[Draft]) -> list[Draft]:
        """Those that the archive does not know, or knows otherwise than the listing has them now.

        Of headlines that are told again at addresses that were never seen ten at most are among them: more are a trap
        of random addresses, whose pages are known. Whether the new ones are a burst is decided here, before the first
        of them is admitted.
        """

        def look(conn: Any) -> tuple[list[Draft], int]:
            unseen = articles.unseen(conn, self._due.source.id, drafts)
            unknown = articles.unknown(conn, self._due.source.id, unseen)
            again: list[Draft] = []
            if len(unknown) > MOST_AGAIN:
                again = articles.told_again(conn, self._due.source.id, unknown, self._clock())
            left = {draft.url for draft in again[MOST_AGAIN:]}
            return [draft for draft in unseen if draft.url not in left], self._burst(conn, len(unknown) - len(again))

        unseen, self.burst = await self._archive.ask(look)
        return unseen

    def _burst(self, conn: Any, new: int) -> int:
        if self._due.first_visit or new <= BURST_LEAST:
            return 0
        return new if is_burst(new, sources.pace(conn, self._due.source.id), self._clock()) else 0

    async def admit(self, draft: Draft, evidence: Page) -> bool:
        """Record `draft`; True when it is new to the archive (a copy of another source's text is). Returns after
        the commit. Raises what the archive raises."""
        now = self._clock()

        def work(conn: Any) -> bool:
            verdict = intake.admit(
                conn,
                draft,
                rules=self._edition.rules,
                arrival=self._arrival(conn),
                now=now,
                edition=self._edition.number,
                evidence=evidence,
            )
            return verdict.action in ("new", "copy")

        return await self._archive.write(work)

    async def withdraw(self, draft: Draft) -> None:
        """Note that the page of `draft` is gone, where the archive has what stood there."""
        now, urls = self._clock(), (draft.url, *draft.aliases)
        await self._archive.write(lambda conn: withdrawals.withdraw(conn, self._due.source.id, urls, now))

    def _arrival(self, conn: Any) -> Arrival:
        if self._held:
            return Arrival("held")
        kind: ArrivalKind = "burst" if self.burst else "live"
        if self._due.first_visit:
            kind = "first_round" if sources.first_round_open(conn) else "backlog"
        alerted = articles.backlog_alerts(conn, self._due.source.id) if kind == "backlog" else {}
        return Arrival(kind, catch_up=self._edition.settings.collect.catch_up, alerted=alerted)
