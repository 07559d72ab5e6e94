"""The story that the demonstration tells, as data: who publishes what, when, and what a monitor should make of it.

A rumour in Persian and its copies, an Arabic denial, a channel's post, an edited headline, a feed that breaks, a site
that is slow, and items that concern nobody. It performs steps on a newsroom; it neither waits nor looks at the monitor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from demo import texts
from demo.newsroom import Item, Newsroom, Outlet
from demo.press import FeedFormat, FeedText, LinkStyle, Theme
from demo.texts import Text

Expected = Literal["alert", "copy", "joined", "turn", "revision", "quiet", "failing", "healthy", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Imprint:
    """An outlet to found: every name says that it is none."""

    id: str
    name: str
    language: str
    format: FeedFormat = "rss"
    theme: Theme = "portal"
    feed_text: FeedText = "summary"
    link_style: LinkStyle = "plain"
    affiliation: str = "private"
    is_channel: bool = False  # a public channel: no feed and no pages, only posts


@dataclass(frozen=True, slots=True)
class Publish:
    """A text goes out; later steps know it by `key`."""

    outlet: str
    key: str
    text: Text
    age: timedelta = timedelta(0)  # how long before now its date says


@dataclass(frozen=True, slots=True)
class Copy:
    """Another outlet takes over a published text word for word."""

    outlet: str
    key: str
    of: str
    title: str


@dataclass(frozen=True, slots=True)
class Edit:
    """The headline changes under the same address."""

    of: str
    title: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    of: str


@dataclass(frozen=True, slots=True)
class Break:
    """The outlet's feed turns into an error page."""

    outlet: str


@dataclass(frozen=True, slots=True)
class Recover:
    outlet: str


Deed = Publish | Copy | Edit | Withdraw | Break | Recover


@dataclass(frozen=True, slots=True)
class Step:
    """Something happens `at` seconds after the curtain; `note` tells the viewer, `expected` the tests."""

    at: float
    deed: Deed
    note: str
    expected: Expected


OUTLETS = (
    Imprint("namuneh", "خبرگزاری نمونه", "fa", theme="agency", affiliation="state"),
    Imprint("maket", "ماکت‌پرس", "fa", format="atom", link_style="tracking"),
    Imprint("azmayeshi", "پایگاه خبری آزمایشی", "fa", format="rdf", theme="agency", link_style="redirect"),
    Imprint("mithal", "وكالة مثال للأنباء", "ar", affiliation="state"),
    Imprint("namudhaj", "صحيفة النموذج", "ar", format="json", feed_text="full", affiliation="party"),
    Imprint("sulhafat", "سلحفاة نيوز (موقع تجريبي)", "ar", theme="agency"),
    Imprint("tg-alwaraq", "قناة على الورق", "ar", affiliation="faction-linked", is_channel=True),
    Imprint("placeholder", "The Placeholder Post", "en", format="atom"),
    Imprint("mockup", "Mockup Monitor", "en", feed_text="full", link_style="amp"),
)
SLOW, BROKEN = "sulhafat", "mockup"
SLOWNESS = 1.5  # seconds before the slow site answers

OPENING = (
    Publish("placeholder", "harvest", texts.HARVEST_EN, timedelta(hours=9)),
    Publish("mockup", "background", texts.QUDS_FORCE_BACKGROUND, timedelta(hours=7)),
    Publish("namuneh", "weather", texts.WEATHER_FA, timedelta(hours=5)),
    Publish("mithal", "delay", texts.GOVERNMENT_DELAY, timedelta(hours=3)),
    Publish("namudhaj", "jerusalem", texts.JERUSALEM_AR, timedelta(hours=2)),
)

