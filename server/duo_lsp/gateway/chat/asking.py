"""What GitLab's chat accepts, and what of it an engine sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs

from duo_lsp import wire_chat
from duo_lsp.gateway.parameters import Anything, Choice, Fields, Flag, Hash, Listed, Number, NumberOrText, Text
from duo_lsp.gateway.validation import checked
from duo_lsp.wire_chat import AdditionalContext, ChatFile, ChatRequest

QUESTION: Final[Fields] = {
    "content": Text(wire_chat.MAX_QUESTION, required=True),
    "resource_type": Choice(wire_chat.RESOURCE_TYPES),
    "resource_id": NumberOrText(),
    "project_id": Number(),
    "referer_url": Text(wire_chat.MAX_REFERER),
    "client_subscription_id": Text(wire_chat.MAX_SUBSCRIPTION),
    "with_clean_history": Flag(),
    "additional_context": Listed(
        {
            "category": Choice((*wire_chat.CATEGORIES, *wire_chat.LATER_CATEGORIES), required=True),
            "id": Text(wire_chat.MAX_CONTEXT_ID, required=True, blank=False),
            "content": Text(wire_chat.MAX_CONTEXT_CONTENT, required=True, blank=False),
            "metadata": Anything(),
        }
    ),
    "current_file": Hash(
        {
            "file_name": Text(wire_chat.MAX_FILE_NAME),
            "selected_text": Text(wire_chat.MAX_FILE_CONTENT),
            "content_above_cursor": Text(wire_chat.MAX_FILE_CONTENT),
            "content_below_cursor": Text(wire_chat.MAX_FILE_CONTENT),
        }
    ),
}
"""POST /chat/completions."""


def request(body: Mapping[str, Any]) -> ChatRequest:
    """The request in a body of REST; raises `RefusedError` with all complaints in one sentence."""
    values = checked(QUESTION, body)
    file = values["current_file"]
    return ChatRequest(
        values["content"],
        values["resource_type"],
        values["resource_id"],
        values["project_id"],
        values["referer_url"] or None,
        values["client_subscription_id"] or None,
        values["with_clean_history"] or None,
        tuple(AdditionalContext(**item) for item in values["additional_context"]),
        ChatFile(**file) if file else None,
    )


def forwarded(asked: ChatRequest) -> ChatRequest:
    """The request as an engine sees it: context items that are too much are dropped from the end, as by GitLab."""
    room, kept = wire_chat.MAX_CONTEXT_SUM, 0
    for item in asked.additional_context:
        room -= len(item.content)
        if room < 0:
            break
        kept += 1
    return attrs.evolve(asked, additional_context=asked.additional_context[:kept])
