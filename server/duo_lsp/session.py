"""The server of one editor: settings in, services out, our errors in the editor's words."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final

import attrs
from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from duo_lsp import __version__, logs
from duo_lsp.background import Background
from duo_lsp.config import Resolved
from duo_lsp.editor_settings import EditorSettings
from duo_lsp.gitlab.choice import Choice
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.in_force import InForce
from duo_lsp.offer import Offer, cursor
from duo_lsp.protocol import pulling
from duo_lsp.protocol.converter import make_converter
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.protocol.language_server import DuoProtocol
from duo_lsp.protocol.workspace import DuoWorkspace
from duo_lsp.services import Services
from duo_lsp.status import Status
from duo_lsp.suggestions.neighbours.desk import Desk
from duo_lsp.suggestions.pipeline import Pipeline
from duo_lsp.told import Told

if TYPE_CHECKING:
    from duo_lsp.doctor.scene import Finding


ENDING: Final = 5.0
"""Seconds for everything to end; an engine that hangs is killed long before."""


class DuoServer(LanguageServer):
    """pygls's server with our documents, settings and services."""

    protocol: DuoProtocol

    def __init__(self, services: Services) -> None:
        super().__init__(
            "duo-lsp",
            __version__,
            protocol_cls=DuoProtocol,
            converter_factory=make_converter,
            max_workers=2,
        )
        self.protocol.mask = services.formatter.mask
        self.protocol.promise = services.promise
        self.status = Status(services.time_of_day)
        self._told = Told(services.clock)
        self.said = EditorSettings(services.base)
        self.account = services.account
        self.pages = services.pages
        self._services = services
        self.client_name = ""
        self.agent = f"duo-lsp/{__version__}"
        """How requests introduce us."""
        self.desk = Desk(document=self.document)
        self._background = Background()
        self.in_force = InForce(services, self.said, self, self._background)

    # documents

    @property
    def workspace(self) -> DuoWorkspace:
        """The open documents and the folders."""
        return self.protocol.workspace

    def document(self, uri: str) -> LineDocument | None:
        """The open document, or None; nothing is ever read from the disk."""
        return self.workspace.open_document(uri)

    @property
    def folders(self) -> tuple[str, ...]:
        """The workspace's folders as paths."""
        return self.workspace.paths

    # settings

    @property
    def resolved(self) -> Resolved:
        """The settings as they are known now; they may not be in force yet."""
        return self.said.resolved

    def introduce(self, params: lsp.InitializeParams) -> None:
        """Take in who the editor is and what its initialization options say."""
        if params.client_info is not None:
            self.client_name = params.client_info.name
            name = f"{params.client_info.name}/{params.client_info.version or 'unknown'}"
            self.agent += f" ({''.join(c for c in name if c.isascii() and c.isprintable())[:80]})"
        self.said.introduce(params.initialization_options, params.capabilities.experimental)
        self._learned()

    def learn(self, source: str, payload: object) -> None:
        """Take in what an editor sent of its settings."""
        self.said.learn(source, payload)
        self._learned()

    def _learned(self) -> None:
        self._services.formatter.learn(self.resolved.settings.token)
        logs.set_level(self.resolved.settings.log_level)

    async def take_settings(self) -> None:
        """Use what is known, ask the editor for more, and use that: in this order, because some never answer."""
        await self.apply_settings()
        await self.pull_settings()
        await self.apply_settings()

    async def apply_settings(self) -> None:
        """Make the services fit what is known."""
        await self.in_force.apply()

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that nobody waits for."""
        self._background.run(work)

    async def pull_settings(self) -> None:
        """Ask the editor for the section `duoLsp`, if it can be asked; what decides where code goes is not taken."""
        answer = await pulling.section(self)
        if answer is not None:
            self.learn("workspace/configuration", answer)

    # logins

    async def stay_out(self, *, out: bool) -> None:
        """Use no token, wherever one may lie; or use what there is again."""
        self.said.stay_out(out=out)
        await self.apply_settings()

    async def token_left(self) -> str:
        """Where a token would come from had nobody signed out; empty when there is none."""
        choice = await asyncio.to_thread(self._services.choose, self.said.signed_in())
        return choice.credentials.source if choice.credentials is not None else ""

    # services

    @property
    def suggestions(self) -> Pipeline | None:
        """The pipeline; None until the editor has said `initialized`."""
        return self.in_force.pipeline

    @property
    def upstream(self) -> Upstream | None:
        """Who is asked for suggestions; None until the editor has said `initialized`."""
        return self.in_force.upstream

    async def end(self) -> None:
        """End everything that runs on the editor's behalf, and for good."""
        self.in_force.end()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ENDING):
                await self._background.done()

    async def offers(
        self, uri: str, position: lsp.Position, *, invoked: bool, selected: lsp.SelectedCompletionInfo | None = None
    ) -> tuple[Offer, ...] | None:
        """What to offer at a place of an open document, the best first; None once the person has moved on from it."""
        self.in_force.notice_login()
        document = self.document(uri)
        asked_of = None if document is None else document.version
        await self.in_force.settle()
        if document is None or not document.in_step or document.version != asked_of:
            return None
        here = cursor(document, position, selected, self.folders)
        if here is None or self.suggestions is None or not self.in_force.whole or self.pages.holds(uri):
            return ()
        self.desk.recent.touched(uri, here.line)
        outcome = await self.suggestions.suggest(here, invoked=invoked)
        self._tell_of_trouble()
        moved_on = outcome.is_late or self.document(uri) is not document or document.version != here.version
        return None if moved_on else tuple(Offer(one, here, document, selected) for one in outcome.suggestions)

    async def who_answers(self) -> Upstream | None:
        """Who is asked now, once the settings are in force; None when they are not in time."""
        self.in_force.notice_login()
        await self.in_force.settle()
        return self.upstream if self.in_force.whole else None

    async def examine(self) -> list[Finding]:
        """What `duo-lsp doctor` finds, with this editor's settings; what it sends is a sample of our own."""
        choice, pipeline = self.in_force.choice, self.in_force.pipeline
        if choice is None or pipeline is None:
            return []
        from duo_lsp import doctor
        from duo_lsp.doctor.scene import Scene

        clock, today = self._services.clock, self._services.time_of_day().date()
        counted = pipeline.counters.sentence
        scene = Scene(self.resolved, choice, pipeline.upstream, clock, today, counted=counted)
        found = await doctor.examine_instance(scene, lambda other: self._services.open(other, self.agent))
        return [attrs.evolve(one, text=self.protocol.mask(one.text)) for one in found]  # one may quote an instance

    # to the person

    def answered_by(self, choice: Choice) -> None:
        """Show who answers from now on, and say once where code goes."""
        self._told.begin()
        self.status.begin(choice.shown)
        if choice.announcement:
            self.tell(choice.announcement, lsp.MessageType.Info)

    def _tell_of_trouble(self) -> None:
        """Say what the person should do something about, and when the local engine begins and ends to stand in."""
        for news in self._told.news(self.status, self.upstream.host if self.upstream is not None else ""):
            kind = lsp.MessageType.Warning if news.warning else lsp.MessageType.Info
            self.tell(news.sentence, kind, cause=news.cause)

    def tell(self, sentence: str, kind: lsp.MessageType = lsp.MessageType.Warning, *, cause: str = "") -> None:
        """Say something, but nothing twice in ten minutes that has the same cause, by default the sentence itself."""
        if self._told.first_time(cause or sentence):
            self.say(sentence, kind)

    def say(self, sentence: str, kind: lsp.MessageType) -> None:
        """Say something every time. VS Code takes `[a](command:b)` for a link, so that no message has one."""
        self.window_show_message(lsp.ShowMessageParams(kind, self.protocol.mask(sentence).replace("](", "] (")))
