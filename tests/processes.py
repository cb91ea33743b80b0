"""Which processes run; any of them may end while it is looked at."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

import psutil


def gateways(pid: int | None = None) -> list[psutil.Process]:
    """The gateways that a process has started, this one without a number."""
    found = []
    for process in psutil.Process(pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "gateway" in process.cmdline():
                found.append(process)
    return outermost(found)


def at_home(home: str, what: str = "", *, listening: bool = False) -> list[psutil.Process]:
    """Those with this home, as one test has it and no other, that have a word in their command line."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            same = process.environ().get("HOME") == home
            alive = same and process.status() != psutil.STATUS_ZOMBIE and what in " ".join(process.cmdline())
            if alive and (not listening or process.net_connections()):
                found.append(process)
    return found


def outermost(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Without what one of them is just starting: until that is another program, it looks like its parent."""
    parents = {process.pid: process for process in processes}
    found = []
    for process in parents.values():
        with contextlib.suppress(psutil.Error):
            if process.ppid() not in parents:
                found.append(process)
    return found
