"""An engine with a model: while it thinks the engine without one answers too, and is heard when the model is late."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Final

from duo_lsp import wire, wire_chat
from duo_lsp.errors import ModelError
from duo_lsp.gateway import intent
from duo_lsp.gateway.chat import prompt
from duo_lsp.gateway.engines import Completion, Engine, IndexState, Turn
from duo_lsp.gateway.models import Backend, ending, gap, problems
from duo_lsp.gateway.models.ending import Ending
from duo_lsp.gateway.models.gap import Room
from duo_lsp.gateway.models.problems import LateError, TooLongError

_log = logging.getLogger(__name__)

GENERATION: Final = 25.0
"""Seconds for a generation: who asks waits for thirty."""
PAUSE: Final = 50.0
"""Seconds without a word in a chat: who asks waits for sixty."""
TALK_TOKENS: Final = 2_000
TALK_MOST: Final = 200_000
"""Characters of an answer in a chat."""
NOTHING: Final = "The model has nothing to add here."


class Modelled:
    """A model, and who answers in its place."""

    chats = True
    remote = True

    def __init__(
        self,
        name: str,
        model: Backend,
        relief: Engine,
        timeout: float,
        clock: Callable[[], float] = time.monotonic,
        *,
        alone: bool = False,
        discreet: bool = False,
    ) -> None:
        """`timeout` is the seconds for a completion; `clock` is monotonic; `alone` and `discreet`: see `Wish`."""
        self.name = name
        self._model = model
        self._relief = relief
        self._timeout = timeout
        self._clock = clock
        self._room = Room()
        self._talk_room = Room(prompt.MOST)
        self._told = ""
        self._who = name if discreet else model.name
        self._discreet = discreet
        self._alone = alone
        self._newest: asyncio.Future[None] | None = None

    @property
    def index(self) -> IndexState:
        """How far the workspace's index is."""
        return self._relief.index

    @property
    def learnt(self) -> float:
        """How much of it is learnt."""
        return self._relief.learnt

    async def complete(self, request: wire.SuggestionRequest) -> Completion:
        """The model's text; without one in time, what the other engine says."""
        generates = intent.of(request) == "generation"
        try:
            return await self._written(request, GENERATION if generates else self._timeout, generates=generates)
        except ModelError as problem:
            told = self._told_of(problem)
            # not begun before: it takes a hundredth of the model's time, and for 200 people half of a processor
            instead = await self._relief.complete(request)
            return instead if instead.text else Completion(reason=str(told))

    async def stream(self, request: wire.SuggestionRequest) -> AsyncGenerator[Completion, None]:
        """The same as the model says it; it has its time for all of it, and what is said stays said."""
        generates = intent.of(request) == "generation"
        answer, shown = Ending(at_blank_line=not generates), False
        try:
            async with aclosing(self._flow(request, answer, generates=generates)) as pieces:
                async for piece in pieces:
                    shown = True
                    yield Completion(piece, model=self._who)
            if not shown:
                yield Completion(reason=NOTHING, model=self._who)
        except ModelError as problem:
            told = self._told_of(problem)
            if not shown:
                instead = await self._relief.complete(request)
                yield instead if instead.text else Completion(reason=str(told))

    async def chat(self, request: wire_chat.ChatRequest, before: tuple[Turn, ...]) -> AsyncGenerator[str, None]:
        """The model's answer. Raises ModelError."""
        if canned := prompt.canned(request):
            yield canned
            return
        while True:
            asked = self._talk_room.characters
            try:
                async with aclosing(self._spoken(request, before, asked)) as pieces:
                    async for piece in pieces:
                        yield piece
            except TooLongError as problem:
                self._talk_room.late()
                if self._talk_room.characters == asked:
                    raise self._told_of(problem) from problem
            except ModelError as problem:
                raise self._told_of(problem) from problem
            else:
                return

    def use_workspaces(self, folders: tuple[Path, ...], near: tuple[Path, ...] = ()) -> None:
        """Only the other engine learns."""
        self._relief.use_workspaces(folders, near)

    def files_changed(self, paths: tuple[Path, ...]) -> None:
        """The same."""
        self._relief.files_changed(paths)

    async def close(self) -> None:
        """Let go of both."""
        await asyncio.gather(self._model.close(), self._relief.close())

    async def _written(self, request: wire.SuggestionRequest, seconds: float, *, generates: bool) -> Completion:
        """What the model says in so many seconds; whole lines count when that is all. Raises ModelError."""
        began, answer = self._clock(), Ending(at_blank_line=not generates)
        writing = asyncio.ensure_future(self._write(request, answer, generates=generates))
        if self._alone and self._newest is not None:
            self._newest.cancel()  # nobody looks at it any more, and most models do one thing after the other
        self._newest = writing
        try:
            # asyncio.timeout would not do: in a task that is being cancelled it raises no TimeoutError (before 3.11.5)
            await asyncio.wait({writing}, timeout=seconds)
            late = not writing.done()
        finally:
            writing.cancel()
            await asyncio.wait({writing})
        if not late and writing.cancelled():
            raise LateError("A newer question took its place.", "")
        if late:
            self._room.late()
            if not answer.lines:
                raise LateError(f"{self._model.name} did not answer within {seconds:g} s.")
            return Completion(answer.lines, model=self._who)
        if problem := writing.exception():
            if isinstance(problem, TooLongError):
                self._room.late()
            raise problem
        self._room.done((self._clock() - began) / seconds)
        return Completion(answer.text, "" if answer.text else NOTHING, model=self._who)

    async def _write(self, request: wire.SuggestionRequest, answer: Ending, *, generates: bool) -> None:
        tokens = ending.GENERATION_TOKENS if generates else ending.COMPLETION_TOKENS
        async with aclosing(self._model.fill(gap.of(request, self._room.characters), tokens)) as pieces:
            async for piece in pieces:
                answer.feed(piece)
                if answer.over:
                    return
        answer.end()

    async def _flow(
        self, request: wire.SuggestionRequest, answer: Ending, *, generates: bool
    ) -> AsyncGenerator[str, None]:
        """What can be shown of the model's answer, as it comes. Raises ModelError."""
        tokens = ending.GENERATION_TOKENS if generates else ending.COMPLETION_TOKENS
        end = self._clock() + (GENERATION if generates else self._timeout)
        async with aclosing(self._model.fill(gap.of(request, self._room.characters), tokens)) as pieces:
            while not answer.over and (piece := await self._next(pieces, end - self._clock())) is not None:
                if new := answer.feed(piece):
                    yield new
        if rest := answer.end():
            yield rest

    async def _spoken(
        self, request: wire_chat.ChatRequest, before: tuple[Turn, ...], room: int
    ) -> AsyncGenerator[str, None]:
        left = TALK_MOST
        async with aclosing(self._model.speak(prompt.messages(request, before, room), TALK_TOKENS)) as pieces:
            while left > 0:
                piece = await self._next(pieces, PAUSE)
                if piece is None:
                    return
                left -= len(piece)
                yield piece

    async def _next(self, pieces: AsyncGenerator[str, None], seconds: float) -> str | None:
        """The next piece, None at the end. Raises ModelError."""
        coming = asyncio.ensure_future(anext(pieces, None))
        try:
            await asyncio.wait({coming}, timeout=max(0.0, seconds))
            if not coming.done():
                raise LateError(
                    f"{self._model.name} said nothing for {seconds:.3g} s.", "Ask again, or about less code."
                )
            return coming.result()
        finally:
            if not coming.done():
                coming.cancel()
                await asyncio.wait({coming})

    def _told_of(self, problem: ModelError) -> ModelError:
        """What clients are told of it; the log is told all, once a kind: who types asks all the time."""
        if not isinstance(problem, LateError) and (told := str(problem)) != self._told:
            self._told = told
            _log.warning("%s", told)
        return problems.in_general(problem) if self._discreet else problem
