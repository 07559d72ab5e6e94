"""The article JSON line, in and out."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.lines import csv_cell, csv_text, draft_record, dump_line, iso, read_line
from core.model import Draft

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(
    title=TEXT,
    text=TEXT,
    authors=st.lists(TEXT, max_size=3),
    day=st.datetimes(timezones=st.just(UTC)),
)
def test_a_line_round_trips(title: str, text: str, authors: list[str], day: datetime) -> None:
    draft = Draft(
        "source", "https://a.example/1", title or "x", text, authors=tuple(authors),
        published=day, published_raw=iso(day) or "", language="en",
    )  # fmt: skip
    raw = dump_line(draft_record(draft))
    assert len(raw.splitlines()) == 1
    assert read_line(raw) == draft


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ({"title": "اجتماع في بغداد بعد يوم من المفاوضات"}, "ar"),
        ({"title": "", "language": None, "summary": "گفت‌وگوها در تهران ادامه دارد و نتیجه آن خواهد آمد"}, "fa"),
        ({"title": "Talks", "text": "The talks in the city went on for a day and a night."}, "en"),
        ({"title": "The talks of the day", "language": "de"}, "de"),
        ({"title": "1 2 3"}, None),
    ],
)
def test_a_line_without_a_language_is_in_that_of_its_words(said: dict[str, str], language: str | None) -> None:
    assert read_line(json.dumps({"url": "https://a.example/1"} | said)).language == language


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("{", "not JSON at column 2"),
        ("[1]", "not a JSON object"),
        ("[" * 200_000, "not JSON"),
        ('{"title": 5}', '"title" must be text or null, not int'),
        ('{"url": "https://a.example"}', "no title, text or summary"),
        ('{"title": "x", "published": "yesterday"}', '"published" is not an ISO 8601 time: yesterday'),
        ('{"title": "x", "authors": "Ali"}', '"authors" must be a list of texts'),
        ('{"title": "x\udcff"}', "not UTF-8"),
    ],
)
def test_a_bad_line_says_why(raw: str, reason: str) -> None:
    with pytest.raises(InputError) as error:
        read_line(raw)
    assert str(error.value) == reason


def test_null_and_missing_are_equal() -> None:
    assert read_line('{"title":"خبر","summary":null,"authors":null,"published":null}') == read_line('{"title":"خبر"}')


def test_a_time_keeps_its_instant() -> None:
    assert read_line('{"title":"x","published":"2026-11-24T15:00:00+03:00"}').published == datetime(
        2026, 11, 24, 12, tzinfo=UTC
    )
    assert iso(datetime(2026, 11, 24, 12, tzinfo=UTC)) == "2026-11-24T12:00:00Z"


@pytest.mark.parametrize(
    "value", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "'quoted'"]
)
def test_no_cell_is_run_as_a_formula(value: str) -> None:
    cell = csv_cell(value)
    assert cell[0] == "'"
    assert cell[1:] == value


@given(st.lists(TEXT, max_size=4))
def test_a_row_of_any_texts_is_read_back(texts: list[str]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerow([csv_cell(text) for text in ("first", *texts)])
    (row,) = csv.reader(io.StringIO(written.getvalue(), newline=""))
    assert [csv_text(cell) for cell in row] == ["first", *texts]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_plain_cells_stay_as_they_are() -> None:
    assert [csv_cell(value) for value in (None, 5, "قاآني", ["a", "b"])] == ["", "5", "قاآني", "a; b"]


def test_letters_stay_letters_in_a_line() -> None:
    assert "قاآنی" in dump_line({"title": "قاآنی\u2028x"})
    assert json.loads(dump_line({"title": "a\u2028b"})) == {"title": "a\u2028b"}
