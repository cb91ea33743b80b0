"""Who answers: which version, what the token may, and one real suggestion."""

from __future__ import annotations

from typing import Final

from duo_lsp import urls, wire
from duo_lsp.doctor.scene import Finding, Scene, bad
from duo_lsp.errors import ProjectOffError
from duo_lsp.gitlab.local_upstream import LocalUpstream
from duo_lsp.gitlab.upstream import GitLabUpstream

_ABOVE: Final = 2 * "def total(prices):\n    result = sum(prices)\n    return result\n\n\n" + "def total(pri"
SAMPLE: Final = wire.CurrentFile("sample.py", _ABOVE, "\n", "python")
"""Code of ours, so that none of the person's is sent."""


async def version(scene: Scene) -> list[Finding]:
    """Ask for the version, which costs no suggestion."""
    upstream = scene.upstream
    if not isinstance(upstream, GitLabUpstream | LocalUpstream):
        return [bad("upstream", "nobody: signed out", "Set a token, or set upstream to local.")]
    told = await (await upstream.client()).version()
    if upstream.local:
        return [Finding("upstream", f"the local engine answers ({told}); nothing leaves this machine")]
    return [Finding("upstream", f"{upstream.host} answers, GitLab {told}")]


async def scopes(scene: Scene) -> list[Finding]:
    """Whether the token is accepted, for what, and for how long."""
    from duo_lsp.gitlab.sign_in import asking, checking, login

    given = scene.choice.credentials
    if given is None:
        return []
    token = await given.tokens.current()
    async with asking.asking(given.base_url, token, network=scene.choice.network) as ask:
        checked = await checking.check(ask, token, given.base_url)
    warning = login.expiry_warning(checked.expires_at, urls.host_of(given.base_url), scene.today)
    if warning:
        return [bad("scopes", warning, "Run `duo-lsp login`.")]
    until = f", good until {checked.expires_at}" if checked.expires_at else ""
    return [Finding("scopes", f"{', '.join(checked.scopes)}{until}")]


async def feature(scene: Scene) -> list[Finding]:
    """Whether GitLab Duo is on for the project, where one is known."""
    project = await scene.project()
    if not project or not isinstance(scene.upstream, GitLabUpstream):
        return [Finding("feature", "no project is known here; the suggestion below shows whether GitLab Duo is on")]
    if await (await scene.upstream.client()).is_on(project):
        return [Finding("feature", f"GitLab Duo is on for {project}")]
    return [bad("feature", f"GitLab Duo is off for {project}", ProjectOffError.remedy)]


async def suggestion(scene: Scene) -> list[Finding]:
    """Ask for one real suggestion, within the rate limit."""
    held = await scene.upstream.admit(invoked=True)
    if held is not None:
        remedy = held.error.hint if held.error is not None else "Wait a minute, then try again."
        return [bad("suggestion", f"not asked for. {held.reason}", remedy)]
    began = scene.clock()
    project = await scene.project() or None
    answer = await scene.upstream.complete(wire.SuggestionRequest(SAMPLE, "completion", project_path=project))
    took = f"answered in {(scene.clock() - began) * 1000:.0f} ms"
    return [Finding("suggestion", took if answer.texts else f"{took}, with nothing to suggest for our sample")]


async def left(scene: Scene) -> list[Finding]:
    """How many requests this minute still allows; all servers of one person share them."""
    admission = scene.upstream.admission
    if admission is not None:
        await admission.look()
    count = admission.left if admission is not None else None
    if count is None:
        return []
    if not count:
        return [bad("left", "no more requests in this minute", "Wait a minute; suggestions come back by themselves.")]
    return [Finding("left", f"{count} requests in this minute")]
