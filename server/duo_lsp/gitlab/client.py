"""One instance of GitLab's REST API: ours to ask, its answers and failures in our words."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, TypeVar

import attrs

from duo_lsp import wire
from duo_lsp.errors import (
    BadAnswerError,
    NotAllowedError,
    NotThereError,
    RefusedError,
    ScopeError,
    SignInError,
    TokenRefusedError,
    UpstreamError,
)
from duo_lsp.gitlab import answers, versions
from duo_lsp.gitlab.answers import OnText
from duo_lsp.gitlab.http.calls import Call
from duo_lsp.gitlab.http.exchange import Exchange
from duo_lsp.gitlab.http.network import Network
from duo_lsp.gitlab.http.replies import Reply
from duo_lsp.gitlab.instance import Instance
from duo_lsp.gitlab.old_instance import OldInstance
from duo_lsp.gitlab.project_switches import ProjectSwitches
from duo_lsp.gitlab.token_source import TokenSource

STREAM_HEADERS: Final = {"X-Supports-Sse-Streaming": "true"}
"""GitLab 17.7 and later send events to who says this, bare text to others."""
_DEFAULT: Final = Network()
T = TypeVar("T")


@attrs.frozen
class Deadlines:
    """Seconds, each for a whole exchange from connecting to the last byte."""

    completion: float = 7.0
    generation: float = 30.0
    question: float = 5.0


class GitLabClient:
    """Speaks to one address with one person's token; keeps its connections until `close`."""

    def __init__(
        self,
        base_url: str,
        tokens: TokenSource,
        user_agent: str,
        network: Network = _DEFAULT,
        *,
        deadlines: Deadlines | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """Not on the event loop: files are read. Raises SettingError; ValueError or ImportError for an odd proxy."""
        made = Exchange(base_url, user_agent, network, clock=clock, wall=wall)
        self._instance = Instance(made, tokens, wall)
        self._model_gateway = None
        if network.model_gateway:
            other = Exchange(network.model_gateway, user_agent, network, clock=clock, wall=wall)
            self._model_gateway = Instance(other, tokens, wall)
        self._old = OldInstance(self._instance, self._model_gateway, clock)
        self._switches = ProjectSwitches(self.is_on, self._instance.host, clock)
        self._deadlines = deadlines or Deadlines()
        version = network.language_server_version
        self._introduction = {wire.SERVER_VERSION_HEADER: version} if version else {}
        self._version = ""
        """What the instance says it is; empty until it had to be asked."""
        self.host = self._instance.host

    async def complete(self, request: wire.SuggestionRequest, on_text: OnText | None = None) -> wire.Answer:
        """Ask for a suggestion; `on_text` is given each new piece of a streamed text as it comes.

        Raises UpstreamError, in one of its kinds: CutShortError when a stream ends early, whatever has come of it.
        """
        project = request.project_path or ""
        self._switches.check(project)
        try:
            answer = await self._complete(request, on_text)
        except UpstreamError:
            self._switches.look(project)
            raise
        self._switches.look(project)  # over the same connection, so that it delays nothing
        return answer

    async def _complete(self, request: wire.SuggestionRequest, on_text: OnText | None) -> wire.Answer:
        generation = request.intent == "generation"
        async with self._instance.within(self._deadlines.generation if generation else self._deadlines.completion):
            if self._is_old:
                return await self._old.complete(request, self._version)
            headers = {**self._introduction, **(STREAM_HEADERS if request.stream else {})}
            if request.silence:
                headers[wire.SILENCE_HEADER] = request.silence
            call = Call("POST", wire.COMPLETIONS_PATH, request.body(), headers, slow=generation)
            try:
                return await self._instance.ask(call, partial(answers.suggestion, on_text))
            except TokenRefusedError:
                raise
            except (NotThereError, SignInError) as refusal:
                return await self._explain(refusal, request)

    async def is_on(self, project: str) -> bool:
        """Whether GitLab Duo is on for a project, as `group/project`; only a clear no is one. Raises UpstreamError."""
        call = Call("POST", wire.ENABLED_PATH, {"project_path": project}, self._introduction)
        async with self._instance.within(self._deadlines.question):
            try:
                await self._instance.ask(call, Reply.body)
            except ScopeError:
                raise
            except NotAllowedError:
                return False
        return True

    async def exclusions(self, project: str) -> tuple[str, ...]:
        """The rules by which a project excludes files, as `group/project`, in their order. Raises UpstreamError."""
        body = {"query": wire.EXCLUSIONS_QUERY, "variables": {"project": project}}
        async with self._instance.within(self._deadlines.question):
            answer = await self._instance.ask(Call("POST", wire.GRAPHQL_PATH, body, self._introduction), answers.value)
        try:
            return wire.read_exclusions(answer)
        except ValueError as problem:
            raise BadAnswerError(f"{self.host} did not tell which files are excluded: {problem}.") from problem

    async def version(self) -> str:
        """Which GitLab it is. Raises UpstreamError."""
        async with self._instance.within(self._deadlines.question):
            return await self._instance.tell(wire.VERSION_PATH, "version", "unknown")

    async def index(self) -> str:
        """How far the local gateway's index is: building, ready or none. Raises UpstreamError."""
        async with self._instance.within(self._deadlines.question):
            return await self._instance.tell(wire.HEALTH_PATH, "index", "none")

    async def learnt(self) -> float:
        """How much of the workspace the local gateway has learnt, up to 1. Raises UpstreamError."""
        async with self._instance.within(self._deadlines.question):
            percent = await self._instance.tell(wire.HEALTH_PATH, "learnt", "100")
        return min(int(percent), 100) / 100 if percent.isdecimal() else 1.0

    async def ask(self, call: Call, read: Callable[[Reply], Awaitable[T]]) -> T:
        """Ask what is no suggestion, with the token of now; how long it may take is up to who asks.

        Raises UpstreamError.
        """
        return await self._instance.ask(attrs.evolve(call, headers={**self._introduction, **call.headers}), read)

    async def close(self) -> None:
        """Give the connections back."""
        await self._switches.close()
        await self._instance.close()
        if self._model_gateway is not None:
            await self._model_gateway.close()

    @property
    def _is_old(self) -> bool:
        version = versions.read(self._version)
        return version is not None and version < versions.NO_SHORT_TOKEN

    async def _explain(self, refusal: RefusedError, request: wire.SuggestionRequest) -> wire.Answer:
        """Ask the instance how old it is, which newer ones never are; then ask as the old one wants, or say why not."""
        if not self._version:
            try:
                self._version = await self._instance.tell(wire.VERSION_PATH, "version", "unknown")
            except RefusedError:
                self._version = "unknown"
            except UpstreamError:
                raise refusal from None
        if self._is_old:
            return await self._old.complete(request, self._version)
        raise versions.missing(self.host, self._version) if isinstance(refusal, NotThereError) else refusal
