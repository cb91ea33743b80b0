"""Whoever answers suggestions can be asked questions: GitLab, the engine on this machine, nobody."""

import asyncio
import time

import pytest

from duo_lsp import chat_errors, errors
from duo_lsp.gitlab.credentials import Credentials
from duo_lsp.gitlab.falling import FallingUpstream
from duo_lsp.gitlab.limits.admission import Admission
from duo_lsp.gitlab.limits.limit import Limit
from duo_lsp.gitlab.local import LocalEngine
from duo_lsp.gitlab.local_upstream import LocalUpstream
from duo_lsp.gitlab.unlimited import SignedOut
from duo_lsp.gitlab.upstream import GitLabUpstream
from duo_lsp.privacy.secrets import Secret
from duo_lsp.wire_chat import ChatRequest
from gitlab_server import Answer

CHAT = "/api/v4/chat/completions"
QUESTION = ChatRequest("Why?")


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def silent(_):
    """Shows nothing."""


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def upstream(gitlab_server, clock):
    given = Credentials(Secret("glpat-secret-token-1234"), gitlab_server.url, "test")
    made = GitLabUpstream(given, "duo-lsp/0", Admission("gitlab.example", clock, Limit(clock)))
    yield made
    await made.close()


async def test_a_question_goes_to_gitlab_and_takes_nothing_from_the_limit_of_suggestions(upstream, gitlab_server):
    gitlab_server.others[CHAT] = Answer(body="Because.", status=201)
    left = upstream.admission.left
    assert await upstream.chat().ask(QUESTION, silent) == "Because."
    assert upstream.chat() is upstream.chat()
    assert upstream.admission.left == left


async def test_a_refused_token_holds_questions_and_suggestions_alike(upstream, gitlab_server):
    gitlab_server.others[CHAT] = Answer(status=401, body={"error": "invalid_token"})
    for _ in range(3):
        with pytest.raises(errors.TokenRefusedError):
            await upstream.chat().ask(QUESTION, silent)
    assert len(gitlab_server.requests) == 1
    assert isinstance(upstream.admission.refusal, errors.TokenRefusedError)
    upstream.reconsider()
    gitlab_server.others[CHAT] = Answer(body="Because.", status=201)
    assert await upstream.chat().ask(QUESTION, silent) == "Because."
    assert upstream.admission.held() is None


async def test_no_other_refusal_holds_a_question(upstream, gitlab_server):
    apology = "I'm sorry, you don't have the GitLab Duo subscription required to use Duo Chat."
    gitlab_server.others[CHAT] = Answer(body=apology, status=201)
    for _ in range(3):
        with pytest.raises(errors.NoAccessError):
            await upstream.chat().ask(QUESTION, silent)
    assert len(gitlab_server.requests) == 3
    assert upstream.admission.refusal is None
    gitlab_server.others[CHAT] = Answer(body="Because.", status=201)
    assert await upstream.chat().ask(QUESTION, silent) == "Because."


async def test_a_question_given_up_says_nothing_about_the_token(upstream, gitlab_server):
    gitlab_server.others[CHAT] = Answer(hang=True)
    task = asyncio.ensure_future(upstream.chat().ask(QUESTION, silent))
    while not gitlab_server.requests:
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    assert upstream.admission.held() is None


async def test_who_may_not_have_suggestions_may_still_chat(upstream, gitlab_server):
    falling = FallingUpstream(upstream, never)
    gitlab_server.others[CHAT] = Answer(body="Because.", status=201)
    with pytest.raises(errors.NoAccessError):
        await upstream.admission.through(_no_seat)
    assert falling.local
    assert await falling.chat().ask(QUESTION, silent) == "Because."


def never():
    raise AssertionError("the local engine has nothing to say")


async def _no_seat():
    raise errors.NoAccessError(401, "No seat.")


async def test_signed_out_a_question_is_told_so():
    with pytest.raises(chat_errors.SignedOutError, match="Run `duo-lsp login`") as caught:
        await SignedOut().chat().ask(QUESTION, silent)
    assert caught.value.state == "signedOut"


async def test_the_engine_on_this_machine_says_that_it_has_no_model(environment):
    local = LocalUpstream(LocalEngine(environment, time.monotonic), "duo-lsp/0")
    with pytest.raises(chat_errors.NoModelError, match=r"no model to chat with on this machine\. \w+"):
        await local.chat().ask(QUESTION, silent)
    await local.close()
