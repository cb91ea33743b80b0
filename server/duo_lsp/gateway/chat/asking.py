"""What GitLab's chat accepts, and what of it an engine sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import attrs

from duo_lsp import wire_chat
from duo_lsp.gateway.validation import Form
from duo_lsp.wire_chat import AdditionalContext, ChatFile, ChatRequest

_CATEGORIES = (*wire_chat.CATEGORIES, *wire_chat.LATER_CATEGORIES)


def request(body: Mapping[str, Any]) -> ChatRequest:
    """The request in a body of REST; raises `RefusedError` with all complaints in one sentence."""
    form = Form()
    asked = ChatRequest(
        form.text(body, "content", "content", most=wire_chat.MAX_QUESTION, required=True),
        form.choice(body, "resource_type", "resource_type", wire_chat.RESOURCE_TYPES),
        _resource_id(form, body),
        form.number(body, "project_id"),
        form.text(body, "referer_url", "referer_url", most=wire_chat.MAX_REFERER) or None,
        form.text(body, sub := "client_subscription_id", sub, most=wire_chat.MAX_SUBSCRIPTION) or None,
        form.flag(body, "with_clean_history") or None,
        _context(form, body),
        _file(form, body),
    )
    form.judge()
    return asked


def forwarded(asked: ChatRequest) -> ChatRequest:
    """The request as an engine sees it: context items that are too much are dropped from the end, as by GitLab."""
    room, kept = wire_chat.MAX_CONTEXT_SUM, 0
    for item in asked.additional_context:
        room -= len(item.content)
        if room < 0:
            break
        kept += 1
    return attrs.evolve(asked, additional_context=asked.additional_context[:kept])


def _resource_id(form: Form, body: Mapping[str, Any]) -> int | str | None:
    given = body.get("resource_id")
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    return form.text(body, "resource_id", "resource_id") or None


def _file(form: Form, body: Mapping[str, Any]) -> ChatFile | None:
    given = body.get("current_file")
    if given is None:
        return None
    if not isinstance(given, dict):
        form.complain("current_file", "is invalid")
        return None
    most = dict.fromkeys(("selected_text", "content_above_cursor", "content_below_cursor"), wire_chat.MAX_FILE_CONTENT)
    limits = {"file_name": wire_chat.MAX_FILE_NAME, **most}
    return ChatFile(*(form.text(given, name, f"current_file[{name}]", most=limit) for name, limit in limits.items()))


def _context(form: Form, body: Mapping[str, Any]) -> tuple[AdditionalContext, ...]:
    given = body.get("additional_context")
    if given is None:
        return ()
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        form.complain("additional_context", "is invalid")
        return ()
    return tuple(_item(form, item, f"additional_context[{position}]") for position, item in enumerate(given))


def _item(form: Form, given: Mapping[str, Any], label: str) -> AdditionalContext:
    category = form.choice(given, "category", f"{label}[category]", _CATEGORIES, required=True)
    name = form.text(given, "id", f"{label}[id]", most=wire_chat.MAX_CONTEXT_ID, required=True, blank=False)
    most = wire_chat.MAX_CONTEXT_CONTENT
    content = form.text(given, "content", f"{label}[content]", most=most, required=True, blank=False)
    metadata = given.get("metadata")
    if not isinstance(metadata, dict | None):
        form.complain(f"{label}[metadata]", "is invalid")
        metadata = None
    return AdditionalContext(cast("wire_chat.Category", category or "file"), name, content, metadata)
