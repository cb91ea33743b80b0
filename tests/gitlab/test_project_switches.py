"""Projects that GitLab Duo is off for: asked once, beside the first suggestion, and only a clear no counts."""

import asyncio

import pytest

from duo_lsp import errors, wire
from duo_lsp.gitlab import project_switches
from duo_lsp.gitlab.client import Deadlines, GitLabClient
from duo_lsp.gitlab.http.network import Network
from duo_lsp.gitlab.token_source import FixedToken
from duo_lsp.privacy.secrets import Secret
from gitlab_server import Answer
from waiting import HANG

OFF = Answer(status=403, body={"message": "403 Forbidden"})


def request(project="group/project"):
    return wire.SuggestionRequest(wire.CurrentFile("a.py", "x"), intent="completion", project_path=project)


@pytest.fixture
def now():
    return [0.0]


@pytest.fixture
async def client(gitlab_server, now):
    gitlab_server.answer = "x"
    tokens = FixedToken(Secret("glpat-secret-1234"))
    short = Deadlines(completion=HANG, question=HANG)
    network = Network(language_server_version="7.17.1")
    made = GitLabClient(gitlab_server.url, tokens, "duo-lsp/0", network, deadlines=short, clock=lambda: now[0])
    yield made
    await made.close()


async def asked(server, count):
    async with asyncio.timeout(HANG):
        while len(found := [r for r in server.requests if r.path == wire.ENABLED_PATH]) < count:
            await asyncio.sleep(0.01)
    return found


async def refused(client, project="group/project"):
    async with asyncio.timeout(HANG):
        while True:
            try:
                await client.complete(request(project))
            except errors.ProjectOffError as error:
                return error
            await asyncio.sleep(0.01)


async def test_a_project_that_is_off_gets_no_more_suggestions(client, gitlab_server):
    gitlab_server.others[wire.ENABLED_PATH] = OFF
    assert (await client.complete(request())).texts == ("x",)
    error = await refused(client)
    assert "group/project" in error.sentence
    assert error.hint
    [sent] = await asked(gitlab_server, 1)
    assert sent.json == {"project_path": "group/project"}
    assert gitlab_server.requests[0].path == wire.COMPLETIONS_PATH
    before = len(gitlab_server.suggestions)
    with pytest.raises(errors.ProjectOffError):
        await client.complete(request())
    assert len(gitlab_server.suggestions) == before
    assert (await client.complete(request("group/other"))).texts == ("x",)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=None, status=200),
        Answer(status=200, body=b""),
        Answer(status=401, body={"message": "401 Unauthorized"}),
        Answer(status=403, body={"error": "insufficient_scope"}),
        Answer(status=404, body={"message": "404 Project Not Found"}),
        Answer(status=400, body={"error": "project_path is missing"}),
        Answer(status=429),
        Answer(status=500),
        Answer(raw=b"garbage\r\n\r\n"),
        Answer(hang=True),
    ],
)
async def test_any_other_answer_changes_nothing(client, gitlab_server, answer):
    gitlab_server.others[wire.ENABLED_PATH] = answer
    client._deadlines = Deadlines(completion=HANG, question=0.3 if answer.hang else HANG)
    for _ in range(3):
        assert (await client.complete(request())).texts == ("x",)
        await asyncio.sleep(0.05)
    await asked(gitlab_server, 1)
    await asyncio.sleep(0.6 if answer.hang else 0.05)
    assert (await client.complete(request())).texts == ("x",)
    assert len(await asked(gitlab_server, 1)) == 1


async def test_it_is_asked_again_after_a_while(client, gitlab_server, now):
    gitlab_server.others[wire.ENABLED_PATH] = OFF
    await client.complete(request())
    await refused(client)
    gitlab_server.others[wire.ENABLED_PATH] = Answer(body=None)
    now[0] = project_switches.REMEMBERED + 1
    assert (await client.complete(request())).texts == ("x",)
    await asked(gitlab_server, 2)
    assert (await client.complete(request())).texts == ("x",)


async def test_a_refused_suggestion_is_reason_to_ask_as_well(client, gitlab_server):
    gitlab_server.answer = Answer(status=500)
    with pytest.raises(errors.BrokenError):
        await client.complete(request())
    await asked(gitlab_server, 1)


async def test_without_a_project_nothing_is_asked(client, gitlab_server):
    await client.complete(request(""))
    await client.complete(request(""))
    assert {r.path for r in gitlab_server.requests} == {wire.COMPLETIONS_PATH}


async def test_the_language_servers_header_is_sent_where_it_is_set(client, gitlab_server):
    await client.complete(request())
    assert gitlab_server.requests[0].headers["x-gitlab-language-server-version"] == "7.17.1"


async def test_and_nowhere_else(gitlab_server):
    client = GitLabClient(gitlab_server.url, FixedToken(Secret("glpat-secret-1234")), "duo-lsp/0")
    await client.complete(request())
    await client.close()
    assert "x-gitlab-language-server-version" not in gitlab_server.requests[0].headers
