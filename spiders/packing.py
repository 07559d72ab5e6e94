"""Packed bodies unpacked: gzip, deflate, brotli and zstandard, each to a limit and to its end.

Scrapy keeps what it gets of a stream that breaks off; an article cut in two would be archived as whole.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping

import brotli  # type: ignore[import-untyped]
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.utils._compression import zstd  # type: ignore[attr-defined]  # the standard library's, or its backport

from core.errors import FetchError

MOST_CODINGS = 3  # one upon the other
STEP = 64 * 1024  # bytes unpacked at once
# A window of 128 MiB, which is taken only as far as it is filled.
_ZSTD: Mapping[int, int] = {zstd.DecompressionParameter.window_log_max: 27}


class Unpacking(HttpCompressionMiddleware):
    """Scrapy's middleware with our unpacking."""

    def _handle_encoding(self, body: bytes, content_encoding: list[bytes], max_size: int) -> tuple[bytes, list[bytes]]:
        if b",".join(content_encoding).count(b",") >= MOST_CODINGS:
            raise FetchError("packed too often")
        return super()._handle_encoding(body, content_encoding, max_size)

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        return unpacked(body, encoding.decode("ascii"), max_size)


def unpacked(body: bytes, coding: str, limit: int) -> bytes:
    """`body` without one coding. Raises FetchError for one that is broken, cut or larger than `limit` bytes."""
    pieces, size = [], 0
    try:
        for piece in _UNPACKING[coding](body) if body else ():
            size += len(piece)
            if size > limit:
                raise FetchError(f"larger than {limit // 1024**2} MiB")
            pieces.append(piece)
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError):
        raise FetchError(f"its {coding} is broken, or breaks off before the end") from None
    return b"".join(pieces)


def _gzip(body: bytes) -> Iterator[bytes]:
    """Every member of it; what stands behind the last one is padding."""
    while True:
        member = zlib.decompressobj(wbits=31)
        yield from _zlib(member, body)
        body = member.unused_data
        if not body.startswith(b"\x1f\x8b"):
            return


def _deflate(body: bytes) -> Iterator[bytes]:
    """With zlib's header, as the standard has it, or without, as some servers do."""
    wrapped = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
    return _zlib(zlib.decompressobj() if wrapped else zlib.decompressobj(wbits=-15), body)


def _zlib(stream: "zlib._Decompress", body: bytes) -> Iterator[bytes]:
    while not stream.eof:
        piece = stream.decompress(body, STEP)
        body = stream.unconsumed_tail
        if not piece and not body and not stream.eof:
            raise EOFError
        yield piece


def _brotli(body: bytes) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    piece = stream.process(body, output_buffer_limit=STEP)
    while piece or not stream.is_finished():
        yield piece
        if stream.is_finished():
            return
        piece = stream.process(b"", output_buffer_limit=STEP)
        if not piece and not stream.is_finished():
            raise EOFError


def _zstd(body: bytes) -> Iterator[bytes]:
    while body:
        frame = zstd.ZstdDecompressor(options=_ZSTD)
        yield frame.decompress(body, STEP)
        while not frame.eof:
            if frame.needs_input:
                raise EOFError
            yield frame.decompress(b"", STEP)
        body = frame.unused_data


_UNPACKING: Mapping[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
