"""What must never get out, and what must never get in."""

import asyncio
import contextlib

import pytest
from lsprotocol import types as lsp

from features.session import Session
from gitlab_server import Answer
from waiting import HANG

CODE = "import os\nimport sys\n\n\ndef planted_in_code(a, b):\n    a = int(a)\n    b = int(b)\n    \n"
AT = (7, 4)
TOKEN = "glpat-secret-token-1234"


@pytest.mark.parametrize("level", ["debug", "warning"])
async def test_neither_token_nor_code_reaches_a_log(session, gitlab_server, stderr, level):
    gitlab_server.script = ["return planted_in_answer", Answer(status=500, body={"message": TOKEN}), Answer(body=b"<")]
    await session.start(options={"token": TOKEN, "baseUrl": gitlab_server.url, "logLevel": level})
    uri = session.open("app.py", CODE)
    await session.settled("ready")
    for n in range(4):
        await session.ask(uri, n, 0, invoked=True)
    with contextlib.suppress(Exception):
        await session.client.workspace_execute_command_async(lsp.ExecuteCommandParams(TOKEN))
    push = lsp.DidChangeConfigurationParams({"token": TOKEN + "-2", "baseUrl": 7})
    session.client.workspace_did_change_configuration(push)
    session.client.text_document_did_change(
        lsp.DidChangeTextDocumentParams(
            lsp.VersionedTextDocumentIdentifier(9, "file:///never/opened.py"),
            [lsp.TextDocumentContentChangeWholeDocument("planted_in_code")],
        )
    )
    await session.status()
    log = "".join(stderr) + "".join(session.told) + "".join(m.message for m in session.client.log_messages)
    for secret in (TOKEN, "planted_in_code", "planted_in_answer"):
        assert secret not in log
    assert "never opened" in log or "not open" in log  # something was logged, so the test can fail


async def test_a_repository_cannot_slip_its_own_modules_into_our_processes(local_session, folder):
    trap = "from pathlib import Path\nPath(__file__).with_suffix('.ran').write_text('')\n"
    for name in ("starlette", "uvicorn", "attrs", "duo_lsp", "json", "httpx2"):
        (folder / f"{name}.py").write_text(trap)
    await local_session.start(cwd=folder)
    uri = local_session.open("app.py", CODE)
    await local_session.settled("local")
    async with asyncio.timeout(HANG):
        while "Starting" in (await local_session.status())["silence"]:
            await local_session.ask(uri, *AT, invoked=True)
    await local_session.ask(uri, *AT, invoked=True)
    assert list(folder.glob("*.ran")) == []


async def test_hidden_characters_in_an_answer_never_reach_the_editor(session, gitlab_server):
    gitlab_server.answer = "return a\u200b + b\x1b[31m\x00"
    await session.start()
    uri = session.open("app.py", CODE)
    assert (await session.offered(uri, *AT)).insert_text == "    return a + b"


async def test_an_answer_that_turns_code_around_is_refused(session, gitlab_server):
    gitlab_server.answer = "if access != 'user\u202e \u2066# admin\u2069 \u2066':"
    await session.start()
    uri = session.open("app.py", CODE)
    await session.settled("ready")
    assert await session.ask(uri, *AT, invoked=True) is None
    assert len(gitlab_server.suggestions) == 1


async def test_upstream_reaches_no_command_and_no_place_but_the_cursor(session, gitlab_server):
    gitlab_server.answer = Answer(
        body={"choices": [{"text": "x", "command": {"command": "evil"}, "range": {"start": {"line": 0}}}]}
    )
    await session.start()
    uri = session.open("app.py", CODE)
    item = await session.offered(uri, *AT)
    assert item.command.command == "duo.accepted"
    assert item.range.end == lsp.Position(*AT)
    assert item.range.start.line == AT[0]


async def test_a_token_of_the_environment_that_an_instance_quotes_is_shown_nowhere(folder, environment, gitlab_server):
    token = "oddly0shaped0token0of0old"
    session = Session(folder, environment | {"GITLAB_URL": gitlab_server.url, "GITLAB_TOKEN": token})
    gitlab_server.answer = Answer(status=403, body={"message": f"{token} may not do this"})
    gitlab_server.version = Answer(status=403, body={"message": f"{token} may not do this either"})
    try:
        await session.start(options={"upstream": "gitlab", "logLevel": "debug"})
        uri = session.open("app.py", CODE)
        await session.settled("ready")
        assert gitlab_server.suggestions == []
        await session.ask(uri, *AT, invoked=True)
        status = await session.status(why=True)
        assert gitlab_server.suggestions
        log = "".join(session.told) + "".join(m.message for m in session.client.log_messages)
        assert "may not do this" in str(status)
        assert token not in log + str(status)
    finally:
        await session.end()
