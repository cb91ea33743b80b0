"""The chat over REST, against real sockets: what is sent, and what is made of every answer."""

import asyncio
import json
import random
import statistics
import time

import attrs
import pytest

from duo_lsp import chat_errors, errors, wire_chat
from duo_lsp.gitlab.chat.rest import RestChat
from duo_lsp.gitlab.chat.said import Deadlines
from duo_lsp.gitlab.http.calls import MAX_CHAT_ANSWER
from duo_lsp.wire_chat import ChatRequest
from gateway import rig
from gitlab import faulty
from gitlab.chat.asking import SENTENCES, TOKEN, Chat
from gitlab_server import Answer
from waiting import HANG, eventually
from whole_question import BODY, WHOLE

CHAT = "/api/v4/chat/completions"
PATIENT = Deadlines(idle=HANG, total=2 * HANG)
SHORT = Deadlines(idle=0.4, total=0.8)
"""For what never ends."""


def patient(client):
    return RestChat(client, PATIENT)


@pytest.fixture
async def chat(gitlab_server):
    made = Chat(gitlab_server.url, patient)
    yield made
    await made.close()


async def test_the_request_is_what_gitlab_documents(chat, gitlab_server):
    gitlab_server.others[CHAT] = Answer(body="Because.", status=201)
    assert await chat.ask(attrs.evolve(WHOLE, conversation="ours alone")) == "Because."
    [sent] = gitlab_server.requests
    assert (sent.method, sent.path) == ("POST", CHAT)
    assert sent.headers["authorization"] == f"Bearer {TOKEN}"
    assert sent.headers["content-type"] == "application/json"
    assert sent.json == BODY


@pytest.mark.parametrize("status", [200, 201])
async def test_either_status_of_success_brings_the_answer(chat, gitlab_server, status):
    gitlab_server.others[CHAT] = Answer(body='Say "hello",\nthen `go`. \U0001f44d', status=status)
    assert await chat.ask() == 'Say "hello",\nthen `go`. \U0001f44d'
    assert "".join(chat.pieces) == 'Say "hello",\nthen `go`. \U0001f44d'


async def test_what_is_no_question_may_have_an_empty_answer(chat, gitlab_server):
    gitlab_server.others[CHAT] = Answer(body="", status=201)
    assert await chat.ask(ChatRequest("/reset")) == ""
    with pytest.raises(chat_errors.EmptyAnswerError, match="empty") as caught:
        await chat.ask()
    assert caught.value.state == "empty"


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (Answer(status=400, body={"error": "content is missing"}), errors.RefusedError, "content is missing"),
        (Answer(status=401, body={"message": "401 Unauthorized"}), errors.SignInError, "not accepted"),
        (Answer(status=401, body={"error": "invalid_token"}), errors.TokenRefusedError, "not valid"),
        (Answer(status=403, body={"error": "insufficient_scope"}), errors.ScopeError, "for GitLab Duo Chat"),
        (Answer(status=403, body={"message": "403 Forbidden"}), errors.NotAllowedError, "use GitLab Duo Chat"),
        (Answer(status=404, body={"message": "404 Not Found"}), errors.NotThereError, "no GitLab Duo Chat"),
        (Answer(status=413, body={}), errors.TooLargeError, "less code"),
        (Answer(status=429, body={}), errors.LimitedError, "Ask again a little later."),
        (Answer(status=500, body={}), errors.BrokenError, "Ask again"),
        (Answer(status=404, body=faulty.PAGE), errors.InterceptedError, "web page"),
        (Answer(status=201, body=faulty.PAGE), errors.InterceptedError, "web page"),
        (Answer(status=302, headers={"Location": "https://elsewhere.example/"}), errors.InterceptedError, "elsewhere"),
        (Answer(status=201, body={"message": "x"}), errors.BadAnswerError, "no text"),
        (Answer(status=201, body=b"null"), chat_errors.EmptyAnswerError, "empty"),
        (Answer(status=201, body=b""), errors.BadAnswerError, "no text"),
        (Answer(status=201, body=b'"a\xff"'), errors.BadAnswerError, "no text"),
        (Answer(status=201, body=b'"a" and more'), errors.BadAnswerError, "no text"),
        (Answer(status=201, body=" \n "), chat_errors.EmptyAnswerError, "empty"),
        (Answer(status=201, body=b'"half of'), chat_errors.InterruptedAnswerError, "broke off"),
        (Answer(status=201, body="x", headers={"X-Duo-Lsp-Reason": "why"}), chat_errors.NoModelError, "why"),
        (Answer(hang=True), errors.SlowError, "did not answer within 0.4 s. Ask again"),
        (Answer(status=201, body="x" * MAX_CHAT_ANSWER), errors.BadAnswerError, "more than 8192 KiB"),
    ],
)
async def test_each_failure_is_one_sentence_and_a_remedy(chat, gitlab_server, answer, kind, said):
    gitlab_server.others[CHAT] = answer
    chat.way = RestChat(chat.client, SHORT if answer.hang else PATIENT)
    with pytest.raises(errors.UpstreamError) as caught:
        await chat.ask()
    assert type(caught.value) is kind
    assert said in str(caught.value)
    assert "uggestion" not in str(caught.value)
    assert caught.value.state != "ok"


