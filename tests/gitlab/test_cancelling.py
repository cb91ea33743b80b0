"""Ten thousand requests given up at random moments: nothing is left of them, and the next one is answered."""

import asyncio
import random
from collections import Counter

import psutil
import pytest

from duo_lsp import wire
from duo_lsp.gitlab.client import GitLabClient
from duo_lsp.gitlab.http.network import Network
from duo_lsp.gitlab.token_source import FixedToken
from duo_lsp.privacy.secrets import Secret
from gitlab import certificates, faulty
from waiting import eventually

REQUEST = wire.SuggestionRequest(wire.CurrentFile("a.py", "x" * 7_000), intent="generation", stream=True)
AT_ONCE = 6


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return certificates.make(tmp_path_factory.mktemp("certificates"))


async def a_moment_each(connection):
    """A stream with a pause wherever one can be: before its head, and between its pieces."""
    await asyncio.sleep(0.002)
    await connection.send(faulty.head(headers=f"{faulty.SSE}\r\n{faulty.CHUNKED}") + faulty.chunked(faulty.START))
    for piece in ("return", " 1"):
        await asyncio.sleep(0.001)
        await connection.send(faulty.chunked(faulty.chunk(piece)))
    await connection.send(faulty.chunked(faulty.END) + faulty.chunked(b""))


class Impatience:
    """Gives up after random moments, drawn so that about a third of the requests are answered all the same."""

    def __init__(self, client):
        self.phases: Counter[str] = Counter()
        """In which phase how many were given up."""
        self._client = client
        self._random = random.Random(7)
        self._longest = 0.02

    async def ask(self):
        """One request."""
        pieces: list[str] = []
        task = asyncio.ensure_future(self._client.complete(REQUEST, pieces.append))
        await asyncio.wait({task}, timeout=self._random.uniform(0, self._longest))
        if task.cancel():
            await asyncio.wait({task})
        if task.cancelled():
            self._longest *= 1.01
            self.phases["streaming" if pieces else "begun"] += 1
        else:
            self._longest *= 0.98
            self.phases["answered" if task.exception() is None else "failed"] += 1


def sockets_to(port):
    return [
        one for one in psutil.Process().net_connections("tcp") if one.raddr and one.raddr.port == port and one.fd != -1
    ]


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
async def test_nothing_is_left_of_requests_given_up(made, secure):
    with faulty.running(made.server() if secure else None) as upstream:
        upstream.serve = a_moment_each
        tokens = FixedToken(Secret("glpat-secret-1234"))
        client = GitLabClient(upstream.url, tokens, "duo-lsp/0", Network(ca=str(made.ca)))
        impatience, left = Impatience(client), iter(range(5_000))

        async def go():
            for _ in left:
                await impatience.ask()

        before = len(asyncio.all_tasks())
        await asyncio.gather(*(go() for _ in range(AT_ONCE)))
        phases = impatience.phases
        assert phases.total() == 5_000
        assert min(phases["begun"], phases["streaming"], phases["answered"]) > 100, phases
        assert not phases["failed"]
        upstream.serve = None
        assert (await client.complete(REQUEST)).texts == ("return 1",)
        assert len(asyncio.all_tasks()) == before
        port = int(upstream.url.rpartition(":")[2])
        assert len(sockets_to(port)) <= 4
        await client.close()
        assert not sockets_to(port)
        await eventually(lambda: not upstream.open)
