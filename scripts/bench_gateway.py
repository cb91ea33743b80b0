"""What our gateway makes of a request, beside a bare uvicorn that says hello to the same bytes.

Each server is a process of its own, asked over connections that stay open. Times are of one client that waits for every
answer, the servers taking turns; requests a second are of eight such clients. Growth is that of memory while 10,000
requests are answered, after the first 1,000. Fifty clients then ask a gateway that admits 60: how many answers were
lost, and how many were admitted beyond the limit or short of it.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from duo_lsp import wire

EXCHANGES: Final = 1_000
MANY: Final = 10_000
CLIENTS: Final = 8
CROWD: Final = 50
LIMIT: Final = 60
TEXT: Final = Path(wire.__file__).read_text("utf-8")[:4_000]
HELLO: Final = """
import socket, sys, uvicorn
async def hello(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})
listener = socket.create_server(("127.0.0.1", 0))
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, fileno=listener.detach())
print('{"url": "http://127.0.0.1:%d", "token": ""}' % listener.getsockname()[1], flush=True)
config = uvicorn.Config(hello, http="h11", loop="asyncio", lifespan="off", log_config=None, access_log=False)
uvicorn.Server(config).run([listener])
"""


@dataclass(frozen=True)
class Row:
    """One server; milliseconds, and the rest as the names say."""

    name: str
    p50: float
    p99: float
    a_second: float
    growth_percent: float
    p50_to_hello: float
    p99_to_hello: float
    hello_to_a_second: float
    """How many times as many a second the floor answers."""
    lost: int
    off_limit: int


@dataclass
class Server:
    """One that runs."""

    process: subprocess.Popen[bytes]
    port: int
    token: str

    @property
    def request(self) -> bytes:
        """What everyone asks, byte for byte."""
        file = {"file_name": "bench.py", "content_above_cursor": TEXT, "content_below_cursor": ""}
        body = json.dumps({"current_file": file, "intent": "completion"}).encode()
        head = f"POST {wire.COMPLETIONS_PATH} HTTP/1.1\r\nHost: localhost\r\nPRIVATE-TOKEN: {self.token}\r\n"
        return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    @property
    def memory(self) -> int:
        """Kilobytes that are really in use (Linux); 1 where nobody says."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        except OSError:
            return 1
        return int(status.partition("VmRSS:")[2].split()[0])

    @property
    def processor(self) -> float:
        """Seconds of it that were used so far (Linux); 0 where nobody says."""
        try:
            said = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8")
        except OSError:
            return 0.0
        user, system = said.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(argv: Sequence[str]) -> Iterator[Server]:
    """Start a server that says in its first line where it is."""
    process = subprocess.Popen(argv, stdout=subprocess.PIPE)
    try:
        said = json.loads(_first_line(process.stdout))
        yield Server(process, int(said["url"].rpartition(":")[2]), said["token"])
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout:
            process.stdout.close()


def _first_line(output: IO[bytes] | None) -> bytes:
    return output.readline() if output else b""


def gateway(engine: str, *more: str) -> list[str]:
    """The command line of ours, without limits unless they are given."""
    limit = [] if "--limit" in more else ["--limit", "0"]
    return [sys.executable, "-m", "duo_lsp.cli", "gateway", "--engine", engine, *limit, *more]


def rows() -> list[Row]:
    """All figures, measured now; takes about two minutes."""
    return asyncio.run(_rows())


async def _rows() -> list[Row]:
    hello = [sys.executable, "-c", HELLO]
    with serving(hello) as bare, serving(gateway("fixed")) as fixed, serving(gateway("builtin")) as builtin:
        servers = {"a bare hello": bare, "immediate engine": fixed, "builtin engine": builtin}
        one = await one_by_one(list(servers.values()))
        many = [await several(server) for server in servers.values()]
    crowds = [(0, 0), await crowd("fixed"), await crowd("builtin")]
    (p50, p99), (rate, _) = one[0], many[0]
    return [
        Row(name, *times, *figures, times[0] / p50, times[1] / p99, rate / figures[0], *said)
        for name, times, figures, said in zip(servers, one, many, crowds, strict=True)
    ]


async def one_by_one(servers: Sequence[Server]) -> list[tuple[float, float]]:
    """Median and 99th percentile of each, in milliseconds."""
    wires = [await asyncio.open_connection("127.0.0.1", server.port) for server in servers]
    took: list[list[float]] = [[] for _ in servers]
    for _ in range(EXCHANGES):
        for server, wire_, times in zip(servers, wires, took, strict=True):
            began = time.perf_counter()
            await exchange(*wire_, server.request)
            times.append((time.perf_counter() - began) * 1000)
    for _, writer in wires:
        writer.close()
    return [(statistics.median(times), statistics.quantiles(times, n=100)[-1]) for times in took]


async def several(server: Server) -> tuple[float, float]:
    """Requests a second of a few clients at once, and by how many percent memory grew under them."""
    before, began = server.memory, time.perf_counter()
    await asyncio.gather(*(ask(server, MANY // CLIENTS) for _ in range(CLIENTS)))
    rate = MANY / (time.perf_counter() - began)
    return rate, 100 * (server.memory / before - 1)


async def crowd(engine: str) -> tuple[int, int]:
    """Fifty clients with two requests each: answers that did not come, and how far the limit was missed."""
    with serving(gateway(engine, "--limit", str(LIMIT), "--jobs", str(CROWD))) as server:
        said = [status for each in await asyncio.gather(*(ask(server, 2) for _ in range(CROWD))) for status in each]
    return 2 * CROWD - said.count(200) - said.count(429), said.count(200) - LIMIT


async def ask(server: Server, times: int) -> list[int]:
    """One client after another's answer; the status of each, 0 where none came."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        said = [await exchange(reader, writer, server.request) for _ in range(times)]
        writer.close()
    except (OSError, asyncio.IncompleteReadError):
        return [0] * times
    return said


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
    """Ask and read the whole answer; its status."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]))
    return int(head.split(maxsplit=2)[1])
