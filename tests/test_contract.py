"""GitLab's bodies as they were recorded, held against all who write or read them: wire, client and gateway."""

import json
import re

import pytest

import recorded
from duo_lsp import errors, wire
from duo_lsp.gateway.faults import answers
from duo_lsp.gitlab.client import GitLabClient
from duo_lsp.gitlab.token_source import FixedToken
from duo_lsp.privacy.secrets import Secret
from duo_lsp.status import of_error
from gateway import rig
from gitlab_server import Answer

REQUEST = wire.SuggestionRequest(wire.CurrentFile("a.py", "def is_even(n) ->"), intent="completion")
GENERATION = wire.SuggestionRequest(wire.CurrentFile("a.py", "# hello\n"), intent="generation", stream=True)


@pytest.fixture
async def client(gitlab_server):
    made = GitLabClient(gitlab_server.url, FixedToken(Secret("glpat-secret-1234")), "duo-lsp/0")
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("body", "model"),
    [
        (recorded.COMPLETION, "codestral-2508"),
        (recorded.COMPLETION_OF_OLD, "code-gecko"),
        (recorded.GENERATION, "Code Generations Agent"),
    ],
    ids=["completion", "old completion", "generation"],
)
async def test_every_success_is_read(client, gitlab_server, body, model):
    expected = wire.Answer((body["choices"][0]["text"],), model)
    assert wire.read_answer(body) == expected
    gitlab_server.answer = Answer(body=body)
    assert await client.complete(REQUEST) == expected
    gitlab_server.answer = Answer(status=201, body=body)
    assert await client.complete(REQUEST) == expected


@pytest.mark.parametrize("body", recorded.NOTHING)
async def test_nothing_to_offer_is_read(client, gitlab_server, body):
    gitlab_server.answer = Answer(body=body)
    assert (await client.complete(REQUEST)).texts == ()


@pytest.mark.parametrize("said", [{"X-Streaming-Format": "sse"}, {}], ids=["said", "not said"])
async def test_a_stream_is_read(client, gitlab_server, said):
    stream = recorded.STREAM.encode()
    gitlab_server.answer = Answer(body=stream, headers={"Content-Type": "text/event-stream", **said})
    assert await client.complete(GENERATION) == wire.Answer((recorded.STREAMED,), "Code Generations Agent")


@pytest.mark.parametrize("refused", recorded.REFUSED, ids=lambda one: f"{one.status}-{one.state}")
async def test_every_refusal_leaves_one_named_state_with_a_sentence_and_a_remedy(client, gitlab_server, refused):
    gitlab_server.answer = Answer(status=refused.status, body=refused.body, headers=refused.headers)
    with pytest.raises(errors.RefusedError) as raised:
        await client.complete(REQUEST)
    state = of_error(raised.value)
    assert state.name == refused.state
    assert ". " not in re.sub(r'\(".*"\)', "", state.sentence)
    assert state.sentence.endswith(".")
    assert state.remedy.endswith(".")
    assert "<" not in state.whole
    assert raised.value.status == refused.status


def shape(value):
    """Names, types and nesting; what lists hold, once."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def fits(value, pattern):
    """Whether a value has nothing that the recorded one has not, and the same types."""
    if isinstance(value, dict):
        return isinstance(pattern, dict) and all(name in pattern and fits(value[name], pattern[name]) for name in value)
    return shape(value) == shape(pattern)


@pytest.mark.parametrize(
    ("intent", "pattern", "needed"),
    [
        ("completion", recorded.COMPLETION, {"id", "model", "object", "created", "choices"}),
        ("generation", recorded.GENERATION, {"choices", "metadata"}),
    ],
)
async def test_the_gateway_answers_in_these_shapes(intent, pattern, needed):
    async with rig.client(rig.MadeUp()) as asking:
        body = (await asking.post(rig.COMPLETIONS, json=rig.body(intent=intent))).json()
    assert fits(body, pattern), json.dumps(body, indent=2)
    assert needed <= set(body)
    assert {"text", "index", "finish_reason"} == set(body["choices"][0])


def events(stream):
    """The names and data of the events in a stream."""
    parts = [part for part in stream.replace("\r\n", "\n").split("\n\n") if part.startswith("event: ")]
    return [(part.partition("\n")[0], json.loads(part.partition("data: ")[2])) for part in parts]


async def test_the_gateway_streams_in_this_shape():
    async with rig.client(rig.MadeUp()) as asking:
        answer = await asking.post(rig.COMPLETIONS, json=rig.body(intent="generation", stream=True))
    assert answer.headers["X-Streaming-Format"] == "sse"
    names = [name for name, _ in events(answer.text)]
    assert (names[0], names[-1]) == ("event: stream_start", "event: stream_end")
    patterns = dict(events(recorded.STREAM))
    assert all(fits(data, patterns[name]) for name, data in events(answer.text))


def _dialects(status):
    return [one.body for one in recorded.REFUSED if one.status == status]


@pytest.mark.parametrize("kind", answers.KINDS)
def test_the_gateway_refuses_in_these_shapes(kind):
    refusal = answers.KINDS[kind]
    kinds = [
        isinstance(body, bytes) if isinstance(refusal.body, str) else fits(refusal.body, body)
        for body in _dialects(refusal.status)
    ]
    assert any(kinds), f"{kind}: {refusal.body}"
