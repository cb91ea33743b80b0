"""Learning in this very process, as far as a test lets it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager

from duo_lsp.gateway.engines.builtin import learning
from duo_lsp.gateway.engines.builtin.learning import Learning, Result, Wish

Start = Callable[[Wish], AbstractContextManager[Learning]]


def when(go: Callable[[], object] = lambda: None) -> Start:
    """Learn once `go` has returned."""

    class Here:
        def __init__(self, wish: Wish) -> None:
            self._wish = wish

        def kill(self) -> None:
            """Nothing that could be."""

        def results(self) -> Iterator[Result]:
            go()
            said: list[Result] = []
            learning.learn(self._wish, said.append)
            yield from said

    @contextmanager
    def start(wish: Wish) -> Generator[Learning, None, None]:
        yield Here(wish)

    return start
