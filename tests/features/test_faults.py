"""A whole session with an upstream that goes wrong: typing goes on, and nobody is told the same thing twice."""

from collections import Counter

import pytest

from duo_lsp.gitlab.client import Deadlines
from features.session import Session
from gitlab import faulty
from waiting import at_most

TEXT = "def add(first, second):\n    \n" + "value = 1\n" * 30
ASKED = 12


@pytest.fixture
def upstream():
    with faulty.running() as running:
        yield running


@pytest.fixture
def gitlab_url(upstream):
    return upstream.url


@pytest.mark.parametrize(
    "mode",
    [
        "reset_at_once",
        "truncated_body",
        "json_wrong_shape",
        "captive_portal_302",
        "gzip_bomb",
        "status_401_token",
        "status_402",
        "status_404",
        "status_422",
        "status_429",
        "status_503",
    ],
)
async def test_each_cause_is_told_at_most_once(session, upstream, mode):
    upstream.mode = mode
    await session.start(options={"upstream": "gitlab"})
    await session.settled("ready")
    uri = session.open("app.py", TEXT)
    for column in range(ASKED):
        session.type(uri, 1, 4 + column, "x")
        assert await session.ask(uri, 1, 5 + column, invoked=True) is None
    assert upstream.requests
    told = Counter(session.told)
    assert not [sentence for sentence, times in told.items() if times > 1]
    assert len(told) <= 2  # where code goes, and what is wrong
    assert "glpat" not in str(session.told)


@pytest.mark.parametrize(
    ("settings", "state", "said"),
    [
        ({"httpAgentOptions": {"ca": "/nowhere/ca.pem"}}, "wrongSetting", "/nowhere/ca.pem"),
        ({"proxy": "http://127.0.0.1:9"}, "proxy", "The proxy 127.0.0.1:9 cannot be reached"),
    ],
)
async def test_what_only_a_person_can_end_they_are_told_once(folder, environment, settings, state, said):
    environment |= {"GITLAB_URL": "https://gitlab.invalid", "DUO_LSP_TOKEN": "glpat-secret-token-1234"}
    session = Session(folder, environment)
    await session.start(options={"upstream": "gitlab", **settings})
    uri = session.open("app.py", TEXT)
    for column in range(3):
        session.type(uri, 1, 4 + column, "x")
        assert await session.ask(uri, 1, 5 + column, invoked=True) is None
    assert (await session.status())["state"] == state
    assert [sentence for sentence in session.told if said in sentence][1:] == []
    assert any(said in sentence for sentence in session.told)
    await session.end()


@pytest.mark.parametrize("mode", ["accept_then_silence", "slow_drip"])
async def test_an_upstream_that_never_ends_is_left_at_the_deadline(session, upstream, mode):
    upstream.mode = mode
    await session.start(options={"upstream": "gitlab"})
    await session.settled("ready")
    uri = session.open("app.py", TEXT)
    async with at_most(Deadlines().completion):
        assert await session.ask(uri, 32, 0, invoked=True) is None
    assert (await session.status())["state"] == "slow"
    upstream.mode = ""
    session.type(uri, 32, 0, "r")
    assert (await session.offered(uri, 32, 1)).insert_text


async def test_after_a_fault_the_next_healthy_answer_is_shown_without_a_restart(session, upstream):
    upstream.mode = "status_503"
    await session.start(options={"upstream": "gitlab"})
    await session.settled("ready")
    uri = session.open("app.py", TEXT)
    assert await session.ask(uri, 1, 4, invoked=True) is None
    upstream.mode = ""
    session.type(uri, 1, 4, "r")
    assert (await session.offered(uri, 1, 5)).insert_text
    assert (await session.status())["state"] == "ready"
