"""A newsroom in memory: outlets publish, the judge decides, the stories remember, as the archive would."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from core.judge import fingerprint_of, judge, judge_withdrawal
from core.model import (
    Alert,
    Arrival,
    ArrivalKind,
    Draft,
    Form,
    Known,
    Level,
    NameSet,
    Neighbours,
    Source,
    Topic,
    Verdict,
)
from core.rules.match import compile_rules
from core.stories.attribution import compile_outlets
from core.stories.dedup import Evidence
from core.stories.standing import Match, Member, Standing
from core.stories.story import Place

MORNING = datetime(2026, 11, 24, 6, tzinfo=UTC)

OUTLETS = {
    outlet.id: outlet
    for outlet in (
        Source("karun", "Karun Daily", "feed", "https://karun.example/rss", "fa", "private", "karun"),
        Source("tigris", "Tigris News", "feed", "https://tigris.example/feed", "ar", "private", "tigris"),
        Source("delta", "Delta TV", "telegram", "https://t.me/s/deltatv", "ar", "party", "Tigris Group"),
        Source("marsh", "Marsh Radio", "feed", "https://marsh.example/feed", "ar", "exile", "Tigris Group"),
        Source("courier", "The Courier", "feed", "https://courier.example/atom", "en", "private", "courier"),
        Source("gazette", "Gazette", "feed", "https://gazette.example/rss", "en", "unknown", "gazette"),
        Source("wire", "Gulf Wire", "feed", "https://wire.example/rss", "en", "private", "wire"),
    )
}
LEXICON = """
wire | وكالة الخليج, أنباء الخليج | خبرگزاری خلیج | Gulf Wire
tigris | أخبار دجلة | خبرگزاری دجله | Tigris News
afar | أفار | آفار | Afar Press
"""


def words(id_: str, *forms: str, title: str = "") -> NameSet:
    return NameSet(id_, {"en": title} if title else {}, tuple(map(Form, forms)))


RULES = compile_rules(
    {
        name.id: name
        for name in (
            words("qaani", "Qaani", "قاآني", "قاآنی", title="Esmail Qaani"),
            words("badr", "Badr Organization", "منظمة بدر", "سازمان بدر", title="Badr"),
            words("grave", "killed", "arrested", "مقتل", "اغتيال", "اعتقال", "کشته شدن", "کشته شد", "ترور", "بازداشت"),
            words("memorial", "anniversary", "ذكرى", "سالگرد"),
        )
    },
    {
        "qaani": Topic(
            "qaani",
            {"en": "Qaani"},
            "@qaani",
            levels={"breaking": "@grave NEAR/6 @qaani", "low": "@qaani NEAR/10 @memorial"},
        ),
        "badr": Topic("badr", {"en": "Badr"}, "@badr"),
        "drones": Topic("drones", {"en": "Drones"}, "drone OR مسيرة OR پهپاد", "breaking"),
    },
)


class Newsroom:
    """Publishes in the order of the day. An article is known by the number that `publish` returns."""

    def __init__(self) -> None:
        self.now = MORNING
        self.verdicts: dict[int, Verdict] = {}
        self.drafts: dict[int, Draft] = {}
        self.story_of: dict[int, int] = {}
        self._standings: dict[int, Standing] = {}
        self._members: dict[int, list[Member]] = {}
        self._numbers = count(1)

    def publish(
        self,
        outlet: str,
        title: str,
        text: str = "",
        *,
        copy_of: int = 0,
        derived_from: int = 0,
        joins: int = 0,
        near: int = 0,
        how: ArrivalKind = "live",
        published: datetime | None = None,
    ) -> int:
        """An article arrives; `joins` and `near` name an article whose story it stands in, surely or not."""
        number = next(self._numbers)
        self.now += timedelta(minutes=2)
        draft = Draft(
            outlet,
            f"https://{outlet}.example/{number}",
            title,
            text,
            language=OUTLETS[outlet].language,
            published=published or self.now,
        )
        match = self._match(copy_of, "copy") or self._match(derived_from, "derived")
        place = self._place(number, joins or near or derived_from, sure=bool(joins))
        verdict = self._judge(draft, how, match=match, place=place)
        self._record(number, draft, verdict, how)
        return number

    def edit(self, number: int, title: str, text: str | None = None) -> Verdict:
        """The publisher edits an article."""
        former = self.drafts[number]
        draft = replace(former, title=title, text=former.text if text is None else text)
        self.now += timedelta(minutes=2)
        verdict = self._judge(draft, "live", same=self._known(number))
        if verdict.action == "revision":
            self._record(number, draft, verdict, "live")
        return verdict

    def withdraw(self, number: int) -> tuple[Alert, ...]:
        """The publisher takes an article back."""
        story = self.story_of[number]
        told = judge_withdrawal(number, replace(self.standing(story), members=tuple(self._members[story])))
        self._members[story] = [
            replace(member, withdrawn=member.withdrawn or member.article == number) for member in self._members[story]
        ]
        self._tell(story, number, told)
        return told

    def quarantine(self, outlet: str) -> None:
        """From now on nobody counts what this outlet says."""
        for story, members in self._members.items():
            self._members[story] = [
                replace(member, quarantined=member.quarantined or member.source == outlet) for member in members
            ]

    def told(self, number: int) -> list[str]:
        """The alerts of an article: «first qaani breaking», with what they say of it."""
        return said(self.verdicts[number].alerts)

    def standing(self, story: int) -> Standing:
        members = tuple(m for m in self._members[story] if m.account.grave or m.account.denies)
        return replace(self._standings[story], members=members)

    def members(self, number: int) -> list[Member]:
        return self._members[self.story_of[number]]

    # --- what the archive does

    def _judge(
        self,
        draft: Draft,
        how: ArrivalKind,
        *,
        same: Known | None = None,
        match: Match | None = None,
        place: Place | None = None,
    ) -> Verdict:
        outlet = OUTLETS[draft.source]
        near = Neighbours(
            same=same,
            match=match,
            place=place,
            standings={story: self.standing(story) for story in self._standings},
            outlets=compile_outlets(LEXICON, OUTLETS.values()),
            owner=outlet.owner,
            outlet=outlet.name,
        )
        return judge(draft, fingerprint_of(draft), near, RULES, Arrival(how), self.now)

    def _match(self, article: int, tier: str) -> Match | None:
        if not article:
            return None
        evidence = Evidence(tier, 0.9, 80, None, 0.02, "nearly all of the shorter text")  # type: ignore[arg-type]
        return Match(article, self.story_of[article], evidence)

    def _place(self, number: int, beside: int, *, sure: bool) -> Place | None:
        if not beside:
            return Place(number, number, number, sure=False, score=1.0)
        story = self.story_of[beside]
        return Place(number, story, story, sure=sure, score=0.6 if sure else 0.38, shared=("@qaani",))

    def _known(self, number: int) -> Known:
        draft, print_ = self.drafts[number], fingerprint_of(self.drafts[number])
        return Known(
            number, self.story_of[number], draft.source, draft.url, print_.body, print_.content, True, 1,
            title=draft.title, text=draft.text,
        )  # fmt: skip

    def _record(self, number: int, draft: Draft, verdict: Verdict, how: ArrivalKind) -> None:
        story = verdict.story or number
        self.verdicts[number], self.drafts[number], self.story_of[number] = verdict, draft, story
        standing = self._standings.setdefault(story, Standing(story, held=True))
        held, outlet = how == "held", OUTLETS[draft.source]
        assert verdict.account is not None
        member = Member(
            number, draft.source, outlet.name, outlet.owner, outlet.affiliation, draft.language, draft.published,
            absent=self.now - timedelta(minutes=10), seen=self.now, match=verdict.match, account=verdict.account,
            quarantined=held,
        )  # fmt: skip
        others = [m for m in self._members.get(story, []) if m.article != number]
        former = [m for m in self._members.get(story, []) if m.article == number]
        member = replace(member, match=former[0].match) if former else member
        self._members[story] = [*others, member]
        hits = {} if held else {hit.topic: hit.level for hit in verdict.matches.topics}
        self._standings[story] = replace(standing, topics=_highest(standing.topics, hits), held=standing.held and held)
        self._tell(story, number, verdict.alerts)

    def _tell(self, story: int, number: int, alerts: Iterable[Alert]) -> None:
        for alert in alerts:
            standing = self._standings[story]
            self._standings[story] = replace(
                standing,
                alerted=_highest(standing.alerted, {alert.topic: alert.level}),
                told=standing.told | {number},
                turns=standing.turns | ({alert.turn} if alert.turn else set()),
            )


def _highest(one: object, other: dict[str, Level]) -> dict[str, Level]:
    order: tuple[Level, ...] = ("low", "normal", "breaking")
    merged: dict[str, Level] = dict(one)  # type: ignore[call-overload]  # a mapping of topics to levels
    for topic, level in other.items():
        merged[topic] = max(level, merged.get(topic, "low"), key=order.index)
    return merged


def said(alerts: Iterable[Alert]) -> list[str]:
    """Alerts in words: occasion, topic, level, and what is told besides."""
    return [
        f"{alert.occasion} {alert.topic} {alert.level}"
        + (f" ({alert.turn})" if alert.turn else "")
        + (f" ({alert.unconfirmed} alone)" if alert.unconfirmed else "")
        + (" (changed)" if alert.edit else "")
        for alert in alerts
    ]
