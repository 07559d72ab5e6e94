"""Unpacking: whatever was packed comes back whole, and nothing comes back that is not whole."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FetchError
from spiders.packing import unpacked
from tests.spiders.bombs import packed

CODINGS = ("gzip", "deflate", "br", "zstd")
LIMIT = 1 << 20


@given(st.binary(max_size=2000), st.sampled_from(CODINGS), st.integers(1, 200))
def test_what_was_packed_comes_back_whole(body: bytes, coding: str, times: int) -> None:
    assert unpacked(packed(body * times, coding), coding, LIMIT) == body * times


@given(st.binary(min_size=1, max_size=500), st.sampled_from(CODINGS), st.data())
def test_a_part_of_it_is_never_taken_for_the_whole(body: bytes, coding: str, data: st.DataObject) -> None:
    whole = packed(body, coding)
    cut = data.draw(st.integers(1, len(whole) - 1))
    with pytest.raises(FetchError, match="is broken, or breaks off before the end"):
        unpacked(whole[:cut], coding, LIMIT)


@given(st.binary(min_size=1, max_size=300), st.sampled_from(CODINGS))
def test_any_bytes_end_in_a_plain_reason_or_in_bytes(noise: bytes, coding: str) -> None:
    try:
        assert len(unpacked(noise, coding, LIMIT)) <= LIMIT
    except FetchError as error:
        assert error.reason


def test_what_servers_do_beside_the_standard() -> None:
    members = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0\0"
    assert unpacked(members, "gzip", LIMIT) == b"one two"
    assert unpacked(zlib.compress(b"bare")[2:-4], "deflate", LIMIT) == b"bare"
    assert unpacked(packed(b"one ", "zstd") + packed(b"two", "zstd"), "zstd", LIMIT) == b"one two"
    assert [unpacked(b"", coding, LIMIT) for coding in CODINGS] == [b""] * 4


@pytest.mark.parametrize("coding", CODINGS)
def test_a_byte_beyond_the_limit_is_too_much(coding: str) -> None:
    assert len(unpacked(packed(b"a" * LIMIT, coding), coding, LIMIT)) == LIMIT
    with pytest.raises(FetchError, match=r"^larger than 1 MiB$"):
        unpacked(packed(b"a" * (LIMIT + 1), coding), coding, LIMIT)
