"""A config with faults is refused with every fault at its line and column; a right one becomes frozen settings."""

import re
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from core.errors import ConfigError, InputError
from settings import MOST_BYTES, Settings, load, parse

SHIPPED = Path(__file__).parent.parent / "config.toml"
FOLDER = Path("/etc/newsroom")

NAME = '[names.qaani]\ntitle = { en = "Qaani" }\nforms = ["قاآني"]\n'
SOURCE = '[[sources]]\nid = "a"\nname = "A"\nkind = "feed"\nurl = "https://a.example/rss"\n'


def read(text: str) -> Settings:
    return parse(text, file="c", folder=FOLDER)


def faults(text: str) -> list[str]:
    """What is wrong with a text, as it is reported without the file's name."""
    try:
        read(text)
    except ConfigError as error:
        return [f"{fault.line}:{fault.column}: {fault.message}" for fault in error.faults]
    return []


# --- one fault each ----------------------------------------------------------------------------------------------

WRONG_VALUES = {
    "unknown table": ("[colect]\n", "1:2: unknown table colect (did you mean collect?)"),
    "unknown key": ('[collect]\nevry = "5m"', "2:1: unknown key evry (did you mean every?)"),
    "key of nothing near": ("[web]\ncolour = 1", "2:1: unknown key colour"),
    "a number as text": ('[archive]\nkeep_days = "3"', "2:13: must be a whole number"),
    "text as a number": ("[telegram]\napi_url = 5", "2:11: must be text in quotes"),
    "a word as a switch": ('[archive]\nevidence = "yes"', "2:12: must be true or false"),
    "not a number": ("[archive]\nkeep_days = nan", "2:13: must be a whole number"),
    "negative": ("[archive]\nkeep_days = -1", "2:13: must be at least 0"),
    "too large": ("[archive]\nkeep_days = 99999", "2:13: must be at most 36500"),
    "a bad length of time": (
        '[collect]\nevery = "10 minutes"',
        '2:9: a length of time is written "90s", "10m", "24h" or "7d"',
    ),
    "a length in Eastern digits": (
        '[collect]\nevery = "۱۰m"',
        '2:9: a length of time is written "90s", "10m", "24h" or "7d"',
    ),
    "a negative length": (
        '[collect]\nevery = "-5m"',
        '2:9: a length of time is written "90s", "10m", "24h" or "7d"',
    ),
    "a length out of range": ('[collect]\nevery = "3d"', "2:9: must be between 1s and 24h, not 3d"),
    "a bad time zone": (
        '[rasad]\ntimezone = "Asia/Bagdad"',
        "2:12: no such time zone (did you mean Asia/Baghdad?)",
    ),
    "not in the list": (
        '[telegram]\naccess = "opne"',
        "2:10: must be one of: invite, open (did you mean open?)",
    ),
    "a bad web mode": (
        '[web]\nmode = "pulbic"',
        "2:8: must be one of: off, local, password, proxy, public (did you mean public?)",
    ),
    "a bad port": ('[web]\nlisten = "127.0.0.1:99999"', '2:10: must be "HOST:PORT", such as "127.0.0.1:8765"'),
    "an admin by name": ('[telegram]\nadmins = [7, "ali"]', "2:14: must be a whole number"),
    "a table for a list": ("[telegram]\nadmins = {}", "2:10: must be a list: [ … ]"),
    "another database": (
        '[archive]\nurl = "mysql://x/y"',
        '2:7: must be "sqlite:///FILE" or "postgresql://USER@HOST/NAME"',
    ),
    "a proxy of no kind": (
        '[collect]\nproxy = "user:secret@host:80"',
        "2:9: a user and password must not stand here: see collect.proxy_file",
    ),
    "a proxy of another kind": (
        '[collect]\nproxy = "socks4://127.0.0.1:1080"',
        '2:9: must be SCHEME://HOST:PORT, with http, https, socks5, socks5h, or ""',
    ),
    "a source's proxy with a password": (
        '[[sources]]\nid = "a"\nname = "A"\nkind = "feed"\nurl = "https://a.example/"\nproxy = "socks5h://me:pw@h:1"',
        "6:9: a user and password must not stand here: see collect.proxy_file",
    ),
    "a source's time zone": (
        '[[sources]]\nid = "a"\nname = "A"\nkind = "feed"\nurl = "https://a.example/"\ntimezone = "Tehran"',
        "6:12: no such time zone (did you mean Asia/Tehran?)",
    ),
    "a user agent in Arabic": (
        '[collect]\nuser_agent = "رصد"',
        "2:14: must be printable ASCII; {version} is the only thing in braces",
    ),
    "a token in a wrong place": (
        '[telegram]\ntoken_file = "123456789:' + "A" * 35 + '"',
        "2:14: a bot token must not stand here: use TELEGRAM_BOT_TOKEN or telegram.token_file",
    ),
    "one bracket for sources": ('[sources]\nid = "a"', "1:2: sources is a list: write [[sources]] in double brackets"),
    "names without ids": ("names = 5", "1:9: must be tables, each with an id: [names.ID]"),
    "a missing key": (SOURCE.replace('name = "A"\n', ""), "1:1: name is missing"),
    "an ftp address": (
        SOURCE.replace("https://a.example/rss", "ftp://a.example/rss"),
        "5:7: an address begins with http:// or https:// and has a host",
    ),
    "an address of no host": (
        SOURCE.replace("https://a.example/rss", "https:///rss"),
        "5:7: an address begins with http:// or https:// and has a host",
    ),
    "a bad kind": (
        SOURCE.replace('"feed"', '"fede"'),
        "4:8: must be one of: feed, sitemap, page, telegram (did you mean feed?)",
    ),
    "a bad affiliation": (
        SOURCE + 'affiliation = "privat"',
        "6:15: must be one of: state, party, faction-linked, private, exile, foreign state, unknown"
        " (did you mean private?)",
    ),
    "a bad language": (
        SOURCE + 'language = "Arabic"',
        '6:12: a language is a code of two or three letters, such as "ar", "fa", "en", "ckb"',
    ),
    "half enabled": (SOURCE + 'enabled = "prob"', '6:11: must be true, false or "probe"'),
    "a bad selector": (SOURCE + 'selectors = { titel = "h1" }', "6:15: unknown key titel (did you mean title?)"),
    "a bad id": (SOURCE.replace('"a"', '"Al Mada"'), "2:6: an id is made of a-z, 0-9, _ and -"),
    "an id twice": (SOURCE + SOURCE, "7:6: id a is already used in line 2"),
    "a name's bad id": (NAME.replace(".qaani", ".Qaani"), "1:8: an id is made of a-z, 0-9, _ and -"),
    "a name of nothing": ('[names.a]\ntitle = { en = "A" }', "1:8: forms is missing"),
    "a title in German": (
        NAME.replace('en = "Qaani"', 'en = "Q", de = "Q"'),
        "2:21: must be one of: en, ar, fa",
    ),
    "an empty form": (NAME.replace('"قاآني"', '"قاآني", " "'), "3:19: must not be empty"),
    "a form's bad key": (
        NAME.replace('"قاآني"', '"قاآني", { text = "قاني", form = 2020-01-01 }'),
        "3:36: unknown key form (did you mean from?)",
    ),
    "a form's bad date": (
        NAME.replace('"قاآني"', '{ text = "قاآني", from = "2020" }'),
        "3:35: must be a date: 2026-05-14",
    ),
    "an unknown name in a list": (
        NAME + 'context = ["القدس", "@quds_farce"]\n[names.quds_force]\ntitle = { en = "Q" }\nforms = ["القدس"]',
        "4:21: unknown name @quds_farce (did you mean @quds_force?)",
    ),
    "an unknown rival": (NAME + 'rivals = ["zaidi"]', "4:11: unknown name zaidi"),
    "an unknown level": (
        '[topics.t]\ntitle = { en = "T" }\nmatch = "بغداد"\nlevel = "braking"',
        "4:9: must be one of: low, normal, breaking (did you mean breaking?)",
    ),
    "a rule for an unknown level": (
        '[topics.t]\ntitle = { en = "T" }\nmatch = "بغداد"\nlevel = { low = "x", high = "y" }',
        "4:22: unknown key high",
    ),
}


