"""GitLab, and for as long as it refuses, the engine on this machine in its place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from duo_lsp import wire
from duo_lsp.errors import DuoError, RefusedError
from duo_lsp.gitlab.limits.admission import Admission
from duo_lsp.gitlab.limits.gate import Held
from duo_lsp.gitlab.local_changes import Near, nobody
from duo_lsp.gitlab.local_upstream import LocalUpstream
from duo_lsp.gitlab.upstream import GitLabUpstream, OnText
from duo_lsp.wire_chat import ChatTransport


class FallingUpstream:
    """Asks GitLab until it refuses for good; from then on the local engine, and GitLab now and then.

    Whether GitLab may be asked again, its gate decides. The engine is not started before it is needed, so no code
    goes there before either, and it runs until this is closed: who was refused once may be again.
    """

    def __init__(self, gitlab: GitLabUpstream, open_local: Callable[[], LocalUpstream]) -> None:
        self._gitlab = gitlab
        self._open_local = open_local
        self.engine: LocalUpstream | None = None
        """The local engine, once it was needed."""
        self._folders: Sequence[str] = ()
        self._near: Near = nobody

    @property
    def admission(self) -> Admission:
        """When GitLab may be asked."""
        return self._gitlab.admission

    @property
    def fallen(self) -> RefusedError | None:
        """Why the local engine answers in GitLab's place; None when GitLab does."""
        return self.admission.refusal

    @property
    def local(self) -> bool:
        """Whether the next request goes to the local engine; one that finds out how GitLab is now does not."""
        return self.fallen is not None and self.admission.held() is not None

    @property
    def host(self) -> str:
        """Who gets the next request."""
        return LocalUpstream.host if self.local else self._gitlab.host

    async def warm_up(self) -> None:
        """Get whoever answers now ready. Raises DuoError."""
        await (self._local().warm_up() if self.local else self._gitlab.warm_up())

    def ready(self) -> bool:
        """Whether a request would be sent at once."""
        return self._local().ready() if self.local else self._gitlab.ready()

    def use_workspaces(self, folders: Sequence[str], near: Near = nobody) -> None:
        """Let the local engine learn from these folders, if it is ever needed."""
        self._folders, self._near = folders, near
        if self.engine is not None:
            self.engine.use_workspaces(folders, near)

    def files_changed(self, paths: Sequence[str]) -> None:
        """Let the local engine learn from them, if it runs: later it reads everything."""
        if self.engine is not None:
            self.engine.files_changed(paths)

    async def learnt(self) -> float | None:
        """What the local engine has, while it answers."""
        return await self._local().learnt() if self.local else None

    async def admit(self, *, invoked: bool) -> Held | None:
        """GitLab within its limits, the local engine always."""
        held = None if self.local else await self._gitlab.admit(invoked=invoked)
        if held is None or self.fallen is None:
            return held
        self.admission.postpone()  # nobody goes without a suggestion because it is time to ask GitLab again
        return None

    def reconsider(self) -> None:
        """Other settings may be what GitLab wants."""
        self._gitlab.reconsider()

    async def project(self, path: str) -> str:
        """The project a file belongs to at GitLab; the local engine does not need it."""
        return "" if self.local else await self._gitlab.project(path)

    async def exclusions(self, project: str) -> tuple[str, ...] | None:
        """The project's rules at GitLab."""
        return await self._gitlab.exclusions(project)

    async def complete(self, request: wire.SuggestionRequest, on_text: OnText | None = None) -> wire.Answer:
        """Ask GitLab, or the local engine; the latter also for what GitLab refuses now. Raises DuoError."""
        if not self.local:
            try:
                return await self._gitlab.complete(request, on_text)
            except DuoError:
                if self.fallen is None:
                    raise
        return await self._local().complete(request, on_text)

    def chat(self) -> ChatTransport:
        """GitLab's: who may not have suggestions may still chat, and the local engine has nothing to say."""
        return self._gitlab.chat()

    @property
    def in_chat(self) -> GitLabUpstream:
        """GitLab, whoever has suggestions now."""
        return self._gitlab

    async def close(self) -> None:
        """End both, for good: an engine that was never needed will not be started any more."""
        await asyncio.gather(self._gitlab.close(), self._local().close())

    def _local(self) -> LocalUpstream:
        if self.engine is None:
            self.engine = self._open_local()
            self.engine.use_workspaces(self._folders, self._near)
        return self.engine
