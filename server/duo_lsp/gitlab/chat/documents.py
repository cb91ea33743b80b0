"""What is asked by GraphQL and what comes back (GitLab documentation, GraphQL reference: aiAction, aiMessages).

One variable holds the whole input, so that an instance names everything in it that it does not know at once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

import attrs

from duo_lsp.wire_chat import AdditionalContext, ChatRequest

ORIGIN: Final = "duo-lsp"
CONTEXT: Final = "additionalContext"
"""GitLab 17.5."""
PLATFORM: Final = "platformOrigin"
"""GitLab 17.3."""
PROJECT: Final = "projectId"
CONVERSATION: Final = "conversationType"
THREAD: Final = "threadId"
"""GitLab 17.10, with the one before."""
DISPENSABLE: Final = frozenset({CONTEXT, PLATFORM, PROJECT, CONVERSATION, THREAD})
"""What an older instance may not know, and can be asked without."""
ACTION: Final = "aiAction"
MESSAGES: Final = "aiMessages"
AVAILABLE: Final = "query duoLspAvailable { currentUser { duoChatAvailable } }"
"""Whether this person may chat at all (GitLab 16.8)."""

_MODELS: Final[Mapping[str, str]] = {
    "issue": "Issue",
    "epic": "Epic",
    "group": "Group",
    "project": "Project",
    "merge_request": "MergeRequest",
    "commit": "Commit",
    "build": "Ci::Build",
    "work_item": "WorkItem",
}


class SaidNoError(Exception):
    """GraphQL answers errors, with a status of success."""

    def __init__(self, messages: tuple[str, ...]) -> None:
        super().__init__()
        self.messages = messages

    @property
    def unknown(self) -> frozenset[str]:
        """The names in the question that the instance does not know."""
        return frozenset(name for message in self.messages for name in _unknown(message))


@attrs.frozen
class Started:
    """A question the instance has taken."""

    request_id: str
    thread: str = ""
    """The conversation it put it in; empty on instances without."""


@attrs.frozen
class Message:
    """An answer: a text, or what went wrong."""

    content: str
    errors: tuple[str, ...] = ()


def action(request: ChatRequest, unknown: Collection[str], thread: str, *, fresh: bool) -> dict[str, Any]:
    """The body of a question, without what is unknown; `fresh` begins a conversation of its own."""
    fields = "requestId errors" if THREAD in unknown else "requestId threadId errors"
    whole = {
        "chat": _given(_chat(request, unknown), ()),
        "clientSubscriptionId": request.client_subscription_id,
        PLATFORM: ORIGIN,
        PROJECT: None if request.project_id is None else f"gid://gitlab/Project/{request.project_id}",
        CONVERSATION: "DUO_CHAT" if fresh else None,
        THREAD: thread or None,
    }
    query = f"mutation duoLspChat($input: AiActionInput!) {{ aiAction(input: $input) {{ {fields} }} }}"
    return {"query": query, "variables": {"input": _given(whole, unknown)}}


def messages(request_id: str, thread: str) -> dict[str, Any]:
    """The body of the question for an answer."""
    variables: dict[str, Any] = {"requestIds": [request_id]}
    declared = within = ""
    if thread:
        declared, within = ", $thread: AiConversationThreadID", ", threadId: $thread"
        variables["thread"] = thread
    query = (
        f"query duoLspAnswer($requestIds: [ID!]{declared})"
        f" {{ aiMessages(requestIds: $requestIds, roles: [ASSISTANT]{within})"
        " { nodes { requestId role content errors } } }"
    )
    return {"query": query, "variables": variables}


def read_action(body: object) -> Started:
    """What became of a question. Raises SaidNoError; ValueError when the body says neither."""
    match _data(body):
        case {"aiAction": {"errors": [_, *_] as said}}:
            raise SaidNoError(tuple(map(str, said)))
        case {"aiAction": {"requestId": str(request_id), "threadId": str(thread)}} if request_id:
            return Started(request_id, thread)
        case {"aiAction": {"requestId": str(request_id)}} if request_id:
            return Started(request_id)
    raise ValueError("no request in the answer")


def read_messages(body: object, request_id: str) -> Message | None:
    """The answer to a request; None as long as there is none. Raises SaidNoError, ValueError."""
    match _data(body):
        case {"aiMessages": {"nodes": [*nodes]}}:
            return next(filter(None, (_message(node, request_id) for node in nodes)), None)
    raise ValueError("no messages in the answer")


def read_available(body: object) -> bool | None:
    """Whether this person may chat; None where the instance does not say."""
    match body:
        case {"data": {"currentUser": {"duoChatAvailable": bool(available)}}}:
            return available
    return None


def _chat(request: ChatRequest, unknown: Collection[str]) -> dict[str, Any]:
    file, folded = request.current_file, CONTEXT in unknown
    return {
        "content": _folded(request) if folded else request.content,
        "resourceId": _resource(request),
        "currentFile": file
        and {
            "fileName": file.file_name,
            "selectedText": file.selected_text,
            "contentAboveCursor": file.content_above_cursor,
            "contentBelowCursor": file.content_below_cursor,
        },
        CONTEXT: None if folded else [_item(item) for item in request.additional_context] or None,
    }


def _resource(request: ChatRequest) -> str | None:
    model = _MODELS.get(request.resource_type or "")
    return f"gid://gitlab/{model}/{request.resource_id}" if model and request.resource_id is not None else None


def _item(item: AdditionalContext) -> dict[str, Any]:
    return {**item.body(), "category": item.category.upper()}


def _folded(request: ChatRequest) -> str:
    """The question with its context, for instances that take it nowhere else; GraphQL sets no limit to its length.

    A command that begins with a slash is left alone: it looks at the open file.
    """
    file, items = request.current_file, request.additional_context
    if request.content.startswith("/"):
        return request.content
    kept = [item for item in items if file is None or not file.selected_text or file.selected_text not in item.content]
    return "\n\n".join([request.content, *(f"{item.id}:\n{item.content}" for item in kept)])


def _given(values: Mapping[str, Any], unknown: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and name not in unknown}


def _data(body: object) -> object:
    match body:
        case {"errors": [_, *_] as said}:
            raise SaidNoError(tuple(str(one.get("message", "")) if isinstance(one, Mapping) else "" for one in said))
        case {"data": data}:
            return data
    return None


def _message(node: object, request_id: str) -> Message | None:
    match node:
        case {"requestId": str(own), "role": str(role), **rest} if own == request_id and role.upper() == "ASSISTANT":
            content, said = rest.get("content"), rest.get("errors")
            errors = tuple(map(str, said)) if isinstance(said, list) else ()
            text = content if isinstance(content, str) else ""
            return Message(text, errors) if isinstance(content, str) or errors else None
    return None


def _unknown(message: str) -> list[str]:
    """The names in one of the sentences of graphql-ruby, GitLab's library."""
    if "was provided invalid value for" in message:
        paths = re.findall(r"([\w.]{1,100}) \(Field is not defined on", message)
        return [str(path).rpartition(".")[2] for path in paths]
    return [name for found in re.findall(_SENTENCES, message) for name in found if name]


_SENTENCES: Final = (
    r"Field '(\w{1,100})' doesn't exist on type"
    r"|doesn't accept argument '(\w{1,100})'"
    r"|\A(\w{1,100}) isn't a defined input type"
)
