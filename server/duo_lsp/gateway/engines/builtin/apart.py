"""What a process does that only learns: what stdin says, until nobody listens any more."""

from __future__ import annotations

import json
import os
import pickle
import signal
import sys
from pathlib import Path
from typing import Final

from duo_lsp.gateway.engines.builtin import learning
from duo_lsp.gateway.engines.builtin.learning import Result, Wish

POLITE: Final = 10
"""What is added to the niceness, where there is one: an editor goes first."""


def main() -> None:
    """Learn, and tell of it on stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked ends in good order, and then this, too
    if hasattr(os, "nice"):
        os.nice(POLITE)
    folders, home, room, near = json.load(sys.stdin)
    try:
        learning.learn(Wish(tuple(map(Path, folders)), Path(home), room, tuple(near)), _say)
    except BrokenPipeError:
        os._exit(0)  # an orderly end would try to write once more


def _say(result: Result) -> None:
    pickle.dump(result, sys.stdout.buffer, protocol=5)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
