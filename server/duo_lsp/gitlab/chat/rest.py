"""The chat over REST: one question, and a JSON string for an answer."""

from __future__ import annotations

import codecs
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol, TypeVar

from duo_lsp import wire
from duo_lsp.chat_errors import EmptyAnswerError, InterruptedAnswerError
from duo_lsp.errors import BadAnswerError, CutShortError, DuoError, InterceptedError
from duo_lsp.gitlab.answers import is_page
from duo_lsp.gitlab.chat.json_text import JsonText
from duo_lsp.gitlab.chat.said import Deadlines, OnText, Said, Watch
from duo_lsp.gitlab.chat.shortening import shortened
from duo_lsp.gitlab.chat.words import CHAT, for_chat, no_model
from duo_lsp.gitlab.http.calls import MAX_CHAT_ANSWER, Call
from duo_lsp.gitlab.http.replies import Reply
from duo_lsp.wire_chat import CHAT_PATH, ChatRequest

T = TypeVar("T")


class Asker(Protocol):
    """An instance that can be asked, with a token."""

    host: str

    async def ask(self, call: Call, read: Callable[[Reply], Awaitable[T]]) -> T:
        """What `read` makes of the answer to a request. Raises UpstreamError."""


class RestChat:
    """POST /chat/completions. GitLab answers at once with the whole text, our local gateway while it speaks."""

    def __init__(self, asker: Asker, deadlines: Deadlines | None = None) -> None:
        self._asker = asker
        self._deadlines = deadlines or Deadlines()

    async def ask(self, request: ChatRequest, on_text: OnText) -> str:
        """The answer, status 200 or 201. Raises DuoError: NotThereError where there is no chat over REST."""
        call = Call("POST", CHAT_PATH, shortened(request).body(), most=MAX_CHAT_ANSWER, slow=True, feature=CHAT)
        said = Said(on_text)
        watch = Watch(self._deadlines, self._asker.host, said)
        try:
            async with watch.watching():
                await self._asker.ask(call, partial(_read, said, watch))
                return said.whole(self._asker.host, may_be_empty=request.forgets)
        except DuoError as error:
            raise for_chat(error) from error.__cause__


async def _read(said: Said, watch: Watch, reply: Reply) -> None:
    if told := reply.headers.get(wire.REASON_HEADER):
        raise no_model(told)
    string, raw, decoder = JsonText(), bytearray(), codecs.getincrementaldecoder("utf-8")()
    try:
        async for chunk in reply.chunks():
            watch.alive()
            raw += chunk
            said.add(string.feed(decoder.decode(chunk)))
    except CutShortError as problem:
        raise _interrupted(reply, said) from problem
    except ValueError as problem:
        raise _unreadable(reply, bytes(raw)) from problem
    if not string.ended:
        raise _interrupted(reply, said) if raw.strip() else _unreadable(reply, b"")


def _interrupted(reply: Reply, said: Said) -> InterruptedAnswerError:
    return InterruptedAnswerError(f"The answer of {reply.host} broke off.", partial=said.text)


def _unreadable(reply: Reply, raw: bytes) -> DuoError:
    if is_page(reply, raw):
        return InterceptedError(f"{reply.host} answered with a web page instead of an answer.")
    if raw.strip() == b"null":
        return EmptyAnswerError(f"The answer of {reply.host} is empty.")
    return BadAnswerError(f"{reply.host} answered with something that is no text.")
