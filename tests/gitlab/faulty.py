"""An upstream that goes wrong in every way it can: raw sockets, byte for byte."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator

import attrs

HEALTHY = {"choices": [{"text": "return 1", "index": 0}], "model": {"name": "healthy"}}
PAGE = b"<!DOCTYPE html><html><head><title>Sign in to the hotel</title></head></html>"
SSE = "Content-Type: text/event-stream\r\nX-Streaming-Format: sse"
START = b'event: stream_start\ndata: {"metadata":{"model":{"name":"agent"}}}\n\n'
END = b"event: stream_end\ndata: null\n\n"


class Connection:
    """One of the client's connections, its request read."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self._writer = writer

    async def send(self, raw: bytes) -> None:
        """These very bytes."""
        self._writer.write(raw)
        await self._writer.drain()

    async def for_ever(self, raw: bytes, pause: float = 0.0) -> None:
        """The same bytes again and again, until the client goes."""
        while True:
            await self.send(raw)
            await asyncio.sleep(pause)

    def reset(self) -> None:
        """End it the rude way."""
        linger = struct.pack("hh" if hasattr(socket, "SO_EXCLUSIVEADDRUSE") else "ii", 1, 0)
        self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._writer.transport.abort()


Serve = Callable[[Connection], Awaitable[None]]


def raw(content: bytes) -> Serve:
    """Send these bytes and close."""

    async def serve(connection: Connection) -> None:
        await connection.send(content)

    return serve


def head(status: int = 200, headers: str = "Content-Type: application/json", length: int | None = None) -> bytes:
    """A status line and headers."""
    size = "" if length is None else f"Content-Length: {length}\r\n"
    return f"HTTP/1.1 {status} Whatever\r\n{headers}\r\n{size}\r\n".encode()


