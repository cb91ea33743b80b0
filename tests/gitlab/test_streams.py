"""Generations come in pieces; one that breaks off is never shown as whole."""

import json

import pytest

from duo_lsp import errors, wire
from duo_lsp.gitlab.client import Deadlines, GitLabClient
from duo_lsp.gitlab.token_source import FixedToken
from duo_lsp.privacy.secrets import Secret
from gitlab_server import Answer

REQUEST = wire.SuggestionRequest(
    wire.CurrentFile("a.py", "# hello\n"), intent="generation", generation_type="comment", stream=True
)
START = 'event: stream_start\r\ndata: {"metadata":{"model":{"name":"Agent"}}}\r\n\r\n'
END = "event: stream_end\r\ndata: null\r\n\r\n"
SSE = {"Content-Type": "text/event-stream; charset=utf-8", "X-Streaming-Format": "sse"}
BARE = {"Content-Type": "text/event-stream"}


def chunk(text):
    return f"event: content_chunk\r\ndata: {json.dumps({'choices': [{'delta': {'content': text}}]})}\r\n\r\n"


@pytest.fixture
async def client(gitlab_server):
    short = Deadlines(completion=0.4, generation=0.4, question=0.4)
    made = GitLabClient(gitlab_server.url, FixedToken(Secret("glpat-secret-1234")), "duo-lsp/0", deadlines=short)
    yield made
    await made.close()


async def test_a_stream_is_asked_for_as_gitlab_wants_it(client, gitlab_server):
    await client.complete(REQUEST)
    [sent] = gitlab_server.requests
    assert sent.headers["x-supports-sse-streaming"] == "true"
    assert sent.json["stream"] is True


async def test_other_requests_ask_for_none(client, gitlab_server):
    await client.complete(wire.SuggestionRequest(wire.CurrentFile("a.py", ""), intent="completion"))
    assert "x-supports-sse-streaming" not in gitlab_server.requests[0].headers
    assert "stream" not in gitlab_server.requests[0].json


@pytest.mark.parametrize(
    ("body", "headers", "model"),
    [
        (START + ": ping\r\n\r\n" + chunk("def f():\n") + chunk("") + chunk("    pass  # é€😀") + END, SSE, "Agent"),
        (START + chunk("def f():\n    pass  # é€😀") + END, BARE, ""),
        ("def f():\n    pass  # é€😀", BARE, ""),
    ],
    ids=["events", "events that do not say so", "bare text"],
)
async def test_every_form_of_a_stream_is_read(client, gitlab_server, body, headers, model):
    body = body.replace("\r\n", "\n") if headers is BARE else body
    gitlab_server.answer = Answer(body=body.encode(), headers=headers)
    pieces: list[str] = []
    answer = await client.complete(REQUEST, pieces.append)
    assert answer.texts == ("def f():\n    pass  # é€😀",)
    assert "".join(pieces) == answer.texts[0]
    assert answer.model in (model, "Agent")


@pytest.mark.parametrize("texts", [(), ("x",)])
async def test_an_answer_that_does_not_come_in_pieces_is_read_too(client, gitlab_server, texts):
    gitlab_server.answer = Answer(body={"choices": [{"text": text} for text in texts]})
    assert (await client.complete(REQUEST)).texts == texts


@pytest.mark.parametrize(
    "raw",
    [
        START + chunk("def f"),
        START + chunk("def f") + END[:-2],
        chunk("def f")[:-9],
        "",
    ],
)
async def test_a_stream_that_ends_early_is_no_answer(client, gitlab_server, raw):
    gitlab_server.answer = Answer(body=raw.encode(), headers=SSE)
    pieces: list[str] = []
    with pytest.raises(errors.CutShortError):
        await client.complete(REQUEST, pieces.append)
    assert "".join(pieces) in ("", "def f")


async def test_bare_text_that_ends_early_is_no_answer(client, gitlab_server):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    gitlab_server.answer = Answer(raw=head + b"5\r\ndef f\r\n")
    with pytest.raises(errors.CutShortError):
        await client.complete(REQUEST)


async def test_a_stream_nobody_can_read_is_an_error(client, gitlab_server):
    gitlab_server.answer = Answer(body=b"event: content_chunk\ndata: {\n\n", headers=SSE)
    with pytest.raises(errors.BadAnswerError):
        await client.complete(REQUEST)


async def test_a_refusal_never_streams(client, gitlab_server):
    gitlab_server.answer = Answer(status=402, body={"error": "insufficient_credits"}, headers=SSE)
    with pytest.raises(errors.NoCreditsError):
        await client.complete(REQUEST)
