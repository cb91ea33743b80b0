"""The files that a project on GitLab excludes from GitLab Duo (GitLab documentation, "Exclude context")."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import attrs

from duo_lsp.privacy.globs import Name
from duo_lsp.privacy.ignore_rules import NOTHING, Patterns

MOST: Final = 500
"""Rules of a project that are read."""
_LONGEST: Final = 1_000


def excluding(path: str, rules: Sequence[str]) -> str | None:
    """The rule that excludes a path, which is relative to the repository; None when none does.

    The last rule that fits decides, and one with `!` takes back. GitLab compares without regard to `/`; here a rule
    that excludes may also be meant as in `.gitignore`, as people write them: `secrets/`.
    """
    return _excluding(path, tuple(rules[:MOST]))


@lru_cache(256)
def _excluding(path: str, rules: tuple[str, ...]) -> str | None:
    """Kept, as the same files are asked about with every request, and hundreds of rules take milliseconds."""
    decided = None
    for rule in _read(rules):
        if rule.takes_back:
            decided = None if rule.pattern.fits(path) else decided
        elif rule.fits(path):
            decided = rule.text
    return decided


@attrs.frozen
class _Rule:
    """One of them, read."""

    text: str
    takes_back: bool
    pattern: Name
    """As GitLab compares it: stars are for slashes, too."""
    patterns: Patterns

    def fits(self, path: str) -> bool:
        if self.pattern.fits(path):
            return True
        steps = path.split("/")
        inside = ("/".join(steps[:depth]) + "/" for depth in range(1, len(steps)))
        return any(self.patterns.deciding(one) is not None for one in (*inside, path))


@lru_cache(8)
def _read(rules: tuple[str, ...]) -> tuple[_Rule, ...]:
    """Kept, as the same rules are asked about with every keystroke."""
    return tuple(_one(rule[:_LONGEST]) for rule in rules)


def _one(text: str) -> _Rule:
    takes_back = text.startswith("!")
    return _Rule(text, takes_back, Name.read(text.removeprefix("!")), NOTHING if takes_back else Patterns.read(text))
