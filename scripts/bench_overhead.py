"""What the server adds to GitLab's own time (50 ms here), by file size; milliseconds.

The real server over stdio, asked by hand, each time at a new place just typed at; the floor is the same request
through a bare socket to the same upstream. The server lets 15 requests through at once and 45 a minute, so every
round has a fresh server and asks 13 times, the first not counted; rounds of both sizes take turns.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scripts.editor import Editor

DELAY = 0.050
SIZES = (1_000, 100_000)
ROUNDS = 4
QUESTIONS = 12
"""Below the burst of 15 that the server allows itself."""
LINE = "    total = add(total, {number})  # line {number}\n"


@dataclass(frozen=True)
class Row:
    """Milliseconds above the upstream's own 50, the median and the slowest of a hundred."""

    name: str
    p50: float
    p99: float
    floor_p50: float
    floor_p99: float
    times_smallest: float
    """The median beside that of the smallest file."""


def rows() -> list[Row]:
    """All figures, measured now; takes about ten seconds."""
    ours: dict[int, list[float]] = {size: [] for size in SIZES}
    floor: list[float] = []
    with upstream() as (url, bodies), tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            for size in SIZES:
                ours[size] += server_round(url, Path(folder), size)
            floor += asyncio.run(floor_round(url, bodies[-1]))
    smallest = statistics.median(ours[SIZES[0]])
    bare = (statistics.median(floor), percentile(floor))
    return [
        Row(f"{size:,} lines", statistics.median(times), percentile(times), *bare, statistics.median(times) / smallest)
        for size, times in ours.items()
    ]


def percentile(times: list[float]) -> float:
    """The 99th."""
    return sorted(times)[min(len(times) - 1, round(len(times) * 0.99))]


def server_round(url: str, folder: Path, size: int) -> list[float]:
    """A fresh server, one file, several places far from each other: milliseconds above the upstream's."""
    path = folder / f"file_{size}.py"
    text = "def add(a, b):\n    return a + b\n" + "".join(LINE.format(number=number) for number in range(size))
    home = tempfile.mkdtemp(dir=folder)  # of its own: servers of one person count their requests together
    environment = {
        **clean(Path(home)),
        "XDG_RUNTIME_DIR": home,
        "GITLAB_URL": url,
        "DUO_LSP_TOKEN": "glpat-of-the-benchmark",
    }
    seen = []
    with Editor(folder, environment) as editor:
        editor.open(path, text)
        for version in range(1, QUESTIONS + 2):
            line, typed = size * version // (QUESTIONS + 3), f"    value_{version} = "
            editor.edit(path, version, line, 0, typed)
            seen.append(timed(partial(editor.suggestion, path, line, len(typed))))
    return seen[1:]  # the first one connects


def timed(ask: Callable[[], str]) -> float:
    """Milliseconds above the upstream's own time. Raises RuntimeError when there was no suggestion."""
    began = time.perf_counter()
    if not ask():
        raise RuntimeError("the server did not pass the suggestion on")
    return (time.perf_counter() - began - DELAY) * 1000


async def floor_round(url: str, body: bytes) -> list[float]:
    """The same body through one bare connection."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    seen = []
    for _ in range(QUESTIONS + 1):
        began = time.perf_counter()
        writer.write(b"POST /api/v4/code_suggestions/completions HTTP/1.1\r\nHost: %b\r\n" % host.encode())
        writer.write(b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        head = await reader.readuntil(b"\r\n\r\n")
        json.loads(await reader.readexactly(length_of(head)))
        seen.append((time.perf_counter() - began - DELAY) * 1000)
    writer.close()
    await writer.wait_closed()
    return seen[1:]


@contextmanager
def upstream(delay: float = DELAY) -> Iterator[tuple[str, list[bytes]]]:
    """A server shaped like GitLab that takes exactly so many seconds, and the bodies it got."""
    bodies: list[bytes] = []
    loop = asyncio.new_event_loop()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = json.dumps({"choices": [{"text": "add(1, 2)", "index": 0}], "model": {"name": "fixed"}}).encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(answer)
        try:
            while True:
                bodies.append(await reader.readexactly(length_of(await reader.readuntil(b"\r\n\r\n"))))
                await asyncio.sleep(delay)
                writer.write(head + answer)
        except asyncio.IncompleteReadError:
            writer.close()

    server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 20))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", bodies
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.close()


def length_of(head: bytes) -> int:
    """The content length a head names; none is nothing."""
    return int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)


def clean(home: Path) -> dict[str, str]:
    """The environment without the person's own settings and tokens."""
    ours = ("DUO_LSP_", "GITLAB_", "XDG_", "PYTHON")  # nobody compiles a program anew at each start
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "HOME": str(home)}
