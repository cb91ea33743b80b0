"""The engine on this machine: started when needed, told the workspace, ended with us."""

import asyncio
import os
import sys

import pytest

from clock import Clock
from duo_lsp import wire
from duo_lsp.errors import LocalEngineError, SlowError
from duo_lsp.gitlab.local import COMMAND, LocalEngine
from duo_lsp.gitlab.local_upstream import LocalUpstream
from processes import gateways
from waiting import HANG, eventually

REQUEST = wire.SuggestionRequest(wire.CurrentFile("a.py", "import os\n"), intent="completion")


IMPATIENT = (
    sys.executable,
    "-c",
    "from duo_lsp.gateway import idling; idling.SECONDS = 0.5; from duo_lsp import cli; cli.main()",
    *COMMAND[4:],
)
"""An engine that leaves after half a second without a request."""


def python(code):
    return (sys.executable, "-c", code)


@pytest.fixture
async def upstream():
    made = LocalUpstream(LocalEngine(os.environ, Clock()), "duo-lsp/test")
    yield made
    await made.close()


async def test_it_starts_answers_and_ends(upstream, tmp_path):
    upstream.use_workspaces([tmp_path.as_posix()])
    assert not upstream.ready()
    await upstream.warm_up()
    assert upstream.ready()
    assert isinstance(await upstream.complete(REQUEST), wire.Answer)
    assert len(gateways()) == 1
    await upstream.close()
    assert gateways() == []


async def test_however_many_ask_at_once_there_is_one_process(upstream):
    await asyncio.gather(*(upstream.complete(REQUEST) for _ in range(8)))
    assert len(gateways()) == 1


async def test_one_that_died_is_started_again(upstream):
    await upstream.warm_up()
    [process] = gateways()
    process.kill()
    while upstream.ready():
        await asyncio.sleep(0.01)
    await upstream.complete(REQUEST)
    [second] = gateways()
    assert second.pid != process.pid


async def test_one_that_dies_this_moment_is_replaced_by_the_request_that_finds_out(upstream):
    await upstream.warm_up()
    [process] = gateways()
    process.kill()
    assert isinstance(await upstream.complete(REQUEST), wire.Answer)
    [second] = gateways()
    assert second.pid != process.pid


async def test_one_that_left_because_nobody_asked_comes_back_and_knows_its_folders(tmp_path):
    (tmp_path / "a.py").write_text("def compute_invoice_total(invoice):\n    return invoice.total\n" * 3)
    upstream = LocalUpstream(LocalEngine(os.environ, Clock(), IMPATIENT), "duo-lsp/test")
    upstream.use_workspaces([str(tmp_path)])
    await upstream.warm_up()
    await eventually(lambda: not upstream.ready())
    asked = wire.SuggestionRequest(wire.CurrentFile("b.py", "x = 1\n\ndef compute_inv"), intent="completion")
    async with asyncio.timeout(HANG):
        while not (answer := await upstream.complete(asked)).texts:
            await asyncio.sleep(0.05)
    assert answer.texts[0].startswith("oice_total")
    await upstream.close()
    assert gateways() == []


async def test_the_token_is_not_on_its_command_line(upstream):
    await upstream.warm_up()
    _, token = await upstream._engine.start()
    [process] = gateways()
    assert token.reveal() not in " ".join(process.cmdline())
    assert len(token.reveal()) >= 40


def test_the_editors_folder_is_no_place_to_import_from():
    assert "-P" in COMMAND


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "print('hello')", "print('{}')", "print('[')", "print('7')"])
async def test_a_command_that_is_no_gateway_is_an_error_with_a_remedy(code):
    engine = LocalEngine(os.environ, Clock(), python(code))
    with pytest.raises(LocalEngineError, match=r"did not start.*duo-lsp gateway"):
        await engine.start()
    assert not engine.running


async def test_a_start_that_failed_is_not_tried_at_every_key():
    clock = Clock()
    engine = LocalEngine(os.environ, clock, python("raise SystemExit(3)"))
    for _ in range(2):
        with pytest.raises(LocalEngineError):
            await engine.start()
    with pytest.raises(LocalEngineError, match="a moment ago"):
        await engine.start()
    clock.now += 31
    with pytest.raises(LocalEngineError, match="did not start"):
        await engine.start()


async def test_a_program_that_is_not_there_is_the_same_error():
    engine = LocalEngine(os.environ, Clock(), ("/no/such/program",))
    with pytest.raises(LocalEngineError):
        await engine.start()


async def test_one_that_does_not_go_is_killed():
    code = 'import time; print(\'{"url": "http://127.0.0.1:9"}\', flush=True); time.sleep(600)'
    engine = LocalEngine(os.environ, Clock(), python(code))
    await engine.start()
    await engine.stop()
    assert not engine.running


async def silent(patience):
    """One that was asked twice and said nothing, and its process."""
    upstream = LocalUpstream(LocalEngine(os.environ, Clock()), "duo-lsp/test", patience=patience)
    await upstream.warm_up()
    [process] = gateways()
    process.suspend()
    for _ in range(2):
        with pytest.raises(SlowError):
            await upstream.complete(REQUEST)
    return upstream, process


async def test_one_that_is_stopped_and_keeps_silent_is_replaced():
    upstream, process = await silent(patience=0.5)
    while not await answered(upstream):
        await asyncio.sleep(0.1)
    await asyncio.to_thread(process.wait, HANG)
    [second] = gateways()
    assert second.pid != process.pid
    await upstream.close()
    assert gateways() == []


async def answered(upstream):
    try:
        return await upstream.complete(REQUEST)
    except SlowError:  # this machine may be busy
        return None


@pytest.mark.slow
async def test_one_silence_alone_replaces_nothing():
    upstream = LocalUpstream(LocalEngine(os.environ, Clock()), "duo-lsp/test", patience=1)
    await upstream.warm_up()
    [process] = gateways()
    for _ in range(2):
        process.suspend()
        with pytest.raises(SlowError):
            await upstream.complete(REQUEST)
        process.resume()
        while not await answered(upstream):
            await asyncio.sleep(0.1)
    assert [one.pid for one in gateways()] == [process.pid]
    await upstream.close()


async def test_a_stopped_one_ends_with_us():
    upstream, _ = await silent(patience=0.2)
    await upstream.close()
    assert gateways() == []
