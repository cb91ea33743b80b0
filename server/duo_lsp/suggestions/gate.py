"""Whether a document may leave this machine, and if not, by which rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from duo_lsp import status
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.privacy import excluded
from duo_lsp.settings import Settings
from duo_lsp.status import State
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.disk import Disk, Seen

NOBODY_KNOWS: Final = "its address cannot be read, so nobody knows what it is."
NOT_YET: Final = "the disk has not told yet which files are ignored."
NO_RULES: Final = (
    "Which files your project excludes from GitLab Duo could not be fetched; the open file is sent all the same."
)


class Gate:
    """Asks every rule there is."""

    def __init__(self, disk: Disk | None = None) -> None:
        self._disk = disk or Disk()

    async def closed(
        self, here: Here, settings: Settings, upstream: Upstream, off: State | None = None
    ) -> tuple[State | None, str]:
        """Why nothing may be asked for this cursor, None when it may; and what the person should know all the same.

        `off` is why nothing is wanted there; what is never sent comes before it.
        """
        reason = _by_name(here.uri, here.path) or await self._by_ignore_files(here.path, here.folders)
        if reason or off or upstream.local:
            return _never_sent(reason) or off, ""
        rules = await _rules(here.path, settings, upstream)
        reason = await self._by_project(here.path, here.folders, rules or ())
        return _never_sent(reason), "" if rules is not None else NO_RULES

    async def kept_at_home(
        self, uri: str, path: str, folders: tuple[str, ...], settings: Settings, upstream: Upstream
    ) -> str:
        """Why a file that the person chose may not be sent, in whatever way; empty when it may."""
        reason = _by_name(uri, path) or await self._by_ignore_files(path, folders)
        if reason or upstream.local:
            return reason
        return await self._by_project(path, folders, await _rules(path, settings, upstream) or ())

    async def may_be_context(self, path: str, folders: tuple[str, ...], settings: Settings, upstream: Upstream) -> bool:
        """Whether a file (absolute path) may be sent along with another; what is not known may not be."""
        if not path or excluded.excluded_by(path):
            return False
        seen = await self._disk.see(path, folders)
        if seen is None or seen.rule_for_context or seen.is_sealed or not seen.is_inside:
            return False
        rules = () if upstream.local else await _rules(path, settings, upstream)
        return rules is not None and not _excluding(seen, rules)

    async def _by_ignore_files(self, path: str, folders: tuple[str, ...]) -> str:
        seen = await self._disk.see(path, folders)
        if seen is None:
            return NOT_YET
        return f"{seen.rule} excludes it." if seen.rule else ""

    async def _by_project(self, path: str, folders: tuple[str, ...], rules: Sequence[str]) -> str:
        seen = await self._disk.see(path, folders) if rules else Seen()
        if seen is None:
            return NOT_YET
        rule = _excluding(seen, rules)
        return f"the rule {rule} of its project on GitLab excludes it." if rule else ""


def _by_name(uri: str, path: str) -> str:
    if uri.startswith("file:") and not path:
        return NOBODY_KNOWS
    pattern = excluded.excluded_by(path)
    return f"it is named like {pattern}." if pattern else ""


async def _rules(path: str, settings: Settings, upstream: Upstream) -> tuple[str, ...] | None:
    """Those of the project; None when they could never be fetched."""
    project = settings.project_path or await upstream.project(path)
    return await upstream.exclusions(project) if project else ()


def _excluding(seen: Seen, rules: Sequence[str]) -> str:
    if not rules:
        return ""
    from duo_lsp.privacy import project_rules

    return project_rules.excluding(seen.in_project, rules) or ""


def _never_sent(reason: str) -> State | None:
    return status.excluded(f"This file is never sent: {reason}") if reason else None
