"""The engine without a model beside a 6-gram, a nested cache and the longest match, on the same cursors.

They stand in files held out of projects the engine's numbers were never fitted to, each beside the rest of its project
as workspace. Exact lines and first tokens are with silence off; shown, right and the characters of a right one at
`normal`, where the plainer three show what they believe in at 0.8. Then what a gateway of its own needs to learn from
5 MB. Fetches some packages, once; takes three minutes.
"""

from __future__ import annotations

import http.client
import json
import os
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import attrs

from scripts.bench_gateway import Server, gateway, serving
from scripts.engine import answering, fetching, figures, projects
from scripts.engine.answering import Answer
from scripts.engine.packages import MEASURED_ON, Language, Package

CURSORS: Final[Mapping[Language, int]] = {"Python": 60, "JavaScript": 75}
"""In each project."""
MEGABYTES: Final = 5


@dataclass(frozen=True)
class Row:
    """One engine and what it could see, or the index."""

    name: str
    cursors: float = float("nan")
    exact: float = float("nan")
    first_token: float = float("nan")
    shown_percent: float = float("nan")
    right_percent: float = float("nan")
    chars_if_right: float = float("nan")
    p50_ms: float = float("nan")
    p95_ms: float = float("nan")
    index_s_per_mb: float = float("nan")
    rss_mb: float = float("nan")


def rows() -> list[Row]:
    """All figures, measured now."""
    folders = fetching.fetch(MEASURED_ON, fetching.cache())
    return [*quality(folders, "Python"), *quality(folders, "JavaScript"), index(list(folders.values()))]


def quality(folders: Mapping[Package, Path], language: Language) -> Iterator[Row]:
    """A row for each engine, first without and then with the text below the cursor."""
    read = [projects.read(each.name, language, folders[each]) for each in folders if each.language == language]
    for below in (False, True):
        said = defaultdict[str, list[Answer]](list)
        for project in read:
            for name, answer in answering.answers(project, CURSORS[language], below=below):
                said[name].append(answer)
        for name, answers in said.items():
            yield Row(f"{language}{' and below' * below}, {name}", **attrs.asdict(figures.of(answers)))


def index(folders: list[Path]) -> Row:
    """Processor time and memory of a gateway that learns from as much as it may; read from /proc, on Linux."""
    options = [word for folder in folders for word in ("--workspace", str(folder))]
    with serving(gateway("builtin", *options)) as server:
        until_ready(server)
        return Row(
            f"a gateway and {MEGABYTES} MB",
            index_s_per_mb=processor_time(server) / MEGABYTES,
            rss_mb=server.memory / 1024,
        )


def until_ready(server: Server) -> None:
    """Wait for the index."""
    while True:
        wire = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        wire.request("GET", "/health", headers={"PRIVATE-TOKEN": server.token})
        if json.load(wire.getresponse())["index"] == "ready":
            return
        wire.close()
        time.sleep(0.1)


def processor_time(server: Server) -> float:
    """Seconds a process has used, its start among them; 0 where nobody says."""
    try:
        words = Path(f"/proc/{server.process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
