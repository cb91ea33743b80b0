"""The client against real sockets: what it sends, what it makes of every answer."""

import asyncio
import gzip
import logging
import socket
import time

import pytest

from duo_lsp import errors, wire
from duo_lsp.gitlab.client import MAX_ANSWER, Deadlines, GitLabClient
from duo_lsp.gitlab.credentials import Credentials
from duo_lsp.gitlab.upstream import GitLabUpstream
from duo_lsp.privacy.secrets import Secret
from gitlab_server import Answer

TOKEN = "glpat-secret-token-1234"
REQUEST = wire.SuggestionRequest(wire.CurrentFile("src/app.py", "def f():\n    ", "\n"), intent="completion")
GENERATION = wire.SuggestionRequest(
    wire.CurrentFile("a.py", "# hello\n"), intent="generation", generation_type="comment"
)
SHORT = Deadlines(completion=0.4, generation=0.4, question=0.4)


@pytest.fixture
async def client(gitlab_server):
    made = GitLabClient(gitlab_server.url, Secret(TOKEN), "duo-lsp/0.1 (Neovim/0.12)", deadlines=SHORT)
    yield made
    await made.close()


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


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (400, {"error": "intent does not have a valid value"}, errors.RefusedError, "intent does not have"),
        (401, {"message": "401 Unauthorized"}, errors.SignInError, "401 Unauthorized"),
        (401, {"error": "invalid_token", "error_description": "Token was revoked."}, errors.SignInError, "revoked"),
        (402, {"error": "insufficient_credits", "message": "None left"}, errors.NotAllowedError, "None left"),
        (403, {"detail": "Unauthorized to access code suggestions"}, errors.NotAllowedError, "Unauthorized to"),
        (404, {"message": "404 Not Found"}, errors.NotThereError, "404"),
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
        (Answer(body=b"<!DOCTYPE html><html>Sign in</html>"), "a page"),
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
        (Answer(body=b"x" * (MAX_ANSWER + 1)), "more than 256 KiB"),
        (Answer(body=gzip.compress(b"x" * 1000), headers={"Content-Encoding": "gzip"}), "packed"),
    ],
)
async def test_an_answer_nobody_can_read_is_an_error_not_a_crash(client, gitlab_server, answer, said):
    gitlab_server.answer = answer
    with pytest.raises(errors.BadAnswerError, match=said):
        await client.complete(REQUEST)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_never_followed(client, gitlab_server, status):
    gitlab_server.answer = Answer(status=status, headers={"Location": gitlab_server.url + "/elsewhere"})
    with pytest.raises(errors.BadAnswerError, match="token stays here"):
        await client.complete(REQUEST)
    assert len(gitlab_server.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [Answer(hang=True), Answer(delay=5), Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")],
    ids=["silence", "late", "cut short"],
)
async def test_a_server_that_does_not_finish_is_left_at_the_deadline(client, gitlab_server, answer):
    gitlab_server.answer = answer
    started = time.monotonic()
    with pytest.raises((errors.SlowError, errors.OfflineError)):
        await client.complete(REQUEST)
    assert time.monotonic() - started < SHORT.completion + 0.5


@pytest.mark.parametrize("raw", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}"])
async def test_a_broken_connection_is_offline(client, gitlab_server, raw):
    gitlab_server.answer = Answer(raw=raw)
    with pytest.raises(errors.OfflineError, match="cannot be reached"):
        await client.complete(REQUEST)


async def test_nobody_listening_is_offline_and_says_so_at_once():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    client = GitLabClient(f"http://127.0.0.1:{port}", Secret(TOKEN), "duo-lsp/0")
    with pytest.raises(errors.OfflineError, match="refused"):
        await client.complete(REQUEST)
    await client.close()


async def test_a_certificate_nobody_vouches_for_is_not_accepted(self_signed_server):
    client = GitLabClient(self_signed_server, Secret(TOKEN), "duo-lsp/0")
    with pytest.raises(errors.OfflineError, match="certificate is not trusted"):
        await client.complete(REQUEST)
    await client.close()


async def test_the_way_through_a_proxy_is_not_for_this_machine(gitlab_server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    client = GitLabClient(gitlab_server.url, Secret(TOKEN), "duo-lsp/0", deadlines=SHORT)
    gitlab_server.answer = "x"
    assert (await client.complete(REQUEST)).texts == ("x",)
    await client.close()


async def test_connections_are_used_again(client, gitlab_server):
    gitlab_server.answer = "x"
    for _ in range(5):
        await client.complete(REQUEST)
    assert len(gitlab_server.requests) == 5
    assert gitlab_server.connections == 1


async def test_a_path_before_the_api_is_kept(gitlab_server):
    client = GitLabClient(gitlab_server.url + "/gitlab", Secret(TOKEN), "duo-lsp/0", deadlines=SHORT)
    with pytest.raises(errors.NotThereError):
        await client.complete(REQUEST)
    assert gitlab_server.requests[0].path == "/gitlab/api/v4/code_suggestions/completions"
    await client.close()


async def test_the_version_is_told(client):
    assert await client.version() == "18.6.0-ee"


async def test_neither_token_nor_code_reaches_a_log(client, gitlab_server, caplog):
    caplog.set_level(logging.DEBUG, "duo_lsp")
    gitlab_server.script = ["return secret_code", Answer(status=500), Answer(body=b"nonsense"), Answer(raw=b"")]
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
    upstream = GitLabUpstream(Credentials(Secret(TOKEN), gitlab_server.url, "test"), "duo-lsp/0")
    assert upstream.ready()
    clients = await asyncio.gather(*(upstream.client() for _ in range(5)))
    assert len(set(map(id, clients))) == 1
    assert (await upstream.complete(REQUEST)).texts == ("x",)
    await upstream.close()
