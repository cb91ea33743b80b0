"""A question to the chat with all that one may have, and the body GitLab documents for it."""

from __future__ import annotations

from typing import Any, Final

from duo_lsp.wire_chat import AdditionalContext, ChatFile, ChatRequest

WHOLE: Final = ChatRequest(
    "Why?",
    "commit",
    "c0ffee",
    7,
    "https://gitlab.example/g/p",
    "me",
    with_clean_history=True,
    additional_context=(
        AdditionalContext("file", "src/a.rb", "class Foo\nend", {"lines": [1, 2]}),
        AdditionalContext("merge_request", "3", "x"),
    ),
    current_file=ChatFile("src/a.rb", "class Foo", "# above", "end"),
)
BODY: Final[dict[str, Any]] = {
    "content": "Why?",
    "resource_type": "commit",
    "resource_id": "c0ffee",
    "project_id": 7,
    "referer_url": "https://gitlab.example/g/p",
    "client_subscription_id": "me",
    "with_clean_history": True,
    "additional_context": [
        {"category": "file", "id": "src/a.rb", "content": "class Foo\nend", "metadata": {"lines": [1, 2]}},
        {"category": "merge_request", "id": "3", "content": "x"},
    ],
    "current_file": {
        "file_name": "src/a.rb",
        "selected_text": "class Foo",
        "content_above_cursor": "# above",
        "content_below_cursor": "end",
    },
}
