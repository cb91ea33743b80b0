"""A local gateway whose engine always says the same, and what a session asks it."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp

from features.session import Session
from waiting import HANG

DUO = str(Path(sys.executable).with_name("duo-lsp"))


@contextlib.contextmanager
def gateway(environment: Mapping[str, str], *options: str, program: Sequence[str] = (DUO,)) -> Iterator[dict[str, str]]:
    """Where it is, as environment of a server."""
    process = subprocess.Popen(
        [*program, "gateway", "--engine", "fixed", "--limit", "0", *options],
        env=dict(environment),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        told = json.loads(process.stdout.readline())
        yield {"GITLAB_URL": told["url"], "DUO_LSP_TOKEN": told["token"]}
    finally:
        process.terminate()
        process.communicate(timeout=HANG)


async def run(session: Session, command: str, *arguments: Any) -> Any:
    """A command's result."""
    question = lsp.ExecuteCommandParams(command, list(arguments))
    return await session.client.workspace_execute_command_async(question)


def range_of(first: int, last: int) -> dict[str, Any]:
    """Whole lines."""
    return {"start": {"line": first, "character": 0}, "end": {"line": last + 1, "character": 0}}
