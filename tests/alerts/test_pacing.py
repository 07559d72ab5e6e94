"""Limits and the line, with literal times; what the bot and the delivery share of them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.bot.visit import Office
from alerts.limits import UNLIMITED, Limits, Rate, Rates
from alerts.line import Line
from tests.alerts.scene import Scene
from tests.bot_api import BotApi

T = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T + timedelta(seconds=seconds)


def test_a_chat_rests_for_a_second() -> None:
    limits = Limits(Rates())
    limits.took(5, at(0))
    assert limits.resting(at(0.5)) == {5: at(1)}
    assert limits.resting(at(1)) == {}
    assert limits.next_change(at(0.5)) == at(1)


def test_a_group_gets_eighteen_a_minute() -> None:
    limits = Limits(Rates())
    for number in range(18):
        limits.took(-5, at(number * 2))
    assert limits.resting(at(40)) == {-5: at(60)}
    assert limits.resting(at(60)) == {}


def test_three_chats_within_five_seconds_pause_everything() -> None:
    limits = Limits(Rates())
    pauses = [limits.throttled(chat, at(30 + number), at(number)) for number, chat in enumerate((5, 6, 5, 7))]
    assert pauses == [None, None, None, at(33)]
    assert (limits.room(at(20)), limits.room_for_notices(at(20))) == (0, 0)
    assert limits.next_change(at(20)) == at(33)
    assert limits.room(at(33)) == 5


def test_three_chats_over_a_longer_time_do_not() -> None:
    limits = Limits(Rates())
    for number, chat in enumerate((5, 6, 7)):
        limits.throttled(chat, at(100), at(number * 3))
    assert limits.room(at(20)) == 5


def test_notices_have_a_room_of_their_own() -> None:
    limits = Limits(Rates())
    for chat in range(5):
        limits.took(chat, at(0))
    for chat in range(2):
        limits.took(chat, at(0), notice=True)
    assert (limits.room(at(0.1)), limits.room_for_notices(at(0.1))) == (0, 1)
    assert (limits.room(at(0.2)), limits.room_for_notices(at(1))) == (5, 3)


def test_after_three_in_a_minute_a_chat_is_busy() -> None:
    limits = Limits(Rates())
    for second in (0, 10, 20):
        assert limits.busy(at(second)) == {}
        limits.took(5, at(second))
    assert limits.busy(at(20)) == {5: at(60)}
    assert limits.busy(at(60)) == {}
    limits.took(5, at(60))
    assert limits.busy(at(61)) == {5: at(70)}


def test_alerts_keep_their_distance_from_a_reply_which_takes_nobodys_room() -> None:
    limits = Limits(Rates())
    for second in range(5):
        limits.replied(5, at(second))
    assert limits.resting(at(4.5)) == {5: at(5)}
    assert limits.busy(at(5)) == {}, "replies are no alerts: the next three still go alone"
    assert (limits.room(at(4.5)), limits.room_for_notices(at(4.5))) == (5, 3)


def test_a_person_waits_for_an_answer_only_in_a_pause_and_in_a_group_that_had_its_share() -> None:
    limits = Limits(Rates())
    limits.took(5, at(0))
    assert limits.reply_after(5, at(0)) is None
    for number in range(18):
        limits.took(-5, at(number))
    assert limits.reply_after(-5, at(18)) == at(60)
    limits.pause(at(90))
    assert (limits.reply_after(5, at(18)), limits.reply_after(-5, at(18))) == (at(90), at(90))


async def test_what_the_bot_answers_counts_for_the_delivery(scene: Scene, telegram: BotApi) -> None:
    delivery = scene.delivery()
    office = Office(scene.archive, scene.edition, limits=delivery.limits)
    await office.await_turn(501)
    assert list(delivery.limits.resting(datetime.now(UTC))) == [501]
    await delivery.stop()


def test_without_limits_there_is_no_end_of_room() -> None:
    limits = Limits(UNLIMITED)
    for _ in range(1000):
        limits.took(5, at(0))
    assert limits.room(at(0)) is None
    assert limits.resting(at(0)) == {}
    assert limits.next_change(at(0)) is None


@given(st.lists(st.floats(0, 0.2), min_size=1, max_size=200), st.integers(1, 9))
def test_no_second_holds_more_than_the_rate(gaps: list[float], most: int) -> None:
    limits = Limits(Rates(chat=None, group=None, overall=Rate(most, timedelta(seconds=1))))
    now, sent = 0.0, []
    for gap in gaps:
        now += gap
        if limits.room(at(now)):
            limits.took(5, at(now))
            sent.append(now)
    for begin in sent:
        assert sum(begin <= moment < begin + 0.999_999 for moment in sent) <= most


# --- the line ---


def test_a_line_begins_with_a_probe() -> None:
    line = Line(T)
    assert not line.open
    assert line.probe_at == T


def test_a_loss_closes_the_line_and_probes_at_once_then_ever_more_rarely() -> None:
    line = Line(T)
    line.opened(at(1))
    line.lost(at(5))
    assert (line.open, line.probe_at) == (False, at(5))
    gaps = []
    for _ in range(12):
        now = line.probe_at
        line.silent(now)
        gaps.append((line.probe_at - now).total_seconds())
    assert gaps[0] == 30
    assert gaps == sorted(gaps)
    assert gaps[-1] == 600
    line.opened(at(9999))
    line.lost(at(10000))
    line.silent(at(10000))
    assert line.probe_at == at(10030), "an answer starts the count anew"


def test_losses_of_one_moment_count_once_and_a_late_answer_opens_nothing() -> None:
    line = Line(T)
    line.opened(at(0))
    for _ in range(50):
        line.lost(at(1))
    line.answered(at(1))
    assert (line.open, line.probe_at) == (False, at(1))
    line.silent(at(1))
    assert line.probe_at == at(31)


def test_an_attempt_counts_only_shortly_after_an_answer() -> None:
    line = Line(T)
    assert not line.spends(at(0))
    line.answered(at(0))
    assert line.spends(at(60))
    assert not line.spends(at(61))
