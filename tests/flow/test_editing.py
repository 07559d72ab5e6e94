"""config.toml is edited while the monitor runs."""

import json

from archive import conditions
from demo.newsroom import Newsroom, Outlet
from tests.bot_api import BotApi
from tests.bot_api_people import Person
from tests.flow.looking import alerts, body, visit_all
from tests.system import System


def edit(system: System, old: str, new: str) -> None:
    """As editors do it: another file takes the place of the first."""
    text = system.config.read_text("utf-8")
    assert old in text
    beside = system.config.with_name("edited")
    beside.write_text(text.replace(old, new, 1), "utf-8")
    beside.replace(system.config)


def test_a_good_edit_is_active_within_seconds_and_a_bad_one_changes_nothing(
    system: System, telegram: BotApi, newsroom: Newsroom, wire: Outlet, reader: Person
) -> None:
    edit(system, "[telegram]", f"[telegram]\nadmins = [{reader.chat}]")
    system.wait_until(lambda: "config no. 2 is active: telegram.admins" in system.printed(), 2.5)

    edit(system, "[topics.", '[topics.snow]\ntitle = { en = "Snow" }\nmatch = "snow"\n\n[topics.')
    system.wait_until(lambda: "config no. 3 is active: topic snow added" in system.printed(), 2.5)
    wire.publish("Snow in the mountains", body("Snow in the mountains"))
    visit_all(system)
    telegram.wait(lambda: alerts(telegram, reader, "Snow in the mountains"), 30)

    edit(system, "[collect]", '[collect]\nuser_agent = "Snow watch"')
    system.wait_until(lambda: "config no. 4 is active: collect.user_agent" in system.printed(), 2.5)
    visit_all(system)
    system.wait_until(lambda: newsroom.polls(wire)[-1].headers["user-agent"] == "Snow watch", 10)
    edit(system, "[collect]", '[collect]\nproxy_file = "nowhere.txt"')
    system.wait_until(lambda: ": collect.proxy_file" in system.printed(), 10)
    edit(system, 'proxy_file = "nowhere.txt"\n', "")

    edit(system, 'match = "snow"', 'match = "snow NEAR/x rain"')
    telegram.wait(lambda: alerts(telegram, reader, "config.toml:"), 30)
    (told,) = alerts(telegram, reader, "config.toml:")
    assert "no. 4" in told
    assert told.splitlines()[-1] in system.printed()
    with system.reading() as conn:
        assert [each.name for each in conditions.present(conn)] == ["config_refused"]

    edit(system, 'match = "snow NEAR/x rain"', 'match = "snow"')
    system.wait_until(lambda: not json.loads(system.rasad("status", "--json").stdout)["conditions"], 10)

    edit(system, 'match = "snow"', 'match = "snow OR calm"')
    telegram.wait(lambda: alerts(telegram, reader, "snow, last 7 days: 1 → 1"), 40)
    assert system.stop() == 0
    assert "Traceback" not in system.printed()
