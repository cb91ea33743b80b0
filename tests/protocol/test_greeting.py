"""The answer to initialize before anything heavy is loaded."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types as lsp

from duo_lsp.protocol import greeting
from duo_lsp.protocol.converter import make_converter
from duo_lsp.protocol.frames import frame
from duo_lsp.protocol.pipes import Pipes

HEAVY = [
    "asyncio",
    "attr",
    "cattrs",
    "lsprotocol",
    "pygls",
    "orjson",
    "httpx2",
    "httpcore2",
    "anyio",
    "ssl",
    "truststore",
]
HEAVY += ["starlette", "uvicorn", "tree_sitter", "keyring", "pathspec"]
HEAVY += ["duo_lsp.gateway", "duo_lsp.gitlab", "duo_lsp.suggestions"]
HELLO = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"processId": None, "capabilities": {}}}
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))
ABILITIES = st.dictionaries(
    st.sampled_from(["workspace", "textDocument", "window", "general", "notebookDocument", "experimental", "odd"]),
    st.dictionaries(
        st.sampled_from(["configuration", "completion", "inlineCompletion", "positionEncodings", "synchronization"]),
        VALUES,
    )
    | VALUES,
)
PARAMS = st.fixed_dictionaries(
    {"capabilities": ABILITIES},
    optional={
        "processId": SCALARS,
        "clientInfo": st.fixed_dictionaries({"name": SCALARS}, optional={"version": SCALARS}) | VALUES,
        "locale": SCALARS,
        "rootPath": SCALARS,
        "rootUri": SCALARS,
        "trace": st.sampled_from(["off", "messages", "verbose", "loud", 1, None]),
        "workspaceFolders": st.lists(st.fixed_dictionaries({"uri": SCALARS, "name": SCALARS}), max_size=2) | VALUES,
        "workDoneToken": SCALARS,
        "initializationOptions": VALUES,
    },
)


def promise(params):
    return {"seen": sorted(params)}


def greeted(*pieces):
    """What is made of these bytes, and what the client got."""
    there, incoming = os.pipe()
    outgoing, back = os.pipe()
    for piece in pieces:
        os.write(incoming, piece)
    os.close(incoming)
    hello = greeting.greet(Pipes(there, back), promise)
    os.close(back)
    with os.fdopen(outgoing, "rb") as answers:
        said = answers.read()
    os.close(there)
    return hello, said


def test_an_initialize_is_answered_and_its_bytes_are_kept_for_the_server():
    sent = frame(json.dumps(HELLO).encode()) + b"Content-Length: 5"
    hello, said = greeted(sent)
    assert hello == greeting.Greeting(sent, answered=True)
    head, body = said.split(b"\r\n\r\n")
    assert head == b"Content-Length: %d" % len(body)
    assert json.loads(body) == {"jsonrpc": "2.0", "id": 1, "result": {"seen": ["capabilities", "processId"]}}


@pytest.mark.parametrize(
    "message",
    [
        HELLO | {"method": "shutdown"},
        HELLO | {"jsonrpc": "1.0"},
        HELLO | {"id": None},
        HELLO | {"id": True},
        HELLO | {"id": 1.5},
        HELLO | {"params": None},
        HELLO | {"params": [{}]},
        HELLO | {"params": {"processId": 1}},
        HELLO | {"params": {"capabilities": 7}},
        HELLO | {"params": {"capabilities": {}, "processId": "x"}},
        HELLO | {"params": {"capabilities": {}, "processId": True}},
        HELLO | {"params": {"capabilities": {}, "initializationOptions": float("nan")}},
        {"jsonrpc": "2.0", "method": "initialize", "params": {"capabilities": {}}},
        [HELLO],
        7,
    ],
    ids=str,
)
def test_what_is_doubtful_is_left_to_the_server(message):
    sent = frame(json.dumps(message).encode())
    assert greeted(sent) == (greeting.Greeting(sent), b"")


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"Content-Length: x\r\n\r\n",
        frame(b"{"),
        frame(b"\xff"),
        frame(b"[" * 50_000),
        b"Content-Length: 70",
        b"Content-Length: 7\r\n\r\n{}",
    ],
)
def test_what_is_no_message_is_left_to_the_server(sent):
    assert greeted(sent) == (greeting.Greeting(sent), b"")


def test_a_client_that_is_gone_already_is_left_to_the_server():
    sent = frame(json.dumps(HELLO).encode())
    there, incoming = os.pipe()
    outgoing, back = os.pipe()
    os.close(outgoing)
    os.write(incoming, sent)
    assert greeting.greet(Pipes(there, back), promise) == greeting.Greeting(sent)
    for fd in (there, incoming, back):
        os.close(fd)
    assert greeting.greet(Pipes(there, back), promise) == greeting.Greeting()


@given(PARAMS)
def test_what_was_answered_is_never_refused_later(params):
    if greeting.is_plain(params):
        made = make_converter().structure(params, lsp.InitializeParams)
        assert isinstance(made.capabilities, lsp.ClientCapabilities)


@given(ABILITIES)
def test_what_is_right_in_odd_capabilities_is_kept(odd):
    window = {"window": {"workDoneProgress": True}}
    made = make_converter().structure(odd | window, lsp.ClientCapabilities)
    assert made.window is not None
    assert made.window.work_done_progress is True


def test_nothing_heavy_is_loaded_when_initialize_is_answered():
    code = f"""
import sys
from duo_lsp import cli
from duo_lsp.protocol import greeting
greet = greeting.greet
def then(pipes, promise):
    assert greet(pipes, promise).answered
    print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
    sys.exit(0)
greeting.greet = then
cli.main(["serve"])
"""
    sent = frame(json.dumps(HELLO).encode())
    done = subprocess.run([sys.executable, "-c", code], input=sent, capture_output=True, check=True)
    assert done.stderr == b"[]\n"
    assert b'"inlineCompletionProvider"' in done.stdout


def test_messages_sent_right_behind_initialize_are_served(duo):
    ids = [duo.ask("initialize", HELLO["params"])]
    duo.notify("initialized", {})
    ids.append(duo.ask("workspace/executeCommand", {"command": "duo.status"}))
    for id_ in ids:
        assert "result" in duo.reply(id_)
