"""What is worth telling the admins of a source, decided from two looks at it. Pure; tells nobody itself."""

from core.messages import Notice
from core.model import Outcome, Pace, Source


def doubt_of(source: Source, doubt: str) -> Notice:
    """That a channel may be somebody else's now, and why: an operator has to look at it."""
    return Notice("changed_hands", {"source": source.name, "id": source.id, "reason": doubt})


def news_of(source: Source, before: Pace, outcome: Outcome) -> Notice | None:
    """What changed with this visit; None when nothing did. Said once per change.

    A probed source that answers, after it never did or had failed, is worth a decision of the operator's.
    """
    silent_before = before.last_visit is None or before.failures > 0
    if source.probe and outcome.status != "failed" and silent_before:
        return Notice("probe_answers", {"source": source.name, "id": source.id})
    return None
