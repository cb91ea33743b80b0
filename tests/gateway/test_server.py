"""The gateway as a process of its own: sockets, signals, stdin."""

from __future__ import annotations

import json
import socket
import statistics
import time
from contextlib import closing

import httpx2 as httpx
import psutil
import pytest

from duo_lsp.errors import UsageError
from duo_lsp.gateway import reading
from duo_lsp.gateway.options import Options
from duo_lsp.gateway.server import serve
from gateway import rig
from gateway.rig import Running
from gitlab_server import GitLabServer
from waiting import HANG, best


def talk(port: int, sent: bytes) -> bytes:
    """Everything the gateway says until it closes the connection."""
    with closing(socket.create_connection(("127.0.0.1", port), 10)) as wire:
        wire.sendall(sent)
        said = b""
        while part := wire.recv(65536):
            said += part
    return said


def test_it_listens_on_loopback_only(running: Running) -> None:
    listening = [found for found in psutil.Process(running.process.pid).net_connections() if found.status == "LISTEN"]
    assert [found.laddr.ip for found in listening] == ["127.0.0.1"]
    assert running.url == f"http://127.0.0.1:{listening[0].laddr.port}"


def test_health_over_a_real_connection_says_nothing_about_the_software(running: Running) -> None:
    answer = running.get("/health")
    assert answer.json() == {"status": "ok", "index": "none", "learnt": 100}
    assert not {"server", "date"} & set(answer.headers)


def test_without_child_stdin_means_nothing(running: Running) -> None:
    assert running.process.stdin
    running.process.stdin.close()
    time.sleep(0.02)
    assert running.get("/health").status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"GARBAGE\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: a\r\nHost: localhost\r\n\r\n",
        b"GET /health HTTP/1.1\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20_000,
        b"GET /health HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\nX: " + b"x" * 40_000 + b"\r\n\r\n",
        b"GET /health?" + b"x" * 40_000 + b" HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\n\r\n",
    ],
)
def test_what_is_no_http_gets_400_in_gitlabs_shape(running: Running, sent: bytes) -> None:
    head, _, body = talk(running.port, sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body) == {"error": "400 Bad Request"}


def test_a_foreign_host_is_refused_on_the_wire(running: Running) -> None:
    said = talk(running.port, b"GET /health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 403 ")


def test_a_client_that_leaves_while_sending_harms_nobody(running: Running) -> None:
    head = f"POST {rig.COMPLETIONS} HTTP/1.1\r\nHost: localhost\r\nPRIVATE-TOKEN: {rig.TOKEN}\r\n"
    with closing(socket.create_connection(("127.0.0.1", running.port), 10)) as wire:
        wire.sendall(head.encode() + b"Content-Length: 100\r\n\r\n{")
    assert running.get("/health").status_code == 200


def test_a_body_just_too_large_is_read_and_refused(running: Running) -> None:
    answer = running.post(b"x" * (reading.CAP + 1))
    assert (answer.status_code, answer.json()) == (413, {"message": "413 Request Entity Too Large"})


def test_a_suggestion_over_a_real_connection(running: Running) -> None:
    above = "def total(prices):\n    result = sum(prices)\n    return result\n\n" * 2 + "def total(pri"
    assert running.suggest(above).startswith("ces):")


def test_an_answer_is_not_held_back_by_nagles_algorithm(running: Running, gitlab_server: GitLabServer) -> None:
    def median(url: str) -> float:
        with httpx.Client(trust_env=False, timeout=HANG) as client:

            def ask() -> object:
                return client.post(url + rig.COMPLETIONS, json={}, headers={"PRIVATE-TOKEN": running.token})

            return statistics.median(best(ask, time.monotonic, 1) for _ in range(40))

    assert median(running.url) < 3 * median(gitlab_server.url) + 0.02  # it would hold back 40 ms


def test_a_port_in_use_is_an_error_with_a_remedy(running: Running) -> None:
    with pytest.raises(UsageError, match="--port") as caught:
        serve(Options(port=running.port), lambda _url, _token: None)
    assert str(running.port) in caught.value.sentence


def test_a_port_that_cannot_be_is_an_error_too() -> None:
    with pytest.raises(UsageError, match="Port 70000"):
        serve(Options(port=70000), lambda _url, _token: None)


def test_every_start_has_a_token_of_its_own_that_is_not_shown() -> None:
    first, second = Options(), Options()
    assert len(first.token) >= 43
    assert first.token != second.token
    assert first.token not in repr(first)
