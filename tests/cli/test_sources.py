"""sources test, discover and trust, against a newsroom on loopback: a process of its own, as an operator runs it."""

import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import channels, sources, subscribers
from archive.channels import Remembered
from archive.database import Archive
from archive.intake import admit
from core.health.states import Health
from core.model import Arrival, Draft, Outcome, Pace
from core.rules.match import compile_rules
from demo.newsroom import Newsroom
from settings import parse
from tests.cli.conftest import Rasad
from tests.system import System

BODY = (
    "The council met on Tuesday for the second time this month and spoke about the road to the north. Members agreed "
    "that the work should begin before the winter and asked the ministry for a plan, a spokesman said on Tuesday."
)


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as room:
        yield room


def steps(out: str) -> dict[str, str]:
    """What was told, by its label; of several lines the first."""
    told: dict[str, str] = {}
    for each in out.splitlines():
        told.setdefault(each[:9].strip(), each[10:])
    return told


def test_a_trial_visit_is_explained_step_by_step_and_records_nothing(newsroom: Newsroom, tmp_path: Path) -> None:
    outlet = newsroom.outlet("daily", name="The Daily")
    outlet.publish("Rain in the south", BODY.replace("road", "rain"))
    item = outlet.publish("Qaani visits the city", BODY, authors=("A. Writer",))
    with System(tmp_path, newsroom.config()) as system:
        ended = system.rasad("sources", "test", "daily")
    assert (ended.returncode, ended.stderr) == (0, "")
    told = steps(ended.stdout)
    assert told["source"] == "daily · The Daily · feed · enabled"
    assert told["request"] == f"GET {outlet.feed_url}"
    assert told["answer"].startswith("status 200 in ")
    assert told["type"].endswith("read as utf-8")
    assert told["items"].startswith("2 listed, 2 with a date, newest ")
    assert (told["article"], told["title"]) == (item.url, "Qaani visits the city")
    assert told["text"].startswith("The council met on Tuesday")
    assert "en · by A. Writer" in told["about"]
    assert told["match"].startswith("1 of 2 would match")
    assert "qaani (breaking): Qaani visits the city" in ended.stdout
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("status", "reason"), [(403, "the site seems blocked from here"), (500, "answered 500")])
def test_a_source_that_does_not_answer_is_told_with_exit_1(
    newsroom: Newsroom, tmp_path: Path, status: int, reason: str
) -> None:
    newsroom.outlet("daily").answers(status)
    newsroom.outlet("other")
    with System(tmp_path, newsroom.config()) as system:
        ended = system.rasad("sources", "test", "daily")
    assert ended.returncode == 1
    assert reason in ended.stdout
    assert "items" not in steps(ended.stdout)


def test_a_channel_and_an_article_that_cannot_be_had_are_explained_too(newsroom: Newsroom, tmp_path: Path) -> None:
    channel = newsroom.channel("tg-river", name="شبكة النهر")
    post = channel.post("قاآني يصل إلى بغداد\nوصل الوفد صباح اليوم.")
    daily = newsroom.outlet("daily")
    daily.publish("A road to the north", BODY)
    daily.answers(404, on="pages")
    with System(tmp_path, newsroom.config()) as system:
        told = steps(system.rasad("sources", "test", "tg-river").stdout)
        assert (told["article"], told["title"]) == (post.url, "قاآني يصل إلى بغداد")
        assert told["match"].startswith("1 of 1")
        told = steps(system.rasad("sources", "test", "daily").stdout)
        assert "answered 404; what the listing says would be kept" in told["article"]


def test_the_check_reads_the_file_of_proxies_and_repeats_none_of_it(folder: Path, rasad: Rasad) -> None:
    config, proxies = folder / "config.toml", folder / "proxies.txt"
    config.write_text(config.read_text("utf-8") + '[collect]\nproxy_file = "proxies.txt"\n', encoding="utf-8")
    assert (missing := rasad("check")).code == 2
    assert missing.err.endswith("proxies.txt: No such file or directory\n")
    proxies.write_text("socks5h://me:c4n4ry@127.0.0.1:9050\nme:c4n4ry@127.0.0.1\n")
    assert "is open to others: chmod 600" in rasad("check").err
    proxies.chmod(0o600)
    wrong = rasad("check")
    assert (wrong.code, "line 2: must be SCHEME://HOST:PORT" in wrong.err) == (2, True)
    proxies.write_text("socks5h://me:c4n4ry@127.0.0.1:9050\n")
    right = rasad("check")
    assert right.code == 0
    assert "c4n4ry" not in "".join(each.out + each.err for each in (missing, wrong, right))


