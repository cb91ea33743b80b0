"""Three servers of one person, one limit; and what becomes of it when the file cannot be used."""

import asyncio
import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from duo_lsp.gitlab.limits.counts_file import CountsFile
from duo_lsp.gitlab.limits.limit import FRESH, PLENTY, Limit
from duo_lsp.gitlab.limits.rate_limit import BURST, CEILING

ORIGIN = "https://gitlab.example.com"
SPEED = 10
"""How much faster than real the clock runs where whole processes are tested: a minute takes six seconds."""
SERVER = f"""
import asyncio, sys, time
from pathlib import Path
from duo_lsp.gitlab.limits.admission import Admission
from duo_lsp.gitlab.limits.counts_file import CountsFile
from duo_lsp.gitlab.credentials import Credentials
from duo_lsp.gitlab.limits.limit import FRESH, PLENTY, Limit
from duo_lsp.gitlab.upstream import GitLabUpstream
from duo_lsp.privacy.secrets import Secret
from duo_lsp.wire import CurrentFile, SuggestionRequest

def clock():
    return time.monotonic() * {SPEED}

async def main():
    folder, url = sys.argv[1:]
    limit = Limit(clock, CountsFile(url, lambda: (Path(folder),)))
    admission = Admission("gitlab.example.com", clock, limit)
    upstream = GitLabUpstream(Credentials(Secret("glpat-a"), url, "test"), "duo-lsp/0", admission)
    await upstream.warm_up()
    print("ready", flush=True)
    started = float(await asyncio.to_thread(sys.stdin.readline))
    sent = 0
    for turn in range(40):
        await asyncio.sleep(max(0.0, started + turn * 1.45 / {SPEED} - time.monotonic()))
        if await upstream.admit(invoked=turn % 2 == 0) is None:
            sent += 1
            await upstream.complete(SuggestionRequest(CurrentFile("a.py", "x = ")))
    await upstream.close()
    print(sent, flush=True)

asyncio.run(main())
"""


@pytest.fixture
def shared(tmp_path, clock):
    return lambda: Limit(clock, CountsFile(ORIGIN, lambda: (tmp_path / "run",)), patience=10)


async def drained(limit, times=40):
    taken = sum([await limit.take(invoked=True) for _ in range(times)])
    await limit.counted()
    return taken


@pytest.mark.slow
def test_three_servers_that_ask_forty_times_each_in_a_minute_stay_under_the_limit_together(
    tmp_path, gitlab_server, environment
):
    """Every process is a real one and asks a real socket; their clocks run ten times as fast as real ones."""
    gitlab_server.answer = "x"
    command = [sys.executable, "-c", SERVER, tmp_path / "run", gitlab_server.url]
    servers: list[Any] = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(3)
    ]
    assert [server.stdout.readline() for server in servers] == ["ready\n"] * 3
    start = time.monotonic() + 0.2
    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(lambda server: server.communicate(f"{start}\n", timeout=50)[0], servers))
    assert [server.returncode for server in servers] == [0, 0, 0]
    arrived = [request.at * SPEED for request in gitlab_server.suggestions]
    assert len(arrived) == sum(map(int, said))
    worst = max(sum(1 for other in arrived if at <= other <= at + 60) for at in arrived)
    assert CEILING - 8 <= worst <= 60  # GitLab's limit; the room below it is for what a busy machine delays


async def test_two_servers_share_a_bucket_a_hold_and_what_is_left(shared, clock):
    one, other = shared(), shared()
    assert await drained(one, 10) == 10
    assert await drained(other) == BURST - 10
    await one.look()
    assert one.bucket.left == other.bucket.left == CEILING - BURST
    await one.hold(60)
    assert not await other.take(invoked=True)
    assert other.bucket.held_for == 60
    clock.now += 60
    assert await other.take(invoked=False)
    assert not await one.take(invoked=True)


