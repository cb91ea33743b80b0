"""While GitLab refuses for good, the engine on this machine answers in its place."""

import asyncio
import os
import time

import pytest

from duo_lsp import wire
from duo_lsp.errors import BrokenError, LimitedError, NotAllowedError, SetupError, SlowError
from duo_lsp.gitlab.credentials import Credentials
from duo_lsp.gitlab.falling import FallingUpstream
from duo_lsp.gitlab.limits.admission import Admission
from duo_lsp.gitlab.limits.limit import Limit
from duo_lsp.gitlab.limits.rate_limit import BURST
from duo_lsp.gitlab.local import LocalEngine
from duo_lsp.gitlab.local_upstream import LocalUpstream
from duo_lsp.gitlab.upstream import GitLabUpstream
from duo_lsp.privacy.secrets import Secret
from gitlab_server import Answer
from processes import gateways

ABOVE = "def area(width, height):\n    return width * height\n\n\ndef again(width, height):\n    ret"
REQUEST = wire.SuggestionRequest(wire.CurrentFile("a.py", ABOVE), intent="completion")
NO_SEAT = Answer(status=401, body={"message": "401 Unauthorized"}, headers={"X-GitLab-Error-Origin": "monolith"})
NOT_THERE = Answer(status=404, body={"message": "404 Not Found"})


@pytest.fixture
async def upstream(gitlab_server, clock):
    given = Credentials(Secret("glpat-a"), gitlab_server.url, "test")
    gitlab = GitLabUpstream(given, "duo-lsp/0", Admission("gitlab.example.com", clock, Limit(clock)))
    made = FallingUpstream(gitlab, lambda: LocalUpstream(LocalEngine(os.environ, time.monotonic), "duo-lsp/0"))
    yield made
    await made.close()
    assert gateways() == []


async def ask(upstream):
    assert await upstream.admit(invoked=False) is None
    return await upstream.complete(REQUEST)


async def test_as_long_as_gitlab_answers_there_is_no_engine(upstream, gitlab_server):
    gitlab_server.answer = "x"
    upstream.use_workspaces(["/nowhere"])
    await upstream.warm_up()
    assert upstream.ready()
    assert (await ask(upstream)).texts == ("x",)
    assert (upstream.local, upstream.fallen) == (False, None)
    assert upstream.host in gitlab_server.url
    assert gateways() == []


@pytest.mark.parametrize(("refusal", "rest"), [(NO_SEAT, 60), (NOT_THERE, 600)])
async def test_a_refusal_that_lasts_is_answered_by_the_engine_until_gitlab_answers_again(
    upstream, gitlab_server, clock, tmp_path, refusal, rest
):
    gitlab_server.answer = refusal
    upstream.use_workspaces([tmp_path.as_posix()])
    first = await ask(upstream)
    assert first.model != "test-model"
    assert (upstream.local, upstream.host) == (True, "this machine")
    assert upstream.fallen is not None
    assert upstream.ready()
    assert len(gateways()) == 1
    upstream.use_workspaces([])
    assert await upstream.project("/a.py") == ""
    for _ in range(3 * BURST):
        await ask(upstream)
    assert len(gitlab_server.suggestions) == 1
    clock.now += rest
    assert not upstream.local
    await ask(upstream)
    assert len(gitlab_server.suggestions) == 2
    assert upstream.local
    gitlab_server.answer = "x"
    clock.now += rest
    assert (await ask(upstream)).model == "test-model"
    assert (upstream.local, upstream.fallen) == (False, None)


async def test_other_settings_make_it_ask_gitlab_again(upstream, gitlab_server):
    gitlab_server.script = [NO_SEAT]
    gitlab_server.answer = "x"
    await ask(upstream)
    assert upstream.local
    upstream.reconsider()
    assert (await ask(upstream)).model == "test-model"


class Fake:
    """An upstream that says what it is told to."""

    host = "gitlab.example.com"

    def __init__(self, clock, *answers):
        self.answers = list(answers)
        self.asked = 0
        self.admission = Admission(self.host, clock, Limit(clock))

    async def complete(self, *_):
        async def answer():
            self.asked += 1
            await asyncio.sleep(0)
            said = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if isinstance(said, Exception):
                raise said
            return wire.Answer((said,))

        return await self.admission.through(answer)

    async def admit(self, *, invoked):
        return await self.admission.admit(invoked=invoked)

    def use_workspaces(self, *_): ...

    def files_changed(self, _): ...


class FakeEngine(Fake):
    async def admit(self, **_):
        raise AssertionError("nobody asks whether the engine may be asked")


def falling(clock, *answers):
    gitlab, engine = Fake(clock, *answers), FakeEngine(clock, "local")
    return FallingUpstream(gitlab, lambda: engine), gitlab, engine  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize("error", [BrokenError(503, "Broken."), SlowError("Slow."), LimitedError("Slow down.", 60)])
async def test_trouble_that_passes_by_itself_is_no_reason_to_fall(clock, error):
    upstream, _, engine = falling(clock, error)
    for _ in range(3):
        if await upstream.admit(invoked=True) is None:
            with pytest.raises(type(error)):
                await upstream.complete(REQUEST)
    assert upstream.fallen is None
    assert engine.asked == 0


async def test_a_network_that_is_gone_does_not_take_the_engine_away(clock):
    upstream, gitlab, engine = falling(clock, SetupError(422, "Choose."), SlowError("Slow."))
    for _ in range(5):
        assert await upstream.admit(invoked=False) is None
        assert (await upstream.complete(REQUEST)).texts == ("local",)
        clock.now += 600
    assert gitlab.asked == 5
    assert engine.asked == 5


async def test_nobody_goes_without_because_it_is_time_to_ask_gitlab_and_the_bucket_is_empty(clock):
    upstream, gitlab, _ = falling(clock, NotAllowedError(403, "No seat."), "x")
    await upstream.complete(REQUEST)
    clock.now += 600
    while await gitlab.admission.admit(invoked=True) is None:
        pass
    assert not upstream.local
    assert await upstream.admit(invoked=True) is None
    assert upstream.local
    assert (await upstream.complete(REQUEST)).texts == ("local",)


async def test_while_one_asks_how_gitlab_is_now_the_others_are_answered_by_the_engine(clock):
    upstream, gitlab, engine = falling(clock, NotAllowedError(403, "No seat."), "x")
    await upstream.complete(REQUEST)
    clock.now += 600
    answers = await asyncio.gather(*(upstream.complete(REQUEST) for _ in range(5)))
    assert [answer.texts[0] for answer in answers].count("local") >= 3
    assert gitlab.asked + engine.asked == 7
