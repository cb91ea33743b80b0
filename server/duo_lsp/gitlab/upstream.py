"""Who answers: GitLab itself, or the engine on this machine; both spoken to in the same words."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final, Protocol, Self, TypeVar

from duo_lsp import urls, wire
from duo_lsp.errors import DuoError, ProxyError, TooLargeError
from duo_lsp.gitlab.chat.asking import Chat
from duo_lsp.gitlab.credentials import Credentials
from duo_lsp.gitlab.exclusions import Exclusions
from duo_lsp.gitlab.halving import halved
from duo_lsp.gitlab.http.network import Network
from duo_lsp.gitlab.limits.admission import Admission
from duo_lsp.gitlab.limits.gate import Held
from duo_lsp.gitlab.local_changes import Near, nobody
from duo_lsp.gitlab.projects import Projects
from duo_lsp.gitlab.token_source import TokenSource
from duo_lsp.wire_chat import ChatTransport

if TYPE_CHECKING:
    from duo_lsp.gitlab.client import GitLabClient

Loaded = TypeVar("Loaded")
OnText = Callable[[str], None]
_DEFAULT: Final = Network()


class Upstream(Protocol):
    """Something that completes code."""

    @property
    def local(self) -> bool:
        """Whether the next request stays on this machine."""

    @property
    def host(self) -> str:
        """Who gets the next request, as a person knows them."""

    @property
    def admission(self) -> Admission | None:
        """What is known of when it may be asked; None where it may always be."""

    @property
    def fallen(self) -> DuoError | None:
        """Why it lets somebody else answer in its place; None when it does not."""

    async def warm_up(self) -> None:
        """Do in advance what the first request would otherwise wait for. Raises DuoError."""

    def ready(self) -> bool:
        """Whether a request would be sent at once."""

    def use_workspaces(self, folders: Sequence[str], near: Near = nobody) -> None:
        """Which folders (absolute paths) it may learn from; only the local engine does.

        `near` says, when that begins, which files are open: what is near to them is learnt first.
        """

    def files_changed(self, paths: Sequence[str]) -> None:
        """Files (absolute paths) on the disk that are new, gone or not as they were, for who learns from them."""

    async def learnt(self) -> float | None:
        """How much of the workspace is learnt, up to 1; None where nobody learns, or says so in time."""

    async def admit(self, *, invoked: bool) -> Held | None:
        """Why nothing may be asked now; None when one request may go, which is counted as gone."""

    def reconsider(self) -> None:
        """The settings have changed: what was refused may be asked again."""

    async def project(self, path: str) -> str:
        """The project there that a file (absolute path) belongs to, as `group/project`; nothing where none is known."""

    async def exclusions(self, project: str) -> tuple[str, ...] | None:
        """The rules by which this project excludes files, in their order; None when they could never be fetched."""

    async def complete(self, request: wire.SuggestionRequest, on_text: OnText | None = None) -> wire.Answer:
        """Ask for a suggestion; `on_text` is given each new piece of one that is streamed. Raises DuoError."""

    def chat(self) -> ChatTransport:
        """The way to ask questions; always the same one, so that it can remember what it has learnt."""

    @property
    def in_chat(self) -> Upstream:
        """Whom that leads to: what may go along with a question is for their rules to say."""

    async def close(self) -> None:
        """End what was started."""


async def connect(base_url: str, tokens: TokenSource, user_agent: str, network: Network = _DEFAULT) -> GitLabClient:
    """A client. Raises ProxyError for a proxy of an odd kind, SettingError for certificates that cannot be read."""

    def make() -> GitLabClient:
        module = importlib.import_module("duo_lsp.gitlab.client")
        client: GitLabClient = module.GitLabClient(base_url, tokens, user_agent, network)
        return client

    return await loaded(make)


async def loaded(make: Callable[[], Loaded]) -> Loaded:
    """What is made with the HTTP library: off the event loop, because loading it takes longer than a frame.

    Raises ProxyError.
    """
    try:
        return await asyncio.to_thread(make)
    except (ImportError, ValueError) as problem:
        raise ProxyError(
            "The proxy on the way is of a kind that cannot be used.",
            "Set the setting proxy, or HTTPS_PROXY and ALL_PROXY, to an http:// address, or unset them.",
        ) from problem


Connect = Callable[[str, TokenSource, str, Network], Awaitable["GitLabClient"]]


class GitLabUpstream:
    """A GitLab instance, connected to on the first request."""

    local = False
    fallen = None

    def __init__(
        self,
        given: Credentials,
        user_agent: str,
        admission: Admission,
        network: Network = _DEFAULT,
        *,
        connect: Connect = connect,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.host = urls.host_of(given.base_url)
        self.admission = admission
        self._credentials = given
        self._user_agent = user_agent
        self._network = network
        self._connect = connect
        self._projects = Projects(given.base_url, clock)
        self._exclusions = Exclusions(self._ask_for_exclusions, clock)
        self._opening: asyncio.Task[GitLabClient] | None = None
        self._chat = Chat(self.client, admission.sign_in)

    async def client(self) -> GitLabClient:
        """The one client, made once however many ask at the same time."""
        if self._opening is None or (self._opening.done() and self._opening.exception() is not None):
            given = self._credentials
            self._opening = asyncio.ensure_future(
                self._connect(given.base_url, given.tokens, self._user_agent, self._network)
            )
        return await asyncio.shield(self._opening)

    async def warm_up(self) -> None:
        """Load the HTTP library, and see how often was asked already."""
        await self.client()
        await self.admission.look()

    def ready(self) -> bool:
        """GitLab may always be asked; connecting is part of asking."""
        return True

    def use_workspaces(self, folders: Sequence[str], near: Near = nobody) -> None:
        """Nothing: GitLab gets what is in a request and nothing else."""

    def files_changed(self, paths: Sequence[str]) -> None:
        """The same."""

    async def learnt(self) -> float | None:
        """GitLab learns nothing."""
        return None

    async def admit(self, *, invoked: bool) -> Held | None:
        """Within GitLab's rate limit, and not while it refuses or fails."""
        return await self.admission.admit(invoked=invoked)

    def reconsider(self) -> None:
        """Other settings may be what it wants: a project's path, a token."""
        self.admission.reconsider()

    async def project(self, path: str) -> str:
        """The project whose checkout the file is in, by the git remote that points at the instance."""
        return await self._projects.of(path)

    async def exclusions(self, project: str) -> tuple[str, ...] | None:
        """What the project's settings say, asked for once."""
        return await self._exclusions.of(project)

    async def _ask_for_exclusions(self, project: str) -> tuple[str, ...]:
        return await (await self.client()).exclusions(project)

    async def complete(self, request: wire.SuggestionRequest, on_text: OnText | None = None) -> wire.Answer:
        """Ask GitLab; what is too large for it, once more by half. Raises UpstreamError."""
        try:
            return await self._ask(request, on_text)
        except TooLargeError:
            if await self.admission.admit(invoked=True) is not None:
                raise
            return await self._ask(halved(request), on_text)

    async def _ask(self, request: wire.SuggestionRequest, on_text: OnText | None) -> wire.Answer:
        async def ask() -> wire.Answer:
            return await (await self.client()).complete(request, on_text)

        return await self.admission.through(ask)

    def chat(self) -> ChatTransport:
        """GitLab Duo Chat."""
        return self._chat

    @property
    def in_chat(self) -> Self:
        """GitLab."""
        return self

    async def close(self) -> None:
        """Close the connections, if there are any."""
        await self._exclusions.close()
        await self.admission.counted()
        if self._opening is not None:
            with contextlib.suppress(DuoError):
                await (await self._opening).close()