async def test_where_no_file_can_be_written_each_has_a_bucket_of_its_own(tmp_path, clock, caplog):
    caplog.set_level("INFO")
    (tmp_path / "file").write_text("")
    limit = Limit(clock, CountsFile(ORIGIN, lambda: (tmp_path / "file" / "x",)), patience=10)
    assert await drained(limit) == BURST
    await limit.hold(30)
    assert limit.bucket.held_for == 30
    assert "cannot be used" in caplog.text


class Stuck(CountsFile):
    """A file on a disk that does not answer."""

    def __init__(self):
        super().__init__(ORIGIN)
        self.answers = threading.Event()
        self.asked = 0

    def update(self, *_):
        self.asked += 1
        self.answers.wait(60)
        raise TimeoutError


async def test_a_disk_that_does_not_answer_costs_one_thread_and_one_wait_and_never_the_event_loop(clock):
    file = Stuck()
    limit = Limit(clock, file, patience=0.05)
    turns = 0

    async def count():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0.001)

    counting = asyncio.ensure_future(count())
    assert await limit.take(invoked=True)
    assert turns > 3
    counting.cancel()
    assert await drained(limit) == BURST - 1
    assert file.asked == 1
    file.answers.set()


class Slow(CountsFile):
    """A file that a test lets go."""

    def __init__(self, folder):
        super().__init__(ORIGIN, lambda: (folder,))
        self.goes = threading.Event()
        self.goes.set()
        self.asked = 0

    def update(self, *how):
        self.asked += 1
        self.goes.wait(60)
        return super().update(*how)


async def test_who_knows_of_plenty_asks_at_once_and_is_counted_beside(tmp_path, clock, shared):
    file = Slow(tmp_path / "run")
    limit = Limit(clock, file, patience=60)
    await limit.look()
    file.goes.clear()
    assert await limit.take(invoked=False)  # or this would never end
    file.goes.set()
    await limit.look()
    assert limit.bucket.left == CEILING - 1
    assert await drained(shared()) == BURST - 1


@pytest.mark.parametrize(("taken", "seconds"), [(BURST - PLENTY, 0), (0, FRESH + 0.1)], ids=["few left", "long ago"])
async def test_who_does_not_know_of_plenty_asks_the_file_first(tmp_path, clock, taken, seconds):
    file = Slow(tmp_path / "run")
    limit = Limit(clock, file, patience=60)
    await limit.look()
    assert await drained(limit, taken) == taken
    clock.now += seconds
    file.goes.clear()
    asking = asyncio.ensure_future(limit.take(invoked=True))
    await asyncio.sleep(0.05)
    assert not asking.done()
    file.goes.set()
    assert await asking


async def test_who_expects_a_request_learns_what_the_others_did_before_it_comes(tmp_path, clock, shared):
    file = Slow(tmp_path / "run")
    limit = Limit(clock, file, patience=60)
    assert await drained(shared(), 3) == 3
    for _ in range(3):
        limit.expect()
    await limit.hold(5)  # whoever changes something waits until that is known
    limit.expect()
    assert file.asked == 2
    clock.now += 5
    assert limit.bucket.left == CEILING - 3
    Limit(clock).expect()  # there is nothing to learn


async def test_a_request_that_is_counted_beside_counts_however_few_are_left_by_then(shared):
    limit, other = shared(), shared()
    await limit.look()
    assert await drained(other) == BURST
    assert await limit.take(invoked=True)  # nobody has told it yet
    await limit.look()
    assert limit.bucket.left == CEILING - BURST - 1
    assert not await limit.take(invoked=True)


async def test_what_was_counted_without_the_file_is_in_it_later(tmp_path, clock, shared):
    limit = shared()
    folder = tmp_path / "run"
    folder.write_text("")
    assert await drained(limit, 5) == 5
    folder.unlink()
    clock.now += 0.01
    assert await drained(shared()) == BURST
    clock.now += 5.01 / 0.75
    assert await drained(limit, 1) == 1
    [path] = folder.glob("*.json")
    assert len(json.loads(path.read_bytes())["taken"]) == 5 + BURST + 1
