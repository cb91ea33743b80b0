"""A language server on our transport whose handlers misbehave on demand; run as a script by the tests of promises."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from duo_lsp import logs
from duo_lsp.protocol import stdio
from duo_lsp.protocol.converter import make_converter
from duo_lsp.protocol.language_server import DuoProtocol
from duo_lsp.protocol.pipes import private_pipes

SLOW = 60
"""Seconds; a test that waited for it would have failed long before."""
SECRET = "glpat-planted-in-an-error"


class RigServer(LanguageServer):
    protocol: DuoProtocol


def make() -> RigServer:
    server = RigServer("rig", "1", protocol_cls=DuoProtocol, converter_factory=make_converter)
    for name, command in COMMANDS.items():
        server.command(f"rig.{name}")(command)
    server.thread()(block)

    @server.feature(lsp.TEXT_DOCUMENT_INLINE_COMPLETION, lsp.InlineCompletionOptions())
    async def complete(_: lsp.InlineCompletionParams) -> None:
        return None

    return server


async def slow(*_: object) -> str:
    print("slow begins", file=sys.stderr)
    try:
        await asyncio.sleep(SLOW)
    except asyncio.CancelledError:
        print("slow was stopped", file=sys.stderr)
        raise
    return "slow"


def block(*_: object) -> None:
    print("block begins", file=sys.stderr)
    time.sleep(SLOW)


def freeze(*_: object) -> None:
    print("freeze begins", file=sys.stderr)
    time.sleep(SLOW)


def fail(*_: object) -> NoReturn:
    raise ValueError(f"in {__file__} with {SECRET}")


def background(*_: object) -> None:
    asyncio.get_running_loop().call_soon(fail)


def unwritable(*_: object) -> set[object]:
    return {object()}


def prints(*_: object) -> str:
    print("printed by Python", flush=True)
    os.write(1, b"written to 1\n")
    subprocess.run([sys.executable, "-c", "print('printed by a child')"], check=True)
    return f"read: {sys.stdin.read(1)!r}"


def text(ls: RigServer, uri: str) -> dict[str, Any] | None:
    document = ls.protocol.workspace.open_document(uri)
    return None if document is None else {"text": document.text, "in_step": document.in_step}


async def ask(ls: RigServer, *_: object) -> object:
    return await ls.workspace_configuration_async(lsp.ConfigurationParams([lsp.ConfigurationItem(section="x")]))


async def tasks(*_: object) -> int:
    return len(asyncio.all_tasks())


COMMANDS: dict[str, Callable[..., Any]] = {
    "slow": slow,
    "block": block,
    "freeze": freeze,
    "fail": fail,
    "background": background,
    "unwritable": unwritable,
    "print": prints,
    "text": text,
    "ask": ask,
    "tasks": tasks,
}

if __name__ == "__main__":
    private = private_pipes()
    logs.start("debug")
    stdio.serve(make().protocol, private)
