"""What the flow tests publish, do and look at."""

from zlib import crc32

from archive import outbox, sources
from tests.bot_api import BotApi
from tests.bot_api_people import Person
from tests.system import System

SENTENCES = (
    "A visitor arrived in the capital on Monday evening, according to two officials of the airport.",
    "Talks with the heads of several parties lasted until midnight and go on after the holiday.",
    "Farmers along the river asked for seed, diesel and a fair price before the sowing begins.",
    "The bridge was closed to lorries while engineers measured the cracks in its third pillar.",
    "Teachers in nine districts went back to work after their salaries of spring had been paid.",
    "A fire in a warehouse near the old market was put out before it reached the grain stores.",
    "The team lost its captain to an injury and its lead in the last minute of the match.",
    "Prices of rice and oil rose by a tenth within a week, traders at the port told us.",
    "A court sent the case of the missing archive back to the judge who had opened it.",
    "Doctors warned of heat, dust and empty beds in the hospitals of the south this month.",
    "The museum opened a room for coins that divers had found below the harbour wall.",
    "An old locomotive ran again on the narrow line through the orchards, full of children.",
)


def body(of: str) -> str:
    """A text of its own for each title: of the same words it would be a copy."""
    start = crc32(of.encode())
    chosen = [SENTENCES[(start >> shift) % len(SENTENCES)] for shift in (0, 4, 8, 12)]
    return f"{of}.\n" + "\n".join(dict.fromkeys(chosen))


def first_round_open(system: System) -> bool:
    with system.reading() as conn:
        return sources.first_round_open(conn)


def states(system: System) -> dict[str, int]:
    with system.reading() as conn:
        return {state: count for state, count in outbox.counts(conn).items() if count}


def visit_all(system: System) -> None:
    done = system.rasad("sources", "visit", "--all")
    assert done.returncode == 0, done.stderr


def alerts(telegram: BotApi, reader: Person, title: str) -> list[str]:
    return [message.words for message in telegram.messages_to(reader.chat) if title in message.words]
