"""The client against real sockets: what it sends, what it makes of every answer."""

import asyncio
import gzip
import logging
import socket

import attrs
import pytest

from duo_lsp import errors, wire
from duo_lsp.gitlab.client import Deadlines, GitLabClient
from duo_lsp.gitlab.credentials import Credentials
from duo_lsp.gitlab.http import exchange, kept
from duo_lsp.gitlab.http.calls import MAX_ANSWER
from duo_lsp.gitlab.limits.admission import Admission
from duo_lsp.gitlab.token_source import FixedToken
from duo_lsp.gitlab.upstream import GitLabUpstream
from duo_lsp.privacy.secrets import Secret
from gitlab_server import Answer
from waiting import HANG, at_most

TOKEN = "glpat-secret-token-1234"
REQUEST = wire.SuggestionRequest(wire.CurrentFile("src/app.py", "def f():\n    ", "\n"), intent="completion")
GENERATION = wire.SuggestionRequest(
    wire.CurrentFile("a.py", "# hello\n"), intent="generation", generation_type="comment"
)
PATIENT = Deadlines(completion=HANG, generation=HANG, question=HANG)
SHORT = Deadlines(completion=0.4, generation=0.4, question=0.4)
"""For what never comes."""


def made(server, deadlines=PATIENT):
    return GitLabClient(server.url, FixedToken(Secret(TOKEN)), "duo-lsp/0.1 (Neovim/0.12)", deadlines=deadlines)


@pytest.fixture
async def client(gitlab_server):
    client = made(gitlab_server)
    yield client
    await client.close()


async def test_the_request_is_what_gitlab_documents(client, gitlab_server):
    gitlab_server.answer = "return 1"
    await client.complete(REQUEST)
    [sent] = gitlab_server.requests
    assert (sent.method, sent.path) == ("POST", "/api/v4/code_suggestions/completions")
    assert sent.headers["authorization"] == f"Bearer {TOKEN}"
    assert sent.headers["user-agent"] == "duo-lsp/0.1 (Neovim/0.12)"
    assert sent.headers["content-type"] == "application/json"
    assert sent.headers["accept-encoding"] == "identity"
    assert sent.json == {
        "current_file": {
            "file_name": "src/app.py",
            "content_above_cursor": "def f():\n    ",
            "content_below_cursor": "\n",
        },
        "intent": "completion",
    }


async def test_both_bodies_of_success_are_read(client, gitlab_server):
    gitlab_server.answer = "return 1"
    assert (await client.complete(REQUEST)).texts == ("return 1",)
    gitlab_server.answer = Answer(body={"choices": [{"text": "x"}], "metadata": {"model": {"name": "agent"}}})
    assert await client.complete(GENERATION) == wire.Answer(("x",), "agent")


@pytest.mark.parametrize("body", [{"choices": []}, {"choices": [{"text": ""}]}, {"choices": [{"text": None}]}])
async def test_nothing_to_offer_is_an_answer(client, gitlab_server, body):
    gitlab_server.answer = Answer(body=body)
    assert (await client.complete(REQUEST)).texts == ()


async def test_why_the_local_gateway_is_silent_is_passed_on(client, gitlab_server):
    gitlab_server.answer = Answer(body={"choices": []}, headers={wire.REASON_HEADER: "Unsure."})
    assert (await client.complete(REQUEST)).reason == "Unsure."


