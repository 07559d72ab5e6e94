"""Documents of a gibibyte, packed into less than a megabyte in a tenth of a second, and what reading them costs."""

import ctypes
import gc
import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it has no types
from scrapy.utils._compression import zstd  # type: ignore[attr-defined]  # the standard library's, or its backport

MEBIBYTE = b"\0" * (1 << 20)
STATUS = Path("/proc/self/status")


def bomb(coding: str) -> bytes:
    """One gibibyte of zeros in the coding, or in several: the last is the outermost."""
    first, *further = coding.split(", ")
    packed = {"gzip": _gzip, "br": _brotli, "zstd": _zstd}[first]()
    for _ in further:
        packed = gzip.compress(packed, 1)
    return packed


def _gzip() -> bytes:
    """One packed mebibyte a thousand times: after a full flush the pieces know nothing of one another."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    return head + (packer.compress(MEBIBYTE) + packer.flush(zlib.Z_FULL_FLUSH)) * 1024 + packer.flush()


def _brotli() -> bytes:
    packer = brotli.Compressor(quality=1)
    pieces: list[bytes] = [packer.process(MEBIBYTE) for _ in range(1024)]
    return b"".join([*pieces, packer.finish()])


def _zstd() -> bytes:
    packed: bytes = zstd.compress(MEBIBYTE * 64) * 16
    return packed


def packed(body: bytes, coding: str) -> bytes:
    """`body` in one coding."""
    pack: Callable[[bytes], bytes] = {
        "gzip": gzip.compress,
        "br": brotli.compress,
        "zstd": zstd.compress,
        "deflate": zlib.compress,
    }[coding]
    return pack(body)


class Rise:
    """How many bytes of memory were added to those before, at the highest."""

    bytes = 0


@contextmanager
def memory() -> Iterator[Rise]:
    """Measures this process through the block."""
    rise = Rise()
    gc.collect()
    with suppress(AttributeError):  # glibc's: memory that is free already would hide what is taken
        ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew (proc(5))
    before = _kilobytes("VmRSS")
    yield rise
    rise.bytes = (_kilobytes("VmHWM") - before) * 1024


def _kilobytes(name: str) -> int:
    return next(int(line.split()[1]) for line in STATUS.read_text().splitlines() if line.startswith(name))
