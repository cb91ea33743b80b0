"""What was said: a few conversations, each with its last messages, in memory only."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Final

import attrs
import cachetools

from duo_lsp import wire_chat
from duo_lsp.gateway.engines import Role, Turn

EACH: Final = 2_000_000
"""Characters of all conversations of one person, whose oldest makes room: nobody makes the others' go."""
ALL: Final = 32_000_000
"""Characters of everyone's; who was silent longest makes room."""
_OVERHEAD: Final = 1_000
"""What a message or a conversation counts besides its characters."""


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

    def __init__(self, changed: Callable[[History], None] = lambda _: None) -> None:
        """`changed` is told when its size is another one."""
        self._messages: deque[Message] = deque(maxlen=wire_chat.MAX_HISTORY)
        self._changed = changed

    @property
    def size(self) -> int:
        """About its characters."""
        return _OVERHEAD + sum(len(message.content) + _OVERHEAD for message in self._messages)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What an engine sees of it: what came after the last `/reset`, each question followed by its answer.

        One that failed or was left has none, and templates of models refuse two questions in a row.
        """
        asked: dict[str, str] = {}
        turns: list[Turn] = []
        for message in self._messages:
            if message.role == "user" and message.content == "/reset":
                turns.clear()
                asked.clear()
            elif message.role == "user":
                asked[message.request_id] = message.content
            elif not message.errors and message.request_id in asked:
                turns += [Turn("user", asked.pop(message.request_id)), Turn("assistant", message.content)]
        return tuple(turns)

    def add(self, role: Role, content: str, request_id: str = "", errors: tuple[str, ...] = ()) -> None:
        """Remember one more."""
        kept = content[: wire_chat.MAX_REMEMBERED]
        self._messages.append(Message(role, kept, request_id, datetime.now(UTC), errors))
        self._changed(self)

    def reset(self) -> None:
        """What comes from now on is a new conversation; what was said can still be read."""
        self.add("user", "/reset")

    def clear(self) -> None:
        """Forget everything."""
        self._messages.clear()
        self._changed(self)

    def of(self, request_ids: Collection[str] | None, roles: Collection[Role] | None) -> tuple[Message, ...]:
        """The messages of these requests and of these roles; None takes all."""
        return tuple(
            message
            for message in self._messages
            if (request_ids is None or message.request_id in request_ids) and (roles is None or message.role in roles)
        )


_Threads = cachetools.LRUCache[str, History]


class Histories:
    """The conversations of every user by name; the nameless one is that of REST, which has no other."""

    def __init__(self, each: int = EACH, all_: int = ALL) -> None:
        self._each = each
        self._kept: cachetools.LRUCache[str, _Threads] = cachetools.LRUCache(all_, lambda threads: threads.currsize)

    def of(self, user: str, thread: str) -> History:
        """A user's conversation of that name, from now on if there was none."""
        history = self._threads(user).get(thread)
        if history is None:
            history = History(lambda changed: self._count(user, thread, changed))
            self._count(user, thread, history)
        return history

    def has(self, user: str, thread: object) -> bool:
        """Whether this user has a conversation of that name."""
        return thread in self._threads(user)

    def _threads(self, user: str) -> _Threads:
        threads = self._kept.get(user)
        return cachetools.LRUCache(self._each, lambda history: history.size) if threads is None else threads

    def _count(self, user: str, thread: str, history: History) -> None:
        """Take its size into account, which may cost the oldest their places."""
        threads = self._threads(user)
        threads[thread] = history
        self._kept[user] = threads
