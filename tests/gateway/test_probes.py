"""What a hostile client, page or proxy tries, byte for byte."""

from __future__ import annotations

import json
import socket
from contextlib import ExitStack, closing
from datetime import UTC, datetime

import pytest

from duo_lsp import wire
from duo_lsp.gateway import access_log, app, guard, observing, refusals
from duo_lsp.gateway.engines import Completion
from duo_lsp.gateway.models import problems
from gateway import rig
from gateway.inprocess import answered, call, serving
from gateway.rig import MadeUp, Running
from waiting import until

HEALTH = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"
POST = f"POST {rig.COMPLETIONS} HTTP/1.1\r\nHost: localhost\r\nPRIVATE-TOKEN: {rig.TOKEN}\r\n".encode()
CHUNKED = b"Transfer-Encoding: chunked\r\n"


def everything(port: int, sent: bytes) -> bytes:
    """What is said until the connection ends, which it has to."""
    with closing(call(port)) as sock:
        sock.sendall(sent)
        said = b""
        while part := sock.recv(1 << 16):
            said += part
    return said


@pytest.mark.parametrize(
    "head",
    [
        POST + b"Content-Length: 5\r\n" + CHUNKED,
        POST + CHUNKED + b"Content-Length: 5\r\n",
        POST.replace(b"1.1", b"1.0") + CHUNKED,
    ],
)
def test_a_request_hidden_in_another_one_is_not_answered(running: Running, head: bytes) -> None:
    said = everything(running.port, head + b"\r\n0\r\n\r\n" + HEALTH + b"\r\n")
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1 ") == 1
    assert said.endswith(b'{"error":"400 Bad Request"}')


@pytest.mark.parametrize(
    "line",
    [
        b"Origin: http://localhost",
        b"ORIGIN:",
        b"Sec-Fetch-Site: cross-site",
        b"Sec-Fetch-Site: same-origin",
        b"Host: localhost:80@evil.example",
        b"Host: evil.example",
    ],
)
def test_no_page_gets_a_word(running: Running, line: bytes) -> None:
    head = HEALTH.partition(b"Host")[0] if line.startswith(b"Host") else HEALTH
    with closing(call(running.port)) as sock:
        sock.sendall(head + line + b"\r\n\r\n")
        assert answered(sock)[0] == 403


def test_who_opens_the_description_by_hand_sees_it(running: Running) -> None:
    with closing(call(running.port)) as sock:
        sock.sendall(HEALTH.replace(b"health", b"openapi.json") + b"Sec-Fetch-Site: none\r\n\r\n")
        assert answered(sock)[0] == 200


@pytest.mark.parametrize("upgrade", [b"websocket", b"h2c", b"TLS/1.0"])
def test_nobody_leaves_http(running: Running, upgrade: bytes) -> None:
    with closing(call(running.port)) as sock:
        sock.sendall(HEALTH + b"Connection: upgrade\r\nUpgrade: " + upgrade + b"\r\n\r\n")
        assert answered(sock)[0] == 200
        sock.sendall(b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert answered(sock)[0] == 404


def test_bodies_of_all_have_a_room_together_which_is_given_back() -> None:
    body = json.dumps(rig.body("x" * 60_000)).encode()
    inner = app.application(MadeUp(), rig.TOKEN, 0)
    assert isinstance(inner, guard.Guard)
    small = guard.Guard(inner._app, room=3 * len(body))
    begun = POST + b"Content-Length: %d\r\n\r\n" % len(body)
    with serving(small) as port, ExitStack() as stack:

        def half() -> socket.socket:
            sock = stack.enter_context(closing(call(port)))
            sock.sendall(begun + body[:-1])
            return sock

        waiting = [half() for _ in range(4)]
        refused = until(lambda: [sock for sock in waiting if _is_answered(sock)])
        assert [answered(sock)[0] for sock in refused] == [503]
        for sock in waiting:
            if sock not in refused:
                sock.sendall(body[-1:])
                assert answered(sock)[0] == 200
        until(lambda: small._room == 3 * len(body))


def _is_answered(sock: socket.socket) -> bool:
    """Whether there is something to read within a moment."""
    sock.settimeout(0.1)
    try:
        return bool(sock.recv(1, socket.MSG_PEEK))
    except TimeoutError:
        return False
    finally:
        sock.settimeout(20)


@pytest.mark.parametrize("client", ["6.6.6.6 admin GET /x 200 1.0ms", "\x9b31m", "localhost", ""])
async def test_what_a_proxy_passes_on_cannot_forge_a_line_of_the_log(
    client: str, caplog: pytest.LogCaptureFixture
) -> None:
    watched = observing.Observing(
        app.application(MadeUp(), rig.TOKEN, 0), [access_log.start(lambda: datetime(1, 1, 1, tzinfo=UTC))]
    )
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/health",
        "headers": [(b"host", b"localhost")],
        "query_string": b"",
        "client": (client, 0),
    }

    async def ignore(_: object) -> None: ...

    async def receive() -> dict[str, object]:
        return {"type": "http.request"}

    with caplog.at_level("INFO", "duo_lsp"):
        await watched(scope, receive, ignore)
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("0001-01-01T00:00:00+00:00 - - GET /health 200 ")


async def test_a_reason_with_line_ends_is_no_second_header() -> None:
    silent = MadeUp(Completion("", "no\r\nX-Evil: 1\x1b[31m\u2028é"))
    async with rig.client(silent) as client:
        answer = await client.post(rig.COMPLETIONS, json=rig.body())
    assert answer.headers[wire.REASON_HEADER] == "no??X-Evil: 1?[31m??"
    assert "x-evil" not in answer.headers


def test_names_that_a_server_gave_its_models_cannot_steer_a_terminal() -> None:
    told = str(problems.which("It", "x", ["\x1b]0;owned\x07", "a\nb", "y" * 10_000], ""))
    assert told.isprintable()
    assert len(told) < 500


@pytest.mark.parametrize(
    "name", ["../../../../etc/passwd", "/etc/passwd", "a\x00.py", "a\n\r\x1b.py", "C:\\x", "x" * 255]
)
def test_a_files_name_opens_nothing(running: Running, name: str) -> None:
    body = rig.body("root:x:0:0:ro")
    body["current_file"]["file_name"] = name
    answer = running.post(body)
    assert answer.status_code == 200
    assert "/bin" not in answer.text


def test_no_answer_in_the_middle_of_a_body_is_a_failure_of_ours(running: Running) -> None:
    for rest in (b"Content-Length: 9\r\n\r\n{", CHUNKED + b"\r\n2\r\n{}XX0\r\n\r\n"):
        with closing(call(running.port)) as sock:
            sock.sendall(POST + rest)
    figures = until(lambda: _gone(running))
    assert 'status="500"' not in figures


def _gone(running: Running) -> str:
    text = running.get("/metrics", **{"PRIVATE-TOKEN": rig.TOKEN}).text
    return text if f'path="{rig.COMPLETIONS}",status="{refusals.GONE.status}"}} 2.0' in text else ""