def test_what_a_site_names_is_toml_that_can_be_pasted(newsroom: Newsroom, tmp_path: Path) -> None:
    outlet = newsroom.outlet("daily", name="The Daily")
    outlet.publish("A road to the north", BODY)
    with System(tmp_path, newsroom.config()) as system:
        ended = system.rasad("sources", "discover", f"{outlet.site.origin}/")
    assert ended.returncode == 0
    found = tomllib.loads(ended.stdout)["sources"]
    assert found[0]["kind"] == "feed"
    assert found[0]["url"] == outlet.feed_url
    assert found[-1]["kind"] == "page"
    pasted = parse(newsroom.config() + "\n" + ended.stdout, file="config.toml", folder=tmp_path)
    assert len(pasted.sources) == 1 + len(found)


def test_where_a_site_names_no_feed_the_usual_addresses_are_tried(newsroom: Newsroom, tmp_path: Path) -> None:
    outlet = newsroom.outlet("daily")
    outlet.publish("A road to the north", BODY)
    bare = b"<html lang='en'><head><title>The Daily</title></head><body><a href='/about'>About</a></body></html>"
    outlet.sends(bare, on="pages", times=1)
    with System(tmp_path, newsroom.config()) as system:
        ended = system.rasad("sources", "discover", outlet.site.origin, seconds=120)
    assert (ended.returncode, "trying " in ended.stderr) == (0, True)
    found = tomllib.loads(ended.stdout)["sources"]
    assert (found[0]["kind"], found[0]["url"]) == ("feed", outlet.feed_url)
    assert "a common path, 1 item" in ended.stdout


def test_a_site_that_cannot_be_had_is_one_line(newsroom: Newsroom, tmp_path: Path) -> None:
    outlet = newsroom.outlet("daily")
    outlet.answers(503, on="all")
    with System(tmp_path, newsroom.config()) as system:
        ended = system.rasad("sources", "discover", outlet.site.origin)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.splitlines()[-1] == "rasad: answered 503"


# --- in this process ---------------------------------------------------------------------------------------------


def test_trust_lets_a_channels_alerts_go_again(folder: Path, rasad: Rasad) -> None:
    assert rasad("sources", "trust", "wire").out == "nothing was held of this source\n"
    archive = Archive.open(f"sqlite:///{folder}/data/rasad.db")
    settings = parse((folder / "config.toml").read_text("utf-8"), file="config.toml", folder=folder)
    with archive.writing() as conn:
        sources.sync(conn, settings.sources, datetime.now(UTC))
        channels.remember(conn, "wire", Remembered("دجلة", 7, "its title changed"))
    archive.close()
    assert "changed hands?" in rasad("sources").out
    assert rasad("sources", "trust", "wire").out == "trusted again, though its title changed\n"
    assert "changed hands?" not in rasad("sources").out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("test", "wrie"), "rasad: no source is called 'wrie' (did you mean wire?)"),
        (("trust", "moon"), "rasad: no source is called 'moon'"),
        (("visit", "wrie"), "rasad: no source is called 'wrie' (did you mean wire?)"),
        (("discover", "ftp://a.example/"), "rasad: the address must be http or https"),
    ],
)
def test_a_wrong_name_or_address_is_one_line_and_exit_2(rasad: Rasad, arguments: tuple[str, ...], reason: str) -> None:
    ended = rasad("sources", *arguments)
    assert (ended.code, ended.out, ended.err) == (2, "", reason + "\n")


