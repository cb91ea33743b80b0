"""Every editor's own words, from hello to its first question, said to the real server."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from clients.bare import connected
from waiting import eventually

HERE = Path(__file__).parent
SUGGESTION = "    return a + b\n\n\nprint(add(1, 2))"
SHOWN = "    return a + b"
"""It ends with the function that the cursor is in."""


class Expected(NamedTuple):
    encoding: str
    menu: bool
    column: int
    """Of the first character that is replaced."""
    text: str


EXPECTED = {
    "neovim": Expected("utf-8", menu=False, column=0, text=SHOWN),
    "vscode": Expected("utf-16", menu=False, column=0, text=SHOWN),
    "lsp-mode": Expected("utf-32", menu=False, column=0, text=SHOWN[4:]),
    "eglot": Expected("utf-32", menu=True, column=0, text=SHOWN[4:]),
    "helix": Expected("utf-8", menu=True, column=4, text=SHOWN[4:]),
}


def recorded(client, folder):
    text = (HERE / f"{client}.json").read_text("utf-8")
    text = text.replace("{folder}", folder.as_uri()).replace("{path}", str(folder))
    return json.loads(text)["messages"]


def finishing(request):
    """The rest of the suggestion behind what is typed."""
    typed = max(range(4, 12), key=lambda end: request.above.endswith(SUGGESTION[4:end]) and end)
    return SUGGESTION[typed:]


@pytest.fixture
def to_gitlab(environment, gitlab_server):
    return environment | {"GITLAB_URL": gitlab_server.url, "DUO_LSP_TOKEN": "glpat-of-the-test"}


@pytest.mark.parametrize("client", sorted(EXPECTED))
async def test_an_editor_is_understood_and_gets_what_it_can_show(client, folder, to_gitlab, gitlab_server):
    expected = EXPECTED[client]
    gitlab_server.answer = finishing
    initialize, *messages, question = recorded(client, folder)
    async with connected(to_gitlab, folder) as bare:
        answers = [message["result"] for message in messages if "result" in message]
        bare.answers["workspace/configuration"] = answers[0] if answers else [None]
        said = (await bare.reply(initialize))["result"]["capabilities"]
        assert said["positionEncoding"] == expected.encoding
        assert said["inlineCompletionProvider"] == {}
        assert ("completionProvider" in said) is expected.menu
        assert said["textDocumentSync"]["change"] == 2
        for message in messages:
            if "result" not in message:
                bare.send(message) if message["method"] not in QUESTIONS else bare.expect(message)
            if message.get("method") == "initialized":
                await eventually(lambda: bare.told)
        [item] = (await bare.reply(question))["result"]["items"]
        edit = item["textEdit"] if expected.menu else {"newText": item["insertText"], "range": item["range"]}
        position = question["params"]["position"]
        assert edit == {
            "newText": expected.text,
            "range": {"start": {"line": position["line"], "character": expected.column}, "end": position},
        }
        assert len(bare.told) == 1
        assert bare.errors == ""


QUESTIONS = ("textDocument/inlineCompletion", "textDocument/completion")


@pytest.mark.parametrize("client", sorted(EXPECTED))
def test_no_recording_says_whose_machine_it_was(client):
    text = (HERE / f"{client}.json").read_text("utf-8")
    assert json.loads(text)["note"]
    for path in ("/home", "/tmp", "/root", "/usr", "file:"):
        assert path not in text