@pytest.mark.parametrize(("text", "fault"), WRONG_VALUES.values(), ids=WRONG_VALUES.keys())
def test_a_wrong_value_is_told_at_its_place(text: str, fault: str) -> None:
    assert faults(text) == [fault]


RULES = {
    "unknown name": ('"@qani"', "6:10: unknown name @qani (did you mean @qaani?)"),
    "after Arabic text": ('"الحرس الثوري @qani"', "6:23: unknown name @qani (did you mean @qaani?)"),
    "after an escaped quote": (r'"\"حشد\" @qani"', "6:18: unknown name @qani (did you mean @qaani?)"),
    "in a literal text": ("'\"حشد\" @qani'", "6:16: unknown name @qani (did you mean @qaani?)"),
    "in many lines": ('"""\nقاآني\n  OR @qani"""', "8:6: unknown name @qani (did you mean @qaani?)"),
    "in a continued line": ('"""قاآني \\\n   OR @qani"""', "7:7: unknown name @qani (did you mean @qaani?)"),
}


@pytest.mark.parametrize(("rule", "fault"), RULES.values(), ids=RULES.keys())
def test_a_rule_is_told_at_the_column_inside_it(rule: str, fault: str) -> None:
    topic = f'[topics.t]\ntitle = {{ en = "T" }}\nmatch = {rule}\n'
    assert faults(NAME + topic) == [fault]


