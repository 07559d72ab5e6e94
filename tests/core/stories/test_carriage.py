"""Who carries a story, who is linked to whom, and who had it first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stories.carriage import carriage, first, has_hour
from core.stories.dedup import Evidence, Tier
from core.stories.standing import Account, Match, Member

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def member(article: int, outlet: str, **known: Any) -> Member:
    return Member(article, outlet, outlet.title(), known.pop("owner", outlet), **known)


def shares(article: int, tier: Tier = "copy") -> Match:
    return Match(article, 1, Evidence(tier, 0.9, 90, None, 0.0, "nearly all of the shorter text"))


def cites(*ids: str) -> Account:
    return Account(cites=frozenset(ids))


# --- who is linked ---


def test_nobody_carries_nothing() -> None:
    assert (carriage([]).outlets, carriage([]).unlinked) == ((), 0)


def test_outlets_with_nothing_in_common_are_unlinked() -> None:
    told = carriage([member(1, "a"), member(2, "b"), member(3, "c")])
    assert (told.outlets, told.unlinked, told.links, told.origin) == (("A", "B", "C"), 3, (), "")


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (member(2, "b", owner="a"), "owner"),
        (member(2, "b", match=shares(1)), "copy"),
        (member(2, "b", match=shares(1, "derived")), "derived"),
        (member(2, "b", account=cites("a")), "citation"),
    ],
)
def test_each_rule_links_and_is_named(other: Member, reason: str) -> None:
    told = carriage([member(1, "a"), other])
    assert told.groups == (("A", "B"),)
    assert [(link.outlet, link.to, link.reason) for link in told.links] == [("B", "A", reason)]
    assert told.origin == ("" if reason == "owner" else "A")


def test_a_common_wire_links_and_is_the_origin() -> None:
    told = carriage([member(1, "a", account=cites("wire")), member(2, "b", account=cites("wire")), member(3, "c")])
    assert told.groups == (("A", "B"), ("C",))
    told = carriage(
        [member(1, "a", account=cites("wire")), member(2, "b", match=shares(1))], {"wire": "The Wire"}.__getitem__
    )
    assert told.origin == "The Wire"  # by way of the copy


def test_links_go_on() -> None:
    told = carriage([member(1, "a"), member(2, "b", account=cites("a")), member(3, "c", match=shares(2))])
    assert told.unlinked == 1


def test_an_outlet_with_several_articles_is_one() -> None:
    told = carriage([member(1, "a"), member(2, "a"), member(3, "a", match=shares(9))])
    assert (told.outlets, told.unlinked) == (("A",), 1)


def test_quarantined_and_withdrawn_ones_do_not_count_but_tie_who_copied_them() -> None:
    lie = member(1, "a", quarantined=True)
    told = carriage(
        [lie, member(2, "b", match=shares(1)), member(3, "c", match=shares(1)), member(4, "d", withdrawn=True)]
    )
    assert told.groups == (("B", "C"),)


MEMBERS = st.lists(
    st.builds(
        lambda source, owner, match, cited, quarantined: (source, owner, match, cited, quarantined),
        st.sampled_from("abcdef"), st.sampled_from("abcdefxy"), st.none() | st.integers(1, 8),
        st.frozensets(st.sampled_from("abcdefw"), max_size=2), st.booleans(),
    ),
    max_size=8,
)  # fmt: skip


@given(MEMBERS, st.randoms())
def test_the_order_of_arrival_makes_no_group_and_every_outlet_is_in_one(drawn: list[Any], random: Any) -> None:
    members = [
        member(
            number, source, owner=owner, match=shares(match) if match else None, account=cites(*cited), quarantined=q
        )
        for number, (source, owner, match, cited, q) in enumerate(drawn, 1)
    ]
    told = carriage(members)
    assert {name for group in told.groups for name in group} == set(told.outlets)
    random.shuffle(members)
    assert {frozenset(group) for group in carriage(members).groups} == {frozenset(group) for group in told.groups}


# --- who was first ---


def outlets(*members: Member) -> list[str]:
    return [each.outlet for each in first(members)]


def test_who_was_seen_before_others_could_have_it_is_first() -> None:
    early = member(1, "a", absent=at(0), seen=at(10))
    assert outlets(early, member(2, "b", absent=at(10), seen=at(20))) == ["A"]


def test_overlapping_intervals_are_first_among_them() -> None:
    early = member(1, "a", absent=at(0), seen=at(10))
    assert outlets(early, member(2, "b", absent=at(5), seen=at(15)), member(3, "c", absent=at(12), seen=at(13))) == [
        "A",
        "B",
    ]


def test_who_is_seen_first_is_not_first_where_another_may_have_had_it_long() -> None:
    seldom = member(2, "b", absent=at(-600), seen=at(30))
    assert outlets(member(1, "a", absent=at(0), seen=at(2)), seldom) == ["A", "B"]


def test_a_date_without_an_hour_never_wins() -> None:
    midnight = member(1, "a", published=at(-720), printed="24 Nov 2026", seen=at(5))
    assert outlets(midnight, member(2, "b", absent=at(0), seen=at(10))) == ["B"]
    assert outlets(midnight) == ["A"]  # where there is nobody else


def test_without_a_visit_before_the_publishers_hour_counts() -> None:
    old = member(1, "a", published=at(-60), printed="24 Nov 2026 11:00", seen=at(5))
    late = member(2, "b", published=at(6), printed="24 Nov 2026 12:06", seen=at(20))
    assert outlets(old, late) == ["A"]


def test_who_denies_a_claim_is_not_the_first_to_carry_it() -> None:
    claim = member(1, "a", absent=at(0), seen=at(10), account=Account(grave=True))
    denial = member(2, "b", absent=at(-5), seen=at(5), account=Account(denies=True))
    assert outlets(denial, claim) == ["A"]
    assert carriage([denial, claim]).denied_by == ("B",)


def test_a_quarantined_source_is_never_first() -> None:
    lie = member(1, "a", absent=at(0), seen=at(1), quarantined=True)
    assert outlets(lie, member(2, "b", absent=at(10), seen=at(20))) == ["B"]


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("Sun, 18 Feb 2018 21:35:43 +0400", True),
        ("2026-05-14T06:30:00Z", True),
        ("۱۴۰۵/۰۹/۰۱ - ۱۱:۲۲", True),
        ("قبل ساعتين", True),
        ("۳ دقیقه پیش", True),
        ("2 hours ago", True),
        ("1764000000", True),
        ("14 May 2026", False),
        ("2026-05-14", False),
        ("۲۲ آذر ۱۴۰۵", False),
        ("24 تشرين الثاني 2026", False),
    ],
)
def test_whether_the_printed_time_has_an_hour(printed: str, told: bool) -> None:
    assert has_hour(member(1, "a", published=NOON, printed=printed)) is told


def test_a_time_that_nobody_printed_has_an_hour_unless_it_is_midnight() -> None:
    assert has_hour(member(1, "a", published=NOON))
    assert not has_hour(member(1, "a", published=NOON.replace(hour=0)))
    assert not has_hour(member(1, "a"))
