"""What can be asked for and said, and since which version (GitLab documentation, GraphQL reference)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from duo_lsp import wire_chat

Version = tuple[int, int]
ALWAYS: Final[Version] = (0, 0)
THREADS: Final[Version] = (17, 10)


@attrs.frozen
class Member:
    """A field of a type or of an input."""

    type: str
    since: Version = ALWAYS
    arguments: Mapping[str, Member] = attrs.field(factory=dict)
    most: int = 0
    """Characters; 0 is no limit."""


def _since(version: Version, *names: str, type_: str = "String") -> dict[str, Member]:
    return {name: Member(type_, version) for name in names}


_IN_THREAD: Final = {
    "conversationType": Member("AiConversationsThreadsConversationType", THREADS),
    "threadId": Member("AiConversationThreadID", THREADS),
}
OUTPUTS: Final[Mapping[str, Mapping[str, Member]]] = {
    "Query": {
        "currentUser": Member("CurrentUser"),
        "aiMessages": Member(
            "AiMessageConnection",
            arguments={"requestIds": Member("[ID!]"), "roles": Member("[AiMessageRole!]"), **_IN_THREAD},
        ),
    },
    "CurrentUser": {
        **_since(ALWAYS, "id", "username", "name"),
        **_since((16, 8), "duoChatAvailable", "duoCodeSuggestionsAvailable", type_="Boolean!"),
        **_since((17, 6), "duoChatAvailableFeatures", "codeSuggestionsContexts", type_="[String!]!"),
        **_since((19, 0), "duoClassicChatAvailable", type_="Boolean!"),
    },
    "AiMessageConnection": {"nodes": Member("[AiMessage]")},
    "AiMessage": {
        **_since(ALWAYS, "requestId", "role", "content", "contentHtml", "timestamp", "errors", "id"),
        "extras": Member("AiMessageExtras"),
    },
    "AiMessageExtras": {"sources": Member("[JSON!]")},
    "Mutation": {"aiAction": Member("AiActionPayload", arguments={"input": Member("AiActionInput!")})},
    "AiActionPayload": {**_since(ALWAYS, "requestId", "errors", "clientMutationId"), **_since(THREADS, "threadId")},
}
INPUTS: Final[Mapping[str, Mapping[str, Member]]] = {
    "AiActionInput": {
        "chat": Member("AiChatInput"),
        **_since(ALWAYS, "clientSubscriptionId", "clientMutationId"),
        **_since((17, 3), "platformOrigin"),
        "projectId": Member("ProjectID", (17, 5)),
        "rootNamespaceId": Member("NamespaceID", THREADS),
        **_IN_THREAD,
    },
    "AiChatInput": {
        "content": Member("String!"),
        "resourceId": Member("AiModelID"),
        "namespaceId": Member("NamespaceID"),
        "currentFile": Member("AiCurrentFileInput"),
        "additionalContext": Member("[AiAdditionalContextInput!]", (17, 5)),
    },
    "AiCurrentFileInput": {
        "fileName": Member("String!", most=wire_chat.MAX_FILE_NAME),
        "selectedText": Member("String!", most=wire_chat.MAX_FILE_CONTENT),
        "contentAboveCursor": Member("String", most=wire_chat.MAX_FILE_CONTENT),
        "contentBelowCursor": Member("String", most=wire_chat.MAX_FILE_CONTENT),
    },
    "AiAdditionalContextInput": {
        "category": Member("AiAdditionalContextCategory!"),
        "id": Member("String!", most=wire_chat.MAX_CONTEXT_ID),
        "content": Member("String!", most=wire_chat.MAX_CONTEXT_CONTENT),
        "metadata": Member("JSON"),
    },
}
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "AiMessageRole": ("USER", "ASSISTANT", "SYSTEM"),
    "AiConversationsThreadsConversationType": ("DUO_CHAT_LEGACY", "DUO_CODE_REVIEW", "DUO_QUICK_CHAT", "DUO_CHAT"),
    "AiAdditionalContextCategory": tuple(name.upper() for name in (*wire_chat.CATEGORIES, *wire_chat.LATER_CATEGORIES)),
}
_SCALARS: Final = ("String", "Boolean", "Int", "ID", "JSON")
_IDS: Final = ("AiModelID", "ProjectID", "NamespaceID", "AiConversationThreadID")
SINCE: Final[Mapping[str, Version]] = {
    "AiAdditionalContextInput": (17, 5),
    "AiAdditionalContextCategory": (17, 5),
    "AiConversationThreadID": THREADS,
    "AiConversationsThreadsConversationType": THREADS,
}
"""Types that were not always there."""


def bare(written: str) -> str:
    """The name in a type, without what makes it a list or required."""
    return written.strip("[]!")


def is_input(name: str, version: Version) -> bool:
    """Whether a variable may be of this type."""
    known = name in INPUTS or name in WORDS or name in _SCALARS or name in _IDS
    return known and SINCE.get(name, ALWAYS) <= version


def members(kinds: Mapping[str, Mapping[str, Member]], name: str, version: Version) -> dict[str, Member]:
    """What a type has in a version."""
    return {each: member for each, member in kinds[name].items() if member.since <= version}
