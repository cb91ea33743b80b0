"""The two servers that are measured, each with a home and a GitLab of its own."""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from scripts.bench_overhead import clean
from scripts.editor import SERVER
from scripts.replay import live, naive
from scripts.replay.gitlab import GitLab, serving
from scripts.replay.live import Editor
from scripts.replay.sessions import NONE
from scripts.replay.typist import Text

OURS: Final = (str(SERVER),)
NAIVE: Final = (sys.executable, naive.__file__)


@asynccontextmanager
async def editing(command: Sequence[str], gitlab: GitLab, text: Text) -> AsyncIterator[Editor]:
    """A server with a home of its own: servers of one person count their requests together."""
    with tempfile.TemporaryDirectory() as home:
        async with serving(gitlab):
            known = {"XDG_RUNTIME_DIR": home, "GITLAB_URL": gitlab.url, "DUO_LSP_TOKEN": "glpat-of-the-benchmark"}
            async with live.editing(command, {**clean(Path(home)), **known}, text) as editor:
                yield editor


def median(values: Sequence[float]) -> float:
    """NONE where there are none."""
    return statistics.median(values) if values else NONE


def share_within(values: Sequence[float], most: float) -> float:
    """How many of a hundred are at most that; NONE where there are none."""
    return 100 * sum(value <= most for value in values) / len(values) if values else NONE
