"""Nothing that happens while typing holds the event loop up: whatever else waits would wait as long."""

import asyncio
import gc
import json
import sys
import time

import pytest

from duo_lsp import app, features, logs
from duo_lsp.session import DuoServer
from waiting import best

STEPS = 900_000 * (4 if "coverage" in sys.modules else 1)
"""Of a loop that takes 20 ms where it was counted: a slower machine takes longer for it and for a callback alike."""
URI = "file:///project/app.py"
LINES = 10_000


def longest():
    """Seconds of processor time of one callback; time on the clock would be other processes' too."""
    return best(lambda: sum(1 for _ in range(STEPS)), times=3)


@pytest.fixture
def slow_callbacks(monkeypatch):
    """Every callback of the loop that took too long."""
    found, most = [], longest()
    run = asyncio.Handle._run

    def timed(handle):
        began = time.thread_time()
        run(handle)
        took = time.thread_time() - began
        if took > most:
            found.append((round(took, 3), repr(handle)))

    monkeypatch.setattr(asyncio.Handle, "_run", timed)
    gc.collect()
    gc.freeze()  # as the server does: what other tests left in this process is not looked through meanwhile
    yield found
    gc.unfreeze()


class Editor:
    """The client of a server in this process."""

    def __init__(self, environment):
        self.server = DuoServer(app.services(environment, logs.MaskingFormatter()))
        features.register(self.server)
        self.server.protocol.attach(self)
        self.answers = {}
        self.asked = 0

    def write(self, body):
        message = json.loads(body)
        if "method" not in message:
            self.answers.setdefault(message["id"], asyncio.get_running_loop().create_future()).set_result(message)

    def watch(self, process_id):
        """Never ends."""

    def leave(self):
        """Never ends."""

    def send(self, **message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        asyncio.get_running_loop().call_soon(self.server.protocol.receive, body)

    async def ask(self, method, params):
        self.asked += 1
        answer = self.answers[self.asked] = asyncio.get_running_loop().create_future()
        self.send(id=self.asked, method=method, params=params)
        return (await answer)["result"]


def place(line, character):
    return {"line": line, "character": character}


async def test_typing_in_a_file_of_10000_lines(environment, gitlab_server, slow_callbacks):
    gitlab_server.answer = "total(first, second)"
    editor = Editor(environment | {"GITLAB_URL": gitlab_server.url, "DUO_LSP_TOKEN": "glpat-of-a-test-1234"})
    await editor.ask("initialize", {"processId": None, "rootUri": "file:///work", "capabilities": {}})
    slow_callbacks.clear()  # all that follows happens while somebody types
    editor.send(method="initialized", params={})
    text = "".join(f"    value_{n} = compute({n})  # line {n}\n" for n in range(LINES))
    document = {"uri": URI, "languageId": "python", "version": 0, "text": text}
    editor.send(method="textDocument/didOpen", params={"textDocument": document})
    for n, letter in enumerate("result = "):
        at = place(LINES // 2, n)
        change = {"range": {"start": at, "end": at}, "text": letter}
        params = {"textDocument": {"uri": URI, "version": n + 1}, "contentChanges": [change]}
        editor.send(method="textDocument/didChange", params=params)
        question = {"textDocument": {"uri": URI}, "position": place(LINES // 2, n + 1), "context": {"triggerKind": 1}}
        await editor.ask("textDocument/inlineCompletion", question)
    await editor.server.end()
    assert gitlab_server.suggestions
    assert slow_callbacks == []


async def test_large_documents_that_go_along(environment, gitlab_server, slow_callbacks, tmp_path):
    """Each of them is changed between two requests, so that it is looked at anew."""
    gitlab_server.answer = "total(first, second)"
    editor = Editor(environment | {"GITLAB_URL": gitlab_server.url, "DUO_LSP_TOKEN": "glpat-of-a-test-1234"})
    await editor.ask("initialize", {"processId": None, "rootUri": tmp_path.as_uri(), "capabilities": {}})
    slow_callbacks.clear()
    editor.send(method="initialized", params={})
    secret = '    password = "hunter2hunter2"\n'
    text = "".join(secret if n % 20 == 0 else f"    value_{n} = compute({n})  # line {n}\n" for n in range(LINES))
    uris = [(tmp_path / f"{n}.py").as_uri() for n in range(6)]
    for uri in uris:
        document = {"uri": uri, "languageId": "python", "version": 0, "text": text}
        editor.send(method="textDocument/didOpen", params={"textDocument": document})
    version, along = 0, 0
    while along < 3 and version < 12:  # on a busy machine they may come later than a request waits
        version += 1
        await asyncio.sleep(0.05)
        for uri in uris:
            change = {"range": {"start": place(5_000, 0), "end": place(5_000, 0)}, "text": "x\n"}
            params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}
            editor.send(method="textDocument/didChange", params=params)
        question = {"textDocument": {"uri": uris[-1]}, "position": place(9 * version, 4), "context": {"triggerKind": 1}}
        await editor.ask("textDocument/inlineCompletion", question)
        along = sum("context" in request.json for request in gitlab_server.suggestions)
    await editor.server.end()
    assert along == 3
    assert b"hunter2" not in b"".join(request.body for request in gitlab_server.suggestions)
    assert slow_callbacks == []
