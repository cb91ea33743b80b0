"""Which processes run."""

from __future__ import annotations

import psutil


def gateways(pid: int | None = None) -> list[psutil.Process]:
    """The gateways that a process has started, this one without a number; what ends this very moment is none."""
    return [process for process in psutil.Process(pid).children(recursive=True) if "gateway" in _words(process)]


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # a git that an engine has run
        return []
