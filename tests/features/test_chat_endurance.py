"""Many questions, and many that are cancelled, leave the server as it was."""

import asyncio
import random

import psutil
import pytest
from lsprotocol import types as lsp

from duo_lsp.gateway.engines.fixed import ANSWER
from features import chat
from features.chat import range_of, run
from features.session import Session
from waiting import eventually

pytestmark = pytest.mark.timeout(180)
CODE = "".join(f"def f{n}(a):\n    return a + {n}\n\n\n" for n in range(200))
MORE: int = 6 << 20
"""Bytes that an allocator may take and keep; a leak of what goes along with a question would be three times that."""


@pytest.fixture
async def talking(folder, environment):
    with chat.gateway(environment) as there:
        made = Session(folder, environment | there)
        await made.start()
        await made.settled("ready")
        yield made
        await made.end()


def server(session):
    """The server's process."""
    return psutil.Process(session.client._server.pid)


async def test_a_hundred_questions_leave_memory_and_open_files_where_they_were(talking):
    uri = talking.open("app.py", CODE)

    async def ask(count):
        for n in range(count):
            wish = {"question": f"what is {n}?", "uri": uri, "range": range_of(n, n + 400), "show": "document"}
            assert (await run(talking, "duo.chat", wish))["answer"] == ANSWER

    await ask(30)
    process = server(talking)
    memory, files = process.memory_info().rss, process.num_fds()
    await ask(100)
    assert process.memory_info().rss - memory < MORE
    assert process.num_fds() <= files + 2


async def test_two_hundred_cancels_at_random_moments_and_the_next_question_works(talking):
    uri = talking.open("app.py", CODE)
    wish = {"question": "what is this?", "uri": uri, "range": range_of(0, 9)}
    assert (await run(talking, "duo.chat", wish))["state"] == "ok"
    chance = random.Random(5)
    protocol = talking.client.protocol
    answers = []
    for n in range(200):
        question = lsp.ExecuteCommandParams("duo.chat", [wish | {"newConversation": chance.random() < 0.3}])
        answers.append(protocol.send_request("workspace/executeCommand", question, msg_id=f"q{n}"))
        await asyncio.sleep(chance.uniform(0, 0.15))
        talking.client.cancel_request(lsp.CancelParams(f"q{n}"))
    await eventually(lambda: all(answer.done() for answer in answers))
    assert (await run(talking, "duo.chat", wish))["answer"] == ANSWER
    assert (await run(talking, "duo.retry"))["answer"] == ANSWER
    assert any("was cancelled" in repr(answer.exception()) or answer.cancelled() for answer in answers)
