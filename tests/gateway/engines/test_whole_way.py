"""From a person's shell through the language server's parts and the gateway to a real model, and back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from duo_lsp import wire, wire_chat
from gateway import rig, served
from gateway.inprocess import call
from waiting import until

# one model after the other, and each has its time where other tests run beside
pytestmark = [pytest.mark.timeout(200), pytest.mark.xdist_group("models")]
CODE = "def add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    return a -"
QUESTION = "What is the capital of France? Answer in one short sentence."
TIME = 30
"""Seconds for the model: other tests run beside."""


def duo(*words: str, environment: dict[str, str], **more: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "duo_lsp.cli", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=150, check=False, **more)


@pytest.fixture
def asking(small: served.Served, environment: dict[str, str]) -> dict[str, str]:
    """The environment of a person who has a model."""
    wanted = {"ENGINE": "llama.cpp", "URL": small.url, "TIMEOUT": str(TIME)}
    return {**environment, **{f"DUO_LSP_LOCAL_ENGINE__{name}": value for name, value in wanted.items()}}


def test_a_question_in_a_shell_is_answered_by_the_model(asking: dict[str, str]) -> None:
    done = duo("chat", QUESTION, environment=asking)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Paris" in done.stdout


def test_why_there_is_no_answer_is_said_in_the_shell(environment: dict[str, str], unused_tcp_port: int) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}"
    wanted = {"DUO_LSP_LOCAL_ENGINE__ENGINE": "ollama", "DUO_LSP_LOCAL_ENGINE__URL": url}
    done = duo("chat", QUESTION, environment={**environment, **wanted})
    assert done.returncode == 1
    assert f"Nothing answers as Ollama at 127.0.0.1:{unused_tcp_port}. Is it running?" in done.stderr


@pytest.fixture
def gateway(small: served.Served, environment: dict[str, str]) -> Iterator[rig.Running]:
    """The command of the README, in front of the model."""
    options = ["--engine", "openai", "--url", small.url, "--model-timeout", str(TIME)]
    command = [sys.executable, "-m", "duo_lsp.cli", "gateway", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        hello = json.loads(process.stdout.readline())
        yield rig.Running(process, hello["url"], hello["token"])
        process.terminate()


def test_over_rest_the_model_completes_and_chats_and_says_who_it_is(gateway: rig.Running) -> None:
    answer = gateway.post(rig.body(CODE, "\n", intent="completion")).raise_for_status().json()
    assert answer["choices"][0]["text"].startswith(" b")
    assert answer["model"]["name"].startswith("The model's server at 127.0.0.1:")
    headers = {"PRIVATE-TOKEN": gateway.token}
    said = httpx.post(
        gateway.url + wire_chat.CHAT_PATH, json={"content": QUESTION}, headers=headers, timeout=150, trust_env=False
    )
    assert said.status_code == 201
    assert "Paris" in said.json()
    assert wire.REASON_HEADER not in said.headers


def test_who_leaves_while_the_model_reads_or_answers_frees_it(gateway: rig.Running, small: served.Served) -> None:
    gateway.post(rig.body("x = ")).raise_for_status()  # which finds out what its server takes
    question = {"content": "Count from 1 to 1000, in words, one number a line. Leave out none."}
    for path, body in (
        (wire_chat.CHAT_PATH, question),
        (wire.COMPLETIONS_PATH, rig.body("# count\n", intent="generation")),
        (wire.COMPLETIONS_PATH, rig.body("# count\n", intent="generation", stream=True)),
        (wire.COMPLETIONS_PATH, rig.body("def add(a, b):\n    return a + b\n" * 60)),
    ):
        content = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nPRIVATE-TOKEN: {gateway.token}\r\n"
        with closing(call(gateway.port)) as wire_:
            wire_.sendall(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
            until(lambda: small.busy)
        until(lambda: not small.busy)
        assert small.was_stopped


def test_a_file_alone_is_enough(environment: dict[str, str], tmp_path: Path) -> None:
    served.need()
    (tmp_path / "a.py").write_text(CODE)
    wanted = {"ENGINE": "llama.cpp", "MODEL": str(served.SMALL), "TIMEOUT": str(TIME)}
    more = {f"DUO_LSP_LOCAL_ENGINE__{name}": value for name, value in wanted.items()}
    given = {**environment, **more, "PYTHONPATH": str(served.PYTHON)}
    done = duo("chat", QUESTION, environment=given, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Paris" in done.stdout