@pytest.mark.parametrize(("sentence", "state"), SENTENCES.items())
async def test_an_apology_with_a_status_of_success_is_a_failure_and_is_not_shown(chat, gitlab_server, sentence, state):
    gitlab_server.others[CHAT] = Answer(body=sentence, status=201)
    with pytest.raises(errors.UpstreamError, match="gave no answer") as caught:
        await chat.ask()
    assert caught.value.state == state
    assert not chat.pieces


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, but I cannot help with that.",
        "I'm sorry",
        "I'm sorry, I can't generate a response" + ", said the old machine" * 30,
        "I can't generate a response.",
    ],
)
async def test_a_models_own_regret_is_an_answer(chat, gitlab_server, answer):
    gitlab_server.others[CHAT] = Answer(body=answer, status=201)
    assert await chat.ask() == answer
    assert "".join(chat.pieces) == answer


async def saying(connection, *pieces, pause=0.02, end=True):
    await connection.send(faulty.head(201, f"Content-Type: application/json\r\n{faulty.CHUNKED}"))
    for piece in pieces:
        await connection.send(faulty.chunked(piece))
        await asyncio.sleep(pause)
    if end:
        await connection.send(faulty.chunked(b""))
        await asyncio.sleep(0.05)


@pytest.fixture
async def sick():
    with faulty.running() as upstream:
        made = Chat(upstream.url, patient)
        yield made, upstream
        await made.close()


async def test_the_answer_is_shown_as_it_comes(sick):
    chat, upstream = sick
    upstream.serve = lambda connection: saying(connection, b'"one ', b"two\\", b'n"')
    assert await chat.ask() == "one two\n"
    assert chat.pieces == ["one ", "two", "\n"]


async def test_a_slow_answer_is_waited_for_as_long_as_it_comes(sick):
    chat, upstream = sick
    chat.way = RestChat(chat.client, Deadlines(idle=0.8, total=HANG))
    upstream.serve = lambda connection: saying(connection, b'"', *[b"a"] * 8, b'"', pause=0.15)
    assert await chat.ask() == "aaaaaaaa"


@pytest.mark.parametrize("how", ["reset", "ended", "silent", "endless"])
async def test_what_had_come_of_an_interrupted_answer_is_kept(sick, how):
    chat, upstream = sick

    async def serve(connection):
        await saying(connection, b'"It is ', b"the lo", end=how == "ended")
        if how == "reset":
            connection.reset()
        elif how == "silent":
            await faulty.silence(connection)
        elif how == "endless":
            await connection.for_ever(faulty.chunked(b"x"), 0.05)

    upstream.serve = serve
    chat.way = RestChat(chat.client, Deadlines(idle=1, total=2) if how in ("silent", "endless") else PATIENT)
    with pytest.raises(chat_errors.InterruptedAnswerError) as caught:
        await chat.ask()
    assert caught.value.partial.startswith("It is the lo")
    assert caught.value.state == "interrupted"
    assert caught.value.partial == "".join(chat.pieces)


