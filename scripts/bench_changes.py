"""How long a changed file takes until it is known as it is now, in a workspace of 5 MB; the floor is reading its words.

The first time all of its lines are new, later all but one are known.

Processor time of the thread that does it. The workspace is Python's own library.
"""

from __future__ import annotations

import sysconfig
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from duo_lsp.gateway.engines.builtin import corpus, files, lexer
from duo_lsp.gateway.engines.builtin.changes import Present
from duo_lsp.gateway.engines.builtin.corpus import Corpus
from duo_lsp.gateway.engines.builtin.marking import Marking

SHARES: Final = {"a file of usual size": 0.5, "larger than 9 of 10": 0.9, "larger than 99 of 100": 0.99}
TIMES: Final = 5
LIBRARY: Final = Path(sysconfig.get_path("stdlib"))


@dataclass(frozen=True)
class Row:
    """One file."""

    name: str
    kilobytes: float
    first_ms: float
    ms: float
    floor_ms: float


def rows() -> list[Row]:
    """All figures, measured now."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for path in LIBRARY.glob("*.py"):
            (root / path.name).write_bytes(path.read_bytes())
        present = marked(corpus.learn(files.texts(root, Path("/nobody"))))
        known = sorted(present.files, key=lambda name: Path(name).stat().st_size)
        return [measured(name, present, Path(known[int(share * len(known))])) for name, share in SHARES.items()]


def marked(learnt: Corpus) -> Present:
    """What a gateway would know, and no line yet of any file that changes."""
    return Present(learnt, read=Marking(learnt.words).marks)


def measured(name: str, present: Present, path: Path) -> Row:
    """The best of some times, in a workspace that knows the file."""
    text = path.read_text("utf-8")

    def change(present: Present) -> None:
        path.write_text(f"{text}\nchanged = {time.process_time()}\n", "utf-8")
        present.with_texts(files.again(path.parent, [path.name], present.files.__contains__))

    first = best(lambda: change(marked(present.learnt)))
    return Row(name, len(text) / 1000, first, best(lambda: change(present)), best(lambda: lexer.lex(text)))


def best(work: Callable[[], object]) -> float:
    """Milliseconds."""
    taken = []
    for _ in range(TIMES):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return 1000 * min(taken)
