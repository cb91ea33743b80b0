"""Who answers without limits, projects and rules: nobody at all, or somebody on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Self

from duo_lsp import wire
from duo_lsp.gitlab.chat.asking import NobodyToAsk
from duo_lsp.gitlab.limits.gate import Held
from duo_lsp.gitlab.local_changes import Near, nobody
from duo_lsp.wire_chat import ChatTransport

_NOBODY: Final = NobodyToAsk()


class Unlimited:
    """What an `Upstream` says where nobody is asked over the network."""

    admission = None
    fallen = None

    async def admit(self, *, invoked: bool) -> Held | None:  # noqa: ARG002 - the protocol's shape
        """Always."""
        return None

    async def learnt(self) -> float | None:
        """Nobody learns."""
        return None

    @property
    def in_chat(self) -> Self:
        """The same, if they have anything to say."""
        return self

    def reconsider(self) -> None:
        """It refuses nothing."""

    async def project(self, path: str) -> str:  # noqa: ARG002 - the protocol's shape
        """None: no project is told to anybody."""
        return ""

    async def exclusions(self, project: str) -> tuple[str, ...] | None:  # noqa: ARG002 - the protocol's shape
        """None: nothing leaves the machine."""
        return ()


class SignedOut(Unlimited):
    """Nobody: GitLab is wanted but there is no token. Nothing is sent."""

    local = False
    host = "nobody"

    async def warm_up(self) -> None:
        """Nothing to do."""

    def ready(self) -> bool:
        """Never."""
        return False

    def use_workspaces(self, folders: Sequence[str], near: Near = nobody) -> None:
        """Nobody to tell."""

    def files_changed(self, paths: Sequence[str]) -> None:
        """The same."""

    async def complete(self, request: wire.SuggestionRequest, on_text: object = None) -> wire.Answer:  # noqa: ARG002
        """Nothing."""
        return wire.Answer()

    def chat(self) -> ChatTransport:
        """Nobody answers."""
        return _NOBODY

    async def close(self) -> None:
        """Nothing to do."""
