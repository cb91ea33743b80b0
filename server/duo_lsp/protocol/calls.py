"""Running a handler, whatever its kind: pygls knows functions, coroutines, threads and generators."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from pygls.feature_manager import is_thread_function

Handler = Callable[..., Any]
Step = tuple[Handler, Sequence[Any] | None, Mapping[str, Any] | None]
"""What a generator of pygls yields: the next handler to run, and its arguments."""


class Calls:
    """Runs handlers so that cancelling the call stops the handler in it, however deep."""

    def __init__(self, threads: Callable[[], Executor]) -> None:
        self._threads = threads

    async def run(self, handler: Handler, *args: Any, **kwargs: Any) -> Any:
        """What the handler returns in the end."""
        if is_thread_function(handler):  # type: ignore[no-untyped-call]
            work = functools.partial(handler, *args, **kwargs)
            return await asyncio.get_running_loop().run_in_executor(self._threads(), work)
        outcome = handler(*args, **kwargs)
        if isinstance(outcome, Generator):
            return await self._steps(outcome)
        return await outcome if inspect.isawaitable(outcome) else outcome

    async def _steps(self, steps: Generator[Step, Any, Any]) -> Any:
        outcome = None
        while True:
            try:
                handler, args, kwargs = steps.send(outcome)
            except StopIteration as end:
                return end.value
            outcome = await self.run(handler, *(args or ()), **(kwargs or {}))