@pytest.mark.parametrize("mode", [mode for mode in faulty.MODES if not mode.startswith("status_")])
async def test_whatever_goes_wrong_is_one_of_our_errors(sick, mode):
    chat, upstream = sick
    upstream.mode = mode
    chat.way = RestChat(chat.client, SHORT)
    with pytest.raises(errors.UpstreamError) as caught:
        await chat.ask()
    assert caught.value.hint


async def test_when_nobody_waits_any_more_the_reading_ends_at_once(sick):
    chat, upstream = sick
    loop = asyncio.get_running_loop()
    ended: asyncio.Queue[float] = asyncio.Queue()

    async def serve(connection):
        await connection.send(faulty.head(201, f"Content-Type: application/json\r\n{faulty.CHUNKED}"))
        await connection.send(faulty.chunked(b'"a'))
        await connection.reader.read()
        loop.call_soon_threadsafe(ended.put_nowait, time.monotonic())

    upstream.serve = serve
    chat.way = RestChat(chat.client)
    ours, floor = [], []
    for _ in range(15):
        chat.pieces.clear()
        task = asyncio.ensure_future(chat.ask())
        while not chat.pieces:
            await asyncio.sleep(0.001)
        asked = time.monotonic()
        task.cancel()
        await asyncio.wait({task})
        ours.append(await asyncio.wait_for(ended.get(), 10) - asked)
        _, writer = await asyncio.open_connection(*upstream.url.removeprefix("http://").split(":"))
        writer.write(b"POST / HTTP/1.1\r\n\r\n")
        await asyncio.sleep(0.01)
        asked = time.monotonic()
        writer.close()
        floor.append(await asyncio.wait_for(ended.get(), 10) - asked)
    assert statistics.median(ours) < 2 * statistics.median(floor) + 0.05


async def test_questions_given_up_at_random_moments_leave_nothing_and_the_next_is_answered(sick):
    chat, upstream = sick
    upstream.serve = lambda connection: saying(connection, b'"It is ', b"the ", b'loop."', pause=0.001)
    chance, before, given_up = random.Random(7), len(asyncio.all_tasks()), 0
    for _ in range(200):
        task = asyncio.ensure_future(chat.ask())
        await asyncio.wait({task}, timeout=chance.uniform(0, 0.02))
        if task.cancel():
            await asyncio.wait({task})
        given_up += task.cancelled()
    assert given_up > 20
    assert await chat.ask() == "It is the loop."
    assert len(asyncio.all_tasks()) == before
    await chat.close()
    await eventually(lambda: not upstream.open)


async def test_our_own_gateway_is_asked_in_the_same_words():
    running = rig.start(rig.command(engine="fixed"))
    chat = Chat(running.url, RestChat, running.token)
    answer = await chat.ask(ChatRequest("x" * wire_chat.MAX_QUESTION, additional_context=WHOLE.additional_context))
    assert "```python" in answer
    assert len(chat.pieces) > 1
    assert json.dumps("".join(chat.pieces)) == json.dumps(answer)
    await chat.close()
    assert rig.stop(running) == 0


async def test_without_a_model_our_own_gateway_is_a_failure_with_a_remedy():
    running = rig.start(rig.command())
    chat = Chat(running.url, RestChat, running.token)
    with pytest.raises(chat_errors.NoModelError) as caught:
        await chat.ask()
    assert str(caught.value).startswith(wire_chat.NO_MODEL + " ")
    await chat.close()
    rig.stop(running)
