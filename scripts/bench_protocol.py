"""What our transport costs beside a stock pygls server saying hello, in the same run; milliseconds, median.

Both answer at once: ours duo.status and a document that is not open, the other a command that returns a text.
Rounds take turns; the floor is a process that sends back what it reads.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.editor import Editor

ROUNDS = 4
QUESTIONS = 400
HELLO = """
from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
server = LanguageServer("hello", "1")

@server.feature(lsp.TEXT_DOCUMENT_INLINE_COMPLETION, lsp.InlineCompletionOptions())
async def complete(params: lsp.InlineCompletionParams) -> lsp.InlineCompletionList | None:
    if params.text_document.uri == "file:///none":
        return None
    here = lsp.Range(params.position, params.position)
    return lsp.InlineCompletionList([lsp.InlineCompletionItem("add(1, 2)", range=here)])

@server.command("duo.status")
def status(*_: object) -> dict[str, str]:
    return {"state": "hello", "sentence": "Hello.", "remedy": "", "silence": ""}

server.start_io()
"""
Ask = Callable[[Editor], Any]


@dataclass(frozen=True)
class Row:
    """One figure in milliseconds, beside stock pygls and a floor."""

    name: str
    ours: float
    pygls: float
    floor: float

    @property
    def times_pygls(self) -> float:
        """How many times stock pygls."""
        return self.ours / self.pygls


def rows() -> list[Row]:
    """All figures, measured now; takes about half a minute."""
    with tempfile.TemporaryDirectory() as folder:
        hello = Path(folder, "hello.py")
        hello.write_text(HELLO)
        stock = [sys.executable, str(hello)]
        return [
            round_trip_row("round trip: a command", Path(folder), stock, status),
            round_trip_row("round trip: a suggestion", Path(folder), stock, suggestion),
        ]


def round_trip_row(name: str, folder: Path, stock: list[str], ask: Ask) -> Row:
    """An answer that is there at once."""
    ours: list[float] = []
    pygls: list[float] = []
    with Editor(folder) as one, Editor(folder, command=stock) as other:
        for _ in range(ROUNDS):
            ours += asked(one, ask)
            pygls += asked(other, ask)
    return Row(name, statistics.median(ours), statistics.median(pygls), floor_of_pipes())


def asked(editor: Editor, ask: Ask) -> list[float]:
    """Milliseconds of every question of a round; the first do not count."""
    return [timed(lambda: ask(editor)) for _ in range(QUESTIONS)][20:]


def status(editor: Editor) -> Any:
    """The command that says what is going on."""
    return editor.request("workspace/executeCommand", {"command": "duo.status"})


def suggestion(editor: Editor) -> Any:
    """A suggestion for a document that is not open: none, at once."""
    where = {"textDocument": {"uri": "file:///none"}, "position": {"line": 0, "character": 0}}
    return editor.request("textDocument/inlineCompletion", {**where, "context": {"triggerKind": 2}})


def floor_of_pipes() -> float:
    """A process that sends back what it reads: what the pipes and the system cost."""
    echo = "import os\nwhile data := os.read(0, 65536): os.write(1, data)"
    with subprocess.Popen([sys.executable, "-c", echo], stdin=-1, stdout=-1, bufsize=0) as process:
        to, back = process.stdin, process.stdout
        assert to is not None and back is not None  # noqa: S101, PT018 - they are pipes, for the type checker
        return statistics.median(timed(lambda: (to.write(b"x" * 200), back.read(65536))) for _ in range(QUESTIONS))


def timed(work: Callable[[], object]) -> float:
    """Milliseconds it takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
