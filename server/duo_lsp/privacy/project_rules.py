"""The files that a project on GitLab excludes from GitLab Duo (GitLab documentation, "Exclude context")."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Final

from duo_lsp.privacy.ignore_rules import Patterns

MOST: Final = 500
"""Rules of a project that are read."""
_LONGEST: Final = 1_000


def excluding(path: str, rules: Sequence[str]) -> str | None:
    """The rule that excludes a path, which is relative to the repository; None when none does.

    The last rule that fits decides, and one with `!` takes back. GitLab compares without regard to `/`; here a rule
    that excludes may also be meant as in `.gitignore`, as people write them: `secrets/`.
    """
    decided = None
    for rule in rules[:MOST]:
        if rule.startswith("!"):
            decided = None if fnmatchcase(path, rule[1:]) else decided
        elif _fits(path, rule[:_LONGEST]):
            decided = rule
    return decided


def _fits(path: str, rule: str) -> bool:
    if fnmatchcase(path, rule):
        return True
    steps = path.split("/")
    patterns = Patterns.read(rule)
    inside = ("/".join(steps[:depth]) + "/" for depth in range(1, len(steps)))
    return any(patterns.deciding(one) is not None for one in (*inside, path))
