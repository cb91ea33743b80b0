"""What GraphQL's error sentences mean; they come with a status of success."""

from __future__ import annotations

from typing import Final

from duo_lsp import chat_errors, errors, wire
from duo_lsp.gitlab.chat import apologies
from duo_lsp.gitlab.chat.documents import ACTION, MESSAGES, SaidNoError
from duo_lsp.gitlab.chat.words import ACTIONS, CHAT
from duo_lsp.wire_chat import ChatRequest

_SUCCESS: Final = 200
_TOO_MANY: Final = "requested too many times"
_OFF: Final = "required feature flag is disabled"
_NOT_PERMITTED: Final = (
    "AI features are not enabled or resource is not permitted",
    "does not exist or you don't have permission",
)
_BROKEN: Final = ("Internal server error", "Timeout")
_HOLD: Final = 600.0


def meant(said: SaidNoError, request: ChatRequest, host: str) -> errors.UpstreamError:
    """The error for what an instance answers to a question."""
    unknown = said.unknown
    if unknown & {ACTION, MESSAGES, "AiActionInput", "chat"}:
        return errors.NotThereError(404, f"There is no {CHAT} on {host}.")
    if unknown:
        names = ", ".join(sorted(unknown))
        return errors.TooOldError(404, f"{CHAT} on {host} is too old for this question (it does not know {names}).")
    return _by_sentence(" ".join(filter(None, map(wire.read_message, said.messages))), request, host)


def _by_sentence(sentence: str, request: ChatRequest, host: str) -> errors.UpstreamError:
    if _TOO_MANY in sentence:
        return limited(f"{host} takes {ACTIONS} questions in 8 hours, and there were as many.", _HOLD)
    if _OFF in sentence:
        return errors.NotThereError(404, f"{CHAT} is turned off on {host}.")
    if any(words in sentence for words in _NOT_PERMITTED):
        return not_permitted(request, host)
    if any(words in sentence for words in _BROKEN):
        return errors.BrokenError(500, f'{host} failed ("{sentence}").')
    apology = apologies.read(sentence, host)
    return apology or errors.RefusedError(_SUCCESS, f'{host} refused the question ("{sentence}").')


def not_permitted(request: ChatRequest, host: str) -> errors.RefusedError:
    """No access to chat, or none to what the question is about: GitLab does not tell which."""
    if request.has_resource:
        return chat_errors.UnreadableError(404, f"{host} does not let you ask about this {_named(request)}.")
    return errors.NoAccessError(401, f"{host} refused: this account has no access to {CHAT}.")


def explained(error: errors.RefusedError, host: str, *, available: bool | None) -> errors.RefusedError:
    """The same error, knowing whether this person may chat at all; None where that is not known."""
    if available is False:
        return errors.NoAccessError(401, f"{host} refused: this account has no access to {CHAT}.")
    if available and isinstance(error, errors.NoAccessError):
        return errors.NoAccessError(401, error.sentence, "Ask an owner of your group for GitLab Duo Pro or Enterprise.")
    return error


def limited(sentence: str, seconds: float) -> errors.LimitedError:
    """Too many questions."""
    minutes = max(1, round(seconds / 60))
    return errors.LimitedError(sentence, seconds, f"Ask again in {minutes} minutes.")


def _named(request: ChatRequest) -> str:
    return (request.resource_type or "").replace("_", " ")
