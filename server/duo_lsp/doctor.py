"""What works and what does not, and what to do about it."""

from __future__ import annotations

import platform
from collections.abc import AsyncIterator, Callable

import attrs

from duo_lsp import __version__, urls
from duo_lsp.config import Resolved
from duo_lsp.errors import DuoError
from duo_lsp.gitlab.choice import Choice
from duo_lsp.gitlab.upstream import GitLabUpstream, LocalUpstream, Upstream
from duo_lsp.settings import LEAVES


@attrs.frozen
class Finding:
    """One line of the report; one that is not fine says what to do."""

    name: str
    text: str
    fine: bool = True
    remedy: str = ""


async def examine(resolved: Resolved, choice: Choice, open_: Callable[[Choice], Upstream]) -> AsyncIterator[Finding]:
    """Check one thing after the other, the likely causes first."""
    yield Finding("version", f"duo-lsp {__version__}, Python {platform.python_version()}, {platform.system()}")
    for finding in settings(resolved):
        yield finding
    yield _token(resolved, choice)
    upstream = open_(choice)
    try:
        yield await _reachable(upstream)
    finally:
        await upstream.close()


def settings(resolved: Resolved) -> list[Finding]:
    """Every setting with its value and source, then what was wrong with any."""
    values = [
        Finding(
            "setting", f"{leaf.name} = {leaf.of(resolved.settings)!r} ({resolved.sources.get(leaf.name, 'default')})"
        )
        for leaf in LEAVES
    ]
    wrong = [Finding("setting", problem.sentence, fine=False, remedy=problem.hint) for problem in resolved.problems]
    return values + wrong


def _token(resolved: Resolved, choice: Choice) -> Finding:
    if choice.credentials is not None:
        host = urls.host_of(choice.credentials.base_url)
        return Finding("token", f"found ({choice.credentials.source}), used for {host} only")
    wanted = resolved.settings.upstream == "gitlab"
    remedy = "Set GITLAB_URL and DUO_LSP_TOKEN, or baseUrl and token in your editor's settings."
    return Finding("token", f"none in use. {choice.note}", fine=not wanted, remedy=remedy if wanted else "")


async def _reachable(upstream: Upstream) -> Finding:
    """Ask the upstream for its version, which costs no suggestion."""
    if not isinstance(upstream, GitLabUpstream | LocalUpstream):
        return Finding("upstream", "nobody: signed out", fine=False, remedy="Set a token, or set upstream to local.")
    try:
        version = await (await upstream.client()).version()
    except DuoError as error:
        return Finding("upstream", error.sentence, fine=False, remedy=error.hint)
    if upstream.local:
        return Finding("upstream", f"the local engine answers ({version}); nothing leaves this machine")
    return Finding("upstream", f"{upstream.host} answers, GitLab {version}")
