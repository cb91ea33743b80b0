"""GitLab refuses in the middle of a session; the person is told once, and goes on working."""

from __future__ import annotations

import asyncio

from lsprotocol import types as lsp

from duo_lsp import wire, wire_chat
from features.chat import range_of, run
from gitlab_server import Answer
from processes import gateways
from waiting import HANG, eventually

CODE = "def area(width, height):\n    return width * height\n\n\ndef again(width, height):\n    retur\n"
NO_SEAT = Answer(status=401, body={"message": "401 Unauthorized"}, headers={"X-GitLab-Error-Origin": "monolith"})


async def told(session, count):
    await eventually(lambda: len(session.told) >= count)
    return session.told


async def test_the_local_engine_answers_one_message_says_so_and_so_does_the_state_until_gitlab_is_back(
    session, gitlab_server
):
    gitlab_server.answer = NO_SEAT
    await session.start()
    await session.settled("ready")
    uri = session.open("app.py", CODE)
    for turn in range(3):
        item = await session.offered(uri, 5, 9 + turn)
        assert item.insert_text
        session.type(uri, 5, 9 + turn, "n "[turn] if turn < 2 else "")
    [_, message] = await told(session, 2)
    assert "no access to GitLab Duo" in message
    assert "local engine answers" in message
    status = await session.status()
    assert (status["state"], status["local"], status["host"]) == ("noSeat", True, "this machine")
    assert "local engine answers" in status["sentence"]
    assert status["remedy"]
    assert len(gitlab_server.suggestions) == 1

    gitlab_server.answer = "width"
    session.client.workspace_did_change_configuration(
        lsp.DidChangeConfigurationParams({"duoLsp": {"projectPath": "group/project"}})
    )
    async with asyncio.timeout(HANG):
        while (await session.status())["state"] != "ready":
            await session.ask(uri, 3, 0, invoked=True)
    assert "again" in (await told(session, 3))[2]
    assert len(gitlab_server.suggestions) == 2

    [engine] = gateways()
    await session.end()
    await asyncio.to_thread(engine.wait, HANG)


async def test_who_wants_gitlab_and_nobody_else_gets_nobody_else(session, gitlab_server):
    gitlab_server.answer = NO_SEAT
    await session.start(options={"upstream": "gitlab"})
    await session.settled("ready")
    uri = session.open("app.py", CODE)
    for line in range(3):
        assert await session.ask(uri, line, 0, invoked=True) is None
    status = await session.status()
    assert (status["state"], status["local"]) == ("noSeat", False)
    assert "local engine" not in "".join(session.told)
    assert len(gitlab_server.suggestions) == 1


async def test_what_the_project_excludes_stays_out_of_the_chat_too_which_gitlab_goes_on_answering(
    session, gitlab_server
):
    rules = {"data": {"project": {"duoContextExclusionSettings": {"exclusionRules": ["secret/*"]}}}}
    gitlab_server.others[wire.GRAPHQL_PATH] = Answer(body=rules)
    gitlab_server.others[wire_chat.CHAT_PATH] = Answer(status=201, body="It adds.")
    gitlab_server.answer = NO_SEAT
    await session.start(options={"projectPath": "group/project"})
    await session.settled("ready")
    await session.offered(session.open("app.py", CODE), 5, 9)
    assert (await session.status())["local"]
    about = {"question": "why?", "range": range_of(0, 1)}
    refused = await run(session, "duo.chat", about | {"uri": session.open("secret/a.py", CODE)})
    assert (refused["state"], "secret/*" in refused["answer"]) == ("excluded", True)
    answered = await run(session, "duo.chat", about | {"uri": session.open("open.py", CODE)})
    assert answered["answer"] == "It adds."
    assert sum(request.path == wire_chat.CHAT_PATH for request in gitlab_server.requests) == 1
