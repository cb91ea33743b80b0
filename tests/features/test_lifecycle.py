"""How a session begins and ends."""

import asyncio

import psutil
import pytest
from lsprotocol import types as lsp

from features.session import Session
from processes import gateways
from waiting import eventually


def children(session):
    return psutil.Process(session.client._server.pid).children(recursive=True)


async def engine(session):
    [found] = await eventually(lambda: gateways(session.client._server.pid))
    return found


def gone(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


async def vanished(process):
    await eventually(lambda: gone(process))


async def test_with_a_token_no_engine_is_started(session):
    await session.start()
    await session.settled("ready")
    assert children(session) == []


async def test_an_orderly_end_takes_the_engine_along(local_session):
    await local_session.start()
    process = await engine(local_session)
    await local_session.end()
    await vanished(process)


async def test_a_killed_server_takes_the_engine_along(local_session):
    await local_session.start()
    process = await engine(local_session)
    local_session.client._server.kill()
    await vanished(process)
    local_session.client.error = RuntimeError("killed on purpose")


async def test_an_editor_that_vanishes_takes_server_and_engine_along(local_session):
    await local_session.start()
    process = await engine(local_session)
    server = psutil.Process(local_session.client._server.pid)
    local_session.client._server.stdin.close()
    await vanished(process)
    await vanished(server)
    local_session.client.error = RuntimeError("closed on purpose")


async def test_a_server_with_a_root_and_no_folders_knows_its_workspace(environment, gitlab_server, folder):
    environment |= {"GITLAB_URL": gitlab_server.url, "DUO_LSP_TOKEN": "glpat-secret-token-1234"}
    gitlab_server.answer = "x"
    session = Session(folder, environment)
    session.folders = None
    await session.start()
    uri = session.open("src/app.py", "import os\n" * 9)
    await session.offered(uri, 9, 0)
    assert gitlab_server.suggestions[0].json["current_file"]["file_name"] == "src/app.py"
    await session.end()


@pytest.mark.parametrize("kind", [0, 1, 2, None])
async def test_every_numbering_of_trigger_kinds_is_understood(session, gitlab_server, kind):
    gitlab_server.answer = "x"
    await session.start()
    await session.settled("ready")
    uri = session.open("app.py", "import os\n" * 9)
    params = {"textDocument": {"uri": uri}, "position": {"line": 9, "character": 0}}
    if kind is not None:
        params["context"] = {"triggerKind": kind}
    answer = await session.raw("textDocument/inlineCompletion", params)
    assert answer.items[0].insert_text == "x"


async def test_asked_twice_for_one_place_both_get_the_one_answer(session, gitlab_server):
    """An editor may ask for its menu and for ghost text at the same key."""
    gitlab_server.answer = "x"
    await session.start()
    await session.settled("ready")
    uri = session.open("app.py", "import os\n" * 9)
    one, other = await asyncio.gather(session.ask(uri, 9, 0), session.ask(uri, 9, 0))
    assert isinstance(one, lsp.InlineCompletionList)
    assert isinstance(other, lsp.InlineCompletionList)
    assert len(gitlab_server.suggestions) == 1
