"""Fetched bytes to text. It decides the character set once for a whole document and never guesses word by word.

Byte order mark, then HTTP charset, then the document's own declaration, then strict UTF-8, then cp1256 or cp1252;
with two rules from the field: bytes that are valid UTF-8 with non-ASCII letters are UTF-8 whatever is declared, and
one bad byte never changes the codec (feedparser turns a whole Arabic feed into mojibake over one).
"""

import codecs
import re
import sys

from w3lib.encoding import resolve_encoding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_RUNS = re.compile(rb"[\x80-\xff]{2,}")
# Declared out of habit by software that never looked at its bytes, so no evidence against Arabic ones.
_HABITUAL = frozenset({"utf-8", "cp1252", "latin-1", "iso8859-1", "ascii", "iso8859-15"})
_NO_CHARSET = frozenset({"unicode_escape", "raw_unicode_escape", "punycode", "idna", "undefined", "utf-7"})
# XML and PostgreSQL refuse these, and no publisher means them; tab, LF, CR and U+0085 stay.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,9}));?")

META_WITHIN = 4096  # bytes of a page in which its declaration must stand


def decode(body: bytes, content_type: str = "") -> str:
    """The document's text without byte order mark and unstorable characters, written out or by number. Never raises."""
    mark = next((mark for mark, _ in _MARKS if body.startswith(mark)), b"")
    return _REFERENCE.sub(_storable, clean(body[len(mark) :].decode(charset(body, content_type), "replace")))


def _storable(reference: re.Match[str]) -> str:
    """The reference, or nothing for a character that cannot be kept; 128 to 159 are old letters in HTML, and stay."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    kept = 0x7F < number < 0xA0 or (number <= sys.maxunicode and clean(chr(number)))
    return reference[0] if kept else ""


def charset(body: bytes, content_type: str = "") -> str:
    """The name of the codec that `decode` reads the document with."""
    marked = next((codec for mark, codec in _MARKS if body.startswith(mark)), None)
    return marked or _codec(body, content_type)


def clean(text: str) -> str:
    """`text` without characters that cannot be stored or shown: NUL, C0 and C1 controls, lone surrogates."""
    return _UNSTORABLE.sub("", text)


def _codec(body: bytes, content_type: str) -> str:
    if wide := _unmarked_wide(body):
        return wide
    if _is_utf8(body):
        return "utf-8"
    declared = _declared(body, content_type)
    if declared and declared not in _HABITUAL and _fits(body, declared):
        return declared
    return "cp1256" if _looks_arabic(body) else "cp1252"


def _unmarked_wide(body: bytes) -> str | None:
    """UTF-16 without a mark shows itself by the zero beside the first `<` or `{`."""
    head = body[:2]
    if head in (b"<\0", b"{\0"):
        return "utf-16-le"
    return "utf-16-be" if head in (b"\0<", b"\0{") else None


def _is_utf8(body: bytes) -> bool:
    """Valid, or valid but for a few bytes: in no other charset do so many sequences fit by chance."""
    try:
        body.decode()
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        bad = text.count("\ufffd")
        good = sum(1 for char in text if char > "\x7f") - bad
        return good > 4 * bad
    return True


def _declared(body: bytes, content_type: str) -> str | None:
    if match := _HTTP_CHARSET.search(content_type):
        return _known(match[1])
    head = body[:META_WITHIN]
    found = _XML_ENCODING.search(head) or _META_CHARSET.search(head)
    return _known(found[1].decode("ascii", "replace")) if found else None


def _fits(body: bytes, codec: str) -> bool:
    """Whether nearly all high bytes mean something in the charset: cp1256 declared as ISO-8859-6 does not."""
    bad = body.decode(codec, "replace").count("\ufffd")
    return bad * 50 <= sum(byte > 0x7F for byte in body) or bad <= 1


def _known(name: str) -> str | None:
    codec = resolve_encoding(name)
    if codec is None or codec in _NO_CHARSET:
        return None
    try:
        b"a".decode(codec)
    except (LookupError, UnicodeError):  # "hex" and "zlib" are codecs of another sort
        return None
    return codec


def _looks_arabic(body: bytes) -> bool:
    """In cp1256 Arabic whole words are high bytes; in cp1252 French or German they stand alone among letters."""
    high = sum(1 for byte in body if byte > 0x7F)
    return sum(map(len, _RUNS.findall(body))) * 2 > high
