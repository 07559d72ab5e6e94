"""HTTP/1.1 on loopback, in one thread of its own, able to misbehave on purpose. Knows nothing of news.

Raw on purpose: a ready-made server would repair the very faults that a monitor has to survive.
"""

import asyncio
import errno
import itertools
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, TypeVar

T = TypeVar("T")

HEAD_LIMIT = 1 << 20  # bytes of a request's head
HANDSHAKE = 5.0  # seconds that starting, opening an address or stopping may take


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrived. `target` is path and query as sent; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, and how it misbehaves. Without the lower half it is a proper HTTP/1.1 answer."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    wait: float = 0.0  # seconds before the first byte
    piece: int = 0  # the body in pieces of so many bytes,
    pause: float = 0.0  # with so many seconds after each
    cut: int | None = None  # close after so many bytes of the body, though Content-Length promised all
    reset: bool = False  # end with a TCP reset (before the first byte, unless `cut` is given)
    endless: bool = False  # the body again and again, chunked, until the client goes away
    verbatim: bytes | None = None  # sent instead of head and body, then closed


Answer = Callable[[Request], Response]


def head_of(response: Response) -> bytes:
    """Status line and headers; Content-Length unless the body is endless or the caller set one."""
    try:
        reason = HTTPStatus(response.status).phrase
    except ValueError:
        reason = "Unknown"
    lines = [f"HTTP/1.1 {response.status} {reason}", f"Date: {formatdate(usegmt=True)}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    if response.endless:
        lines.append("Transfer-Encoding: chunked")
    elif response.status != HTTPStatus.NOT_MODIFIED and "Content-Length" not in response.headers:
        lines.append(f"Content-Length: {len(response.body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; None when the client has closed it."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *rest = head.decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ", 2)
    headers = {}
    for line in filter(None, rest):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, target, headers)


async def send(writer: asyncio.StreamWriter, request: Request, response: Response) -> bool:
    """Send the answer with its faults. True when the connection may be used again."""
    if response.wait:
        await asyncio.sleep(response.wait)
    if response.reset and response.cut is None:
        return _reset(writer)
    if response.verbatim is not None:
        return await _send_verbatim(writer, response, response.verbatim)
    body = b"" if request.method == "HEAD" or response.status == HTTPStatus.NOT_MODIFIED else response.body
    if response.endless:
        return await _send_endless(writer, response)
    writer.write(head_of(response))
    await _send_pieces(writer, response, body[: response.cut])
    if response.reset:
        return _reset(writer)
    return response.cut is None and request.headers.get("connection", "").lower() != "close"


async def _send_pieces(writer: asyncio.StreamWriter, response: Response, body: bytes) -> None:
    step = response.piece or max(len(body), 1)
    for start in range(0, len(body), step):
        writer.write(body[start : start + step])
        await writer.drain()
        if response.pause:
            await asyncio.sleep(response.pause)
    await writer.drain()


async def _send_verbatim(writer: asyncio.StreamWriter, response: Response, raw: bytes) -> bool:
    await _send_pieces(writer, response, raw)
    return False


async def _send_endless(writer: asyncio.StreamWriter, response: Response) -> bool:
    writer.write(head_of(response))
    chunk = b"%x\r\n%b\r\n" % (len(response.body), response.body)
    while True:
        writer.write(chunk)
        await writer.drain()
        await asyncio.sleep(response.pause)


def _reset(writer: asyncio.StreamWriter) -> bool:
    """Close with RST: a linger time of zero throws away what was not sent."""
    connection = writer.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    return False


def loopback_address(number: int) -> str:
    """The n-th site's own address, so that per-host manners see many hosts: 127.0.1.1, 127.0.1.2, …"""
    return f"127.0.{1 + number // 250}.{1 + number % 250}"


class Server:
    """Many sites, each on an origin of its own, served by one thread.

    Where the system has one loopback address only (macOS), sites differ by port instead.
    """

    def __init__(self, port: int = 0) -> None:
        self._port = port  # 0: the first site takes a free one, and the others follow it
        self._numbers = itertools.count()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="newsroom", daemon=True)
        self._listeners: list[asyncio.Server] = []
        self._connections: set[asyncio.Task[Any]] = set()

    def start(self) -> None:
        self._thread.start()

    def listen(self, answer: Answer) -> str:
        """Open one more site; returns its origin (http://127.0.1.1:40123). OSError if the port asked for is taken."""
        return asyncio.run_coroutine_threadsafe(self._listen(answer), self._loop).result(HANDSHAKE)

    def stop(self) -> None:
        """Close every listener and connection, whatever it is in the middle of."""
        if not self._thread.is_alive():
            return
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(HANDSHAKE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(HANDSHAKE)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    async def _listen(self, answer: Answer) -> str:
        number = next(self._numbers)
        listener = await self._bind(answer, loopback_address(number), number)
        self._listeners.append(listener)
        host, port = listener.sockets[0].getsockname()[:2]
        if number == 0:
            self._port = port
        return f"http://{host}:{port}"

    async def _bind(self, answer: Answer, host: str, number: int) -> asyncio.Server:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._serve(answer, reader, writer)

        async def bind(host: str, port: int) -> asyncio.Server:
            return await asyncio.start_server(connected, host, port, limit=HEAD_LIMIT, backlog=512)

        try:
            return await bind(host, self._port)
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:  # one loopback address only
                return await bind("127.0.0.1", self._port if number == 0 else 0)
            if error.errno == errno.EADDRINUSE and number > 0:
                return await bind(host, 0)
            raise

    async def _serve(self, answer: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            while (request := await read_request(reader)) is not None:
                if not await send(writer, request, answer(request)):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # the client went away or does not speak HTTP: its business
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._connections.discard(task)
            writer.close()

    async def _close(self) -> None:
        for listener in self._listeners:
            listener.close()
        for _ in range(5):  # steps of the loop in which a connection that was just accepted becomes a task
            await asyncio.sleep(0)
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await asyncio.sleep(0)  # let the aborted transports close their sockets
