"""What was said: a few conversations, each with its last messages, in memory only."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final

import attrs
import cachetools

from duo_lsp import wire_chat
from duo_lsp.gateway.engines import Role, Turn

THREADS: Final = 256
"""Conversations at once; the one that was used longest ago makes room."""


@attrs.frozen
class Message:
    """One message, as GitLab keeps it."""

    role: Role
    content: str
    request_id: str
    at: datetime
    errors: tuple[str, ...] = ()


class History:
    """The last messages of one conversation, each cut to what GitLab keeps of it (`MAX_HISTORY`, `MAX_REMEMBERED`)."""

    def __init__(self) -> None:
        self._messages: deque[Message] = deque(maxlen=wire_chat.MAX_HISTORY)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What an engine sees of it: what came after the last `/reset`."""
        turns: list[Turn] = []
        for message in self._messages:
            if message.role == "user" and message.content == "/reset":
                turns.clear()
            elif not message.errors:
                turns.append(Turn(message.role, message.content))
        return tuple(turns)

    def add(self, role: Role, content: str, request_id: str = "", errors: tuple[str, ...] = ()) -> None:
        """Remember one more."""
        kept = content[: wire_chat.MAX_REMEMBERED]
        self._messages.append(Message(role, kept, request_id, datetime.now(UTC), errors))

    def reset(self) -> None:
        """What comes from now on is a new conversation; what was said can still be read."""
        self.add("user", "/reset")

    def clear(self) -> None:
        """Forget everything."""
        self._messages.clear()

    def of(self, request_ids: Collection[str] | None, roles: Collection[Role] | None) -> tuple[Message, ...]:
        """The messages of these requests and of these roles; None takes all."""
        return tuple(
            message
            for message in self._messages
            if (request_ids is None or message.request_id in request_ids) and (roles is None or message.role in roles)
        )


class Histories:
    """The conversations of every user by name; the nameless one is that of REST, which has no other."""

    def __init__(self) -> None:
        self._kept: cachetools.LRUCache[tuple[str, str], History] = cachetools.LRUCache(THREADS)

    def of(self, user: str, thread: str) -> History:
        """A user's conversation of that name, from now on if there was none."""
        kept = self._kept.get((user, thread))
        if kept is None:
            kept = self._kept[user, thread] = History()
        return kept

    def has(self, user: str, thread: object) -> bool:
        """Whether this user has a conversation of that name."""
        return (user, thread) in self._kept
