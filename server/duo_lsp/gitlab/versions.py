"""What the versions of GitLab can do (GitLab documentation, "Code Suggestions API", history)."""

from __future__ import annotations

import re
from typing import Final

from duo_lsp import errors

Version = tuple[int, int]
OLDEST: Final[Version] = (16, 2)
"""The first that suggests by itself; the one before leaves it to its model gateway."""
NO_SHORT_TOKEN: Final[Version] = (16, 3)
"""The first that needs no second, short-lived token."""
NO_FLAG: Final[Version] = (16, 8)
"""The first without a feature flag for it."""
FLAG: Final = "code_suggestions_completion_api"
SWITCH: Final = "ai_duo_code_suggestions_switch"
CHAT_FLAG: Final = "access_rest_chat"
"""Off everywhere unless an administrator turns it on (GitLab documentation, api/chat)."""


def read(text: str) -> Version | None:
    """Major and minor number; None when it is no version."""
    found = re.match(r"(\d{1,4})\.(\d{1,4})(?:\D|\Z)", text, re.ASCII)
    return (int(found[1]), int(found[2])) if found else None


def missing(host: str, text: str) -> errors.NotThereError:
    """The error for an instance of this version that has no Code Suggestions."""
    version = read(text)
    sentence = f"{host} (GitLab {text}) has no Code Suggestions."
    if version is None:
        return errors.NotThereError(404, f"{host} has no Code Suggestions.")
    if version < OLDEST:
        return errors.TooOldError(404, sentence)
    if version < NO_FLAG:
        return errors.NotThereError(404, sentence, f"Ask an administrator to turn on the feature flag {FLAG}.")
    if not text.endswith("-ee") and "-ee." not in text:
        return errors.NotThereError(404, sentence, "Its Community Edition has none; they need the Enterprise Edition.")
    return errors.NotThereError(
        404,
        sentence,
        f"Ask an administrator for a licence with GitLab Duo, and whether the feature flag {SWITCH} is on.",
    )


def missing_chat(host: str) -> errors.NotThereError:
    """The error for an instance whose chat cannot be asked over REST; without the flag no version can be."""
    return errors.NotThereError(
        404,
        f"{host} has no chat that can be asked this way.",
        f"Ask an administrator to turn on the feature flag {CHAT_FLAG}, and whether your account may use chat.",
    )
