"""What one gateway adds to a model that 200 people ask once a second each, as GitLab's limit lets them.

The model is a stand-in that thinks for 150 ms and speaks OpenAI's API, in a process of its own. First all ask it
directly, which is the floor, then through the gateway, each with a token of their own. Times count from the moment a
request was due, and what the model thinks is taken off. What a request costs of the processor says most where other
programs run as well: 200 a second leave five milliseconds for each.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from duo_lsp.gateway import token_file
from scripts import bench_gateway
from scripts.bench_gateway import Server, exchange, serving

USERS: Final = 200
SECONDS: Final = 12
THINKS: Final = 0.15
MODEL: Final = """
import asyncio, json, sys
SAID = json.dumps({"choices": [{"text": "pass", "index": 0}]})
BODY = f"data: {SAID}\\n\\ndata: [DONE]\\n\\n".encode()
HEAD = f"HTTP/1.1 200 OK\\r\\nContent-Type: text/event-stream\\r\\nContent-Length: {len(BODY)}\\r\\n\\r\\n".encode()
async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\\r\\n\\r\\n")
            await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split(b"\\r\\n")[0] or 0))
            await asyncio.sleep(float(sys.argv[1]))
            writer.write(HEAD + BODY)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 20)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    print(json.dumps({"url": url, "token": ""}), flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


@dataclass(frozen=True)
class Row:
    """One way; milliseconds beyond what the model thinks, and of the processor; and answers that did not come."""

    name: str
    p50: float
    p99: float
    processor: float
    asked: int
    lost: int


def rows() -> list[Row]:
    """All figures, measured now; takes about half a minute."""
    return asyncio.run(_rows())


async def _rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, serving([sys.executable, "-c", MODEL, str(THINKS)]) as model:
        tokens = [token_file.add(Path(folder) / "tokens.json", f"user {number}") for number in range(USERS)]
        direct = await crowd("straight to the model", model, [""] * USERS)
        url = f"http://127.0.0.1:{model.port}"
        argv = ["--url", url, "--model", "fake", "--fim-template", "qwen", "--limit", "60"]
        with serving(bench_gateway.gateway("openai", *argv, "--token-file", f"{folder}/tokens.json")) as ours:
            through = await crowd("through the gateway", ours, tokens)
    return [direct, through]


async def crowd(name: str, server: Server, tokens: list[str]) -> Row:
    """Everyone asks once a second, each at a moment of their own."""
    began, used = time.perf_counter() + 0.5, server.processor
    people = [person(server, token, began + number / len(tokens)) for number, token in enumerate(tokens)]
    took = [each for times in await asyncio.gather(*people) for each in times]
    good = sorted(each for each in took if each >= 0)
    p50, p99 = statistics.median(good), statistics.quantiles(good, n=100)[-1]
    cost = (server.processor - used) / len(took)
    return Row(name, 1000 * (p50 - THINKS), 1000 * (p99 - THINKS), 1000 * cost, len(took), len(took) - len(good))


async def person(server: Server, token: str, first: float) -> list[float]:
    """Seconds of every request from the moment it was due; -1 where no answer came."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    request = Server(server.process, server.port, token).request
    took = []
    for second in range(SECONDS):
        due = first + second
        await asyncio.sleep(due - time.perf_counter())
        status = await exchange(reader, writer, request)
        took.append(time.perf_counter() - due if status == 200 else -1)
    writer.close()
    return took