def answer(body: object, status: int = 200, headers: str = "Content-Type: application/json") -> Serve:
    """A whole answer, rightly framed."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return raw(head(status, headers, len(content)) + content)


def chunk(text: str) -> bytes:
    """An event with a piece of text."""
    return b"event: content_chunk\ndata: " + json.dumps({"choices": [{"delta": {"content": text}}]}).encode() + b"\n\n"


def chunked(content: bytes) -> bytes:
    """A piece in the chunked coding."""
    return b"%x\r\n%b\r\n" % (len(content), content)


CHUNKED = "Transfer-Encoding: chunked"


async def silence(connection: Connection) -> None:
    await connection.for_ever(b"", 3600)


async def reset(connection: Connection) -> None:
    connection.reset()


async def slow_headers(connection: Connection) -> None:
    await connection.send(b"HTTP/1.1 200 OK\r\n")
    await connection.for_ever(b"X-Slow: 1\r\n", 0.05)


async def slow_drip(connection: Connection) -> None:
    await connection.send(head(length=1000))
    await connection.for_ever(b" ", 0.05)


async def reset_midbody(connection: Connection) -> None:
    await connection.send(head(length=1000) + b'{"choices": [{"text": "ret')
    await asyncio.sleep(0.05)
    connection.reset()


async def sse_reset(connection: Connection) -> None:
    await connection.send(head(headers=f"{SSE}\r\n{CHUNKED}") + chunked(START + chunk("return")))
    await asyncio.sleep(0.05)
    connection.reset()


async def sse_silence(connection: Connection) -> None:
    await connection.send(head(headers=f"{SSE}\r\n{CHUNKED}") + chunked(START + chunk("return")))
    await silence(connection)


async def sse_pings(connection: Connection) -> None:
    await connection.send(head(headers=f"{SSE}\r\n{CHUNKED}") + chunked(START))
    await connection.for_ever(chunked(b": ping\n\n"), 0.05)


async def endless_body(connection: Connection) -> None:
    await connection.send(head(headers=f"Content-Type: application/json\r\n{CHUNKED}"))
    await connection.for_ever(chunked(b" " * 65_536))


async def sse_flood(connection: Connection) -> None:
    await connection.send(head(headers=f"{SSE}\r\n{CHUNKED}") + chunked(START))
    await connection.for_ever(chunked(chunk("x" * 10_000)))


async def sse_endless_line(connection: Connection) -> None:
    await connection.send(head(headers=f"{SSE}\r\n{CHUNKED}") + chunked(START + b"data: "))
    await connection.for_ever(chunked(b"x" * 65_536))


async def text_flood(connection: Connection) -> None:
    await connection.send(head(headers=f"Content-Type: text/event-stream\r\n{CHUNKED}"))
    await connection.for_ever(chunked(b"x" * 65_536))


async def huge_header(connection: Connection) -> None:
    await connection.send(b"HTTP/1.1 200 OK\r\nX-Huge: ")
    await connection.for_ever(b"x" * 65_536)


async def many_headers(connection: Connection) -> None:
    await connection.send(b"HTTP/1.1 200 OK\r\n")
    await connection.for_ever(b"X-Many: x\r\n" * 1000)


async def endless_provisional(connection: Connection) -> None:
    await connection.for_ever(b"HTTP/1.1 100 Continue\r\n\r\n", 0.01)


async def endless_error(connection: Connection) -> None:
    await connection.send(head(503, headers=f"Content-Type: text/html\r\n{CHUNKED}"))
    await connection.for_ever(chunked(b"x" * 65_536))


BOMB = gzip.compress(bytes(300 << 20), 9)
GZIP = "Content-Type: application/json\r\nContent-Encoding: gzip"


def suggestion(text: object) -> dict[str, object]:
    """The usual body around a text."""
    return {"choices": [{"text": text}]}


MODES: dict[str, Serve] = {
    # no answer
    "reset_at_once": reset,
    "close_before_reply": raw(b""),
    "accept_then_silence": silence,
    "slow_headers": slow_headers,
    "slow_drip": slow_drip,
    "endless_provisional": endless_provisional,
    # half an answer
    "reset_midbody": reset_midbody,
    "truncated_body": raw(head(length=1000) + b'{"choices": [{"text": "ret'),
    "truncated_chunked": raw(head(headers=f"Content-Type: application/json\r\n{CHUNKED}") + chunked(b'{"choices')),
    "truncated_head": raw(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "truncated_gzip": answer(gzip.compress(json.dumps(HEALTHY).encode())[:-9], headers=GZIP),
    "sse_reset": sse_reset,
    "sse_truncated": answer(START + chunk("return")[:-8], headers=SSE),
    "sse_no_end_event": answer(START + chunk("return"), headers=SSE),
    "sse_cut_in_a_character": answer(START + chunk("return")[:-3] + "é".encode()[:1], headers=SSE),
    "sse_silence": sse_silence,
    "sse_pings": sse_pings,
    "text_truncated": raw(head(headers=f"Content-Type: text/event-stream\r\n{CHUNKED}") + chunked(b"return")),
    # nonsense
    "no_http": raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "http_0_9": raw(b'{"choices": []}'),
    "bad_status": raw(b"HTTP/1.1 abc Whatever\r\n\r\n"),
    "bad_length": raw(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"),
    "two_lengths": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n{}     "),
    "bad_chunk": raw(head(headers=CHUNKED) + b"zz\r\n{}\r\n"),
    "tls_alert": raw(b"\x15\x03\x01\x00\x02\x02\x28"),
    "invalid_json": answer(b'{"choices": [}'),
    "invalid_utf8": answer(b'{"choices": [{"text": "\xff\xfe"}]}'),
    "invalid_utf8_text": answer(b"\xff\xfe", headers="Content-Type: text/event-stream"),
    "json_wrong_shape": answer({"suggestions": ["x"]}),
    "json_null": answer(None),
    "json_array": answer([1, 2]),
    "json_deep": answer(b"[" * 200_000),
    "json_big_number": answer(b'{"choices": ' + b"9" * 20_000 + b"}"),
    "text_number": answer(suggestion(7)),
    "text_list": answer(suggestion(["x"])),
    "empty_200": answer(b""),
    "no_content_204": raw(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "sse_bad_json": answer(START + b"event: content_chunk\ndata: {\n\n", headers=SSE),
    "packed_otherwise": answer(b"x", headers="Content-Type: application/json\r\nContent-Encoding: br"),
    # somebody else
    "captive_portal_200_html": answer(PAGE, headers="Content-Type: text/html"),
    "captive_portal_302": answer(b"", 302, "Location: http://hotel.example/sign-in"),
    "redirect_307": answer(b"", 307, "Location: https://elsewhere.example/"),
    "html_error_json_type": answer(PAGE),
    "html_403": answer(PAGE, 403, "Content-Type: text/html"),
    "html_511": answer(PAGE, 511, "Content-Type: text/html"),
    # too much
    "gzip_bomb": answer(BOMB, headers=GZIP),
    "endless_body": endless_body,
    "endless_error": endless_error,
    "sse_flood": sse_flood,
    "sse_endless_line": sse_endless_line,
    "text_flood": text_flood,
    "huge_header": huge_header,
    "many_headers": many_headers,
    "length_absurd": raw(head(length=10**15) + b"{}"),
    # refusals
    "status_400": answer({"error": "current_file is missing"}, 400),
    "status_401": answer({"message": "401 Unauthorized"}, 401),
    "status_401_token": answer({"error": "invalid_token", "error_description": "Token was revoked."}, 401),
    "status_402": answer({"error": "insufficient_credits", "error_code": "USAGE_QUOTA_EXCEEDED"}, 402),
    "status_403": answer({"error": "not_entitled", "error_code": "USAGE_QUOTA_NOT_ENTITLED"}, 403),
    "status_403_scope": answer({"error": "insufficient_scope"}, 403),
    "status_404": answer({"message": "404 Not Found"}, 404),
    "status_408": answer({"message": "408 Request Timeout"}, 408),
    "status_413": answer(PAGE, 413, "Content-Type: text/html"),
    "status_422": answer({"error": "missing_default_duo_group"}, 422),
    "status_429": answer({"message": {"error": "Too many"}}, 429, "Retry-After: 30"),
    "status_429_silent": answer(b"Retry later", 429, "Content-Type: text/plain"),
    "status_500": answer({"message": "500 Internal Server Error"}, 500),
    "status_502": answer(PAGE, 502, "Content-Type: text/html"),
    "status_503": answer({"detail": "Inference failed"}, 503),
    "status_504": answer(PAGE, 504, "Content-Type: text/html"),
    "status_529": answer(b"", 529),
    # odd, but an answer
    "choices_empty": answer({"choices": []}),
    "text_null": answer(suggestion(None)),
    "suggestion_1mb": answer(suggestion("x" * (1 << 20))),
    "suggestion_escape_bidi": answer(suggestion("a\u202eb\x1b[31m")),
    "gzip_healthy": answer(gzip.compress(json.dumps(HEALTHY).encode()), headers=GZIP),
    "until_closed": raw(head() + json.dumps(HEALTHY).encode()),
    "sse_whole": answer(START + chunk("return 1") + END, headers=SSE),
}


@attrs.define
class Faulty:
    """The server: `mode` is what the next requests get, empty for a healthy answer on a connection that is kept."""

    url: str
    mode: str = ""
    serve: Serve | None = None
    """Instead of a mode by name."""
    requests: int = 0
    open: int = 0
    """Connections at the moment."""
    tasks: set[asyncio.Task[None]] = attrs.field(factory=set)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        task = asyncio.current_task()
        assert task
        self.tasks.add(task)
        self.open += 1
        try:
            with contextlib.suppress(OSError, EOFError, asyncio.CancelledError):  # the last: the server ends
                await self._serve_all(reader, writer)
        finally:
            self.open -= 1
            self.tasks.discard(task)
            writer.transport.abort() if writer.transport.is_closing() else writer.close()

    async def _serve_all(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            received = await reader.readuntil(b"\r\n\r\n")
            length = received.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
            await reader.readexactly(int(length or 0))
            self.requests += 1
            if self.serve or self.mode:
                return await (self.serve or MODES[self.mode])(Connection(reader, writer))
            content = json.dumps(HEALTHY).encode()
            writer.write(head(length=len(content)) + content)


@contextlib.contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[Faulty]:
    """A server in a thread of its own, as long as the block runs."""
    loop = asyncio.new_event_loop()
    faulty = Faulty("")
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    starting = asyncio.start_server(faulty.accept, "127.0.0.1", 0, ssl=tls, backlog=1024)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result(10)
    faulty.url = f"http{'s' if tls else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield faulty
    finally:
        asyncio.run_coroutine_threadsafe(_end(server, faulty), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(server: asyncio.Server, faulty: Faulty) -> None:
    server.close()
    for task in list(faulty.tasks):
        task.cancel()
    if faulty.tasks:
        await asyncio.wait(faulty.tasks, timeout=5)
    await asyncio.sleep(0)