def test_a_rule_that_cannot_be_read_is_told_where_it_breaks() -> None:
    topic = '[topics.t]\ntitle = { en = "T" }\nmatch = "قاآني AND ("\nlevel.low = "title:"'
    assert [line.split(": ")[0] for line in faults(topic)] == ["3:21", "4:20"]


# --- what people type by accident --------------------------------------------------------------------------------

SLIPS = {
    "curly quotes": ("url = “https://a.example”", '1:7: a curly quote “: write a straight quote "'),
    "a curly quote at the end": (
        'url = "https://a.example”',
        '1:25: a curly quote ” closes the text: write a straight quote "',
    ),
    "French quotes": ("id = «الف، باء»", '1:6: a curly quote «: write a straight quote "'),
    "an Arabic comma": ('forms = ["قاآني"، "قاني"]', "1:17: a comma ، that is not the plain one: write ,"),
    "Arabic digits": ("keep_days = ٣٠", "1:13: numbers are written with the digits 0-9: 30"),
    "Persian digits": ("keep_days = ۳۰", "1:13: numbers are written with the digits 0-9: 30"),
    "a no-break space": ("keep_days =\u00a030", "1:12: a no-break or special space (U+00A0): write a plain space"),
    "a direction mark": ("keep_days = 30\u200f", "1:15: an invisible character (U+200F): delete it"),
    "a missing quote": (
        'id = "press-tv\nkind = "feed"',
        "1:6: a quote is missing: the text that opens here is not closed on this line",
    ),
    "a missing quote in Arabic": (
        'name = "نبأ', "1:8: a quote is missing: the text that opens here is not closed on this line"
    ),
    "a missing quote in a list": (
        'forms = [\n  "قاآني",\n  "قاني,\n  "Qaani",\n]',
        "3:3: a quote is missing: the text that opens here is not closed on this line",
    ),
    "a long text that never ends": (
        'match = """\nقاآني\nlevel = "low"\n[topics.b]\nmatch = """\nقاني\n"""\n',
        '1:9: a quote is missing: the text that opens here with """ is not closed',
    ),
    "a bare word": ("id = press-tv", '1:6: text stands in quotes: write "press-tv"'),
    "a bare address": ("url = https://a.example/rss", '1:7: text stands in quotes: write "https://a.example/rss"'),
    "a bare length": ("every = 10m", '1:9: text stands in quotes: write "10m"'),
    "a capital switch": ("evidence = True", "1:12: True: write true in small letters"),
    "no value": ("id =\nname = 1", "1:5: a value is missing or cannot be read"),
    "no comma": ('forms = [\n  "قاآني"\n  "قاني"\n]', "2:10: a comma or the closing ] of the list is missing here"),
    "no such day": ("from = 2026-02-30", "1:8: 2026-02-30 is no date of the calendar"),
    "a backslash": ('item = "a\\d"', "1:10: a backslash inside \"…\": write \\\\, or put the text in '…'"),
    "a key twice": ("[web]\nmode = 'off'\nmode = 'off'", '3:1: key "mode" is defined twice, first in line 2'),
    "a language twice": ('title = { en = "a", en = "b" }', '1:21: key "en" is defined twice, first in line 1'),
    "a table twice": (NAME + NAME, "4:8: [names.qaani] is defined twice, first in line 1"),
    "nothing": ("", "1:1: the file is empty"),
    "a byte order mark": ("\ufeff[web]\n", "1:1: an invisible character (U+FEFF): delete it"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "fault"), SLIPS.values(), ids=SLIPS.keys())
