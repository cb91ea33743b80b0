"""A project's exclusion rules: asked once, kept while they cannot be asked for, none where there are none."""

import asyncio

import pytest

from clock import Clock
from duo_lsp import errors, wire
from duo_lsp.gitlab.client import Deadlines, GitLabClient
from duo_lsp.gitlab.exclusions import REMEMBERED, RETRIED, Exclusions
from duo_lsp.gitlab.token_source import FixedToken
from duo_lsp.privacy.secrets import Secret
from gitlab_server import Answer
from waiting import HANG


def told(*rules):
    return {"data": {"project": {"duoContextExclusionSettings": {"exclusionRules": list(rules)}}}}


class Server:
    """Gives its answers in order, the last one again and again."""

    def __init__(self, *answers):
        self.answers, self.asked, self.may = list(answers), [], asyncio.Event()
        self.may.set()

    async def __call__(self, project):
        self.asked.append(project)
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        await self.may.wait()
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_however_many_ask_at_once_one_question_goes_out():
    server = Server(("a",))
    rules = Exclusions(server, Clock())
    assert await asyncio.gather(*(rules.of("g/p") for _ in range(5))) == [("a",)] * 5
    assert await rules.of("g/p") == ("a",)
    assert server.asked == ["g/p"]


async def test_after_a_while_they_are_asked_for_again_and_nobody_waits_for_that():
    server, clock = Server(("a",), ("b",)), Clock()
    rules = Exclusions(server, clock)
    await rules.of("g/p")
    clock.now += REMEMBERED + 1
    server.may.clear()
    assert await rules.of("g/p") == ("a",)
    server.may.set()
    await asyncio.sleep(0.01)
    assert await rules.of("g/p") == ("b",)


async def test_a_failure_is_not_repeated_at_once_and_what_was_known_stays():
    server, clock = Server(errors.OfflineError("No."), ("a",), errors.SlowError("No."), ("b",)), Clock()
    rules = Exclusions(server, clock)
    assert await rules.of("g/p") is None
    assert await rules.of("g/p") is None
    assert len(server.asked) == 1
    clock.now += RETRIED + 1
    assert await rules.of("g/p") == ("a",)
    clock.now += REMEMBERED + 1
    await rules.of("g/p")
    await asyncio.sleep(0.01)
    assert await rules.of("g/p") == ("a",)
    assert len(server.asked) == 3


async def test_a_server_without_graphql_has_no_rules():
    assert await Exclusions(Server(errors.NotThereError(404, "No.")), Clock()).of("g/p") == ()


async def test_closing_ends_what_runs():
    server = Server(())
    server.may.clear()
    rules = Exclusions(server, Clock())
    waiting = asyncio.ensure_future(rules.of("g/p"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await rules.close()
    assert await waiting is None
    await rules.close()


@pytest.fixture
async def client(gitlab_server):
    tokens = FixedToken(Secret("glpat-secret-token-1234"))
    made = GitLabClient(gitlab_server.url, tokens, "duo-lsp/0", deadlines=Deadlines(question=HANG))
    yield made
    await made.close()


async def test_gitlab_is_asked_in_its_own_words(client, gitlab_server):
    gitlab_server.others[wire.GRAPHQL_PATH] = Answer(body=told("*.key", "!ok.key", 7))
    assert await client.exclusions("group/project") == ("*.key", "!ok.key")
    [sent] = gitlab_server.requests
    assert (sent.method, sent.path) == ("POST", "/api/graphql")
    assert sent.json["variables"] == {"project": "group/project"}
    assert "project(fullPath: $project) { duoContextExclusionSettings { exclusionRules } }" in sent.json["query"]
    assert sent.headers["authorization"] == "Bearer glpat-secret-token-1234"


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"project": None}},
        {"data": {"project": {"duoContextExclusionSettings": None}}},
        {"errors": [{"message": "Field 'duoContextExclusionSettings' doesn't exist on type 'Project'"}]},
    ],
)
async def test_a_project_without_rules_and_an_older_gitlab_have_none(client, gitlab_server, body):
    gitlab_server.others[wire.GRAPHQL_PATH] = Answer(body=body)
    assert await client.exclusions("group/project") == ()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=[]),
        Answer(body={"data": None}),
        Answer(body={"data": {"project": None}, "errors": [{"message": "Timeout"}]}),
        Answer(body={"errors": [{"message": "Timeout"}]}),
        Answer(body={"errors": [{"message": 7}]}),
        Answer(body=b"<html>", headers={"Content-Type": "text/html"}),
        Answer(status=500),
        Answer(status=401, body={"message": "401 Unauthorized"}),
    ],
)
async def test_what_says_nothing_of_rules_is_an_error(client, gitlab_server, answer):
    gitlab_server.others[wire.GRAPHQL_PATH] = answer
    with pytest.raises(errors.UpstreamError):
        await client.exclusions("group/project")


async def test_who_does_not_answer_is_waited_for_a_moment_only(gitlab_server):
    gitlab_server.others[wire.GRAPHQL_PATH] = Answer(hang=True)
    tokens = FixedToken(Secret("glpat-secret-token-1234"))
    hasty = GitLabClient(gitlab_server.url, tokens, "duo-lsp/0", deadlines=Deadlines(question=0.2))
    with pytest.raises(errors.SlowError):
        await hasty.exclusions("group/project")
    await hasty.close()