@pytest.mark.parametrize("silence", [None, "eager"])
async def test_how_sure_to_be_is_a_header_and_no_part_of_what_gitlab_documents(client, gitlab_server, silence):
    await client.complete(attrs.evolve(REQUEST, silence=silence))
    [sent] = gitlab_server.requests
    assert sent.headers.get(wire.SILENCE_HEADER.lower()) == silence
    assert "silence" not in sent.json


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (400, {"error": "intent does not have a valid value"}, errors.RefusedError, "intent does not have"),
        (401, {"message": "401 Unauthorized"}, errors.SignInError, "401 Unauthorized"),
        (401, {"error": "invalid_token", "error_description": "Token was revoked."}, errors.SignInError, "revoked"),
        (402, {"error": "insufficient_credits", "message": "None left"}, errors.NoCreditsError, "None left"),
        (403, {"detail": "Unauthorized to access code suggestions"}, errors.NotAllowedError, "Unauthorized to"),
        (404, {"message": "404 Not Found"}, errors.NotThereError, "no Code Suggestions"),
        (413, {"message": "413 Request Entity Too Large"}, errors.TooLargeError, "413"),
        (422, {"error": "missing_default_duo_group", "message": {"error": "x"}}, errors.SetupError, "refused"),
        (429, {"message": {"error": "This endpoint"}}, errors.LimitedError, "slow down"),
        (500, {"message": "500 Internal Server Error"}, errors.BrokenError, "500"),
        (502, b"<html><body>Bad gateway</body></html>", errors.BrokenError, "502"),
        (503, {"detail": "Inference failed"}, errors.BrokenError, "Inference failed"),
        (504, b"", errors.BrokenError, "504"),
        (418, [], errors.RefusedError, "418"),
    ],
)
async def test_every_status_is_one_of_our_errors_with_a_remedy(client, gitlab_server, status, body, kind, said):
    gitlab_server.answer = Answer(status=status, body=body)
    with pytest.raises(kind) as raised:
        await client.complete(REQUEST)
    assert said in str(raised.value)
    assert raised.value.hint
    assert raised.value.status == status
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(body=b"<!DOCTYPE html><html>Sign in</html>"), "a web page"),
        (Answer(body=b"not json"), "no JSON"),
        (Answer(body=b"\xff\xfe\x00"), "no JSON"),
        (Answer(body=b""), "no JSON"),
        (Answer(body=b"[" * 100_000), "no JSON"),
        (Answer(body=b"null"), "instead of a suggestion"),
        (Answer(body=[]), "cannot read"),
        (Answer(body={}), "cannot read"),
        (Answer(body={"choices": [{"text": 7}]}), "cannot read"),
        (Answer(body={"choices": [None]}), "cannot read"),
        (Answer(body={"choices": "x"}), "cannot read"),
        (Answer(body=b"x" * (MAX_ANSWER + 1)), "more than 2048 KiB"),
        (Answer(body=gzip.compress(b"x" * (MAX_ANSWER + 1)), headers={"Content-Encoding": "gzip"}), "more than 2048"),
        (Answer(body=b"{}", headers={"Content-Encoding": "br"}), "packed"),
    ],
)
async def test_an_answer_nobody_can_read_is_an_error_not_a_crash(client, gitlab_server, answer, said):
    gitlab_server.answer = answer
    with pytest.raises(errors.BadAnswerError, match=said):
        await client.complete(REQUEST)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_never_followed(client, gitlab_server, status):
    gitlab_server.answer = Answer(status=status, headers={"Location": gitlab_server.url + "/elsewhere"})
    with pytest.raises(errors.InterceptedError, match=r"sends us to 127\.0\.0\.1:\d+, where our token does not go"):
        await client.complete(REQUEST)
    assert len(gitlab_server.requests) == 1


@pytest.mark.parametrize("location", ["/sign-in", "", "https://ev il", "javascript:x", "https://[bad"])
async def test_where_a_redirect_leads_is_named_only_when_it_is_a_host(client, gitlab_server, location):
    gitlab_server.answer = Answer(status=302, headers={"Location": location})
    with pytest.raises(errors.InterceptedError, match="sends us to another page"):
        await client.complete(REQUEST)


@pytest.mark.parametrize(
    "answer",
    [Answer(hang=True), Answer(delay=60), Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")],
    ids=["silence", "late", "cut short"],
)
async def test_a_server_that_does_not_finish_is_left_at_the_deadline(gitlab_server, answer):
    gitlab_server.answer = answer
    client = made(gitlab_server, SHORT)
    async with at_most(SHORT.completion):
        with pytest.raises((errors.SlowError, errors.CutShortError)):
            await client.complete(REQUEST)
    await client.close()


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"", errors.OfflineError),
        (b"garbage\r\n\r\n", errors.BadAnswerError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}", errors.CutShortError),
        (b"HTTP/1.1 503 Sorry\r\nContent-Length: 100\r\n\r\n{}", errors.BrokenError),
    ],
)
async def test_a_broken_connection_is_told_apart_by_where_it_broke(client, gitlab_server, raw, kind):
    gitlab_server.answer = Answer(raw=raw)
    with pytest.raises(errors.UpstreamError) as raised:
        await client.complete(REQUEST)
    assert type(raised.value) is kind


async def test_nobody_listening_is_offline_and_says_so_at_once():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    client = GitLabClient(f"http://127.0.0.1:{port}", FixedToken(Secret(TOKEN)), "duo-lsp/0")
    with pytest.raises(errors.OfflineError, match="refused"):
        await client.complete(REQUEST)
    await client.close()