def test_a_slip_is_named_and_not_called_invalid_toml(text: str, fault: str) -> None:
    assert fault in faults(text)


def test_all_faults_are_told_at_once_and_in_their_order() -> None:
    text = """\
        [rasad]
        timezone = “Asia/Baghdad”
        [collect]
        evry = "10m"
        host_delay = "١s"
        [[sources]]
        id = "نبأ"
        name = "نبأ", kind = "feed"
        url = "gopher://a.example"
    """
    assert faults(textwrap.dedent(text)) == [
        '2:12: a curly quote “: write a straight quote "',
        "4:1: unknown key evry (did you mean every?)",
        '5:14: a length of time is written "90s", "10m", "24h" or "7d"',
        "7:6: an id is made of a-z, 0-9, _ and -",
        "8:13: something stands after the value: begin a new line",
        "9:7: an address begins with http:// or https:// and has a host",
    ]


def test_a_slip_does_not_hide_what_else_is_wrong_in_its_line() -> None:
    assert faults("[collect]\nevry = “5m”") == [
        "2:1: unknown key evry (did you mean every?)",
        '2:8: a curly quote “: write a straight quote "',
    ]


def test_a_broken_line_hides_no_other_and_is_not_blamed_twice() -> None:
    text = SOURCE.replace('kind = "feed"', 'kind = feed"') + 'language = "arabic"'
    assert [line.split(":")[0] for line in faults(text)] == ["4", "6"]


def test_the_offending_term_stands_alone_on_its_own_line() -> None:
    with pytest.raises(ConfigError) as error:
        read('[web]\nmode = "عام"\n[topics.t]\ntitle = { en = "T" }\nmatch = "حشد @فصائل"\n[colect]')
    assert str(error.value).split("\n")[1::2] == ["    عام", "    @فصائل"]


def test_faults_are_reported_with_the_file() -> None:
    with pytest.raises(ConfigError, match=r"^config\.toml:2:1: unknown key evry \(did you mean every\?\)$"):
        parse('[collect]\nevry = "1m"', file="config.toml", folder=FOLDER)


# --- files -------------------------------------------------------------------------------------------------------

FILES = {
    "UTF-16": ("[web]\n".encode("utf-16"), "1:1: the file is written in UTF-16: save it as UTF-8"),
    "UTF-16 without a mark": ("[web]\n".encode("utf-16-le"), "1:1: the file is written in UTF-16: save it as UTF-8"),
    "a byte order mark": (
        b"\xef\xbb\xbf[web]\n",
        "1:1: the file begins with a byte order mark: save it as UTF-8 without BOM",
    ),
    "cp1256": ('[web]\n# نبأ\nmode = "رصد"'.encode("cp1256"), "2:3: the file is not UTF-8 here: save it as UTF-8"),
    "too large": (b"#" * (MOST_BYTES + 1), "1:1: the file is larger than 5 MB"),
}


@pytest.mark.parametrize(("data", "fault"), FILES.values(), ids=FILES.keys())
def test_a_file_of_another_make_is_named(tmp_path: Path, data: bytes, fault: str) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(data)
    with pytest.raises(ConfigError) as error:
        load(file)
    assert str(error.value) == f"{file}:{fault}"


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load(tmp_path / "config.toml")


def test_lines_may_end_as_on_windows() -> None:
    assert faults('[collect]\r\nevery = "5m"\r\n') == []
    assert faults('[collect]\r\nevry = "5m"\r\n') == ["2:1: unknown key evry (did you mean every?)"]


def test_a_file_of_one_endless_line_is_refused() -> None:
    assert faults("[web]\n" + "a." * 60_000) == ["2:1: the line is longer than 100,000 characters"]


def test_deep_nesting_is_refused() -> None:
    assert faults("a = " + "[" * 5000) == ["1:1: lists or tables are nested too deeply"]


# --- what the program is given -----------------------------------------------------------------------------------


def test_what_is_not_said_has_its_default() -> None:
    found = read("[rasad]\n")
    assert found.timezone == "Asia/Baghdad"
    assert found.archive.url == "sqlite:////etc/newsroom/data/rasad.db"
    assert found.collect.every == timedelta(minutes=10)
    assert found.collect.catch_up == timedelta(hours=6)
    assert not found.collect.allow_private_networks
    assert (found.telegram.access, found.telegram.admins) == ("invite", ())
    assert found.web.mode == "local"


