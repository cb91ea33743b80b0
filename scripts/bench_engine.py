"""The engine without a model beside a 6-gram, a nested cache and the longest match, on the same cursors.

They stand in files held out of projects the engine's numbers were never fitted to, each beside the rest of its project
as workspace. Exact lines and first tokens are with silence off; shown, right and the characters of a right one at
`normal`, where the plainer three show what they believe in at 0.8. Then what a gateway of its own needs to learn from
5 MB, and from 20; the floor is cutting as much into tokens. Fetches some packages, once; takes three minutes.
"""

from __future__ import annotations

import http.client
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import attrs

from duo_lsp.gateway.engines.builtin import files, learning, lexer
from scripts.bench_gateway import Server, gateway, serving
from scripts.engine import answering, fetching, figures, projects
from scripts.engine.answering import Answer
from scripts.engine.packages import MEASURED_ON, TRAINED_ON, Language, Package

CURSORS: Final[Mapping[Language, int]] = {"Python": 60, "JavaScript": 75}
"""In each project."""
MEGABYTES: Final = (5, 20)
"""Of text that is learnt: what a gateway does unasked, and the most it does."""


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
    floor_s_per_mb: float = float("nan")
    rss_mb: float = float("nan")


def rows() -> list[Row]:
    """All figures, measured now."""
    folders = fetching.fetch(MEASURED_ON, fetching.cache())
    much = [*folders.values(), *fetching.fetch(TRAINED_ON, fetching.cache()).values()]
    indexes = [index(much, megabytes) for megabytes in MEGABYTES]
    return [*quality(folders, "Python"), *quality(folders, "JavaScript"), *indexes]


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


def index(folders: list[Path], megabytes: int) -> Row:
    """Processor time and memory of a gateway that learns so much of them; memory is read on Linux only."""
    options = [word for folder in folders for word in ("--workspace", str(folder))]
    with serving(gateway("builtin", "--index-megabytes", str(megabytes), *options)) as server:
        until_ready(server)
        memory = server.memory / 1024
    wish = learning.Wish(tuple(folders), Path("/"), megabytes * 1024 * 1024)
    seconds, floor = spent(lambda: learning.learn(wish, lambda _: None)), spent(lambda: cut(folders, wish.room))
    return Row(
        f"a gateway and {megabytes} MB",
        index_s_per_mb=seconds / megabytes,
        floor_s_per_mb=floor / megabytes,
        rss_mb=memory,
    )


def spent(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    began = time.process_time()
    work()
    return time.process_time() - began


def cut(folders: list[Path], room: int) -> None:
    """Cut so many bytes of them into tokens."""
    for folder in folders:
        for _, text in files.texts(folder, Path("/"), room):
            lexer.lex(text)
            room -= len(text)


def until_ready(server: Server) -> None:
    """Wait for the index."""
    while True:
        wire = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        wire.request("GET", "/health", headers={"PRIVATE-TOKEN": server.token})
        if json.load(wire.getresponse())["index"] == "ready":
            return
        wire.close()
        time.sleep(0.1)
