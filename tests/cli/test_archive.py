"""import, export, search, status, sources, invite: the archive from the command line."""

import csv
import io
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Rasad

BODY = (
    "Officials said on Monday that the talks went on until midnight, that the parties had come closer to each other, "
    "and that another round of talks would follow before the end of the week."
)


def article(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "url": f"https://wire.example/{number}",
        "title": f"Report {number} on Qaani",
        "text": f"Report {number}. {BODY}",
        "published": f"2026-11-{number:02d}T08:00:00Z",
        "source": "wire",
        **changes,
    }


def write(path: Path, *articles: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in articles), encoding="utf-8")
    return str(path)


@pytest.fixture
def archived(folder: Path, rasad: Rasad) -> Rasad:
    """An archive with three articles, one of them a copy in an outlet that is not configured."""
    copy = article(3, url="https://echo.example/3", source="صدى", text=f"Report 2. {BODY}")
    persian = article(4, title="سفر قاآنی به بغداد", text="", summary="سردار قاآنی وارد بغداد شد.", language="fa")
    ended = rasad("import", write(folder / "a.jsonl", article(2), copy, persian))
    assert ended.out == "3 lines: 2 new, 1 copies, 0 revisions, 0 known, 0 refused\n"
    return rasad


def test_an_import_run_again_changes_nothing(folder: Path, archived: Rasad) -> None:
    before = archived("export").out
    assert "0 new, 0 copies, 0 revisions, 3 known" in archived("import", "a.jsonl").out
    assert archived("export").out == before


def test_bad_lines_are_told_and_the_others_go_in(folder: Path, rasad: Rasad) -> None:
    lines = [json.dumps(article(1)), "{", json.dumps(article(2, url="ftp://x")), json.dumps(article(3))]
    (folder / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    ended = rasad("import", "a.jsonl")
    assert ended.code == 1
    assert ended.err.splitlines() == [
        "a.jsonl:2: not JSON at column 2",
        'a.jsonl:3: "url" must be an http or https address',
    ]
    assert ended.out.startswith("4 lines: 2 new")


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (
            "id,url,title\n1,https://a.example/1,قاآني\n2,https://a.example/2,x\n",
            "it looks like CSV, which is not read back",
        ),
        ('[\n{"title": "a"},\n{"title": "b"}\n]\n', "it begins like a JSON array, write one object per line"),
        ('{\n "title": "a"\n}\n', "it begins like an object over several lines, write each on one"),
        ("<rss></rss>\n", "it begins like XML, `rasad read` is for feeds"),
        (b"\x1f\x8b\x08\x00rest\nof\nit", "it is compressed, unpack it first"),
        ("WARC/1.1\r\nWARC-Type: warcinfo\r\n", "it is a WARC file, which is not read back"),
        ("hello\n" * 500, "it begins with 'hello'"),
    ],
)
def test_another_file_is_told_in_one_line_and_nothing_is_recorded(
    folder: Path, rasad: Rasad, content: str | bytes, hint: str
) -> None:
    (folder / "other").write_bytes(content if isinstance(content, bytes) else content.encode())
    ended = rasad("import", "other")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"rasad: other: no article lines, which are a JSON object each: {hint}\n"
    assert "0 articles" in rasad("status").out


def test_very_many_bad_lines_are_told_up_to_a_point_and_then_counted(folder: Path, rasad: Rasad) -> None:
    bad = json.dumps({"title": "x"}) + "\n"
    (folder / "a.jsonl").write_text(bad * 250 + json.dumps(article(1)), encoding="utf-8")
    ended = rasad("import", "a.jsonl")
    assert (ended.code, len(ended.err.splitlines())) == (1, 101)
    assert ended.err.splitlines()[-1] == 'a.jsonl: 150 more, 150 times "url" must be an http or https address'
    assert "1 new" in ended.out


def test_lines_come_from_standard_input_and_go_to_standard_output(folder: Path, rasad: Rasad) -> None:
    lines = json.dumps(article(1)) + "\n{\n" + json.dumps(article(2, title="سفر قاآنی"), ensure_ascii=False) + "\n"
    ended = rasad("import", "-", given=lines.encode())
    assert (ended.code, ended.err) == (1, "standard input:2: not JSON at column 2\n")
    assert ended.out.startswith("3 lines: 2 new")
    assert [line["title"] for line in rasad("export", "--output", "-").lines] == ["Report 1 on Qaani", "سفر قاآنی"]