def test_relative_paths_begin_in_the_folder_of_the_file() -> None:
    found = read('[archive]\nurl = "sqlite:///a.db"\n[telegram]\ntoken_file = "secret/token"')
    assert found.archive.url == "sqlite:////etc/newsroom/a.db"
    assert found.telegram.token_file == FOLDER / "secret/token"
    assert read('[archive]\nurl = "sqlite:////var/a.db"').archive.url == "sqlite:////var/a.db"
    assert read('[archive]\nurl = "postgresql://rasad@db/rasad"').archive.url == "postgresql://rasad@db/rasad"


def test_a_source_keeps_what_was_said_of_it() -> None:
    extra = 'every = "1h"\nowner = "Al Noor"\nenabled = "probe"\nfull_text = false\nselectors = { title = "h1" }'
    (source,) = read(SOURCE + extra).sources
    assert (source.id, source.owner, source.every) == ("a", "Al Noor", timedelta(hours=1))
    assert (source.enabled, source.probe, source.full_text) == (False, True, False)
    assert source.selectors == {"title": "h1"}


def test_a_source_without_owner_is_its_own() -> None:
    (source,) = read(SOURCE).sources
    assert (source.owner, source.enabled, source.probe) == ("a", True, False)


def test_a_form_is_valid_from_midnight_of_the_newsroom() -> None:
    found = read(NAME.replace('"قاآني"', '{ text = "رئيس الوزراء", from = 2022-10-13, until = 2026-05-14 }'))
    (form,) = found.names["qaani"].forms
    assert form.since == datetime(2022, 10, 12, 21, tzinfo=UTC)
    assert form.until == datetime(2026, 5, 13, 21, tzinfo=UTC)


def test_a_topic_has_one_level_or_rules_for_two() -> None:
    topic = '[topics.t]\ntitle = { en = "T" }\nmatch = "@qaani"\n'
    assert read(NAME + topic + 'level = "low"').topics["t"].level == "low"
    found = read(NAME + topic + 'level = { breaking = "title:@qaani" }').topics["t"]
    assert (found.level, found.levels) == ("normal", {"breaking": "title:@qaani"})


def test_what_is_hardly_meant_is_a_warning() -> None:
    text = NAME + SOURCE + SOURCE.replace('"a"', '"b"') + 'every = "30s"'
    assert [fault.at("c") for fault in read(text).warnings] == [
        "c:1:1: nothing is watched: there is no [topics.ID]",
        "c:2:1: title is missing in: ar, fa",
        "c:8:7: another source has the same address",
        "c:13:7: another source has the same address",
        "c:14:9: no source is visited more often than every 2m",
    ]


def test_rules_and_spellings_that_are_hardly_meant_are_warned_of_at_their_place() -> None:
    name = '[names.n]\nforms = ["قاآني",\n  "آلاء"]\n'
    topic = '[topics.t]\ntitle = { en = "T", ar = "T", fa = "T" }\nmatch = """\n@n بغداد\nOR على"""\n'
    level = 'level.low = "the OR @n"\n'
    assert [
        (fault.line, fault.column, fault.message.split(":")[0])
        for fault in read(name + topic + level + SOURCE).warnings
    ] == [
        (3, 4, "'آلاء' is read as 'الا', which stands in almost every text"),
        (7, 1, "AND binds before OR"),
        (8, 4, "'على' is read as 'على', which stands in almost every text"),
        (9, 14, "'the' is read as 'the', which stands in almost every text"),
    ]


# --- the bot's token ---------------------------------------------------------------------------------------------


def with_token_file(tmp_path: Path, text: str, mode: int) -> Settings:
    file = tmp_path / "token"
    file.write_text(text)
    file.chmod(mode)
    return parse('[telegram]\ntoken_file = "token"', file="c", folder=tmp_path)


def test_the_environment_gives_the_token_before_the_file(tmp_path: Path) -> None:
    found = with_token_file(tmp_path, "7:file\n", 0o600)
    assert found.telegram.token({"TELEGRAM_BOT_TOKEN": "7:environment"}) == "7:environment"
    assert found.telegram.token({}) == "7:file"
    assert read("[web]").telegram.token({}) is None


