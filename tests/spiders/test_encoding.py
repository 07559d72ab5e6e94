"""Bytes to text: Arabic and Persian as sites really send them."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.readers.encoding import clean, decode

ARABIC = "<p>قال مصدر مطلع إن الاجتماع سيعقد يوم الخميس في بغداد</p>"
PERSIAN = "<p>سخنگو گفت پژوهش تازه‌ای درباره چاپ کتاب منتشر می‌شود</p>"
FRENCH = "<p>Le café a été fermé à cause d'une grève générale, déclare le ministère</p>"


@pytest.mark.parametrize("text", [ARABIC, PERSIAN])
@pytest.mark.parametrize("declared", ["", "utf-8", "iso-8859-1", "windows-1252", "windows-1256", "x-unknown", "zlib"])
def test_cp1256_is_read_whatever_is_declared(text: str, declared: str) -> None:
    cp1256 = text.replace("ی", "ي")  # the code page has no Persian yeh
    assert decode(cp1256.encode("cp1256"), f"text/html; charset={declared}") == cp1256


@pytest.mark.parametrize("text", [ARABIC, PERSIAN, FRENCH])
@pytest.mark.parametrize("declared", ["", "utf-8", "windows-1256", "iso-8859-6", "us-ascii", "utf-16"])
def test_valid_utf8_wins_over_every_declaration(text: str, declared: str) -> None:
    assert decode(text.encode(), f"text/html; charset={declared}") == text


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_wins(codec: str) -> None:
    mark = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    wide = {"utf-32-le": codecs.BOM_UTF32_LE, "utf-32-be": codecs.BOM_UTF32_BE}
    assert decode((mark | wide)[codec] + PERSIAN.encode(codec), "text/xml; charset=iso-8859-1") == PERSIAN


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(codec: str) -> None:
    assert decode(PERSIAN.encode(codec)) == PERSIAN


def test_one_bad_byte_costs_one_character() -> None:
    broken = PERSIAN.encode().replace(b"</p>", b"\xff</p>")
    assert decode(broken, "text/xml; charset=windows-1256") == PERSIAN.replace("</p>", "\ufffd</p>")
    assert decode(ARABIC.encode()[:-6] + b"\xd8", "") != decode(ARABIC.encode())  # cut in a letter, still Arabic
    assert "بغداد" in decode(ARABIC.encode()[:-4] + b"\xd8", "")


def test_western_text_stays_western() -> None:
    assert decode(FRENCH.encode("cp1252"), "text/html") == FRENCH
    assert decode(FRENCH.encode("cp1252"), "text/html; charset=utf-8") == FRENCH


def test_the_documents_own_declaration_counts_where_http_says_nothing() -> None:
    greek = "<?xml version='1.0' encoding='iso-8859-7'?><t>Ελλάδα και Κύπρος</t>"
    assert decode(greek.encode("iso-8859-7")) == greek
    page = '<html><head><meta charset="windows-1251"><title>Новости из Багдада</title>'
    assert decode(page.encode("cp1251"), "text/html") == page


def test_what_cannot_be_stored_is_taken_out() -> None:
    assert clean("a\0b\x01c\x80d\ud800e\ufffef\tg\nh") == "abcdef\tg\nh"


@given(st.binary(max_size=200), st.text(max_size=20))
def test_any_bytes_become_storable_text(body: bytes, charset: str) -> None:
    text = decode(body, f"text/html; charset={charset}")
    assert clean(text) == text
    text.encode()


@given(st.text(alphabet="ابتثجحخ دذرزسشصضطظعغفقكلمنهوي.،", min_size=20, max_size=80))
def test_every_arabic_text_comes_back_from_cp1256(text: str) -> None:
    assert decode(text.encode("cp1256"), "text/html; charset=iso-8859-1") == text or not any(c > "\x7f" for c in text)


def test_cp1256_declared_as_the_iso_charset_that_lacks_its_letters() -> None:
    assert decode(ARABIC.encode("cp1256"), "text/html; charset=iso-8859-6") == ARABIC
    iso = ARABIC.encode("iso-8859-6")
    assert decode(iso, "text/html; charset=iso-8859-6") == ARABIC