def test_an_export_can_be_imported_elsewhere(folder: Path, archived: Rasad) -> None:
    exported = archived("export").out
    (folder / "data" / "rasad.db").unlink()
    for left in (folder / "data").glob("rasad.db-*"):
        left.unlink()
    (folder / "b.jsonl").write_text(exported, encoding="utf-8")
    assert archived("import", "b.jsonl").code == 0
    kept = ("url", "title", "text", "summary", "published", "language", "source", "duplicate_of", "story", "topics")
    again = [{key: line[key] for key in kept} for line in archived("export").lines]
    assert again == [{key: json.loads(line)[key] for key in kept} for line in exported.splitlines()]


def test_a_copy_is_exported_with_its_original(archived: Rasad) -> None:
    first, copy, persian = archived("export").lines
    assert (copy["duplicate_of"], copy["story"], copy["source"]) == (first["id"], first["story"], "صدى")
    assert (first["duplicate_of"], persian["story"] == first["story"]) == (None, False)
    assert first["topics"] == first["names"] == ["qaani"]


def test_a_query_narrows_an_export_and_a_file_is_written_whole(folder: Path, archived: Rasad) -> None:
    ended = archived("export", "title:قاآنی", "--format", "csv", "--output", "out.csv")
    assert (ended.code, ended.out) == (0, "")
    [row] = csv.DictReader(io.StringIO((folder / "out.csv").read_text(encoding="utf-8")))
    assert (row["title"], row["topics"]) == ("سفر قاآنی به بغداد", "qaani")
    assert not list(folder.glob("*.unfinished"))


def test_an_atom_feed_is_read_back_by_the_feed_reader(folder: Path, archived: Rasad) -> None:
    assert archived("export", "--format", "atom", "--output", "all.atom").code == 0
    lines = archived("read", "feed", "all.atom", "--url", "https://archive.example/all.atom").lines
    titles = ("Report 2 on Qaani", "Report 3 on Qaani", "سفر قاآنی به بغداد")
    assert [line["title"] for line in lines] == list(titles)
    assert lines[0]["text"] == f"Report 2. {BODY}"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--output", "nowhere/x.jsonl"), "rasad: nowhere/x.jsonl: No such file or directory"),
        (("--format", "xml"), "rasad: Invalid value for '--format'"),
    ],
)
def test_an_export_that_cannot_be_written_is_one_line(archived: Rasad, arguments: tuple[str, ...], reason: str) -> None:
    ended = archived("export", *arguments)
    assert (ended.code, len(ended.err.splitlines())) == (2, 1)
    assert ended.err.startswith(reason)


def test_what_was_imported_has_no_evidence(folder: Path, archived: Rasad) -> None:
    ended = archived("export", "--format", "warc", "--output", "all.warc.gz")
    assert (ended.code, ended.err) == (0, "0 documents of 3 articles (3 have none) written to all.warc.gz\n")
    assert (folder / "all.warc.gz").read_bytes().startswith(b"\x1f\x8b")


def test_the_command_tells_its_version(rasad: Rasad) -> None:
    assert rasad("--version").out == f"rasad {version('rasad')}\n"


def test_search_finds_newest_first_in_every_script(archived: Rasad) -> None:
    shown = archived("search", "@qaani")
    assert shown.out.index("سفر") < shown.out.index("Report 2 on Qaani")
    found = archived("search", "قاآني", "--json").lines
    assert [line["title"] for line in found] == ["سفر قاآنی به بغداد"]
    assert found[0]["spans"] == [["title", 4, 9], ["summary", 6, 11]]


def test_search_narrows_by_time_language_and_source(archived: Rasad) -> None:
    def titles(*options: str) -> list[str]:
        return [line["url"] for line in archived("search", "@qaani", "--json", *options).lines]

    assert titles("--since", "2026-11-04") == ["https://wire.example/4"]
    assert titles("--until", "2026-11-03") == ["https://wire.example/2"]
    assert titles("--language", "fa") == ["https://wire.example/4"]
    assert titles("--source", "صدى") == ["https://echo.example/3"]


