"""What admins are told of a source."""

from datetime import UTC, datetime

from core.health import doubt_of, news_of
from core.messages import Notice
from core.model import Outcome, Pace, Source

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PROBED = Source("agency", "The Agency", "feed", "https://agency.example/rss", enabled=False, probe=True)
WATCHED = Source("daily", "The Daily", "feed", "https://daily.example/rss")
ANSWERED = Outcome("agency", "fresh", NOW, items=12)
FAILED = Outcome("agency", "failed", NOW, reason="answered 403")


def test_a_probed_source_that_answers_for_the_first_time_is_told() -> None:
    assert news_of(PROBED, Pace(), ANSWERED) == Notice("probe_answers", {"source": "The Agency", "id": "agency"})


def test_it_is_told_again_only_after_it_had_failed() -> None:
    assert news_of(PROBED, Pace(last_visit=NOW), ANSWERED) is None
    assert news_of(PROBED, Pace(last_visit=NOW, failures=1.0), ANSWERED) is not None


def test_a_channel_in_doubt_is_told_with_its_reason() -> None:
    told = doubt_of(WATCHED, "its title changed")
    assert told == Notice("changed_hands", {"source": "The Daily", "id": "daily", "reason": "its title changed"})


def test_a_failing_probe_and_a_watched_source_are_no_news() -> None:
    assert news_of(PROBED, Pace(), FAILED) is None
    assert news_of(WATCHED, Pace(), ANSWERED) is None
