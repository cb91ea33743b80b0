"""Answers that are none: with a status of success GitLab says in a sentence what went wrong.

The sentences are those of its documentation, "Troubleshooting GitLab Duo Chat". A model's own "I'm sorry, but I can't
help with that" is an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from duo_lsp import chat_errors, errors, wire

LONGEST: Final = 600
"""Characters; whatever is longer is an answer."""
_SUCCESS: Final = 200
_BEGIN_ANEW: Final = "Begin a new conversation, then ask again."


def may_be(text: str) -> bool:
    """Whether an answer that begins so may turn out to be an apology."""
    plain = _plain(text)
    return len(plain) <= LONGEST and any(
        plain.startswith(opening) or opening.startswith(plain) for opening, _ in _OPENINGS
    )


def read(text: str, host: str) -> errors.UpstreamError | None:
    """The error that an answer stands for; None for an answer."""
    plain = _plain(text)
    if len(plain) > LONGEST:
        return None
    return next((make(_told(host, plain)) for opening, make in _OPENINGS if plain.startswith(opening)), None)


def unnamed(text: str, host: str) -> errors.UpstreamError:
    """The error for what GitLab calls one, whatever it says."""
    return read(text, host) or chat_errors.ApologyError(_told(host, _plain(text)))


def _plain(text: str) -> str:
    return text.strip().replace("\u2019", "'")


def _told(host: str, plain: str) -> str:
    return f'{host} gave no answer ("{wire.read_message(plain)}").'


def _refused(kind: type[errors.RefusedError]) -> Callable[[str], errors.UpstreamError]:
    return lambda sentence: kind(_SUCCESS, sentence)


def _anew(sentence: str) -> errors.UpstreamError:
    return chat_errors.ApologyError(sentence, _BEGIN_ANEW)


def _slow(sentence: str) -> errors.UpstreamError:
    return errors.SlowError(sentence, "Ask again; a shorter question or less code is answered sooner.")


_OPENINGS: Final[tuple[tuple[str, Callable[[str], errors.UpstreamError]], ...]] = (
    ("I'm sorry, I can't generate a response. You do not have access", _refused(errors.NoAccessError)),
    (
        "I'm sorry, I can't generate a response. You might want to try again. You could also be getting this error",
        _refused(chat_errors.UnreadableError),
    ),
    ("I am sorry, I cannot access the information you are asking about", _refused(errors.ProjectOffError)),
    ("I'm sorry, you don't have the GitLab Duo subscription", _refused(errors.NoAccessError)),
    ("I'm sorry, but answering this question requires a different Duo", _refused(errors.NotEntitledError)),
    ("I'm sorry, this question is not supported in your Duo", _refused(errors.NotEntitledError)),
    ("I'm sorry, you have not selected a default GitLab Duo namespace", _refused(errors.SetupError)),
    ("I'm sorry, you've entered too many prompts", _anew),
    ("I'm sorry, Duo Chat agent reached the limit", _anew),
    ("I'm sorry, I couldn't respond in time", _slow),
    ("I'm sorry, I can't generate a response", chat_errors.ApologyError),
    ("I'm sorry, I couldn't find any documentation", chat_errors.ApologyError),
    ("There was an error processing your request. Please try again", chat_errors.ApologyError),
)
"""What comes first counts: some sentences begin like others."""
