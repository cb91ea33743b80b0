"""What the gateway plays on purpose, to try a client against it: an older GitLab, a slow one, a sick one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence

import attrs

from duo_lsp.errors import UsageError
from duo_lsp.gateway import faults
from duo_lsp.gateway.refusals import Answers, RefusedError

GITLAB = "18.6.0"
"""The GitLab whose API this is."""
REST_CHAT = "access_rest_chat"
SUGGESTIONS = "ai_duo_code_suggestions_switch"
DIRECT = "code_suggestions_direct_completions"
PROJECTS = "duo_features_enabled"
"""A setting of the project rather than a flag."""
FEATURES = (REST_CHAT, SUGGESTIONS, DIRECT, PROJECTS)
"""GitLab's names for what can be turned off."""
LONGEST = 3_600_000
"""Milliseconds of a delay."""
_VERSION = re.compile(r"\d{1,3}\.\d{1,3}(\.\d{1,3})?", re.ASCII)


@attrs.frozen
class Play:
    """How to answer; by default as well and as fast as possible."""

    gitlab: str = GITLAB
    delay: float = 0.0
    """Seconds before every answer but that about health."""
    faults: Mapping[str, Answers] = attrs.field(factory=dict)
    """By path."""
    legacy_stream: bool = False
    off: frozenset[str] = frozenset()
    """Features that are turned off, of `FEATURES`."""

    @property
    def wants_short_token(self) -> bool:
        """Whether this GitLab gives suggestions only to who has a short-lived token (before 16.3)."""
        return self.version < (16, 3)

    @property
    def version(self) -> tuple[int, int]:
        """Major and minor number of this GitLab."""
        major, minor = self.gitlab.split(".")[:2]
        return int(major), int(minor)

    def has(self, feature: str) -> bool:
        """Whether a feature is turned on."""
        return feature not in self.off

    async def strike(self, path: str) -> None:
        """Wait as long as wanted, then raise RefusedError with what is to go wrong at this path, if anything."""
        await asyncio.sleep(self.delay)
        if fault := self.faults.get(path):
            raise RefusedError(fault)


def read(gitlab: str, delay: int, wanted: Sequence[str], *, legacy_stream: bool, off: Sequence[str] = ()) -> Play:
    """What the command line asks for; `delay` in milliseconds. Raises UsageError."""
    if not _VERSION.fullmatch(gitlab):
        raise UsageError(f"{gitlab!r} is no version of GitLab.", "Write it like 16.2 or 18.6.0.")
    if not 0 <= delay <= LONGEST:
        raise UsageError(f"A delay of {delay} ms cannot be used.", f"Use 0 to {LONGEST}.")
    for feature in off:
        if feature not in FEATURES:
            raise UsageError(f"There is no feature {feature!r} to turn off.", f"Choose one of: {', '.join(FEATURES)}.")
    return Play(gitlab, delay / 1000, faults.read(wanted), legacy_stream, frozenset(off))
