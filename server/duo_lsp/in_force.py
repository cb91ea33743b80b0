"""The settings that are in force, and who answers under them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, Protocol

from duo_lsp import urls
from duo_lsp.background import Background
from duo_lsp.config import Resolved
from duo_lsp.editor_settings import EditorSettings
from duo_lsp.gitlab.choice import Choice
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.services import Services
from duo_lsp.settings import Settings
from duo_lsp.status import Status
from duo_lsp.suggestions.neighbours.desk import Desk
from duo_lsp.suggestions.pipeline import Pipeline

SETTLING: Final = 3.0
"""Seconds that a request waits for settings to be in force: a token may lie in a slow store."""


class Editor(Protocol):
    """Whom all this is for."""

    status: Status
    desk: Desk

    @property
    def folders(self) -> tuple[str, ...]:
        """The workspace's folders as paths."""

    @property
    def agent(self) -> str:
        """How requests introduce us."""

    def tell(self, sentence: str) -> None:
        """Say what is wrong."""

    def answered_by(self, choice: Choice) -> None:
        """Show who answers from now on; nothing was sent there yet."""


class InForce:
    """Makes the services fit the settings: one change after the other, each of them whole or not at all."""

    def __init__(self, services: Services, said: EditorSettings, editor: Editor, background: Background) -> None:
        self.pipeline: Pipeline | None = None
        """None until the first settings are in force."""
        self.choice: Choice | None = None
        self._services = services
        self._said = said
        self._editor = editor
        self._background = background
        self._changing = asyncio.Lock()
        self._applied: Resolved | None = None
        self._newest: asyncio.Task[None] | None = None
        """The change that was begun last, and is made last."""
        self._warned: set[str] = set()
        """What was said of logins: once in a session."""
        self.ended = False
        """For good: a change under way begins nothing any more."""

    @property
    def whole(self) -> bool:
        """Whether all that is known is in force; what is not yet may say that nothing goes anywhere."""
        return self._applied is self._said.resolved

    @property
    def upstream(self) -> Upstream | None:
        """Who is asked for suggestions; None until the first settings are in force."""
        return None if self.pipeline is None else self.pipeline.upstream

    async def settle(self) -> None:
        """Wait while settings are being applied, a moment at most: an editor may ask right after `initialized`."""
        if self._newest is not None and not self._newest.done():
            await asyncio.wait({self._newest}, timeout=SETTLING)

    async def apply(self) -> None:
        """Use what is known now: once after `initialized`, and after every change.

        Whoever gives up waiting for it does not end it: nothing is asked until what is known is in force.
        """
        self._newest = asyncio.ensure_future(self._apply())
        await asyncio.shield(self._newest)

    async def _apply(self) -> None:
        async with self._changing:
            resolved = self._said.resolved
            for problem in resolved.problems:
                self._editor.tell(str(problem))
            choice = None if self.ended else await asyncio.to_thread(self._choose, resolved)
            if choice is None or self.ended:
                return
            self._warn(choice)
            if self.pipeline is None or choice != self.choice:
                await asyncio.shield(self._background.run(self._change_upstream(choice, resolved.settings)))
            elif self.pipeline.settings != resolved.settings:
                await self.pipeline.use(self.pipeline.upstream, resolved.settings)
            else:
                self._applied = resolved  # it says nothing new
                return
            self._editor.status.want(resolved.settings.code_completion)
            self._applied = resolved

    def _choose(self, resolved: Resolved) -> Choice:
        self._services.account.look()  # what changes from here on will be noticed
        choice = self._services.choose(resolved)
        if choice.credentials is not None:  # one of GITLAB_TOKEN is in no setting
            self._services.formatter.learn(choice.credentials.token)
        return choice

    def _warn(self, choice: Choice) -> None:
        for warning in sorted(set(choice.warnings) - self._warned):
            self._editor.tell(warning)
        self._warned |= set(choice.warnings)

    async def _change_upstream(self, choice: Choice, settings: Settings) -> None:
        before, editor = self.upstream, self._editor
        upstream = self._services.open(choice, editor.agent)
        upstream.use_workspaces(editor.folders, editor.desk.near)
        if self.pipeline is None:
            self.pipeline = self._services.pipeline(upstream, settings, editor.status, editor.desk)
        else:
            await self.pipeline.use(upstream, settings)
        if before is not None:
            self._background.run(before.close())  # nobody asks it any more
        if self.ended:
            return  # the new one was closed meanwhile
        self.choice = choice
        editor.answered_by(choice)  # before anything is sent there, and before the next await
        self.pipeline.warm_up()

    def notice_login(self) -> None:
        """A login may have been made or forgotten in a terminal: found out beside a request, which does not wait."""
        if self._services.account.due:
            self._background.run(self._take_login())

    async def _take_login(self) -> None:
        if await self._services.account.changed() and not self.ended:
            await self.apply()

    def folders_changed(self) -> None:
        """Tell whoever may learn from the workspace where it is now."""
        if self.upstream is not None:
            self.upstream.use_workspaces(self._editor.folders, self._editor.desk.near)

    def files_changed(self, uris: Sequence[str]) -> None:
        """Tell whoever learns from the workspace which of its files are not as they were."""
        if self.upstream is not None:
            self.upstream.files_changed([path for path in map(urls.file_path, uris) if path])

    def end(self) -> None:
        """Close what answers, for good."""
        self.ended = True
        if self.pipeline is not None:
            self._background.run(_closed(self.pipeline))


async def _closed(pipeline: Pipeline) -> None:
    await pipeline.close()
    await pipeline.upstream.close()
