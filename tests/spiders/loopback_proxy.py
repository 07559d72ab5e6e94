"""A real proxy on loopback for the tests: HTTP (forwarding and CONNECT) and SOCKS5 at one port, told apart by the
first byte. It looks names up in a book of its own, and remembers what it was asked for."""

import asyncio
import base64
import contextlib
import ssl
import struct
from collections.abc import Mapping
from typing import Self

Site = tuple[str, int]


class LoopbackProxy:
    """`async with LoopbackProxy({"news.example": "127.0.1.1"}) as proxy:` listens for the block.

    user: whom it lets in, as NAME:PASSWORD; "" lets everybody in. certificate: it is reached by TLS. answers: what it
    says to every question in place of doing anything.
    """

    def __init__(
        self,
        book: Mapping[str, str] | None = None,
        *,
        user: str = "",
        certificate: str = "",
        answers: bytes = b"",
    ) -> None:
        self._book = book or {}
        self._user = user
        self._answers = answers
        self._tls: ssl.SSLContext | None = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        self.asked: list[Site] = []  # by the names or addresses that it was told
        self.visits = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._visited, "127.0.0.1", 0, ssl=self._tls)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def url(self, scheme: str, host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}"

    async def _visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                first = await reader.readexactly(1)
                await (self._socks if first == b"\x05" else self._http)(first, reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    # --- HTTP ---

    async def _http(self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = first + await reader.readuntil(b"\r\n\r\n")
        line, _, rest = head.partition(b"\r\n")
        method, target, _version = line.decode().split(" ")
        if self._answers:
            writer.write(self._answers)
            await writer.drain()
            return
        if self._user and base64.b64encode(self._user.encode()) not in rest:
            writer.write(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n")
            return
        if method == "CONNECT":
            host, _, port = target.rpartition(":")
            ours = await self._opened(host, int(port))
            writer.write(b"HTTP/1.1 200 Opened\r\n\r\n")
        else:
            host, _, path = target.removeprefix("http://").partition("/")
            name, _, port = host.partition(":")
            ours = await self._opened(name, int(port or 80))
            ours[1].write(f"{method} /{path} HTTP/1.1\r\nConnection: close\r\n".encode() + rest)
        await self._pipe((reader, writer), ours)

    # --- SOCKS5: RFC 1928, with the passwords of RFC 1929 ---

    async def _socks(self, _first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        methods = await reader.readexactly((await reader.readexactly(1))[0])
        wanted = 2 if self._user else 0
        if wanted not in methods:
            writer.write(b"\x05\xff")
            return
        writer.write(bytes([5, wanted]))
        if self._user and not await self._knows(reader, writer):
            return
        _version, _command, _reserved, kind = await reader.readexactly(4)
        if kind == 3:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            host = ".".join(map(str, await reader.readexactly(4)))
        (port,) = struct.unpack("!H", await reader.readexactly(2))
        try:
            ours = await self._opened(host, port)
        except OSError:
            writer.write(b"\x05\x05\x00\x01" + bytes(6))
            return
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        await self._pipe((reader, writer), ours)

    async def _knows(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        await reader.readexactly(1)
        name, password = [await reader.readexactly((await reader.readexactly(1))[0]) for _ in range(2)]
        known = f"{name.decode()}:{password.decode()}" == self._user
        writer.write(b"\x01\x00" if known else b"\x01\x01")
        return known

    # --- both ---

    async def _opened(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self.asked.append((host, port))
        return await asyncio.open_connection(self._book.get(host, host), port)

    async def _pipe(
        self,
        one: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        other: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        try:
            await asyncio.wait(
                [asyncio.ensure_future(_flow(*pair)) for pair in ((one[0], other[1]), (other[0], one[1]))],
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            other[1].close()


async def _flow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
