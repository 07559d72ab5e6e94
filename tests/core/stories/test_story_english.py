"""An English day of forty reports, two of each event: a smoke test, since no labelled English days are at hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.stories.concepts import compile_concepts
from core.stories.fingerprints import own_words
from core.stories.pieces import Frequencies, piece, placed_concepts
from core.stories.story import Stories

CONCEPTS = compile_concepts((Path(__file__).parents[3] / "lexicon" / "concepts.txt").read_text(encoding="utf-8"))
MORNING = datetime(2026, 5, 19, 5, tzinfo=UTC)

DAY = """
Drone attack on Erbil airport wounds three | Three wounded as drones target airport in Erbil
Iraqi parliament delays vote on new speaker | Vote on parliament speaker in Iraq put off until Sunday
Flood cuts road between Dohuk and Zakho | Road from Zakho to Dohuk closed by flood waters
Turkey halts Kirkuk oil exports through Ceyhan pipeline | Kirkuk crude exports via Ceyhan pipeline stopped by Turkey
Iran's foreign minister arrives in Muscat for talks | Iranian foreign minister lands in Muscat ahead of talks
Earthquake of magnitude five shakes Kerman province | Kerman province shaken by magnitude 5 earthquake
Basra teachers strike over unpaid salaries | Teachers in Basra on strike because of unpaid salaries
Kuwait opens border crossing for pilgrims | Pilgrims pass as Kuwait opens the border crossing
Egypt and Qatar present new Gaza ceasefire plan | New ceasefire plan for Gaza presented by Qatar and Egypt
Fire destroys warehouse near Mosul market | Warehouse beside Mosul market destroyed by fire
Dollar rises against dinar in Baghdad exchanges | Baghdad exchanges see dollar rise against the dinar
Syria and Jordan sign water sharing agreement | Water sharing agreement signed by Jordan and Syria
Prosecutors charge former mayor of Najaf with bribery | Former Najaf mayor charged with bribery by prosecutors
Power station in Diyala shut down after sandstorm | Sandstorm shuts down Diyala power station
Russia delivers wheat shipment to Lebanon | Lebanon receives wheat shipment from Russia
Karbala hospital opens new children's ward | New children's ward opened at hospital in Karbala
Saudi oil minister rejects output increase | Output increase rejected by Saudi oil minister
Bus crash kills nine on Tehran highway | Nine killed in bus crash on highway near Tehran
Ministry recalls medicine after poisoning in Samarra | Medicine recalled by ministry after Samarra poisoning
Football federation bans coach for six matches | Coach banned for six matches by football federation
"""


def test_both_reports_of_an_event_meet_and_no_two_events_do() -> None:
    events = [line.split(" | ") for line in DAY.strip().splitlines()]
    arriving = [(event, titles[turn]) for turn in (0, 1) for event, titles in enumerate(events)]
    frequencies = Frequencies()
    for _, title in arriving:
        words = own_words(title)
        frequencies.count("en", words, placed_concepts(words, "en", CONCEPTS))
    stories, event_of = Stories(), {}
    for minute, (event, title) in enumerate(arriving):
        at = MORNING + timedelta(minutes=minute)
        event_of[minute] = event
        stories.add(piece(minute, "en", at, own_words(title), (), CONCEPTS, frequencies))
    stories.merge()
    met = [leg for leg in stories.legs.values() if len(leg.pieces) > 1]
    assert all(len({event_of[member.article] for member in leg.pieces}) == 1 for leg in met)
    assert len(met) >= 18
