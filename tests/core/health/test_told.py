"""What admins are told of sources: once per change, many of one cause as one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.health.states import DOWN, State
from core.health.told import REST, Standing, Told, doubt_of, news_of, tell
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


# --- health ------------------------------------------------------------------------------------------------------

MINUTE = timedelta(minutes=1)
OUTLET = Standing("daily", "The Daily", "https://daily.example/rss", "en", "", "failing", NOW, "name not found", "")


def fallen(number: int, minutes: float = 0, domain: str = "example", **known: str) -> Standing:
    """An outlet that began to fail so many minutes after NOW, each for a reason of its own."""
    at, name = NOW + minutes * MINUTE, f"outlet-{number}"
    plain = replace(OUTLET, id=name, name=name.title(), url=f"https://{name}.{domain}/rss", since=at)
    return replace(plain, **({"language": f"x{number}", "reason": f"reason {number}"} | known))  # type: ignore[arg-type]  # fields as the test names them


class Admins:
    """They hear what is told, minute by minute, and what was told is remembered."""

    def __init__(self, *standings: Standing) -> None:
        self.sources = {each.id: each for each in standings}
        self.heard: list[tuple[str, str]] = []
        self.woken: list[str] = []
        self.now = NOW

    def now_are(self, *standings: Standing) -> None:
        """Who fares otherwise now; what was told of each stays."""
        self.sources |= {each.id: replace(each, told=self.sources[each.id].told) for each in standings}

    def recover(self, *ids: str) -> None:
        self.now_are(*(replace(self.sources[each], state="", since=self.now, reason="") for each in ids))

    def listen(self, minutes: int) -> list[tuple[str, str]]:
        """What they hear in so many minutes: the word, and of which sources."""
        begin = len(self.heard)
        for _ in range(minutes):
            self.now += MINUTE
            told = tell(list(self.sources.values()), self.now)
            self._hear(told)
        return self.heard[begin:]

    def _hear(self, told: Told) -> None:
        self.heard += [(each.word, each.values.get("sources") or each.values["source"]) for each in told.notices]
        self.woken += told.wake
        for of, mark in told.marks:
            self.sources[of] = replace(self.sources[of], told=mark)


def names(standings: Sequence[Standing]) -> str:
    return ", ".join(each.name for each in standings)


def test_a_failing_source_is_told_once_after_a_rest_and_its_recovery_once() -> None:
    admins = Admins(OUTLET)
    assert admins.listen(int(REST / MINUTE) - 1) == []
    assert admins.listen(1) == [("health_failing", "The Daily")]
    assert admins.listen(24 * 60) == []
    admins.recover("daily")
    assert admins.listen(24 * 60) == [("health_well", "The Daily")]


def test_what_is_over_before_it_was_told_is_not_told() -> None:
    admins = Admins(OUTLET)
    admins.listen(20)
    admins.recover("daily")
    assert admins.listen(120) == []


def test_a_relapse_during_the_rest_of_a_recovery_is_neither_recovery_nor_news() -> None:
    admins = Admins(OUTLET)
    admins.listen(60)
    admins.recover("daily")
    admins.listen(5)
    admins.now_are(replace(OUTLET, since=admins.now))
    assert admins.listen(120) == []


def test_a_state_in_which_a_source_still_answers_is_told_at_once() -> None:
    states: list[State] = ["quiet", "empty", "moved", "thin", "encoding", "undated"]
    for state in states:
        admins = Admins(replace(OUTLET, state=state, moved_to="https://new.example/"))
        assert admins.listen(60) == [(f"health_{state}", "The Daily")]


def test_a_move_names_the_new_address() -> None:
    (notice,) = tell([replace(OUTLET, state="moved", moved_to="https://new.example/")], NOW).notices
    assert notice.values["reason"] == "https://new.example/"


def test_four_failures_are_four_notices_five_of_one_country_are_one() -> None:
    four = [fallen(number, number, "ir") for number in range(4)]
    assert [word for word, _ in Admins(*four).listen(90)] == ["health_failing"] * 4
    five = [fallen(number, 4 * number, "ir") for number in range(5)]
    assert Admins(*five).listen(90) == [("related_failures", names(five))]


def test_failures_far_apart_or_with_nothing_in_common_are_told_one_by_one() -> None:
    spread = [fallen(number, 31 * number, "ir") for number in range(6)]
    assert [word for word, _ in Admins(*spread).listen(300)] == ["health_failing"] * 6
    strangers = [fallen(number) for number in range(6)]
    assert [word for word, _ in Admins(*strangers).listen(300)] == ["health_failing"] * 6


def test_a_common_language_proxy_or_reason_makes_one_matter_too() -> None:
    for shared in ({"language": "fa"}, {"proxy": "http://proxy.example:3128"}, {"reason": "answered 403"}):
        five = [fallen(number, number, **shared) for number in range(5)]
        ((_, told),) = [(notice.values["label"], notice) for notice in tell(five, NOW + 50 * MINUTE).notices]
        assert told.values["label"] == next(iter(shared.values()))


def test_the_country_explains_better_than_the_language() -> None:
    (notice,) = tell([fallen(n, n, "ir", language="fa") for n in range(5)], NOW + 50 * MINUTE).notices
    assert notice.values["label"] == ".ir"


def test_who_fails_later_in_the_same_matter_is_not_told_again() -> None:
    five = [fallen(number, number, "ir") for number in range(5)]
    admins = Admins(*five)
    admins.listen(60)
    late = fallen(9, 180, "ir")
    admins.sources[late.id] = late
    assert admins.listen(600) == []


def test_a_matter_does_not_hide_a_failure_of_the_next_day() -> None:
    admins = Admins(*[fallen(number, number, "ir") for number in range(5)])
    admins.listen(60)
    late = fallen(9, 25 * 60, "ir")
    admins.sources[late.id] = late
    admins.now = NOW + 25 * 60 * MINUTE
    assert admins.listen(60) == [("health_failing", late.name)]


def test_the_end_of_a_matter_is_one_notice_and_wakes_those_that_wait() -> None:
    admins = Admins(*[fallen(number, number, "ir") for number in range(6)])
    admins.listen(24 * 60)
    admins.recover("outlet-0")
    assert admins.listen(1) == []
    assert set(admins.woken) == {f"outlet-{number}" for number in range(1, 6)}
    for number in range(1, 6):
        admins.listen(1)
        admins.recover(f"outlet-{number}")
    assert admins.listen(60) == [("related_well", names([fallen(number) for number in range(6)]))]
    assert not any(each.told for each in admins.sources.values())


def test_all_of_a_matter_is_told_with_at_most_a_dozen_names() -> None:
    (notice,) = tell([fallen(number, domain="ir") for number in range(40)], NOW + 50 * MINUTE).notices
    assert notice.values["sources"].count(",") == 12
    assert notice.values["sources"].endswith(", …")


def test_only_states_that_bring_no_news_are_matters() -> None:
    assert {"failing", "blocked", "gone"} == DOWN