def prepared(folder: Path) -> Archive:
    """The archive after a monitor has taken up the config's sources, `wire` and `off`."""
    off = '\n[[sources]]\nid = "off"\nname = "Off"\nkind = "feed"\nurl = "https://off.example/"\nenabled = false\n'
    (folder / "config.toml").write_text((folder / "config.toml").read_text("utf-8") + off, encoding="utf-8")
    settings = parse((folder / "config.toml").read_text("utf-8"), file="config.toml", folder=folder)
    archive = Archive.open(f"sqlite:///{folder}/data/rasad.db")
    with archive.writing() as conn:
        sources.sync(conn, settings.sources, datetime.now(UTC))
    return archive


def test_the_table_says_how_a_source_fares_since_when_why_and_what_to_do(folder: Path, rasad: Rasad) -> None:
    archive = prepared(folder)
    now = datetime.now(UTC)
    since = now - timedelta(hours=3)
    failed = Outcome("wire", "failed", now, reason="name not found")
    with archive.writing() as conn:
        fares = Health("failing", since, "name not found", 4, since)
        sources.settle(conn, failed, next_check=now, pace=Pace(failures=1.0), health=fares)
    archive.close()
    table = rasad("sources").out.splitlines()
    assert next(line for line in table if line.startswith("wire ")).split()[:5] == [
        "wire",
        "enabled",
        "failing",
        "3",
        "h",
    ]
    assert "wire: name not found; see each step: rasad sources test wire" in table
    row = next(row for row in json.loads(rasad("sources", "--json").out) if row["id"] == "wire")
    assert (row["health"], row["health_reason"]) == ("failing", "name not found")
    assert row["advice"] == "see each step: rasad sources test wire"
    assert row["health_since"].startswith(f"{since:%Y-%m-%d}")


def test_quarantine_and_release(folder: Path, rasad: Rasad) -> None:
    assert rasad("sources", "quarantine", "wire").code == 2  # no monitor has taken it up yet
    archive = prepared(folder)
    draft = Draft(
        "wire", "https://wire.example/1", "Qaani [b]killed[/b]", "A rumour of some words that nobody else has."
    )
    with archive.writing() as conn:
        subscribers.join(conn, channel="telegram", chat=1, language="en", timezone="UTC", now=datetime.now(UTC))
        settings = parse((folder / "config.toml").read_text("utf-8"), file="config.toml", folder=folder)
        rules = compile_rules(settings.names, settings.topics)
        admit(conn, draft, rules=rules, arrival=Arrival(), now=datetime.now(UTC), edition=1)
    archive.close()
    told = rasad("sources", "quarantine", "wire", "--since", "2h").out
    assert "archived, nobody is told, it does not count" in told
    assert "its alerts since then, to be retracted where they are wrong: 1" in told
    assert "qaani (breaking), 1 chats: Qaani [b]killed[/b] https://wire.example/1" in told
    assert "quarantined 2 h" in rasad("sources").out
    assert "when it can be trusted again: rasad sources release wire" in rasad("sources").out
    assert rasad("sources", "release", "wire").out.startswith("released; it was quarantined since ")
    assert rasad("sources", "release", "wire").out == "it was not quarantined\n"
    assert rasad("sources", "quarantine", "wire", "--since", "soon").code == 2


def test_a_visit_of_a_disabled_source_says_that_it_is_disabled(folder: Path, rasad: Rasad) -> None:
    prepared(folder).close()
    ended = rasad("sources", "visit", "off")
    assert (ended.code, ended.err) == (
        2,
        "rasad: off is disabled: enabled = true under its id in config.toml has it visited\n",
    )


def test_a_search_of_a_source_that_nobody_knows_is_refused_with_a_hint(rasad: Rasad) -> None:
    ended = rasad("search", "Qaani", "--source", "wrie")
    assert (ended.code, ended.err) == (2, "rasad: no source is called 'wrie' (did you mean wire?)\n")


def test_an_index_is_read_as_its_parts(folder: Path, rasad: Rasad) -> None:
    part = "<sitemap><loc>https://a.example/news-1.xml</loc></sitemap>"
    (folder / "index.xml").write_text(f"<sitemapindex>{part}</sitemapindex>", encoding="utf-8")
    ended = rasad("read", "sitemap", "index.xml", "--url", "https://a.example/sitemap.xml")
    assert ended.lines == [{"part": "https://a.example/news-1.xml"}]
