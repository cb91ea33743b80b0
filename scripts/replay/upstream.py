"""A GitLab that a model stands in for, as the pipeline sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, Self

from duo_lsp import wire
from duo_lsp.errors import DuoError, LimitedError
from duo_lsp.gitlab.limits.admission import Admission
from duo_lsp.gitlab.limits.gate import Held
from duo_lsp.gitlab.limits.limit import Limit
from duo_lsp.gitlab.local_changes import Near, nobody
from duo_lsp.wire_chat import ChatTransport
from scripts.replay.figures import Seen
from scripts.replay.models import Model

HOST: Final = "gitlab.example"


class Upstream:
    """The model behind GitLab's rate limit; counts what it is asked."""

    local = False
    host = HOST
    fallen: DuoError | None = None

    def __init__(self, model: Model, seen: Seen, retry_after: float) -> None:
        self._model, self._seen = model, seen
        self._now = asyncio.get_running_loop().time
        self._limited = [retry_after] if retry_after else []
        self.admission = Admission(HOST, self._now, Limit(self._now))

    async def warm_up(self) -> None:
        """Nothing to do."""

    def ready(self) -> bool:
        """Always."""
        return True

    def use_workspaces(self, folders: Sequence[str], near: Near = nobody) -> None:
        """Learns from nothing."""

    def files_changed(self, paths: Sequence[str]) -> None:
        """The same."""

    async def learnt(self) -> None:
        """Nothing."""

    def reconsider(self) -> None:
        """As GitLab's does."""
        self.admission.reconsider()

    async def project(self, path: str) -> str:
        """None is known."""
        del path
        return ""

    async def exclusions(self, project: str) -> tuple[str, ...] | None:
        """None."""
        del project
        return ()

    async def admit(self, *, invoked: bool) -> Held | None:
        """Within GitLab's rate limit."""
        held = await self.admission.admit(invoked=invoked)
        self._seen.refused += held is not None and held.error is None
        return held

    async def complete(self, request: wire.SuggestionRequest, *_: object) -> wire.Answer:
        """What the model says, after its time."""
        return await self.admission.through(lambda: self._answer(request))

    async def _answer(self, request: wire.SuggestionRequest) -> wire.Answer:
        self._seen.asked.append(self._now())
        position = len(request.current_file.content_above_cursor) - len(self._model.text.before)
        try:
            await asyncio.sleep(self._model.delay(position))
        except asyncio.CancelledError:
            self._seen.thrown_away += 1
            raise
        if self._limited:
            raise LimitedError(f"{HOST} asks us to slow down.", self._limited.pop())
        self._seen.came.append(position)
        answer = self._model.answer(position)
        return wire.Answer((answer,) if answer else ())

    def chat(self) -> ChatTransport:
        """Nobody asks questions here."""
        raise NotImplementedError

    @property
    def in_chat(self) -> Self:
        """Nobody else."""
        return self

    async def close(self) -> None:
        """Nothing is open."""