def test_search_goes_on_where_a_page_ended(archived: Rasad) -> None:
    first = archived("search", "@qaani", "--json", "--limit", "1")
    cursor = first.err.split("--cursor ")[1].strip()
    rest = archived("search", "@qaani", "--json", "--cursor", cursor)
    every = archived("search", "@qaani", "--json")
    assert [*first.lines, *rest.lines] == every.lines
    assert "--cursor" not in every.err


def test_search_sorts_by_publication_and_by_rank(archived: Rasad) -> None:
    def order(sort: str) -> list[str]:
        return [each["published"] for each in archived("search", "@qaani", "--json", "--sort", sort).lines]

    assert order("published") == sorted(order("newest"), reverse=True)
    assert sorted(order("rank")) == sorted(order("newest"))


def test_search_counts_what_it_finds(archived: Rasad) -> None:
    found = archived("search", "@qaani", "--json")
    counts = archived("search", "@qaani", "--json", "--facets").lines[-1]["facets"]
    assert (counts["counted"], counts["complete"], counts["share"]) == (len(found.lines), True, 1.0)
    assert sum(counts["sources"].values()) == sum(counts["days"].values()) == len(found.lines)
    assert f"counted: {len(found.lines)}" in archived("search", "@qaani", "--facets").out


def test_search_asks_for_what_the_monitor_found(archived: Rasad) -> None:
    def urls(*options: str) -> list[str]:
        return [each["url"] for each in archived("search", *options, "--json").lines]

    of_topic = urls("date:2026", "--topic", "qaani")
    assert of_topic
    assert of_topic == urls("date:2026 topic:qaani")
    assert urls("date:2026 # all", "--name", "qaani") == urls("@qaani")
    story = archived("search", "@qaani", "--json").lines[0]["story"]
    assert urls("@qaani", "--story", str(story)) == urls(f"@qaani story:{story}")
    assert archived("search", "a", "--topic", "qani").err.strip().endswith("(did you mean qaani?)")
    assert "line 1, column 3" in archived("search", "a )", "--name", "qaani").err


def test_an_empty_search_says_what_to_try(archived: Rasad) -> None:
    ended = archived("search", "nowhere")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.startswith("nothing found")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("search", "(a"), "rasad: line 1, column"),
        (("search", "a", "--since", "yesterday"), "rasad: --since: write a length of time"),
        (("sources", "visit"), "rasad: name the sources to visit, or say --all"),
        (("sources", "visit", "wir"), "rasad: no source is called 'wir' (did you mean wire?)"),
        (("invite", "--expires", "soon"), "rasad: --expires: a length of time is written"),
        (("run", "--only", "collect,deliverr"), "rasad: --only: no role is called 'deliverr'"),
        (("import", "missing.jsonl"), "rasad: missing.jsonl: no such file"),
        (("status", "--config", "none.toml"), "none.toml:1:1: cannot be read"),
        (("statis",), "rasad: No such command 'statis'"),
        (("search",), "rasad: Missing argument 'QUERY'"),
    ],
)
def test_wrong_input_is_one_line_and_exit_2(rasad: Rasad, arguments: tuple[str, ...], reason: str) -> None:
    ended = rasad(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(reason)
    assert len(ended.err.splitlines()) == 1


def test_an_archive_that_cannot_be_opened_is_one_line_and_exit_1(folder: Path, rasad: Rasad) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "rasad.db").write_bytes(b"this is no database, whatever its name says" * 100)
    ended = rasad("status")
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)


def test_status_tells_the_whole_on_one_screen(archived: Rasad) -> None:
    shown = archived("status").out
    assert "3 articles, 2 stories" in shown
    assert "0 documents, 0.0 MiB" in shown
    assert len(shown.splitlines()) < 12
    status = json.loads(archived("status", "--json").out)
    assert (status["articles"], status["stories"], status["first_round_open"]) == (3, 2, True)


def test_sources_show_how_each_fares_and_can_be_made_due(rasad: Rasad) -> None:
    [row] = json.loads(rasad("sources", "--json").out)
    assert (row["id"], row["state"], row["last_visit"], row["articles"]) == ("wire", "enabled", None, 0)
    assert "wire" in rasad("sources").out
    assert (
        rasad("sources", "visit", "wire").out == "0 sources are due now; 1 in work, or never visited and due anyhow\n"
    )


