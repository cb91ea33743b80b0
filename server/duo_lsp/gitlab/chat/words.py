"""What a person who chats can do about an error: something else than who waits for a suggestion."""

from __future__ import annotations

from typing import Final

from duo_lsp import errors, wire_chat
from duo_lsp.chat_errors import NoModelError

CHAT: Final = "GitLab Duo Chat"
ACTIONS: Final = 160
"""Questions that GitLab takes by GraphQL in `WINDOW` (its `ai_action` limit)."""
WINDOW: Final = 8 * 3600.0
_REMEDIES: Final[dict[type[errors.DuoError], str]] = {
    errors.SlowError: "Ask again; a shorter question or less code is answered sooner.",
    errors.LimitedError: "Ask again a little later.",
    errors.NotThereError: f"{CHAT} needs GitLab 16.8 or later with GitLab Duo turned on.",
    errors.TooOldError: "Ask an administrator to update GitLab.",
    errors.TooLargeError: "Ask about less code.",
    errors.BrokenError: "Ask again; the server has a problem.",
    errors.CutShortError: "Ask again.",
}


def no_model(told: str) -> NoModelError:
    """What our own gateway says instead of an answer: there is no model, or it failed, and what to do about it."""
    plain = "".join(char if char.isprintable() else " " for char in told[: wire_chat.LONGEST_REASON])
    text = " ".join(plain.split())
    return NoModelError(text, None if text == wire_chat.NO_MODEL else "")


def for_chat(error: errors.DuoError) -> errors.DuoError:
    """The same error with what helps in a chat."""
    remedy = _REMEDIES.get(type(error))
    if remedy is not None and error.hint == type(error).remedy:
        error.hint = remedy
    return error
