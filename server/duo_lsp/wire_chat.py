"""GitLab's chat: what is asked and within which limits, one home for client and gateway (documentation, api/chat)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, Protocol

import attrs

CHAT_PATH: Final = "/api/v4/chat/completions"

MAX_QUESTION: Final = 1_000
"""Characters of `content` over REST; over GraphQL it has no limit."""
MAX_REFERER: Final = 1_000
MAX_SUBSCRIPTION: Final = 500
MAX_FILE_NAME: Final = 1_000
"""Characters of `current_file`'s name; it may be longer than that of a suggestion's."""
MAX_FILE_CONTENT: Final = 400_000
"""Characters of each of the other fields of `current_file`."""
MAX_CONTEXT_ID: Final = 255
MAX_CONTEXT_CONTENT: Final = 600_000
"""Characters of one context item."""
MAX_CONTEXT_SUM: Final = 500_000
"""Characters of all context items; GitLab drops what comes after without a word."""
MAX_HISTORY: Final = 50
"""Messages that GitLab remembers of a conversation."""
MAX_REMEMBERED: Final = 20_000
"""Characters that it remembers of each."""

RESOURCE_TYPES: Final = ("issue", "epic", "group", "project", "merge_request", "commit", "build", "work_item")
"""The first six are documented, the last two came later."""
Category = Literal["file", "snippet", "merge_request", "issue"]
CATEGORIES: Final = ("file", "snippet", "merge_request", "issue")
"""The documented ones, which every version with context knows."""
LATER_CATEGORIES: Final = (
    *("dependency", "local_git", "terminal", "user_rule", "repository", "directory", "agent_user_environment"),
)
"""What today's GitLab takes besides; we send none of it."""
FORGETTING: Final = ("/reset", "/clear", "/new")
"""Questions that GitLab answers with nothing but a new beginning."""
NO_MODEL: Final = "There is no model to chat with on this machine."
"""How our local gateway's answer begins until it has one; how to get one follows, in `wire.REASON_HEADER` as well."""
LONGEST_REASON: Final = 500
"""Characters of it."""


@attrs.frozen
class AdditionalContext:
    """A file, or something else, that goes along with a question."""

    category: Category
    id: str
    """A path, or what else names it: 1 to `MAX_CONTEXT_ID` characters."""
    content: str
    """Never blank, which GitLab refuses."""
    metadata: Mapping[str, Any] | None = None

    def body(self) -> dict[str, Any]:
        """In GitLab's names."""
        whole = {"category": self.category, "id": self.id, "content": self.content, "metadata": self.metadata}
        return {name: value for name, value in whole.items() if value is not None}


@attrs.frozen
class ChatFile:
    """The file that is open with what is selected in it, as slash commands see it.

    Without a selection there should be none: GitLab would speak of selected code all the same.
    """

    file_name: str
    selected_text: str
    content_above_cursor: str = ""
    content_below_cursor: str = ""


@attrs.frozen
class ChatRequest:
    """The body of POST /chat/completions, in GitLab's names."""

    content: str
    resource_type: str | None = None
    """One of `RESOURCE_TYPES`; means nothing without `resource_id`."""
    resource_id: int | str | None = None
    """A number, for a commit its hash."""
    project_id: int | None = None
    """Required for a commit."""
    referer_url: str | None = None
    client_subscription_id: str | None = None
    with_clean_history: bool | None = None
    """Forget the conversation before and after this question."""
    additional_context: tuple[AdditionalContext, ...] = ()
    current_file: ChatFile | None = None
    conversation: str = attrs.field(default="", kw_only=True)
    """Which of our conversations it belongs to. Never sent: instances with threads keep one for each."""

    @property
    def forgets(self) -> bool:
        """Whether it is no question but asks for a new beginning."""
        return self.content.strip() in FORGETTING

    @property
    def has_resource(self) -> bool:
        """Whether it is about something at the instance, which this person may not be allowed to read."""
        return self.resource_type is not None and self.resource_id is not None

    def body(self) -> dict[str, Any]:
        """What goes over the wire; absent fields are left out."""
        own = {
            name: value
            for name, value in attrs.asdict(self, recurse=False).items()
            if value is not None and name not in ("additional_context", "current_file", "conversation")
        }
        if self.additional_context:
            own["additional_context"] = [item.body() for item in self.additional_context]
        if self.current_file is not None:
            own["current_file"] = attrs.asdict(self.current_file)
        return own


class ChatTransport(Protocol):
    """A way to ask."""

    async def ask(self, request: ChatRequest, on_text: Callable[[str], None]) -> str:
        """The whole answer; `on_text` is given each new piece of it as it comes.

        Raises DuoError in one of its kinds, InterruptedAnswerError with what had come. Cancelling ends it at once.
        """


def inside_string(text: str) -> str:
    """A part of a JSON string, without the quotes around the whole."""
    return json.dumps(text)[1:-1]
