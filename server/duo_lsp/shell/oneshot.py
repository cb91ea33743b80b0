"""One question from the shell, answered by the same parts that serve an editor."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import attrs

from duo_lsp import __version__, app, config, languages, wire
from duo_lsp.config import Resolved
from duo_lsp.errors import DuoError, UsageError
from duo_lsp.gitlab import choice
from duo_lsp.gitlab.choice import Choice
from duo_lsp.gitlab.falling import FallingUpstream
from duo_lsp.gitlab.local_upstream import LocalUpstream
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.logs import MaskingFormatter
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.status import Status
from duo_lsp.suggestions import context
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.neighbours.desk import Desk
from duo_lsp.suggestions.pipeline import Pipeline

_AGENT: Final = f"duo-lsp/{__version__} (shell)"
_ROOT_MARKS: Final = (".git", ".hg", "pyproject.toml", "package.json", "Cargo.toml", "go.mod")
_INDEX_PATIENCE: Final = 3.0
"""Seconds the local engine has to read the workspace before it is asked."""
_READING_PATIENCE: Final = 3.0
"""Seconds for reading what goes along; nobody types meanwhile."""


@attrs.frozen
class Told:
    """The text to insert, the error instead, what else to know, and how it came about, line by line."""

    text: str = ""
    error: str = ""
    note: str = ""
    explanation: tuple[str, ...] = ()


def complete(path: Path, line: int, column: int, environment: Mapping[str, str]) -> Told:
    """Ask at a place in a file, line and column from 1, columns in characters. Raises UsageError."""
    document = read(path)
    folder = root(path.resolve()).as_posix()
    return asyncio.run(_complete(document, _here(document, path, line, column, folder), folder, environment))


async def _complete(document: LineDocument, here: Here, folder: str, environment: Mapping[str, str]) -> Told:
    resolved = config.resolve(app.base_layers(environment))
    chosen = await choose(resolved, environment, MaskingFormatter())
    upstream = opened(chosen, environment)
    upstream.use_workspaces([folder])
    status = Status(app.time_of_day, chosen.state)
    desk = Desk(document={document.uri: document}.get, patience=_READING_PATIENCE)
    pipeline = app.pipeline(upstream, resolved.settings, status, desk)
    try:
        closed = await pipeline.gate(here)
        if closed is None:
            await _indexed(upstream)
        outcome = await pipeline.suggest(here, invoked=True)
        if status.fallen is not None and outcome.suggestion is None:  # the local engine was started only now
            await _indexed(upstream)
            outcome = await pipeline.suggest(here, invoked=True)
    finally:
        await pipeline.close()
        await upstream.close()
    error = f"{status.trouble.sentence} {status.trouble.remedy}" if status.trouble else ""
    text = outcome.suggestion.text if outcome.suggestion else ""
    told = await _explained(here, document, pipeline, chosen) if closed is None else ()
    result = f"offered: {text!r}" if text else f"offered: nothing. {outcome.reason}"
    return Told(text, error, status.fallen.whole if status.fallen else "", (*told, result))


async def choose(resolved: Resolved, environment: Mapping[str, str], masks: MaskingFormatter) -> Choice:
    """Who answers; off the event loop, because logins are read and commands are run. `masks` learns every token."""
    keep = app.keeper(environment, masks.learn)
    return await asyncio.to_thread(lambda: choice.choose(resolved, environment, keep))


def read(path: Path) -> LineDocument:
    """A file as an editor would open it. Raises UsageError when it is none or no text."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as problem:
        raise UsageError(f"{path} cannot be read ({problem.strerror}).", "Name an existing file.") from problem
    except UnicodeDecodeError as problem:
        raise UsageError(f"{path} is no text in UTF-8.", "Suggestions need a text file.") from problem
    if "\0" in text:
        raise UsageError(f"{path} is a binary file.", "Suggestions need a text file.")
    language = languages.of(path.name)
    return LineDocument(path.resolve().as_uri(), text, 0, language.id, "utf-32")


def root(path: Path) -> Path:
    """The project a file belongs to: the nearest folder above it that looks like one, else its own folder."""
    for folder in path.parents:
        if any((folder / mark).exists() for mark in _ROOT_MARKS):
            return folder
    return path.parent


def _here(document: LineDocument, path: Path, line: int, column: int, folder: str) -> Here:
    if line > len(document.lines):
        raise UsageError(f"{path} has {len(document.lines)} lines, not {line}.", "Name a line that is there.")
    at = document.place(line - 1, column - 1)
    if at != (line - 1, column - 1):
        raise UsageError(f"Line {line} of {path} ends at column {at[1] + 1}.", "Name a column that is there.")
    return context.at(document, *at, (folder,))


def opened(chosen: Choice, environment: Mapping[str, str]) -> Upstream:
    """The upstream that was chosen, introduced as the shell's."""
    return app.open_upstream(chosen, environment, _AGENT)


async def _indexed(upstream: Upstream) -> None:
    """Wait a little until the local engine has read the workspace; a person in a shell can."""
    local = upstream.engine if isinstance(upstream, FallingUpstream) else upstream
    if not isinstance(local, LocalUpstream):
        return
    try:
        async with asyncio.timeout(_INDEX_PATIENCE):
            while await (await local.client()).index() == "building":  # noqa: ASYNC110 - another process, no event of ours
                await asyncio.sleep(0.02)
    except (TimeoutError, DuoError):
        return


async def _explained(here: Here, document: LineDocument, pipeline: Pipeline, chosen: Choice) -> tuple[str, ...]:
    total = len(document.text.encode("utf-8", "replace"))
    sent = len((here.above + here.below).encode("utf-8", "replace"))
    far = (
        f"{total - sent} bytes far from the cursor (35,000 are sent at most)"
        if total > sent
        else "nothing of this file"
    )
    request = await pipeline.request(here)
    who = pipeline.upstream.host if not pipeline.upstream.local else "the local engine on this machine"
    return (
        f"asked: {who}" + (f" ({chosen.note})" if chosen.note else ""),
        f"request: {json.dumps(request.body(), indent=2, ensure_ascii=False)}",
        f"left out: {far}; {_along(request)}",
    )


def _along(request: wire.SuggestionRequest) -> str:
    size = sum(len(item.content.encode()) for item in request.context)
    match len(request.context):
        case 0:
            return "no other file goes along"
        case 1:
            return f"1 other file goes along, {size} bytes"
        case count:
            return f"{count} other files go along, {size} bytes"