async def test_a_certificate_nobody_vouches_for_is_not_accepted(self_signed_server):
    client = GitLabClient(self_signed_server, FixedToken(Secret(TOKEN)), "duo-lsp/0")
    with pytest.raises(errors.UntrustedError, match="certificate is not trusted"):
        await client.complete(REQUEST)
    await client.close()


async def test_the_way_through_a_proxy_is_not_for_this_machine(gitlab_server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    client = GitLabClient(gitlab_server.url, FixedToken(Secret(TOKEN)), "duo-lsp/0", deadlines=PATIENT)
    gitlab_server.answer = "x"
    assert (await client.complete(REQUEST)).texts == ("x",)
    await client.close()


class Clocks:
    """Two clocks of a machine: the monotonic one stands still while it sleeps."""

    def __init__(self):
        self.monotonic, self.wall = 1000.0, 1_000_000.0

    def wait(self, seconds):
        self.monotonic += seconds
        self.wall += seconds

    def sleep(self, seconds):
        self.wall += seconds


@pytest.fixture
def clocks():
    return Clocks()


@pytest.fixture
async def keeping(gitlab_server, clocks):
    """A client on such a machine, which has a connection."""
    made = GitLabClient(
        gitlab_server.url,
        FixedToken(Secret(TOKEN)),
        "duo-lsp/0",
        deadlines=PATIENT,
        clock=lambda: clocks.monotonic,
        wall=lambda: clocks.wall,
    )
    await made.complete(REQUEST)
    yield made
    await made.close()


async def test_no_connection_is_trusted_after_sleep(keeping, clocks, gitlab_server):
    clocks.sleep(3600)
    for _ in range(2):
        await keeping.complete(GENERATION)
    assert gitlab_server.connections == 2


@pytest.mark.parametrize("dead", [Answer(raw=b""), Answer(hang=True)], ids=["closed", "half open"])
async def test_a_connection_that_died_in_a_long_idle_costs_less_than_a_second(keeping, clocks, gitlab_server, dead):
    gitlab_server.script = [dead]
    gitlab_server.answer = "after"
    clocks.wait(30)
    async with at_most(kept.PATIENCE):
        assert (await keeping.complete(REQUEST)).texts == ("after",)
    assert gitlab_server.connections == 2
    assert (await keeping.complete(REQUEST)).texts == ("after",)
    assert gitlab_server.connections == 2


async def test_one_that_is_alive_is_kept(keeping, clocks, gitlab_server):
    clocks.wait(30)
    gitlab_server.answer = "still there"
    assert (await keeping.complete(REQUEST)).texts == ("still there",)
    assert gitlab_server.connections == 1


@pytest.fixture
def hasty(monkeypatch):
    """Less patience with kept connections than an answer takes."""
    monkeypatch.setattr(exchange, "PATIENCE", 0.05)
    return Answer("slow", delay=0.2)


async def test_what_takes_long_by_nature_is_waited_for(keeping, clocks, gitlab_server, hasty):
    clocks.wait(30)
    gitlab_server.answer = hasty
    assert (await keeping.complete(GENERATION)).texts == ("slow",)
    assert len(gitlab_server.requests) == 2


async def test_a_connection_in_use_is_not_given_up_for_being_slow(keeping, gitlab_server, hasty):
    gitlab_server.answer = hasty
    assert (await keeping.complete(REQUEST)).texts == ("slow",)
    assert len(gitlab_server.requests) == 2


async def test_a_fresh_connection_is_tried_once(client, gitlab_server):
    gitlab_server.answer = Answer(raw=b"")
    with pytest.raises(errors.OfflineError):
        await client.complete(REQUEST)
    assert len(gitlab_server.requests) == 1


async def test_others_keep_their_connection_when_one_was_dead(client, gitlab_server):
    await client.complete(REQUEST)
    gitlab_server.script = [Answer("slow", delay=0.2), Answer(raw=b"")]
    slow = asyncio.ensure_future(client.complete(REQUEST))
    await gitlab_server.arrived(2)
    gitlab_server.answer = "x"
    with pytest.raises(errors.OfflineError):
        await client.complete(REQUEST)
    assert (await slow).texts == ("slow",)


class Renewing:
    """A login that has another token once."""

    def __init__(self, *tokens):
        self.tokens = [Secret(token) for token in tokens]
        self.refused = []

    async def current(self):
        return self.tokens[0]

    async def renewed(self, refused):
        self.refused.append(refused)
        self.tokens.pop(0)
        return self.tokens[0] if self.tokens else None

    async def close(self):
        pass


INVALID = Answer(status=401, body={"error": "invalid_token", "error_description": "Token is expired."})


async def test_a_token_that_is_not_valid_any_more_is_renewed_once(gitlab_server):
    tokens = Renewing("old-token", "new-token", "newest-token")
    gitlab_server.script = [INVALID, INVALID, INVALID]
    client = GitLabClient(gitlab_server.url, tokens, "duo-lsp/0", deadlines=PATIENT)
    with pytest.raises(errors.TokenRefusedError):
        await client.complete(REQUEST)
    assert [sent.headers["authorization"] for sent in gitlab_server.requests] == [
        "Bearer old-token",
        "Bearer new-token",
    ]
    assert tokens.refused == [Secret("old-token")]
    await client.close()


async def test_after_a_renewal_the_answer_comes(gitlab_server):
    gitlab_server.script = [INVALID, "x"]
    client = GitLabClient(gitlab_server.url, Renewing("old-token", "new-token"), "duo-lsp/0", deadlines=PATIENT)
    assert (await client.complete(REQUEST)).texts == ("x",)
    await client.close()


@pytest.mark.parametrize(
    "refusal", [Answer(status=401, body={"message": "401 Unauthorized"}), Answer(status=403, body={"message": "no"})]
)
async def test_another_token_does_not_help_who_may_not(gitlab_server, refusal):
    tokens = Renewing("old-token", "new-token")
    gitlab_server.answer = refusal
    client = GitLabClient(gitlab_server.url, tokens, "duo-lsp/0", deadlines=PATIENT)
    with pytest.raises(errors.RefusedError):
        await client.complete(REQUEST)
    assert not tokens.refused
    await client.close()


async def test_a_renewal_that_takes_too_long_ends_at_the_deadline(gitlab_server):
    class Slow(Renewing):
        async def current(self):
            await asyncio.sleep(60)

    client = GitLabClient(gitlab_server.url, Slow("a-token"), "duo-lsp/0", deadlines=SHORT)
    with pytest.raises(errors.SlowError):
        await client.complete(REQUEST)
    await client.close()


async def test_half_a_character_is_sent_as_a_question_mark(client, gitlab_server):
    await client.complete(wire.SuggestionRequest(wire.CurrentFile("a.py", "x = '\ud83d'"), intent="completion"))
    assert gitlab_server.requests[0].above == "x = '?'"


async def test_connections_are_used_again(client, gitlab_server):
    gitlab_server.answer = "x"
    for _ in range(5):
        await client.complete(REQUEST)
    assert len(gitlab_server.requests) == 5
    assert gitlab_server.connections == 1


async def test_a_path_before_the_api_is_kept(gitlab_server):
    client = GitLabClient(gitlab_server.url + "/gitlab", FixedToken(Secret(TOKEN)), "duo-lsp/0", deadlines=PATIENT)
    with pytest.raises(errors.NotThereError):
        await client.complete(REQUEST)
    assert gitlab_server.requests[0].path == "/gitlab/api/v4/code_suggestions/completions"
    await client.close()


async def test_the_version_is_told(client):
    assert await client.version() == "18.6.0-ee"


async def test_neither_token_nor_code_reaches_a_log(client, gitlab_server, caplog):
    caplog.set_level(logging.DEBUG, "duo_lsp")
    gitlab_server.script = ["return secret_code", Answer(status=500), Answer(body=b"nonsense")]
    gitlab_server.answer = Answer(raw=b"")
    await client.complete(REQUEST)
    for _ in range(3):
        with pytest.raises(errors.UpstreamError) as raised:
            await client.complete(REQUEST)
        assert TOKEN not in repr(raised.value)
    assert TOKEN not in caplog.text
    assert "secret_code" not in caplog.text
    assert "def f" not in caplog.text


async def test_one_client_is_made_however_many_ask(gitlab_server):
    gitlab_server.answer = "x"
    given = Credentials(Secret(TOKEN), gitlab_server.url, "test")
    upstream = GitLabUpstream(given, "duo-lsp/0", Admission(given.base_url, lambda: 0.0, None))
    assert upstream.ready()
    clients = await asyncio.gather(*(upstream.client() for _ in range(5)))
    assert len(set(map(id, clients))) == 1
    assert (await upstream.complete(REQUEST)).texts == ("x",)
    await upstream.close()
