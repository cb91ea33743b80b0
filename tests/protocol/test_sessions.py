"""Sessions nobody would have thought of: whatever an editor says, in whatever order, each request gets one answer."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from conftest import isolated
from protocol.raw_client import RIG, RawClient, completion, frame

URIS = st.sampled_from(["file:///a.py", "file:///b.py", "untitled:1"])
NUMBERS = st.integers(-1, 5)
PLACES = st.tuples(NUMBERS, NUMBERS)
TEXTS = st.text(st.sampled_from("ab\n\r😀\x0c\u2028\ud83d"), max_size=6)
COMMANDS = st.sampled_from(["rig.slow", "rig.fail", "rig.unwritable", "rig.ask", "rig.text", "none.such"])
JUNK = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.just([]), st.just({}), st.just(1.5))
BODIES = st.sampled_from([b"{", b"[]", b"7", b"{}", b'{"jsonrpc": "2.0", "id": 1, "result": 1}', b"\xff"])


class Session(RuleBasedStateMachine):
    """An editor out of its mind."""

    @initialize()
    def begin(self) -> None:
        self.home = tempfile.TemporaryDirectory()
        self.client = RawClient(RIG, isolated(Path(self.home.name), os.environ))
        self.asked: Counter[Any] = Counter()
        self.over = False
        self.client.initialize()
        self.asked[1] += 1

    @rule(uri=URIS, text=TEXTS)
    def opens(self, uri: str, text: str) -> None:
        self.client.open(text, uri)

    @rule(uri=URIS, version=NUMBERS, start=PLACES, end=PLACES, text=TEXTS)
    def types(self, uri: str, version: int, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        self.client.change(version, start, end, text, uri)

    @rule(uri=URIS)
    def closes(self, uri: str) -> None:
        self.client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    @rule(uri=URIS, place=PLACES)
    def asks(self, uri: str, place: tuple[int, int]) -> None:
        self.asked[self.client.ask("textDocument/inlineCompletion", completion(*place, uri))] += 1

    @rule(name=COMMANDS)
    def commands(self, name: str) -> None:
        self.asked[self.client.command(name)] += 1

    @rule(method=st.sampled_from(["initialize", "none/such", "textDocument/didOpen", "exit"]), params=JUNK)
    def asks_for_nonsense(self, method: str, params: Any) -> None:
        self.asked[self.client.ask(method, params)] += 1

    @rule(data=st.data())
    def asks_with_an_id_again(self, data: st.DataObject) -> None:
        id_ = data.draw(st.sampled_from(sorted(self.asked)))
        self.client.send({"id": id_, "method": "textDocument/inlineCompletion", "params": completion()})
        self.asked[id_] += 1

    @rule(data=st.data())
    def cancels(self, data: st.DataObject) -> None:
        self.client.notify("$/cancelRequest", {"id": data.draw(st.sampled_from(sorted(self.asked)) | JUNK)})

    @rule(body=BODIES)
    def babbles(self, body: bytes) -> None:
        self.client.write(frame(body))

    @precondition(lambda self: not self.over)
    @rule()
    def shuts_down(self) -> None:
        self.over = True
        self.asked[self.client.ask("shutdown")] += 1

    def teardown(self) -> None:
        try:
            self.ends()
        finally:
            self.client.end()
            self.home.cleanup()

    def ends(self) -> None:
        """Everything that was asked is answered by now, and once."""
        if not self.over:
            self.shuts_down()
        last = self.client.ask("shutdown")
        self.asked[last] += 1
        assert self.client.refusal(last) == -32600
        self.client.notify("exit")
        assert self.client.gone() == 0
        answers = Counter(message["id"] for message in self.client.messages if "method" not in message)
        answers.pop(None, None)  # refusals of what had no id
        assert answers == self.asked


TestSessions = Session.TestCase
TestSessions.settings = settings(
    max_examples=12,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # a process for each example is too slow to look for the smallest
)
