"""Why a model gave no answer, and what a person can do about it.

ModelError (errors.py)
├── AwayError         nothing answers at its address
├── NoSuchModelError  its server has others
├── NoGapsError       it cannot take the text after the cursor
├── TooLongError      that was more than it can read
├── KeyRefusedError   its server wants a key, or another one
└── LateError         the deadline passed
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from duo_lsp.errors import ModelError

_SHOWN: Final = 8


class AwayError(ModelError):
    """Nothing answers at its address."""


class NoSuchModelError(ModelError):
    """Its server has others."""


class NoGapsError(ModelError):
    """It cannot take the text after the cursor; what is before it, it can."""

    remedy = "Name the way it was trained with --fim-template."


class TooLongError(ModelError):
    """That was more than it can read."""

    remedy = "Give its server a larger context, or ask about less code."


class KeyRefusedError(ModelError):
    """Its server wants a key, or another one."""

    remedy = "Put the key into the environment as DUO_LSP_MODEL_KEY."


class LateError(ModelError):
    """The deadline passed."""

    remedy = "Take a smaller model, or give it more time with --model-timeout."


_LONGEST_NAME: Final = 100
_GAPS: Final = ("suffix", "insert", "infill", "fill-in-the-middle", " fim")
_LENGTH: Final = ("context size", "context length", "context window", "maximum context", "too long", "too many tokens")


def refused(status: int, said: str, who: str, remedy: str) -> ModelError:
    """The error for a status and the server's own sentence; `remedy` is what to do when it is the wrong server."""
    low = said.lower()
    told = f": {said.rstrip('.')}." if said else "."
    if status in (401, 403):
        return KeyRefusedError(f"{who} does not accept the key{told}")
    if any(word in low for word in _LENGTH):
        return TooLongError(f"{who} cannot read that much{told}")
    if any(word in low for word in _GAPS):
        return NoGapsError(f"{who} cannot fill a gap{told}")
    if "model" in low and ("not found" in low or "not exist" in low or "no such" in low):
        return NoSuchModelError(f"{who} has no such model{told}")
    if status == 503:
        return ModelError(f"{who} is not ready{told}", "Wait until it has loaded its model.")
    if status in (404, 405):
        return AwayError(f"{who} does not know this kind of request (status {status}).", remedy)
    return ModelError(f"{who} answered with status {status}{told}")


def in_general(problem: ModelError) -> ModelError:
    """The same without addresses, names and words of servers, which are nobody's business on another machine."""
    if isinstance(problem, LateError):
        return LateError("The model did not answer in time.", "Ask again, or about less code.")
    if isinstance(problem, TooLongError):
        return TooLongError("The model cannot read that much.", "Ask about less code.")
    return ModelError("The model gives no answer.", "Whoever runs this gateway finds the reason in its log.")


def which(who: str, model: str, there: Sequence[str], remedy: str) -> NoSuchModelError:
    """No such model, or none named where there are several; `remedy` is for who has none at all."""
    known = ", ".join(map(_plain, there[:_SHOWN])) + (", ..." if len(there) > _SHOWN else "")
    if not there:
        return NoSuchModelError(f"{who} has no model.", remedy)
    if not model:
        return NoSuchModelError(f"{who} has {len(there)} models.", f"Choose one with --model: {known}.")
    return NoSuchModelError(f"{who} has no model {model!r}.", f"It has {known}.")


def _plain(name: str) -> str:
    """A name that a server gave itself, as it can stand in a sentence."""
    return "".join(char if char.isprintable() else "?" for char in name[:_LONGEST_NAME])
