"""A gateway that others on the network reach, as a process of its own."""

from __future__ import annotations

import json
import re
import socket
import ssl
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx2 as httpx
import pytest

from duo_lsp import wire, wire_chat
from duo_lsp.gateway import paths, token_file
from gateway import rig, team
from waiting import HANG, until

LOCAL = "127.0.0.1:0"
SECRET = "def transfer_to_zurich("


def test_it_speaks_tls(tmp_path: Path) -> None:
    cert, key = team.certificate(tmp_path)
    running = rig.start(rig.command(listen=LOCAL, tls_cert=cert, tls_key=key, hosts=["localhost"]))
    assert running.url.startswith("https://127.0.0.1:")
    context = ssl.create_default_context(cafile=cert)
    answer = httpx.get(
        running.url + wire.VERSION_PATH, headers={"PRIVATE-TOKEN": rig.TOKEN}, verify=context, trust_env=False
    )
    assert answer.status_code == 200
    with closing(socket.create_connection(("127.0.0.1", running.port), 10)) as plain:
        plain.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"HTTP/1.1 200" not in plain.recv(65536)


def test_a_token_given_and_taken_back_on_the_command_line_counts_at_once(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    running = rig.start(rig.command(token_file=file))

    def duo(*words: str) -> str:
        argv = [sys.executable, "-m", "duo_lsp.cli", "gateway", "token", *words, "--token-file", str(file)]
        return subprocess.run(argv, check=True, capture_output=True, text=True, timeout=60).stdout

    token = duo("add", "ann").strip()
    headers = {"PRIVATE-TOKEN": token}
    until(lambda: running.get(wire.ACCESS_PATH, **headers).status_code == 200)
    assert running.get(wire.ACCESS_PATH, **headers).json()["name"] == "ann"
    assert duo("revoke", "ann") == ""
    until(lambda: running.get(wire.ACCESS_PATH, **headers).status_code == 401)


def test_who_is_no_trusted_proxy_may_not_even_connect_without_tls() -> None:
    address = own_address()
    running = rig.start(rig.command(listen=f"{address}:0", engine="fixed", proxies=["192.0.2.1"]))
    assert httpx.get(running.url + "/health", trust_env=False).status_code == 403
    rig.stop(running)
    running = rig.start(rig.command(listen=f"{address}:0", engine="fixed", proxies=[f"{address}/32"]))
    assert httpx.get(running.url + "/health", trust_env=False).status_code == 200


def own_address() -> str:
    """An address of this machine that is not loopback."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; for documentation only (RFC 5737)
        except OSError:
            pytest.skip("this machine has no network")
        return str(probe.getsockname()[0])


@pytest.mark.parametrize(("proxies", "seen"), [([], "127.0.0.1"), (["127.0.0.1"], "203.0.113.9")])
def test_the_access_log_says_who_and_what_but_neither_code_nor_tokens(
    tmp_path: Path, proxies: list[str], seen: str
) -> None:
    token = token_file.add(tmp_path / "tokens.json", "Ann Önn")
    argv = [
        sys.executable,
        "-m",
        "duo_lsp.cli",
        "gateway",
        "--access-log",
        "--token-file",
        str(tmp_path / "tokens.json"),
    ]
    argv += [word for each in proxies for word in ("--trusted-proxy", each)]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        url = json.loads(process.stdout.readline())["url"]
        headers = {"PRIVATE-TOKEN": token, "X-Forwarded-For": "203.0.113.9"}
        body = rig.body(SECRET)
        httpx.post(url + wire.COMPLETIONS_PATH, json=body, headers=headers, trust_env=False)
        httpx.get(f"{url}/{token}/{SECRET}", headers=headers, trust_env=False)
        httpx.get(f"{url}{wire.VERSION_PATH}?private_token={token}", trust_env=False)
    finally:
        process.terminate()
        _, log = process.communicate(timeout=20)
    lines = [line.partition("access_log: ")[2] for line in log.splitlines()]
    assert len(lines) == 3
    assert re.fullmatch(rf"\S+\+00:00 {seen} Ann_Önn POST {wire.COMPLETIONS_PATH} 200 \d+\.\dms", lines[0])
    assert re.fullmatch(rf"\S+ {seen} - GET - 404 \S+", lines[1])
    assert re.fullmatch(rf"\S+ 127.0.0.1 - GET {wire.VERSION_PATH} 401 \S+", lines[2])
    assert not re.search(rf"zurich|{token}|{token[4:]}", log)


def test_figures_count_what_was_asked() -> None:
    running = rig.start(rig.command())
    for _ in range(3):
        running.post(rig.body(SECRET))
    running.post({})
    text = running.get(paths.METRICS, **{"PRIVATE-TOKEN": rig.TOKEN}).text
    labels = f'method="POST",path="{wire.COMPLETIONS_PATH}"'
    assert f'duo_lsp_gateway_requests_total{{{labels},status="200"}} 3.0' in text
    assert f'duo_lsp_gateway_requests_total{{{labels},status="400"}} 1.0' in text
    assert f'duo_lsp_gateway_request_seconds_count{{path="{wire.COMPLETIONS_PATH}"}} 4.0' in text
    assert "zurich" not in text
    assert running.get(paths.METRICS).status_code == 401


def test_where_the_model_is_is_told_to_the_log_and_not_to_others(unused_tcp_port: int) -> None:
    there = f"127.0.0.1:{unused_tcp_port}"
    argv = [sys.executable, "-m", "duo_lsp.cli", "gateway", "--listen", LOCAL, "--allow-host", "duo.example.com"]
    argv += ["--engine", "openai", "--url", f"http://{there}", "--model", "secret-model"]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        hello = json.loads(process.stdout.readline())
        headers, url = (
            {"PRIVATE-TOKEN": hello["token"], "Host": "duo.example.com"},
            f"http://127.0.0.1:{hello['url'].rpartition(':')[2]}",
        )
        said = [
            httpx.post(url + path, json=body, headers=headers, trust_env=False, timeout=HANG)
            for path, body in ((wire.COMPLETIONS_PATH, rig.body("x")), (wire_chat.CHAT_PATH, {"content": "?"}))
        ]
    finally:
        process.terminate()
        _, log = process.communicate(timeout=HANG)
    for answer in said:
        assert answer.headers[wire.REASON_HEADER].startswith("The model gives no answer. Whoever runs this gateway")
        assert not re.search(rf"{unused_tcp_port}|secret-model", f"{answer.text} {answer.headers}")
    assert f"Nothing answers as The model's server at {there}." in log
