"""From starting the process to what a person notices, beside a stock pygls server saying hello; milliseconds, median.

Ours asks a server shaped like GitLab that answers at once, over HTTP; the other offers one text of its own. The floor
is Python doing nothing. Rounds take turns.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from scripts.bench_overhead import clean, upstream
from scripts.bench_protocol import HELLO, Row, timed
from scripts.editor import SERVER, Editor

ROUNDS = 11
TEXT = "def add(a, b):\n    return a + b\n\n\ntotal = "
PLACE = (4, 8)


def rows() -> list[Row]:
    """All figures, measured now; takes about half a minute."""
    with upstream(delay=0) as (url, _), tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        (folder / "hello.py").write_text(HELLO)
        stock = [sys.executable, str(folder / "hello.py")]
        gitlab = {**clean(folder), "GITLAB_URL": url, "DUO_LSP_TOKEN": "glpat-of-the-benchmark"}
        return [
            row("until initialize is answered", folder, stock, gitlab, lambda _: None),
            row("until the first suggestion is shown", folder, stock, gitlab, first_suggestion),
        ]


def row(
    name: str, folder: Path, stock: Sequence[str], environment: Mapping[str, str], then: Callable[[Editor], object]
) -> Row:
    """Both servers in turns, from nothing to the end of `then`."""
    ours, pygls, floor = [], [], []
    for _ in range(ROUNDS):
        ours.append(timed(lambda: started(folder, environment, [str(SERVER)], then)))
        pygls.append(timed(lambda: started(folder, environment, stock, then)))
        floor.append(timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True)))
    return Row(name, *map(statistics.median, (ours, pygls, floor)))


def started(
    folder: Path, environment: Mapping[str, str], command: Sequence[str], then: Callable[[Editor], object]
) -> None:
    """Start it and say hello; the end is not waited for."""
    editor = Editor(folder, environment, command)
    then(editor)
    editor.kill()


def first_suggestion(editor: Editor) -> None:
    """Open a file and ask in it. Raises RuntimeError when nothing is offered."""
    path = Path("/nowhere/first.py")
    editor.open(path, TEXT)
    if not editor.suggestion(path, *PLACE):
        raise RuntimeError("nothing was offered")
