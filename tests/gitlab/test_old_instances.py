"""GitLab before 16.3 wants a second token; the client finds out by itself, and asks newer ones nothing."""

import asyncio
import contextlib
import json
import subprocess
import sys

import pytest

import gitlab_server as gitlab
from duo_lsp import errors, wire
from duo_lsp.gitlab.client import Deadlines, GitLabClient
from duo_lsp.gitlab.http.network import Network
from duo_lsp.gitlab.token_source import FixedToken
from duo_lsp.privacy.secrets import Secret
from gitlab_server import Answer
from waiting import HANG

TOKEN = "glpat-secret-token-1234"
REQUEST = wire.SuggestionRequest(
    wire.CurrentFile("src/app.py", "def f():\n    ", "\n", "python"), intent="completion", project_path="group/project"
)

SHORT_TOKEN = {"access_token": "short-lived", "expires_in": 3600, "created_at": 1_700_000_000}


@pytest.fixture
def old(gitlab_server):
    """A GitLab 16.2."""
    gitlab_server.version = Answer(body={"version": "16.2.4-ee"})
    gitlab_server.others = {wire.TOKENS_PATH: Answer(status=201, body=SHORT_TOKEN)}
    gitlab_server.answer = lambda request: (
        "return 1"
        if request.headers.get("x-gitlab-oidc-token") == "short-lived"
        else Answer(status=401, body={"error": "No valid token."})
    )
    return gitlab_server


@pytest.fixture
async def make(gitlab_server, clock):
    made = []

    def one(network=None):
        tokens = FixedToken(Secret(TOKEN))
        deadlines = Deadlines(completion=HANG, question=HANG)
        client = GitLabClient(
            gitlab_server.url, tokens, "duo-lsp/0", network or Network(), deadlines=deadlines, clock=clock
        )
        made.append(client)
        return client

    yield one
    for client in made:
        await client.close()


def paths(server):
    return [request.path.removeprefix("/api/v4") for request in server.requests if request.path != wire.ENABLED_PATH]


async def test_a_modern_instance_is_asked_nothing_besides(make, gitlab_server):
    gitlab_server.answer = "x"
    await make().complete(REQUEST)
    assert paths(gitlab_server) == ["/code_suggestions/completions"]


async def test_the_second_token_is_fetched_when_the_version_wants_one(make, old):
    client = make()
    assert (await client.complete(REQUEST)).texts == ("return 1",)
    assert paths(old) == [
        "/code_suggestions/completions",
        "/version",
        "/code_suggestions/tokens",
        "/code_suggestions/completions",
    ]
    fetching, asking = [request for request in old.requests if request.path != wire.ENABLED_PATH][2:]
    assert fetching.headers["private-token"] == TOKEN
    assert "authorization" not in fetching.headers
    assert asking.headers["authorization"] == f"Bearer {TOKEN}"
    assert (await client.complete(REQUEST)).texts == ("return 1",)
    assert paths(old)[4:] == ["/code_suggestions/completions"]


async def test_it_is_fetched_again_after_four_fifths_of_its_life(make, old, clock):
    client = make()
    for now, fetched in ((0.0, 1), (2879.0, 1), (2880.0, 2), (2881.0, 2)):
        clock.now = now
        await client.complete(REQUEST)
        assert paths(old).count("/code_suggestions/tokens") == fetched


async def test_it_is_fetched_once_however_many_ask(make, old):
    client = make()
    await client.complete(REQUEST)
    client._old._tokens.forget()
    await asyncio.gather(*(client.complete(REQUEST) for _ in range(5)))
    assert paths(old).count("/code_suggestions/tokens") == 2


async def test_one_that_is_not_taken_is_not_kept(make, old):
    client = make()
    await client.complete(REQUEST)
    working, old.answer = old.answer, Answer(status=401, body={"error": "No valid token."})
    with pytest.raises(errors.SignInError):
        await client.complete(REQUEST)
    old.answer = working
    await client.complete(REQUEST)
    assert paths(old).count("/code_suggestions/tokens") == 2


@pytest.mark.parametrize("body", [{}, {"access_token": ""}, {"access_token": 7}, [], {"access_token": "a b"}])
async def test_an_answer_without_a_token_is_an_error(make, old, body):
    old.others[wire.TOKENS_PATH] = Answer(status=201, body=body)
    with pytest.raises(errors.BadAnswerError):
        await make().complete(REQUEST)


