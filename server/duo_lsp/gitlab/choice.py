"""Who is asked, decided from the settings alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from duo_lsp import urls
from duo_lsp.config import Resolved
from duo_lsp.gitlab import credentials, local
from duo_lsp.gitlab.credentials import Credentials, Keeper
from duo_lsp.gitlab.falling import FallingUpstream
from duo_lsp.gitlab.http import network
from duo_lsp.gitlab.http.network import Network
from duo_lsp.gitlab.limits.admission import Admission
from duo_lsp.gitlab.local import LocalEngine, LocalModel
from duo_lsp.gitlab.local_upstream import LocalUpstream
from duo_lsp.gitlab.unlimited import SignedOut
from duo_lsp.gitlab.upstream import GitLabUpstream, Upstream
from duo_lsp.status import LOCAL, READY, SIGNED_OUT, State


@attrs.frozen
class Choice:
    """Who answers, decided from the settings: GitLab with credentials, the local engine, or nobody."""

    state: State
    credentials: Credentials | None = None
    falls: bool = False
    """Whether the local engine answers while GitLab refuses."""
    note: str = ""
    """Why there are no credentials."""
    unused: bool = False
    """Whether a token was set all the same: somebody thinks that GitLab answers."""
    warnings: tuple[str, ...] = attrs.field(default=(), eq=False)
    """What is wrong with a login, in sentences a person is told once."""
    network: Network = Network()
    """The way there."""
    engine: LocalModel = LocalModel()
    """Who answers on this machine."""

    @property
    def announcement(self) -> str:
        """What a person is told once: where code goes, or why nothing will show."""
        if self.credentials is not None:
            return f"Code near the cursor goes to {urls.host_of(self.credentials.base_url)} for suggestions."
        if self.state == SIGNED_OUT:
            why = "" if self.note == credentials.NOTHING_FOUND else f"{self.note} "  # the state says so itself
            return f"{self.state.sentence} {why}{self.state.remedy}"
        return self.note if self.unused else ""

    @property
    def shown(self) -> State:
        """The state as a person sees it: a token that is not used is worth a word."""
        return attrs.evolve(self.state, remedy=self.note) if self.unused and self.state == LOCAL else self.state


def choose(resolved: Resolved, environment: Mapping[str, str], keeper: Keeper | None = None) -> Choice:
    """GitLab only after a token was given for it; `upstream` can insist on one or the other.

    Blocks where the keeper does: call it off the event loop.
    """
    wanted, engine = resolved.settings.upstream, local.model(resolved.settings)
    if wanted == "local":
        return Choice(LOCAL, note="The setting upstream is local.", engine=engine)
    search = credentials.find(resolved, environment, keeper)
    if search.credentials is not None:
        way = network.of_settings(resolved.settings)
        return Choice(
            READY, search.credentials, falls=wanted == "auto", warnings=search.warnings, network=way, engine=engine
        )
    state, unused = SIGNED_OUT if wanted == "gitlab" else LOCAL, bool(resolved.settings.token)
    return Choice(state, note=search.note, unused=unused, warnings=search.warnings, engine=engine)


@attrs.frozen
class Parts:
    """What upstreams are made of."""

    engine: Callable[[], LocalEngine]
    """The engine on this machine, not started yet."""
    admission: Callable[[Credentials], Admission]
    """What decides when the instance may be asked."""


def open_upstream(choice: Choice, parts: Parts, user_agent: str) -> Upstream:
    """The upstream that was chosen."""
    given = choice.credentials

    def here() -> LocalUpstream:
        return LocalUpstream(parts.engine(), user_agent, patience=choice.engine.patience)

    if given is not None:
        gitlab = GitLabUpstream(given, user_agent, parts.admission(given), choice.network)
        return FallingUpstream(gitlab, here) if choice.falls else gitlab
    return here() if choice.state == LOCAL else SignedOut()
