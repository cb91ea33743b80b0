"""An answer as it comes, and how long it may take."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import attrs

from duo_lsp.chat_errors import EmptyAnswerError, InterruptedAnswerError
from duo_lsp.errors import SlowError
from duo_lsp.gitlab.chat import apologies

OnText = Callable[[str], None]


@attrs.frozen
class Deadlines:
    """Seconds."""

    idle: float = 60.0
    """Without a byte."""
    total: float = 300.0
    """From the question to the last byte."""
    first_look: float = 0.5
    """Until it is first asked whether the answer is there, where it does not come by itself."""
    longest_look: float = 5.0
    """Between two such questions at most; each wait is `LOOKS_GROW` times the one before."""


class Said:
    """What has come so far. What may be an apology is shown to nobody before it is known to be none."""

    def __init__(self, on_text: OnText) -> None:
        self._on_text = on_text
        self._parts: list[str] = []
        self._held = True

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self._parts)

    def add(self, piece: str) -> None:
        """Take the next piece."""
        if not piece:
            return
        self._parts.append(piece)
        if not self._held:
            self._on_text(piece)
        elif not apologies.may_be(self.text):
            self._let_go()

    def whole(self, host: str, *, may_be_empty: bool = False) -> str:
        """The answer, now that it has ended. Raises UpstreamError when it is none."""
        text = self.text
        apology = apologies.read(text, host)
        if apology is not None:
            raise apology
        if not text.strip() and not may_be_empty:
            raise EmptyAnswerError(f"The answer of {host} is empty.")
        if self._held and text:
            self._let_go()
        return text

    def _let_go(self) -> None:
        self._held = False
        self._on_text(self.text)


class Watch:
    """Ends what takes too long; each sign of life gives it `idle` more seconds, until `total` is over."""

    def __init__(self, deadlines: Deadlines, host: str, said: Said) -> None:
        self._deadlines = deadlines
        self._host = host
        self._said = said
        self._idle: asyncio.Timeout | None = None

    def alive(self) -> None:
        """Something came."""
        if self._idle is not None:
            self._idle.reschedule(asyncio.get_running_loop().time() + self._deadlines.idle)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """All that one question takes. Raises SlowError; InterruptedAnswerError when some of the answer is there."""
        try:
            async with asyncio.timeout(self._deadlines.total), asyncio.timeout(self._deadlines.idle) as self._idle:
                yield
        except TimeoutError as problem:
            expired = self._idle is not None and self._idle.expired()
            seconds = self._deadlines.idle if expired else self._deadlines.total
            partial = self._said.text
            if partial:
                told = f"{self._host} stopped in the middle of its answer and said nothing for {seconds:g} s."
                told = told if expired else f"The answer of {self._host} was not complete after {seconds:g} s."
                raise InterruptedAnswerError(told, partial=partial) from problem
            raise SlowError(f"{self._host} did not answer within {seconds:g} s.") from problem