def test_looking_at_sources_changes_nothing_for_a_monitor_with_another_config(folder: Path, rasad: Rasad) -> None:
    rasad("sources")
    assert json.loads(rasad("status", "--json").out)["edition"] is None


def test_an_invite_is_shown_once_and_subscribers_are_listed(rasad: Rasad) -> None:
    invited = rasad("invite", "--uses", "2")
    assert invited.out.startswith("/start ")
    assert "t.me" in invited.out
    assert rasad("subscribers").out == "nobody yet: `rasad invite` makes an invitation to the bot\n"
    assert json.loads(rasad("subscribers", "--json").out) == []


def test_what_would_steer_a_terminal_is_neither_stored_nor_shown(folder: Path, rasad: Rasad) -> None:
    evil = article(1, title="Qaani \u202e\x1b[31mred", text="Qaani\x1b[2J\n\nmet them.")
    rasad("import", write(folder / "a.jsonl", evil))
    assert "\x1b" not in rasad("export").out
    shown = rasad("search", "qaani").out
    assert not {"\x1b", "\u202e"} & set(shown)
    assert "Qaani[2J  met them." in shown


def test_status_says_whether_a_monitor_runs(rasad: Rasad) -> None:
    assert "not running" in rasad("status").out


def test_a_backtest_counts_and_shows_what_was_just_missed(archived: Rasad) -> None:
    told = archived("backtest", "@qaani NEAR/1 midnight", "--since", "9999d", "--misses")
    assert told.code == 0
    assert "0 articles and 0 copies of 3 recorded in 9999d" in told.out
    assert "until midnight" in told.out.partition("just missed")[2].partition("lacks @qaani NEAR/1 midnight")[0]
    record = json.loads(archived("backtest", "Report talks (quarrel OR dispute)", "--misses", "--json").out)
    assert record["count"] == 0
    assert [each["lacking"] for each in record["missed"]] == ["quarrel OR dispute"] * 2
    assert archived("backtest", "--misses").code == 2


def test_two_configs_are_held_against_each_other_topic_by_topic(folder: Path, archived: Rasad) -> None:
    rules = {"talks": "talks", "travel": "قاآنی", "same": "Report"}
    topics = "".join(f'[topics.{id_}]\ntitle = {{ en = "T" }}\nmatch = "{rule}"\n' for id_, rule in rules.items())
    (folder / "config.toml").write_text(topics, encoding="utf-8")
    edited = topics.replace('"talks"', '"سردار"').replace("travel", "visits")
    (folder / "new.toml").write_text(edited, encoding="utf-8")
    ended = archived("backtest", "--against", "new.toml", "--since", "9999d")
    assert (ended.code, ended.err) == (0, "")
    assert [line for line in ended.out.splitlines() if " → " in line and " gone" in line] == [
        "talks: 1 → 1, 1 new, 1 gone",
        "travel: 1 → 0, 0 new, 1 gone",
        "same: 1 → 1, 0 new, 0 gone",
        "visits: 0 → 1, 1 new, 0 gone",
    ]
    of_talks = ended.out.partition("talks: ")[2].partition("travel: ")[0].splitlines()
    assert of_talks[1:3] == ["  2026-11-02      1 → 0", "  2026-11-04      0 → 1"]
    assert [line[:12] for line in of_talks if line.startswith(("+", "−"))] == ["+ 2026-11-04", "− 2026-11-02"]
    assert "سردار قاآنی وارد بغداد شد." in ended.out, "the passage that made it true"
    record = json.loads(archived("backtest", "--against", "new.toml", "--topic", "talks", "--json").out)
    assert list(record) == ["talks"]
    assert (record["talks"]["now"], record["talks"]["then"]) == (1, 1)
    assert record["talks"]["days"]["2026-11-02"] == {"now": 1, "then": 0}
    spans = record["talks"]["new"]["samples"][0]["spans"]
    assert spans == [["summary", 0, 5]]
    assert archived("backtest", "--against", "new.toml", "--topic", "nothing").code == 2
    assert archived("backtest", "--against", "new.toml", "--misses").code == 2
