"""What our client adds to a bare socket exchange of the same bytes, and how often it uses a connection again.

Both speak to one server on loopback that answers at once; they take turns. The typed session is the real pipeline at
eight times the speed of a quick typist (a key every 160 ms, a model that takes 300 ms), without the rate limit.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from duo_lsp import wire
from duo_lsp.gitlab.client import GitLabClient
from duo_lsp.gitlab.credentials import Credentials
from duo_lsp.gitlab.limits.admission import Admission
from duo_lsp.gitlab.token_source import FixedToken
from duo_lsp.gitlab.upstream import GitLabUpstream
from duo_lsp.privacy.secrets import Secret
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.settings import Settings
from duo_lsp.status import Status
from duo_lsp.suggestions import context
from duo_lsp.suggestions.cache import Cache
from duo_lsp.suggestions.pipeline import Pipeline
from scripts.bench_overhead import length_of

EXCHANGES = 600
BODY = 7_000
"""Bytes, about what a small file makes."""
FASTER = 8
KEYS = 500
GAP, MODEL = 0.160, 0.300
"""Seconds between two keys, and until an answer."""
TEXT = Path(wire.__file__).read_text("utf-8")
TOKEN = Secret("glpat-of-the-benchmark")


@dataclass(frozen=True)
class Row:
    """Milliseconds of one exchange at the median, beside the floor; then the typed session."""

    name: str
    ours: float
    floor: float
    requests_typed: int
    reused_percent: float
    """Of the requests of the typed session, how many went over a connection that was there."""

    @property
    def times_floor(self) -> float:
        """How many times the floor."""
        return self.ours / self.floor


@dataclass
class Counted:
    """A server: where it is, and what came."""

    url: str = ""
    delay: float = 0.0
    connections: int = 0
    requests: int = 0
    bare: bytes = b""
    """The last request, byte for byte."""

    @property
    def reused_percent(self) -> float:
        """Of the requests since `forget`."""
        return 100 * (1 - self.connections / self.requests)

    def forget(self) -> None:
        """Count from here."""
        self.connections = self.requests = 0


def rows() -> list[Row]:
    """All figures, measured now; takes about fifteen seconds."""
    return asyncio.run(_rows())


async def _rows() -> list[Row]:
    async with serving() as server:
        ours, floor = await one_by_one(server)
        await typed(server)
    return [Row("7 KB", ours, floor, server.requests, server.reused_percent)]


async def one_by_one(server: Counted) -> tuple[float, float]:
    """The same request by the client and by hand, in turns; the medians."""
    client = GitLabClient(server.url, FixedToken(TOKEN), "duo-lsp/bench")
    file = wire.CurrentFile("bench.py", "x" * BODY, "\n", "python")
    request = wire.SuggestionRequest(file, intent="completion")
    await client.complete(request)
    reader, writer = await asyncio.open_connection(*server.url.removeprefix("http://").split(":"))
    ours, floor = [], []
    for _ in range(EXCHANGES):
        ours.append(await timed(lambda: client.complete(request)))
        floor.append(await timed(lambda: by_hand(reader, writer, server.bare)))
    writer.close()
    await client.close()
    return statistics.median(ours), statistics.median(floor)


async def by_hand(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, raw: bytes) -> object:
    """What the least client would do."""
    writer.write(raw)
    head = await reader.readuntil(b"\r\n\r\n")
    return json.loads(await reader.readexactly(length_of(head)))


async def typed(server: Counted) -> None:
    """A person types a file from its beginning; every key asks, as editors do."""
    upstream = GitLabUpstream(
        Credentials(TOKEN, server.url, "bench"), "duo-lsp/bench", Admission("bench", time.monotonic, None)
    )
    pipeline = Pipeline(
        upstream,
        Settings(),
        cache=Cache(time.monotonic),
        status=Status(lambda: datetime.now(UTC)),
        sleep=lambda s: asyncio.sleep(s / FASTER),
    )
    await upstream.warm_up()
    server.forget()
    server.delay = MODEL / FASTER
    asked: list[asyncio.Task[object]] = []
    for key in range(1, KEYS + 1):
        document = LineDocument("file:///bench.py", TEXT[:key], key, "python", "utf-16")
        pipeline.supersede(document.uri)
        here = context.at(document, *document.place(1 << 30, 1 << 30), ())
        asked.append(asyncio.ensure_future(pipeline.suggest(here, invoked=False)))
        await asyncio.sleep(GAP / FASTER)
    await asyncio.gather(*asked)
    await pipeline.close()
    await upstream.close()


async def timed(exchange: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    await exchange()
    return (time.perf_counter() - began) * 1000


@asynccontextmanager
async def serving() -> AsyncIterator[Counted]:
    """The server, on the same event loop, so that both sides of the comparison pay the same for it."""
    counted = Counted()
    content = json.dumps({"choices": [{"text": "pass", "index": 0}], "model": {"name": "fixed"}}).encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(content) + content

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        counted.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                counted.bare = head + await reader.readexactly(length_of(head))
                counted.requests += 1
                await asyncio.sleep(counted.delay)
                writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):  # the last: the server ends
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 20)
    counted.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield counted
    finally:
        server.close()
