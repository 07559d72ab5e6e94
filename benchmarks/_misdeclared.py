"""Feeds whose declared charset lies, made here, and a word of each recorded one that only the right charset gives."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Trouble:
    name: str
    body: bytes
    headers: dict[str, str]
    expected: str  # must stand in a title or text


def troubles() -> Iterator[Trouble]:
    """Right Arabic and Persian text under every wrong declaration that the field shows."""
    for language, text in (
        ("ar", "أعلنت وزارة النقل افتتاح الطريق الجديد بين المدينتين اليوم"),
        ("fa", "وزیر راه از گشایش جاده تازه میان دو شهر خبر داد و گفت کار تمام است"),
    ):
        arabic = text.translate(str.maketrans("یک", "يك"))  # cp1256 has no Persian yeh and kaf of its own
        for actual, said in (("utf-8", text), ("cp1256", arabic), ("utf-16", text)):
            for declared in ("utf-8", "windows-1256", "iso-8859-1", "iso-8859-6", "us-ascii", ""):
                for http in ("", "text/xml", "text/xml; charset=iso-8859-1", "application/rss+xml; charset=utf-8"):
                    declaration = f' encoding="{declared}"' if declared else ""
                    xml = (
                        f'<?xml version="1.0"{declaration}?><rss version="2.0"><channel><title>x</title><item>'
                        f"<title>{said}</title><link>http://news.example/1</link></item></channel></rss>"
                    )
                    headers = {"content-type": http} if http else {}
                    yield Trouble(f"{language} {actual} as {declared}, {http}", xml.encode(actual), headers, said)
        broken = f"<rss><channel><item><title>{text}</title><description>{text} X</description></item></channel></rss>"
        yield Trouble(f"{language}, one bad byte", broken.encode().replace(b"X", b"\xff"), {}, text)


RECORDED = {  # a word of each that only the right charset gives
    "encoding_WINDOWS-1251.xml": "программер",
    "encoding_ISO-8859-1.xml": "wünschen",
    "no_encoding_ISO-8859-1.xml": "études",
    "urdu_UTF8.xml": "پاکستان",
    "rdf_UTF8.xml": "Vorsichtsmaßnahmen",
    "koi8r.xml": "Первая",
    "windows-1252.xml": "Euro €",
    "windows-1252-incorrect-prolog.xml": "Euro €",
    "iso-8859-1.xml": "Café",
    "invalid-prolog.xml": "Café",
    "utf8.xml": "Café",
    "utf8-incorrect-prolog.xml": "Café",
    "large_rss.xml": "…",
    "large_atom.xml": "…",
    "small_atom.xml": "…",
    "iso88591.xml": "Jürgen",
    "iso88591_utf8_mismatch.xml": "Jürgen",
}
