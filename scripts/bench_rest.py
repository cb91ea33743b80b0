"""What a server holds and does while nobody types: megabytes, and wake-ups a second; beside a stock pygls hello.

The server has a token for a server shaped like GitLab, so its HTTP client is loaded. Linux only: read from /proc.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.bench_overhead import LINE, clean, upstream
from scripts.bench_protocol import HELLO
from scripts.editor import SERVER, Editor

SETTLED = 4.0
"""Seconds after which a server has loaded what it loads."""
IDLE = 12.0
LINES = 5_000
MIB = 1 << 20
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Row:
    """One figure of ours beside stock pygls."""

    name: str
    ours: float
    pygls: float

    @property
    def times_pygls(self) -> float:
        """How many times stock pygls."""
        return self.ours / self.pygls if self.pygls else float("nan")


@dataclass(frozen=True)
class Figures:
    """Of one process."""

    started: float
    opened: float
    wakes: float
    cpu: float


def rows() -> list[Row]:
    """All figures, measured now; takes about forty seconds."""
    with upstream(delay=0) as (url, _), tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        (folder / "hello.py").write_text(HELLO)
        environment = {**clean(folder), "GITLAB_URL": url, "DUO_LSP_TOKEN": "glpat-of-the-benchmark"}
        ours = measured(folder, environment, [str(SERVER)])
        pygls = measured(folder, environment, [sys.executable, str(folder / "hello.py")])
    return [
        Row("memory after initialized, MiB", ours.started, pygls.started),
        Row(f"memory with {LINES:,} lines open and asked in, MiB", ours.opened, pygls.opened),
        Row("wake-ups a second while idle", ours.wakes, pygls.wakes),
        Row("CPU while idle, %", ours.cpu, pygls.cpu),
    ]


def measured(folder: Path, environment: Mapping[str, str], command: Sequence[str]) -> Figures:
    """Start it, let it settle, open a file and ask, then leave it alone."""
    editor = Editor(folder, environment, command)
    time.sleep(SETTLED)
    started = resident(editor.pid)
    path = folder / "large.py"
    editor.open(path, "".join(LINE.format(number=number) for number in range(LINES)))
    editor.suggestion(path, LINES // 2, 4)
    opened = resident(editor.pid)
    time.sleep(SETTLED)
    wakes, cpu = woken(editor.pid), used(editor.pid)
    time.sleep(IDLE)
    wakes, cpu = woken(editor.pid) - wakes, used(editor.pid) - cpu
    editor.kill()
    return Figures(started, opened, wakes / IDLE, 100 * cpu / IDLE)


def resident(pid: int) -> float:
    """Megabytes of memory it holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MIB


def woken(pid: int) -> int:
    """How often its threads have gone to sleep so far, and so been woken."""
    states = [(task / "status").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    return sum(int(state.partition("\nvoluntary_ctxt_switches:")[2].split()[0]) for state in states)


def used(pid: int) -> float:
    """Seconds of CPU so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
