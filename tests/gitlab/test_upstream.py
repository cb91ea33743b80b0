"""GitLab over real sockets, with a clock of our own: how many requests a refusal or a failure costs."""

import pytest

from duo_lsp import errors
from duo_lsp.gitlab.credentials import Credentials
from duo_lsp.gitlab.limits.admission import Admission
from duo_lsp.gitlab.limits.counts_file import CountsFile
from duo_lsp.gitlab.limits.gate import TRIES
from duo_lsp.gitlab.limits.limit import Limit
from duo_lsp.gitlab.limits.rate_limit import BURST
from duo_lsp.gitlab.token_source import FixedToken
from duo_lsp.gitlab.upstream import GitLabUpstream, connect
from duo_lsp.privacy.secrets import Secret
from duo_lsp.wire import CurrentFile, SuggestionRequest
from gitlab_server import Answer

LINES = 200
REQUEST = SuggestionRequest(CurrentFile("a.py", "above = 1\n" * LINES, "below = 1\n" * LINES), intent="completion")
TOO_LARGE = Answer(status=413, body={"message": "413 Request Entity Too Large"})
NO_NAMESPACE = {"error": "missing_default_duo_group", "message": {"error": "Choose one."}}
HOUR = 3_600


@pytest.fixture
async def open_upstream(gitlab_server, clock, tmp_path):
    made = []

    def make():
        given = Credentials(Secret("glpat-a"), gitlab_server.url, "test")
        limit = Limit(clock, CountsFile(gitlab_server.url, lambda: (tmp_path / "run",)), patience=10)
        made.append(GitLabUpstream(given, "duo-lsp/0", Admission("gitlab.example.com", clock, limit)))
        return made[-1]

    yield make
    for upstream in made:
        await upstream.close()


@pytest.fixture
def upstream(open_upstream):
    return open_upstream()


async def type_for(upstream, clock, seconds):
    """One key a second."""
    for _ in range(seconds):
        clock.now += 1
        if await upstream.admit(invoked=False) is None:
            try:
                await upstream.complete(REQUEST)
            except errors.UpstreamError as error:
                last = error
    return last


@pytest.mark.parametrize(
    ("status", "body", "every", "kind"),
    [
        (401, {"message": "401 Unauthorized"}, 60, errors.SignInError),
        (401, {"error": "invalid_token"}, 60, errors.TokenRefusedError),
        (402, {"error": "insufficient_credits"}, 600, errors.NoCreditsError),
        (403, {"error": "insufficient_scope"}, 600, errors.ScopeError),
        (404, {"message": "404 Not Found"}, 600, errors.NotThereError),
        (422, NO_NAMESPACE, 600, errors.SetupError),
    ],
)
async def test_a_refusal_that_lasts_costs_one_request_now_and_then(
    upstream, clock, gitlab_server, status, body, every, kind
):
    gitlab_server.answer = Answer(status=status, body=body)
    error = await type_for(upstream, clock, HOUR // 3)
    assert isinstance(error, kind)
    assert len(gitlab_server.suggestions) <= HOUR // 3 // every + 1
    gitlab_server.answer = "x"
    upstream.reconsider()
    assert await upstream.admit(invoked=False) is None
    assert (await upstream.complete(REQUEST)).texts == ("x",)


@pytest.mark.parametrize(
    "answer", [Answer(status=status) for status in (408, 500, 502, 503, 504, 529)] + [Answer(raw=b"")]
)
async def test_a_storm_of_five_minutes_costs_at_most_twelve_requests(upstream, clock, gitlab_server, answer):
    gitlab_server.answer = answer
    await type_for(upstream, clock, 300)
    assert TRIES < len(gitlab_server.suggestions) <= 12


async def test_one_that_heals_is_asked_as_before(upstream, gitlab_server):
    gitlab_server.script = [Answer(status=503), Answer(status=503)]
    gitlab_server.answer = "x"
    for _ in range(2):
        with pytest.raises(errors.BrokenError):
            await upstream.complete(REQUEST)
    for _ in range(5):
        assert await upstream.admit(invoked=False) is None
        assert (await upstream.complete(REQUEST)).texts == ("x",)


async def test_a_429_holds_every_server_of_this_person_until_it_is_over_and_then_one_request_goes(
    open_upstream, clock, gitlab_server
):
    one, other = open_upstream(), open_upstream()
    gitlab_server.script = [Answer(status=429, headers={"Retry-After": "120"})]
    gitlab_server.answer = "x"
    with pytest.raises(errors.LimitedError):
        await one.complete(REQUEST)
    for upstream in (one, other):
        assert (await upstream.admit(invoked=True)).seconds == 120
    clock.now += 120
    assert await other.admit(invoked=False) is None
    assert await one.admit(invoked=True) is not None


async def test_what_is_too_large_is_sent_once_more_by_half(upstream, gitlab_server):
    gitlab_server.script = [TOO_LARGE]
    gitlab_server.answer = "x"
    assert (await upstream.complete(REQUEST)).texts == ("x",)
    whole, half = (request.json["current_file"] for request in gitlab_server.suggestions)
    for side in ("content_above_cursor", "content_below_cursor"):
        assert len(half[side]) == len(whole[side]) // 2


async def test_what_is_too_large_by_half_as_well_is_given_up(upstream, gitlab_server):
    gitlab_server.answer = TOO_LARGE
    with pytest.raises(errors.TooLargeError):
        await upstream.complete(REQUEST)
    assert len(gitlab_server.suggestions) == 2


async def test_the_second_try_counts_as_a_request(upstream, gitlab_server):
    gitlab_server.answer = TOO_LARGE
    for _ in range(BURST):
        assert await upstream.admit(invoked=True) is None
    with pytest.raises(errors.TooLargeError):
        await upstream.complete(REQUEST)
    assert len(gitlab_server.suggestions) == 1


async def test_a_proxy_of_an_odd_kind_is_told_to_the_person_who_set_it(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1")
    with pytest.raises(errors.ProxyError, match="HTTPS_PROXY") as caught:
        await connect("https://gitlab.example.com", FixedToken(Secret("a")), "duo-lsp/0")
    assert caught.value.needs_person
