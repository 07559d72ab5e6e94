"""Foreign text as it may stand in a message: safe characters, direction, length, cutting. Pure.

Must not know what a message says, nor Telegram's markup.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

import regex

LEFT_TO_RIGHT_MARK = "\u200e"
RIGHT_TO_LEFT_MARK = "\u200f"
FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"
RIGHT_TO_LEFT = frozenset({"ar", "fa"})

_SPACES = re.compile(r"[\s\u0085\u2028\u2029]+")
# Bidi overrides, embeddings and isolates (ours are added afterwards, balanced), deprecated format characters,
# zero-width spaces, annotation anchors, noncharacters and surrogates. ZWNJ, ZWJ, LRM and RLM are part of words.
_UNSAFE = re.compile(
    "[\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
_TAGS = re.compile("[\U000e0000-\U000e007f]")
_FLAG_WITH_TAGS = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")  # 🏴 England, Scotland, Wales


def units(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts."""
    return len(text) + sum(char > "\uffff" for char in text)


def safe(text: str) -> str:
    """`text` on one line, without controls, bidi overrides and invisible tags; words are untouched.

    White space becomes single blanks, kept at both ends so that pieces can be joined again.
    """
    kept = "".join(char for char in _UNSAFE.sub("", text) if char.isspace() or unicodedata.category(char) != "Cc")
    flat = _SPACES.sub(" ", kept)
    return _without_tags(flat) if _TAGS.search(flat) else flat


def _without_tags(text: str) -> str:
    flags = _FLAG_WITH_TAGS.findall(text)
    rest = [_TAGS.sub("", piece) for piece in _FLAG_WITH_TAGS.split(text)]
    return "".join(piece + flag for piece, flag in zip(rest, [*flags, ""], strict=True))


def graphemes(text: str) -> Iterator[str]:
    """The characters as readers see them (extended grapheme clusters, UAX #29)."""
    return (found.group() for found in regex.finditer(r"\X", text))


def clip(text: str, limit: int) -> str:
    """`text` cut to at most `limit` UTF-16 units on a grapheme border, ending in … where it was cut.

    Cuts after a whole word where one ends in the last fifth. One grapheme longer than the limit leaves only …
    """
    if units(text) <= limit:
        return text
    kept, length = [], 0
    for cluster in graphemes(text[: limit + 1]):  # its last cluster may be half: it never fits
        length += units(cluster)
        if length > limit - 1:
            break
        kept.append(cluster)
    return _to_word_end(kept) + "…"


def _to_word_end(clusters: Sequence[str]) -> str:
    for back in range(len(clusters) - 1, len(clusters) * 4 // 5, -1):
        if clusters[back].isspace():
            return "".join(clusters[:back]).rstrip()
    return "".join(clusters)


def pieces(text: str, limit: int) -> Iterator[str]:
    """The paragraphs of `text`, safe and none empty; longer ones in pieces of at most `limit` UTF-16 units.

    Cut on grapheme borders, after a word where one ends in the last fifth. Nothing is left out but white space at cuts
    and a single grapheme longer than the limit.
    """
    for paragraph in re.split(r"[\n\r\u2028\u2029]+", text):
        kept: list[str] = []
        length = 0
        for cluster in graphemes(safe(paragraph).strip()):
            size = units(cluster)
            if size > limit:
                continue
            if length + size > limit:
                piece = _to_word_end(kept)
                yield piece.strip()
                kept = list("".join(kept)[len(piece) :].lstrip())
                length = units("".join(kept))
            kept.append(cluster)
            length += size
        if rest := "".join(kept).strip():
            yield rest


def is_right_to_left(language: str) -> bool:
    """Whether messages in `language` run from right to left."""
    return language in RIGHT_TO_LEFT


def first_strong(text: str) -> str | None:
    """L or R: the first strong direction outside of isolates (UAX #9, P2), None where there is none."""
    depth = 0
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("LRI", "RLI", "FSI"):
            depth += 1
        elif kind == "PDI":
            depth = max(0, depth - 1)
        elif depth == 0 and kind in ("L", "R", "AL"):
            return "L" if kind == "L" else "R"
    return None


def isolate(text: str) -> str:
    """`text` wrapped so that its direction neither touches its surroundings nor is touched by them."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


def mark_for(line: str, language: str) -> str:
    """The invisible mark that makes `line` run in the direction of `language`, empty where it already does.

    Browsers and some clients align a line by its first strong letter even inside an isolate, so both must agree.
    """
    wanted = "R" if is_right_to_left(language) else "L"
    bare = line.replace(FIRST_STRONG_ISOLATE, "").replace(POP_ISOLATE, "")
    if first_strong(line) == first_strong(bare) == wanted:
        return ""
    return RIGHT_TO_LEFT_MARK if wanted == "R" else LEFT_TO_RIGHT_MARK


def web_address(url: str) -> str | None:
    """`url` if it may stand in a message as a link: http(s), with a host, nothing invisible; else None."""
    if not re.match(r"https?://[^/?#\s]", url, re.IGNORECASE) or safe(url) != url or " " in url:
        return None
    return url
