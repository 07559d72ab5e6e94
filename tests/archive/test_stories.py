"""Copies and stories through the archive: found, kept, restored, and ruled by analysts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from archive import articles, rulings, stories
from archive.copies import settle_fingerprints, young_fingerprints
from archive.database import Archive
from archive.intake import admit
from archive.placing import living
from archive.schema import article, link, live
from core.errors import InputError
from core.model import Arrival, Article
from tests.archive.scene import Scene

STRIKE_EN = (
    "A drone hit the airport of Erbil shortly before midnight and wounded three guards, the governor told reporters."
    " Flights were sent to Sulaymaniyah while firemen put out a blaze near the northern runway, he added."
)
STRIKE_EN_2 = "Three guards were wounded when a drone struck Erbil airport around midnight, setting a runway on fire."
STRIKE_FA = "حمله پهپادی به فرودگاه اربیل سه زخمی بر جای گذاشت؛ استاندار از آتش‌سوزی در باند فرودگاه خبر داد."
STRIKE_AR = "هجوم بطائرة مسيرة على مطار أربيل يصيب ثلاثة من الحراس والمحافظ يتحدث عن حريق في مدرج المطار."
GAS_AR = "وزير الخارجية التركي يصل إلى بغداد لبحث ملف الغاز واستئناف تصدير النفط عبر ميناء جيهان."
GAS_FA = "وزیر خارجه ترکیه برای گفتگو درباره گاز و صادرات نفت از بندر جیهان وارد بغداد شد."
SCHOOL_EN = "Teachers in Basra will return to their classrooms after the ministry agreed to pay two months of wages."
FOOTER = "Follow us for the latest news of the region"


def trimmed(text: str) -> str:
    """The report without its last sentence, under another headline."""
    return text.split(". ", maxsplit=1)[0] + "."


def proof(scene: Scene, found: Article) -> tuple[Any, ...]:
    columns = (article.c.match, article.c.tier, article.c.why)
    return tuple(scene.ask(lambda conn: conn.execute(select(*columns).where(article.c.id == found.id)).one()))


def story_of(scene: Scene, *found: Article) -> list[int]:
    """The stories of these articles as an export shows them now."""
    exported = {each.id: each for each in scene.ask(lambda conn: list(articles.export(conn)))}
    return [exported[each.id].story for each in found]


# --- copies ----------------------------------------------------------------------------------------------------------


def test_a_trimmed_report_is_a_copy_and_the_proof_is_kept(scene: Scene) -> None:
    first = scene.publishes("courier", "Blast at airport", STRIKE_EN)
    copy = scene.publishes("gazette", "Erbil airport hit", trimmed(STRIKE_EN))
    assert (copy.duplicate_of, copy.story) == (first.id, first.story)
    assert proof(scene, copy) == (first.id, "copy", "nearly all of the shorter text")


def test_a_report_built_over_is_derived_and_no_duplicate(scene: Scene) -> None:
    first = scene.publishes("courier", "Blast at airport", STRIKE_EN)
    more = (
        f"{STRIKE_EN} It was the second such attack on the city in a week, after one on a gas field in the south, and"
        " nobody has said that it was theirs. Two of the guards were allowed to go home in the morning, doctors said."
        " Ministers will meet on Thursday about the defence of ports, roads and wells, and a delegation leaves for"
        " Amman to ask for help with radar, which the army lacks since spring."
    )
    built = scene.publishes("gazette", "Second attack in a week", more)
    assert built.duplicate_of is None
    assert (built.story, proof(scene, built)[:2]) == (first.story, (first.id, "derived"))


def test_what_only_shares_a_footer_is_no_copy(scene: Scene) -> None:
    texts = [f"{word} {word}s {word}ing {word}ed {word}ly.\n{FOOTER}" for word in "abcdefghij"]
    published = [scene.publishes("courier", text=text) for text in (*texts, f"{SCHOOL_EN}\n{FOOTER}", f"x.\n{FOOTER}")]
    assert published[-1].duplicate_of is None


def test_fingerprints_are_found_after_they_are_moved(scene: Scene) -> None:
    first = scene.publishes("courier", text=STRIKE_EN)
    stories.settle(scene.archive, least=0)
    assert scene.ask(young_fingerprints) == 0
    assert scene.publishes("gazette", text=trimmed(STRIKE_EN)).duplicate_of == first.id
    assert not scene.write(settle_fingerprints)


def test_a_copy_is_found_by_the_full_text_that_came_later(scene: Scene) -> None:
    draft = scene.draft("courier", "Blast", "", summary="A blast was heard.", complete=False)
    scene.admit(draft)
    scene.admit(replace(draft, text=STRIKE_EN, complete=True, listing="again"))
    assert scene.publishes("gazette", text=trimmed(STRIKE_EN)).duplicate_of == scene.article(draft.url).id


# --- stories ---------------------------------------------------------------------------------------------------------


def publish_all(scene: Scene) -> list[Article]:
    """Two events, each in two languages, and one that stands alone."""
    return [
        scene.publishes(outlet, text=text)
        for outlet, text in (
            ("karun", STRIKE_FA),
            ("tigris", STRIKE_AR),
            ("karun", GAS_FA),
            ("tigris", GAS_AR),
            ("courier", SCHOOL_EN),
        )
    ]


def test_an_event_is_one_story_in_every_language(scene: Scene) -> None:
    strike_fa, strike_ar, gas_fa, gas_ar, school = publish_all(scene)
    assert story_of(scene, strike_fa, strike_ar, gas_fa, gas_ar, school) == [1, 1, 3, 3, 5]


def live_of(archive: Archive) -> tuple[Any, ...]:
    """The live stories as a process would go on with: legs, links, stories."""
    with archive.writing() as conn:
        live = living(conn)
        live.catch_up(conn)
        of = live.stories
        legs = {leg.id: sorted(piece.article for piece in leg.pieces) for leg in of.legs.values()}
        return (
            legs,
            {leg: dict(links) for leg, links in of.links.items() if links},
            {leg: of.story_of(leg) for leg in legs},
        )


def test_stories_are_restored_by_a_process_that_starts(scene: Scene, opened: Callable[[], Archive]) -> None:
    publish_all(scene)
    assert live_of(opened()) == live_of(scene.archive)
    with opened().writing() as conn:
        live = living(conn)
        live.catch_up(conn)
        piece = live.stories.piece_of(2)
    with scene.archive.writing() as conn:
        assert piece == living(conn).stories.piece_of(2)


def test_two_processes_go_on_with_each_others_stories(scene: Scene, opened: Callable[[], Archive]) -> None:
    other = Scene(opened())
    other._numbers = count(100)
    strike_fa = scene.publishes("karun", text=STRIKE_FA)
    gas_fa = other.publishes("karun", text=GAS_FA)
    strike_ar = other.publishes("tigris", text=STRIKE_AR)
    gas_ar = scene.publishes("tigris", text=GAS_AR)
    assert story_of(scene, strike_fa, strike_ar, gas_fa, gas_ar) == [1, 1, 2, 2]
    assert live_of(scene.archive) == live_of(other.archive)


def test_what_is_rolled_back_was_never_there(scene: Scene, opened: Callable[[], Archive]) -> None:
    class Fault(Exception):
        """Something after the writing."""

    scene.publishes("karun", text=STRIKE_FA)
    with pytest.raises(Fault), scene.archive.writing() as conn:
        _admit(scene, conn, "tigris", GAS_AR)
        with pytest.raises(Fault), conn.begin_nested():
            _admit(scene, conn, "tigris", STRIKE_AR)
            raise Fault
        _admit(scene, conn, "karun", GAS_FA)
        raise Fault
    assert live_of(scene.archive) == live_of(opened())
    school = scene.publishes("courier", text=SCHOOL_EN)  # under an id that was another's for a moment
    strike_ar = scene.publishes("tigris", text=STRIKE_AR)
    assert story_of(scene, school, strike_ar) == [school.id, 1]
    assert live_of(scene.archive) == live_of(opened())


def _admit(scene: Scene, conn: Connection, outlet: str, text: str) -> None:
    draft = scene.draft(outlet, text=text)
    admit(conn, draft, rules=scene.rules, arrival=Arrival(), now=scene.now, edition=1)


def test_old_stories_are_let_go_and_keep_their_number(scene: Scene, opened: Callable[[], Archive]) -> None:
    strike_fa = scene.publishes("karun", text=STRIKE_FA)
    scene.later(hours=60)
    strike_ar = scene.publishes("tigris", text=STRIKE_AR, published=scene.now - timedelta(hours=58))
    scene.later(hours=13)
    again_ar = scene.publishes(
        "tigris", title="Again", text=STRIKE_AR + " النهاية.", published=scene.now - timedelta(hours=70)
    )
    assert scene.write(stories.forget, scene.now) == 1
    assert story_of(scene, strike_fa, strike_ar, again_ar) == [1, 1, 1]
    assert scene.write(stories.forget, scene.later(days=9)) == 1
    assert story_of(scene, strike_fa, strike_ar) == [1, 1]
    assert live_of(scene.archive) == live_of(opened()) == ({}, {}, {})


def test_upkeep_can_be_repeated(scene: Scene) -> None:
    publish_all(scene)
    for _ in range(2):
        scene.write(stories.tend, scene.now)
        assert scene.count("piece") == 5
    assert scene.count("frequency") > 20


# --- rulings ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def night(scene: Scene) -> Iterator[list[Article]]:
    yield publish_all(scene)


def test_a_split_lasts_and_can_be_taken_back(scene: Scene, night: list[Article], opened: Callable[[], Archive]) -> None:
    new = scene.write(rulings.split, 1, [2], "amal", scene.now)
    assert story_of(scene, *night[:2]) == [1, new]
    scene.write(stories.tend, scene.now)
    more = scene.publishes("karun", text=STRIKE_FA.replace("استاندار", "فرماندار"), title="دوباره")
    assert story_of(scene, *night[:2], more) == [1, new, 1]
    assert live_of(scene.archive) == live_of(opened())
    (ruling,) = scene.ask(rulings.rulings, 1)
    assert (ruling.kind, ruling.groups, ruling.by, ruling.undone) == ("split", ((2,), (1,)), "amal", None)
    scene.write(rulings.undo, ruling.id, scene.now)
    assert story_of(scene, *night[:2], more) == [1, 1, 1]
    assert live_of(scene.archive) == live_of(opened())
    with pytest.raises(InputError, match="no decision"):
        scene.write(rulings.undo, ruling.id, scene.now)


def part_legs(conn: Connection, one: int, other: int) -> None:
    """Undo the link of two legs, as a closer neighbour would; a third still ties them."""
    conn.execute(delete(link).where(link.c.one == one, link.c.other == other))
    conn.execute(update(live).values(stamp=live.c.stamp + 1))


@pytest.mark.parametrize("out", [0, 1, 2])
def test_a_split_takes_out_what_it_names_and_nobody_else(scene: Scene, out: int, opened: Callable[[], Archive]) -> None:
    """Whichever of three languages leaves, the other two stay together, though it was what tied them."""
    texts = (("karun", STRIKE_FA), ("tigris", STRIKE_AR), ("courier", STRIKE_EN))
    three = [scene.publishes(outlet, text=text) for outlet, text in texts]
    scene.write(part_legs, *sorted({1, 2, 3} - {three[out].id}))
    assert story_of(scene, *three) == [1, 1, 1]
    new = scene.write(rulings.split, 1, [three[out].id], "amal", scene.now)
    expected = [new if place == out else 1 for place in range(3)]
    assert story_of(scene, *three) == expected
    assert live_of(scene.archive) == live_of(opened())
    scene.write(rulings.undo, scene.ask(rulings.rulings, 1)[0].id, scene.now)
    assert story_of(scene, *three) == [1, 1, 1]
    assert live_of(scene.archive) == live_of(opened())


def test_a_merge_lasts_and_can_be_taken_back(scene: Scene, night: list[Article], opened: Callable[[], Archive]) -> None:
    assert scene.write(rulings.merge, [5, 3], "amal", scene.now) == 3
    assert story_of(scene, *night) == [1, 1, 3, 3, 3]
    scene.write(stories.tend, scene.now)
    assert live_of(scene.archive) == live_of(opened())
    (ruling,) = scene.ask(rulings.rulings, 5)
    scene.write(rulings.undo, ruling.id, scene.now)
    assert story_of(scene, *night) == [1, 1, 3, 3, 5]
    assert live_of(scene.archive) == live_of(opened())


@pytest.mark.parametrize("ended", [(1,), (3,), (1, 3)])
def test_ended_stories_are_merged_as_well(scene: Scene, ended: Sequence[int]) -> None:
    old = {1: STRIKE_FA, 3: GAS_FA}
    published = []
    for each, text in old.items():
        ago = timedelta(days=9 if each in ended else 0)
        published.append(scene.publishes("karun", text=text, published=scene.now - ago))
    scene.write(stories.forget, scene.now)
    first, second = (each.story for each in published)
    assert scene.write(rulings.merge, [first, second], "amal", scene.now) == first
    assert story_of(scene, *published) == [first, first]
    gas_ar = scene.publishes("tigris", text=GAS_AR)
    if 3 not in ended:
        assert story_of(scene, gas_ar) == [first]


def test_a_wrong_ruling_is_refused(scene: Scene, night: list[Article]) -> None:
    for wrong in ([], [1, 2], [5]):
        with pytest.raises(InputError, match="name some of them, not all"):
            scene.write(rulings.split, 1, wrong, "amal", scene.now)
    with pytest.raises(InputError, match="two stories or more"):
        scene.write(rulings.merge, [1, 2], "amal", scene.now)
