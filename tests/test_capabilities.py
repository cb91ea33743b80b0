"""What an editor is told that we can do."""

import json
from pathlib import Path
from typing import Any

import pytest

from duo_lsp import app, capabilities, features, logs
from duo_lsp.session import DuoServer

CLIENTS = sorted((Path(__file__).parent / "clients").glob("*.json"))
GHOST_TEXT: dict[str, Any] = {"textDocument": {"inlineCompletion": {}}}


def answer(environment=None, **params):
    return capabilities.answer(params, environment or {})["capabilities"]


def test_the_commands_are_those_that_the_features_register():
    server = DuoServer(app.services({}, logs.MaskingFormatter()))
    features.register(server)
    registered = set(server.protocol.fm.commands)
    assert set(capabilities.COMMANDS) == registered, "add a new command to capabilities.COMMANDS"


@pytest.mark.parametrize("client", CLIENTS, ids=[path.stem for path in CLIENTS])
async def test_what_is_said_before_pygls_is_loaded_is_what_pygls_would_say(client):
    [params] = [
        message["params"]
        for message in json.loads(client.read_text("utf-8"))["messages"]
        if message.get("method") == "initialize"
    ]
    server = DuoServer(app.services({}, logs.MaskingFormatter()))
    features.register(server)
    server.protocol.client = Nobody()
    server.protocol.promise = None
    made = await server.protocol.work("initialize", params | {"processId": None})()
    theirs = server.protocol._converter.unstructure(made)["capabilities"]
    ours = capabilities.answer(params, {})["capabilities"]
    for dropped in ("willSave", "willSaveWaitUntil"):
        theirs["textDocumentSync"].pop(dropped, None)
    assert theirs["workspace"].pop("fileOperations") == {}
    if capabilities.shows_ghost_text(params):
        theirs.pop("completionProvider")  # its handler is always there, and answers with nothing
    assert set(theirs["executeCommandProvider"].pop("commands")) == set(ours["executeCommandProvider"].pop("commands"))
    assert ours == theirs


class Nobody:
    def write(self, _):
        raise AssertionError

    def watch(self, process_id):
        assert process_id is None

    def leave(self):
        raise AssertionError


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (None, "utf-16"),
        ([], "utf-16"),
        (["utf-8", "utf-16"], "utf-8"),
        (["utf-7", "utf-32"], "utf-32"),
        (["utf-7", 5, None], "utf-16"),
        ("utf-8", "utf-16"),
        ([["utf-8"]], "utf-16"),
    ],
)
def test_the_first_known_encoding_of_the_client_is_taken(offered, chosen):
    assert answer(capabilities={"general": {"positionEncodings": offered}})["positionEncoding"] == chosen


@pytest.mark.parametrize(
    ("params", "environment", "announced"),
    [
        ({}, {}, True),
        ({"capabilities": {"textDocument": None}}, {}, True),
        ({"capabilities": GHOST_TEXT}, {}, False),
        ({"capabilities": {}, "clientInfo": {"name": "Emacs"}}, {}, False),
        ({"capabilities": {}, "clientInfo": "Emacs"}, {}, True),
        ({"capabilities": GHOST_TEXT, "initializationOptions": {"completionFallback": "on"}}, {}, True),
        ({"capabilities": GHOST_TEXT, "initializationOptions": {"duoLsp": {"completionFallback": " ON"}}}, {}, True),
        ({"capabilities": GHOST_TEXT, "initializationOptions": {"settings": {"completionFallback": 1}}}, {}, False),
        ({"capabilities": GHOST_TEXT, "initializationOptions": ["on"]}, {}, False),
        ({"capabilities": GHOST_TEXT}, {"DUO_LSP_COMPLETION_FALLBACK": "on"}, True),
    ],
)
def test_the_menu_is_announced_to_those_who_need_or_want_it(params, environment, announced):
    assert ("completionProvider" in answer(environment, **params)) is announced
