"""Two editors of one person: GitLab counts their requests together, and so do we."""

from __future__ import annotations

import asyncio

import pytest

from features.session import Session
from gitlab_server import Answer
from waiting import HANG

CODE = "import os\n\n\n\n"


@pytest.fixture
async def second_session(folder, environment, gitlab_server):
    """Another server of the same person."""
    environment |= {"GITLAB_URL": gitlab_server.url, "DUO_LSP_TOKEN": "glpat-secret-token-1234"}
    made = Session(folder, environment)
    yield made
    await made.end()


async def test_what_one_editor_is_told_holds_the_other_and_what_it_sends_is_counted(
    session, second_session, gitlab_server
):
    gitlab_server.answer = "x"
    sessions = session, second_session
    for one in sessions:
        await one.start(options={"upstream": "gitlab"})
        await one.settled("ready")
    uris = [one.open("app.py", CODE) for one in sessions]
    assert await session.ask(uris[0], 1, 0, invoked=True) is not None
    left = [(await one.status())["left"] for one in sessions]
    assert left == [57, 57]
    gitlab_server.answer = Answer(status=429, headers={"Retry-After": "300"})
    assert await session.ask(uris[0], 2, 0, invoked=True) is None
    async with asyncio.timeout(HANG):  # a slow disk is written to beside the answer
        while (await second_session.status())["left"]:
            await asyncio.sleep(0.05)
    assert await second_session.ask(uris[1], 2, 0, invoked=True) is None
    assert len(gitlab_server.suggestions) == 2
    states = [await one.status() for one in sessions]
    assert [state["state"] for state in states] == ["limited", "limited"]
    assert [state["left"] for state in states] == [0, 0]
    assert all(state["until"] for state in states)
    assert [sum("slow down" in message for message in one.told) for one in sessions] == [1, 1]
