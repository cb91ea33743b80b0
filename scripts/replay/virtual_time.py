"""An event loop whose time passes only while nothing can be done: minutes of typing in a second, always the same."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")


class _Jumping(selectors.DefaultSelector):
    """Never waits for a timer: moves the clock on instead. While a thread works, time stands still and it waits."""

    now = 0.0
    threads = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or (timeout > 0 and self.threads):
            return super().select(None)
        ready = super().select(0)
        if not ready:
            self.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its `time` is the clock to hand to everything that runs on it."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._jumping.now

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Arguments], Result], *args: *Arguments
    ) -> asyncio.Future[Result]:
        """In a thread, which takes no time."""
        self._jumping.threads += 1
        done = super().run_in_executor(executor, func, *args)
        done.add_done_callback(self._left)
        return done

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as it is called
        """However long it takes: the time that may be given, from Python 3.12 on, would be over at once."""
        del timeout
        await super().shutdown_default_executor()

    def _left(self, _: asyncio.Future[Any]) -> None:
        self._jumping.threads -= 1


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Do this to its end on a loop of its own."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