TIMELINE = (
    Step(0, Publish("namuneh", "rumour", texts.RUMOUR), "a rumour, in Persian, from one unnamed source", "alert"),
    Step(
        6,
        Copy("maket", "first_copy", "rumour", "خبر فوری | قاآنی در تل‌مروان"),
        "the same text in a second outlet, under another headline",
        "copy",
    ),
    Step(
        11,
        Copy("azmayeshi", "second_copy", "rumour", texts.RUMOUR.title),
        "and in a third, whose feed links through a redirect",
        "copy",
    ),
    Step(16, Publish("namudhaj", "sport", texts.SPORT_AR), "sport: nobody asked for it", "quiet"),
    Step(
        21,
        Publish("placeholder", "report", texts.ENGLISH_REPORT),
        "an English outlet writes a report of its own on the same event",
        "joined",
    ),
    Step(27, Publish("mithal", "denial", texts.DENIAL), "a denial, in Arabic", "turn"),
    Step(
        30,
        Publish("tg-alwaraq", "post", texts.CHANNEL_POST),
        "a public channel, which has no feed, posts a statement",
        "alert",
    ),
    Step(
        33,
        Edit("rumour", texts.RUMOUR_EDITED_TITLE),
        "the first outlet changes its headline and says nothing",
        "revision",
    ),
    Step(37, Break(BROKEN), "one feed turns into an error page", "failing"),
    Step(
        41,
        Publish(SLOW, "factions", texts.ARMED_FACTIONS),
        "the slowest site of the newsroom has something on another topic",
        "alert",
    ),
    Step(46, Publish("maket", "exhibition", texts.EXHIBITION_FA), "an exhibition: nobody asked for it", "quiet"),
    Step(50, Recover(BROKEN), "the broken feed comes back", "healthy"),
    Step(52, Publish(BROKEN, "deal", texts.GOVERNMENT_DEAL), "and has news on a third topic", "alert"),
    Step(57, Publish("azmayeshi", "groups", texts.ARMED_GROUPS_FA), "and once more in Persian", "alert"),
    Step(61, Publish("placeholder", "museum", texts.MUSEUM_EN), "a museum: nobody asked for it", "quiet"),
    Step(64, Withdraw("first_copy"), "the second outlet withdraws its copy", "withdrawn"),
)


class Stage:
    """A newsroom with the scene's outlets, in which steps are performed in their order."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self._items: dict[str, Item] = {}
        for imprint in OUTLETS:
            _found(newsroom, imprint)
        for deed in OPENING:
            self._perform(deed)
        self.outlet(SLOW).stalls(SLOWNESS)
        self.outlet(SLOW).stalls(SLOWNESS, on="pages")

    @property
    def items(self) -> Mapping[str, Item]:
        return dict(self._items)

    def outlet(self, outlet: str) -> Outlet:
        return self.newsroom.outlets[outlet]

    def perform(self, step: Step) -> tuple[Outlet, Item | None]:
        """Let it happen; returns whose feed changed, and the item that it is about, if it is about one."""
        return self._perform(step.deed)

    def _perform(self, deed: Deed) -> tuple[Outlet, Item | None]:
        match deed:
            case Publish(outlet=outlet, key=key, text=text, age=age):
                item = self.outlet(outlet).publish(
                    text.title, text.body, published=age, tags=text.tags, authors=text.authors
                )
                self._items[key] = item
                return item.outlet, item
            case Copy(outlet=outlet, key=key, of=of, title=title):
                item = self._items[key] = self.outlet(outlet).copies(self._items[of], title=title)
                return item.outlet, item
            case Edit(of=of, title=title):
                item = self._items[of]
                item.outlet.edit(item, title=title)
                return item.outlet, item
            case Withdraw(of=of):
                item = self._items[of]
                item.outlet.withdraw(item)
                return item.outlet, item
            case Break(outlet=outlet):
                self.outlet(outlet).answers(500)
                return self.outlet(outlet), None
            case Recover(outlet=outlet):
                self.outlet(outlet).recovers()
                return self.outlet(outlet), None


def _found(newsroom: Newsroom, imprint: Imprint) -> Outlet:
    if imprint.is_channel:
        name, language, affiliation = imprint.name, imprint.language, imprint.affiliation
        return newsroom.channel(imprint.id, name=name, language=language, affiliation=affiliation)
    return newsroom.outlet(
        imprint.id,
        name=imprint.name,
        language=imprint.language,
        format=imprint.format,
        theme=imprint.theme,
        feed_text=imprint.feed_text,
        link_style=imprint.link_style,
        affiliation=imprint.affiliation,
    )