@pytest.mark.parametrize(
    ("text", "mode", "reason"), [("7:secret", 0o644, "is open to others"), ("", 0o600, "is empty")]
)
def test_a_token_file_that_cannot_be_trusted_is_refused(tmp_path: Path, text: str, mode: int, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as error:
        with_token_file(tmp_path, text, mode).telegram.token({})
    assert "7:secret" not in str(error.value)


def with_proxy_file(folder: Path, text: str, mode: int = 0o600) -> Settings:
    file = folder / "proxies.txt"
    file.write_text(text)
    file.chmod(mode)
    return parse('[collect]\nproxy_file = "proxies.txt"', file="config.toml", folder=folder)


def test_proxies_get_their_passwords_from_a_file_of_the_owner(tmp_path: Path) -> None:
    known = (
        with_proxy_file(tmp_path, "socks5://me:ZZZ@127.0.0.1:9050").collect.proxy_users().at("socks5h://127.0.0.1:9050")
    )
    assert known is not None
    assert (known.user, known.password) == ("me", "ZZZ")
    assert read("[collect]").collect.proxy_users().at("") is None


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        ("socks5://me:ZZZ@h:1", 0o644, "is open to others"),
        ("", 0o600, "is empty"),
        ("\nme:ZZZ@h:1", 0o600, "line 1: must be SCHEME://HOST:PORT"),
    ],
)
def test_a_proxy_file_that_cannot_be_trusted_is_refused(tmp_path: Path, text: str, mode: int, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as error:
        with_proxy_file(tmp_path, text, mode).collect.proxy_users()
    assert "ZZZ" not in str(error.value)


def test_a_source_has_its_own_way_and_its_own_clock() -> None:
    source = '[[sources]]\nid = "{}"\nname = "A"\nkind = "feed"\nurl = "https://a.example/{}"\n'
    found = read(
        source.format("a", 1)
        + 'proxy = "socks5h://127.0.0.1:9050"\ntimezone = "Asia/Tehran"\n'
        + source.format("b", 2)
        + 'proxy = ""\n'
        + source.format("c", 3)
    )
    assert [(each.proxy, each.timezone) for each in found.sources] == [
        ("socks5h://127.0.0.1:9050", "Asia/Tehran"),
        ("", None),
        (None, None),
    ]


def test_a_secret_is_never_part_of_a_message() -> None:
    token = "123456789:" + "Z" * 35
    for text in (f'[telegram]\ntoken = "{token}"', f'[web]\nmode = "{token}"', '[collect]\nproxy = "me:ZZZZ@host:80"'):
        with pytest.raises(ConfigError) as error:
            read(text)
        assert "ZZZ" not in str(error.value)


# --- laws --------------------------------------------------------------------------------------------------------

TEXT = SHIPPED.read_text("utf-8")
PIECES = ['"', "'", '"""', "“", "”", "،", "٣", "\u00a0", "\u200f", "[", "]", "{", "}", "=", "\n", "#", "\\", ",",
          "\x00",
          "[[sources]]\n", 'id = "x"\n', "nan", "@qani", "(", "1" * 5000, "\ud800", "a.b.c = 1\n", "\r"]  # fmt: skip


@given(
    st.integers(0, len(TEXT)),
    st.sampled_from([0, 1, 2, 30, 2000]),
    st.one_of(st.sampled_from(PIECES), st.text(max_size=4)),
)
@effort(max_examples=25, deadline=None)
def test_a_mutation_of_the_shipped_file_is_read_or_refused_with_places(start: int, length: int, piece: str) -> None:
    text = TEXT[:start] + piece + TEXT[start + length :]
    lines = text.split("\n")
    try:
        read(text)
    except ConfigError as error:
        assert error.faults
        for fault in error.faults:
            assert 1 <= fault.line <= len(lines)
            assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1
            assert "\n" not in fault.message


STRINGS = re.compile(r'[a-z_.]+ = (?!""")[^#]*"')  # a key with a value in quotes; a rule over several lines has its own


@given(st.sampled_from([n for n, line in enumerate(TEXT.split("\n")) if STRINGS.match(line)]))
@effort(max_examples=15, deadline=None)
def test_a_quote_that_is_missing_anywhere_is_told_in_its_line(number: int) -> None:
    lines = TEXT.split("\n")
    code, hash_, comment = lines[number].partition("  #")
    position = code.rindex('"')
    lines[number] = code[:position] + code[position + 1 :] + hash_ + comment
    assert faults("\n".join(lines))[0].startswith(f"{number + 1}:")


@given(st.text(max_size=200))
@effort(deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    faults(text)
