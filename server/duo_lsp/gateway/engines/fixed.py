"""An engine that always says the same, to try what shows an answer; there is no model in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import attrs

from duo_lsp import wire, wire_chat
from duo_lsp.gateway.engines import Completion, IndexState, Turn

ANSWER = """It adds two numbers, and **nothing** else:

```python
def add(a, b):
    return a + b
```

That is all there is to say.
"""
PAUSE = 0.01
"""Seconds between the lines, so that the answer comes in pieces."""


@attrs.define
class Fixed:
    """Says `answer`, line by line."""

    answer: str = ANSWER
    pause: float = PAUSE
    name: str = "fixed"
    chats: bool = True
    remote: bool = False
    index: IndexState = "none"
    learnt: float = 1.0

    async def complete(self, request: wire.SuggestionRequest) -> Completion:  # noqa: ARG002 - the protocol's shape
        """Nothing."""
        return Completion(reason="This engine only chats.")

    async def chat(
        self,
        request: wire_chat.ChatRequest,  # noqa: ARG002 - the protocol's shape
        before: tuple[Turn, ...],  # noqa: ARG002
    ) -> AsyncGenerator[str, None]:
        """The answer, whatever was asked."""
        for line in self.answer.splitlines(keepends=True):
            await asyncio.sleep(self.pause)
            yield line

    def use_workspaces(self, folders: tuple[Path, ...], near: tuple[Path, ...] = ()) -> None:
        """Learns nothing."""

    def files_changed(self, paths: tuple[Path, ...]) -> None:
        """The same."""

    async def close(self) -> None:
        """Nothing to let go of."""


def make(megabytes: int) -> Fixed:  # noqa: ARG001 - it learns nothing
    """One that answers."""
    return Fixed()
