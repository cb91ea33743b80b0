"""stdin and stdout, kept for the protocol: nobody else can reach them."""

from __future__ import annotations

import os
import sys
from typing import NamedTuple


class Pipes(NamedTuple):
    """File descriptors to and from the client."""

    incoming: int
    outgoing: int


def private_pipes() -> Pipes:
    """Take stdin and stdout away from everyone else: whoever reads finds nothing, whoever prints prints to stderr."""
    nothing = os.open(os.devnull, os.O_RDWR)  # first: where stderr is closed, this takes its number, and no pipe does
    pipes = Pipes(os.dup(0), os.dup(1))
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    if sys.platform == "win32":
        import msvcrt

        for fd in pipes:
            msvcrt.setmode(fd, os.O_BINARY)
    return pipes
