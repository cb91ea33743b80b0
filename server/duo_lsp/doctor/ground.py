"""What stands before anything is asked: versions, settings, the token."""

from __future__ import annotations

import platform

from duo_lsp import __version__, urls
from duo_lsp.doctor.scene import Finding, Scene, bad
from duo_lsp.settings import LEAVES


async def versions(_: Scene) -> list[Finding]:
    """Ours, and what we run on."""
    return [Finding("duo-lsp", f"duo-lsp {__version__}, Python {platform.python_version()}, {platform.system()}")]


async def settings(scene: Scene) -> list[Finding]:
    """Every setting with its value and source, then what was wrong with any."""
    resolved = scene.resolved
    values = [
        Finding(
            "setting", f"{leaf.name} = {leaf.of(resolved.settings)!r} ({resolved.sources.get(leaf.name, 'default')})"
        )
        for leaf in LEAVES
    ]
    return values + [bad("setting", problem.sentence, problem.hint) for problem in resolved.problems]


async def token(scene: Scene) -> list[Finding]:
    """Which token is used and for whom, or why none is; what is wrong with a login."""
    choice = scene.choice
    warnings = [bad("token", warning, "Run `duo-lsp login` to make a new login.") for warning in choice.warnings]
    if choice.credentials is not None:
        host = urls.host_of(choice.credentials.base_url)
        return [Finding("token", f"found ({choice.credentials.source}), used for {host} only"), *warnings]
    if scene.resolved.settings.upstream == "gitlab":
        remedy = "Run `duo-lsp login`, or set GITLAB_URL and DUO_LSP_TOKEN."
        return [bad("token", f"none in use. {choice.note}", remedy), *warnings]
    return [Finding("token", f"none in use. {choice.note}"), *warnings]
