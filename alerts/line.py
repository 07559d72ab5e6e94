"""What is known of whether a channel answers: open, or closed until a probe is answered. Pure; `now` is passed in.

The rules (why: delivery.md, "States"). A call that got no answer closes the line. While it is closed nothing is
sent and only probes go out: one at once, then after 30 s, growing to 10 min. So an outage costs one message its
certainty, not all of them; and a message of unknown fate is resent only once something was answered after it.
"""

from datetime import datetime, timedelta

from archive.claiming import RECENTLY

_FIRST_GAP = timedelta(seconds=30)
_LONGEST_GAP = timedelta(minutes=10)
_GROWTH = 1.5


class Line:
    """Starts closed: the first thing said is a probe."""

    def __init__(self, now: datetime) -> None:
        self.open = False
        self.answered_at: datetime | None = None
        self.probe_at = now
        self._gap = _FIRST_GAP

    def opened(self, now: datetime) -> None:
        """A probe was answered."""
        self.open = True
        self.answered_at = now
        self._gap = _FIRST_GAP

    def answered(self, now: datetime) -> None:
        """Any answer to any other call, refusals included. It opens nothing: it may belong to an earlier loss."""
        self.answered_at = now

    def lost(self, now: datetime) -> None:
        """A call of ours was not answered, or could not even be made."""
        if self.open:
            self.open = False
            self.probe_at = now

    def silent(self, now: datetime, *, at_least: timedelta = timedelta(0)) -> None:
        """A probe was not answered."""
        self.open = False
        self.probe_at = now + max(self._gap, at_least)
        self._gap = min(self._gap * _GROWTH, _LONGEST_GAP)

    def quiet(self, now: datetime) -> bool:
        """Whether nothing was answered for so long that asking costs less than not knowing."""
        return self.answered_at is None or now - self.answered_at > _FIRST_GAP

    def spends(self, started: datetime) -> bool:
        """Whether an attempt begun at `started` counts: another call had been answered in the minute before."""
        return self.answered_at is not None and started - self.answered_at <= RECENTLY
