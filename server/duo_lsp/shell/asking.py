"""One question in the shell about code in a file or from a pipe, answered by the same parts that serve an editor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import attrs

from duo_lsp import app, config
from duo_lsp.chat import selecting
from duo_lsp.chat.asked import Asked, Selection
from duo_lsp.chat.conversation import Exchange
from duo_lsp.chat.service import Chat
from duo_lsp.chat.wish import Wish
from duo_lsp.errors import UsageError
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.logs import MaskingFormatter
from duo_lsp.settings import Settings
from duo_lsp.shell import oneshot
from duo_lsp.suggestions.gate import Gate
from duo_lsp.wire_chat import ChatTransport

MOST: Final = 2 << 20
"""Bytes that are read from a pipe."""


@attrs.frozen
class ShellChat:
    """What a conversation stands in, in a shell."""

    upstream: Upstream
    settings: Settings
    folder: str
    gate: Gate = attrs.field(factory=Gate)

    async def transport(self) -> ChatTransport:
        """The way to whoever answers."""
        return self.upstream.chat()

    async def kept_at_home(self, uri: str, path: str) -> str:
        """What every rule says."""
        if not path:
            return ""  # it came through a pipe
        return await self.gate.kept_at_home(uri, path, (self.folder,), self.settings, self.upstream.in_chat)

    def path_of(self, name: str) -> str:
        """A file of the project."""
        return f"{self.folder}/{name}"

    @property
    def redacts(self) -> bool:
        """What the settings say."""
        return self.settings.code_completion.enable_secret_redaction

    def now(self) -> datetime:
        """On this machine."""
        return app.time_of_day()

    def ended(self, exchange: Exchange) -> None:
        """It is on the screen; nothing is kept."""


def in_file(path: Path, first: int, last: int) -> Selection:
    """These lines of a file, from 1; all of it where `last` is 0. Raises UsageError."""
    document = oneshot.read(path)
    if max(first, last) > len(document.lines):
        raise UsageError(
            f"{path} has {len(document.lines)} lines, not {max(first, last)}.", "Name lines that are there."
        )
    wish = Wish(start=(max(0, first - 1), 0), end=(last or len(document.lines), 0))
    found = selecting.of_document(document, wish, (oneshot.root(path.resolve()).as_posix(),), function=False)
    if found is None:
        raise UsageError(f"There is nothing in {path} there.", "Name lines with code.")
    return found


def in_pipe(data: bytes) -> Selection:
    """What came through a pipe. Raises UsageError."""
    text = data.decode("utf-8-sig", "replace")
    found = selecting.of_text(Wish(selection=text), ())
    if len(data) > MOST or found is None or "\0" in text:
        raise UsageError("There is no code on standard input, or too much.", "Pipe in a text of up to 2 MiB.")
    return attrs.evolve(found, name="stdin")


async def ask(
    question: str, selection: Selection | None, environment: Mapping[str, str], on_text: Callable[[str], None]
) -> Exchange:
    """What becomes of a question; safe pieces of the answer as they come."""
    resolved = config.resolve(app.base_layers(environment))
    chosen = await oneshot.choose(resolved, environment, MaskingFormatter())
    upstream = oneshot.opened(chosen, environment)
    folder = oneshot.root(Path(selection.path) if selection and selection.path else Path.cwd() / "_").as_posix()
    try:
        chat = Chat(ShellChat(upstream, resolved.settings, folder))
        return await chat.ask(Asked(question, selection, with_clean_history=True), on_text)
    finally:
        await upstream.close()
