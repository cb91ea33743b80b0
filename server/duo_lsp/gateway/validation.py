"""What GitLab accepts for suggestions, and how it words what it does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from duo_lsp import wire
from duo_lsp.gateway import parameters, refusals
from duo_lsp.gateway.parameters import Choice, Fields, Flag, Hash, Listed, Text

SUGGESTION: Final[Fields] = {
    "current_file": Hash(
        {
            "file_name": Text(wire.MAX_FILE_NAME, required=True),
            "content_above_cursor": Text(wire.MAX_CONTENT, required=True),
            "content_below_cursor": Text(wire.MAX_CONTENT),
            "language_identifier": Text(wire.MAX_FILE_NAME),
        },
        required=True,
    ),
    "intent": Choice(wire.INTENTS),
    "generation_type": Choice(wire.GENERATION_TYPES),
    "user_instruction": Text(wire.MAX_INSTRUCTION),
    "project_path": Text(),
    "stream": Flag(),
    "context": Listed(
        {
            "type": Choice(wire.CONTEXT_TYPES, required=True),
            "name": Text(wire.MAX_FILE_NAME, required=True, blank=False),
            "content": Text(wire.MAX_INSTRUCTION, required=True, blank=False),
        },
        empty=False,
    ),
}
"""POST /code_suggestions/completions."""
ENABLED: Final[Fields] = {"project_path": Text(required=True)}
"""POST /code_suggestions/enabled."""


def checked(fields: Fields, body: Mapping[str, Any]) -> dict[str, Any]:
    """The values of these fields; raises `RefusedError` with all complaints in one sentence."""
    values, wrong = parameters.read(fields, body)
    if wrong:
        raise refusals.RefusedError(refusals.invalid(", ".join(wrong)))
    return values


def request(body: Mapping[str, Any]) -> wire.SuggestionRequest:
    """The request in a body; raises `RefusedError` with all complaints in one sentence."""
    values = checked(SUGGESTION, body)
    file = values["current_file"]
    return wire.SuggestionRequest(
        current_file=wire.CurrentFile(**{**file, "language_identifier": file["language_identifier"] or None}),
        intent=values["intent"],
        generation_type=values["generation_type"],
        user_instruction=values["user_instruction"] or None,
        project_path=values["project_path"] or None,
        stream=values["stream"],
        context=tuple(wire.ContextItem(**item) for item in values["context"]),
    )


def project_path(body: Mapping[str, Any]) -> str:
    """The one parameter of /code_suggestions/enabled; raises `RefusedError`."""
    return str(checked(ENABLED, body)["project_path"])
