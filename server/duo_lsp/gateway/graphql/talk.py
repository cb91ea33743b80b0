"""A question and its answer in the words of GraphQL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from duo_lsp.gateway.chat.history import Message
from duo_lsp.gateway.graphql import executing
from duo_lsp.wire_chat import AdditionalContext, ChatFile, ChatRequest

_PROJECT: Final = re.compile(r"gid://gitlab/Project/(\d{1,18})", re.ASCII)


def question(given: Mapping[str, Any]) -> ChatRequest:
    """The question in an input that was found to be right."""
    chat, project = given["chat"], given.get("projectId")
    file = chat.get("currentFile")
    model, _, number = str(chat.get("resourceId") or "").removeprefix("gid://gitlab/").rpartition("/")
    return ChatRequest(
        str(chat.get("content") or ""),
        model or None,
        number or None,
        int(found[1]) if (found := _PROJECT.fullmatch(str(project))) else None,
        client_subscription_id=given.get("clientSubscriptionId"),
        additional_context=tuple(
            AdditionalContext(str(item["category"]).lower(), str(item["id"]), item["content"], item.get("metadata"))  # type: ignore[arg-type]
            for item in executing.listed(chat.get("additionalContext"))
        ),
        current_file=file
        and ChatFile(
            file["fileName"],
            file["selectedText"],
            file.get("contentAboveCursor") or "",
            file.get("contentBelowCursor") or "",
        ),
    )


def node(message: Message) -> dict[str, Any]:
    """A message as an AiMessage."""
    return {
        "__typename": "AiMessage",
        "id": message.request_id,
        "requestId": message.request_id,
        "role": message.role.upper(),
        "content": message.content,
        "contentHtml": None,
        "timestamp": message.at.isoformat(),
        "errors": list(message.errors),
        "extras": {"sources": []},
    }