async def test_who_has_no_access_is_told_so_by_a_new_instance(make, gitlab_server):
    gitlab_server.answer = Answer(status=401, body={"message": "401 Unauthorized"})
    with pytest.raises(errors.SignInError):
        await make().complete(REQUEST)
    assert paths(gitlab_server) == ["/code_suggestions/completions", "/version"]


async def test_a_token_that_is_not_valid_is_no_reason_to_ask_for_the_version(make, gitlab_server):
    gitlab_server.answer = Answer(status=401, body={"error": "invalid_token"})
    with pytest.raises(errors.TokenRefusedError):
        await make().complete(REQUEST)
    assert paths(gitlab_server) == ["/code_suggestions/completions"]


@pytest.mark.parametrize("version", [Answer(status=401), Answer(status=500), Answer(body={}), Answer(raw=b"")])
async def test_where_the_version_is_not_told_the_refusal_stands(make, gitlab_server, version):
    gitlab_server.version = version
    gitlab_server.answer = Answer(status=404, body={"message": "404 Not Found"})
    with pytest.raises(errors.NotThereError):
        await make().complete(REQUEST)


@pytest.mark.parametrize(
    ("version", "advice"),
    [
        ("16.5.0-ee", "code_suggestions_completion_api"),
        ("18.6.0-ee", "ai_duo_code_suggestions_switch"),
        ("18.6.0", "Enterprise Edition"),
        ("16.1.0-ee", "modelGateway"),
    ],
)
async def test_what_is_missing_is_named_by_version(make, gitlab_server, version, advice):
    gitlab_server.version = Answer(body={"version": version})
    gitlab_server.answer = Answer(status=404, body={"message": "404 Not Found"})
    with pytest.raises(errors.NotThereError) as raised:
        await make().complete(REQUEST)
    assert advice in raised.value.hint
    assert version in raised.value.sentence


async def test_the_flag_of_an_old_instance_is_named_too(make, old):
    old.answer = Answer(status=404, body={"message": "404 Not Found"})
    with pytest.raises(errors.NotThereError) as raised:
        await make().complete(REQUEST)
    assert "code_suggestions_completion_api" in raised.value.hint


async def test_the_oldest_is_asked_by_its_model_gateway_only_where_one_is_set(make, old):
    old.version = Answer(body={"version": "16.1.3-ee"})
    old.answer = Answer(status=404, body={"error": "404 Not Found"})
    with gitlab.running() as model_gateway:
        made = {"choices": [{"text": "return 1"}], "model": {"name": "code-gecko"}}
        model_gateway.others = {wire.MODEL_GATEWAY_PATH: Answer(body=made)}
        client = make(Network(model_gateway=model_gateway.url))
        assert await client.complete(REQUEST) == wire.Answer(("return 1",), "code-gecko")
        [sent] = model_gateway.requests
    assert sent.path == "/v2/completions"
    assert sent.headers["authorization"] == "Bearer short-lived"
    assert sent.headers["x-gitlab-authentication-type"] == "oidc"
    assert TOKEN not in str(sent.headers)
    assert sent.json["prompt_version"] == 1
    assert sent.json["project_path"] == "group/project"
    assert "intent" not in sent.json


@pytest.fixture
def gateway(environment):
    """Our own gateway, playing a version of GitLab."""
    with contextlib.ExitStack() as stack:

        def start(version):
            command = [sys.executable, "-P", "-m", "duo_lsp.cli", "gateway", "--gitlab", version, "--limit", "0"]
            process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, env=environment))
            stack.callback(process.terminate)
            assert process.stdout
            hello = json.loads(process.stdout.readline())
            return hello["url"], FixedToken(Secret(hello["token"]))

        yield start


@pytest.mark.slow
@pytest.mark.parametrize("version", ["16.2.0", "16.3.0", "18.6.0"])
@pytest.mark.parametrize("intent", ["completion", "generation"])
async def test_our_own_gateway_answers_at_every_age(gateway, version, intent):
    above = "def add_numbers(first, second):\n    return first + second\n\n\ndef add_numbers(fir"
    file = wire.CurrentFile("app.py", above, "\n", "python")
    request = wire.SuggestionRequest(file, intent=intent, stream=intent == "generation")
    url, tokens = gateway(version)
    client = GitLabClient(url, tokens, "duo-lsp/0")
    answer = await client.complete(request)
    assert answer.texts or answer.reason or answer.model
    assert (await client.version()).startswith(version)
    await client.close()
