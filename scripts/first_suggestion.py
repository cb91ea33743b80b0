"""Asks the real server for one suggestion in this repository and shows it as an editor would."""

from __future__ import annotations

import os
import sys
import time
from typing import NamedTuple

from scripts.editor import ROOT, SERVER, Editor

PLACES = (
    ("server/duo_lsp/gitlab/upstream.py", "    async def complete(self, request"),
    ("server/duo_lsp/gitlab/upstream.py", "    async def clo"),
    ("server/duo_lsp/gitlab/client.py", "    async def version(se"),
    ("server/duo_lsp/session.py", "        if self._pipeline is No"),
)
"""Files of ours and the beginnings of lines in them; the rest of such a line is taken away and asked for."""
GOOD = 8
"""Characters of a suggestion worth showing at once; a shorter one only if nowhere else offers more."""
AROUND = 3
PATIENCE = 5.0
"""Seconds the local engine may take to read the workspace before silence counts."""


class Shown(NamedTuple):
    """A suggestion, the lines around it up to the cursor and after it, and how long it took."""

    file: str
    line: int
    before: list[str]
    text: str
    after: list[str]
    seconds: float


def main() -> None:
    """Print one suggestion, who made it, and what to paste into an editor."""
    with Editor(ROOT) as editor:
        shown = best(editor)
        status = editor.request("workspace/executeCommand", {"command": "duo.status", "arguments": []})
    print(drawn(shown) if shown else "Nothing was offered: " + (status["silence"] or "no reason was given"))
    print(f"\n{status['sentence']} {status['remedy']}".rstrip())
    if shown:
        print(f"It took {shown.seconds * 1000:.0f} ms.")
    print("\nFor your editor, print the lines to paste into its configuration:")
    for name in ("nvim", "emacs", "vscode", "helix"):
        print(f"  {SERVER.relative_to(ROOT) if SERVER.is_relative_to(ROOT) else SERVER} setup {name}")


def best(editor: Editor) -> Shown | None:
    """The first good suggestion among the places, else the longest."""
    found: list[Shown] = []
    deadline = time.monotonic() + PATIENCE
    while not found and time.monotonic() < deadline:
        for file, start in PLACES:
            shown = ask(editor, file, start)
            if shown and len(shown.text) >= GOOD:
                return shown
            found += [shown] if shown else []
        time.sleep(0.05)
    return max(found, key=lambda shown: len(shown.text), default=None)


def ask(editor: Editor, file: str, start: str) -> Shown | None:
    """Open the file with half of a line and ask for the rest."""
    path = ROOT / file
    lines = path.read_text("utf-8").splitlines()
    at = max((number for number, line in enumerate(lines) if line.startswith(start)), default=None)
    if at is None:
        return None
    lines[at] = start
    editor.open(path, "\n".join(lines) + "\n")
    began = time.perf_counter()
    text = editor.suggestion(path, at, len(start))
    seconds = time.perf_counter() - began
    editor.notify("textDocument/didClose", {"textDocument": {"uri": path.as_uri()}})
    return (
        Shown(file, at, lines[max(0, at - AROUND) : at + 1], text, lines[at + 1 : at + 1 + AROUND], seconds)
        if text
        else None
    )


def drawn(shown: Shown) -> str:
    """The code around, the suggestion dimmed where a terminal can show that, and named in any case."""
    colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    dim, plain = ("\x1b[2m", "\x1b[0m") if colours else ("", "")
    typed = shown.before[-1]
    offered = "\n".join(dim + line + plain for line in shown.text.split("\n"))
    code = "\n".join([*shown.before[:-1], typed + offered, *shown.after])
    code = "\n".join(f"  {line}" for line in code.split("\n"))
    said = (
        f"You type {typed.strip()!r}, and are offered {shown.text!r}:" if not colours else "Dimmed is what is offered:"
    )
    return f"{shown.file}, line {shown.line + 1}. {said}\n\n{code}"


if __name__ == "__main__":
    main()
