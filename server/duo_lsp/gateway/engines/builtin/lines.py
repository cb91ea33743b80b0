"""Remembers the tokens of lines: between two requests hardly any line changes."""

from __future__ import annotations

import threading

from duo_lsp.gateway.engines.builtin import lexer
from duo_lsp.gateway.engines.builtin.lexer import Line

BOUND = 256 * 1024
"""Characters remembered in each of two generations; their tokens take some thirty times as much memory."""


class Lines:
    """Two generations: what is used again lives on, the rest goes when the younger one is full.

    cachetools' LRU keeps an order at every look-up, which costs more than reading the line again.
    """

    def __init__(self, bound: int = BOUND) -> None:
        self._bound = bound
        self._lock = threading.Lock()
        self._young: dict[str, Line] = {}
        self._old: dict[str, Line] = {}
        self._size = 0

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def read(self, line: str) -> Line:
        """The tokens of a line."""
        known = self._young.get(line)
        return known if known is not None else self._keep(line)

    def _keep(self, line: str) -> Line:
        tokens = self._old.get(line) or lexer.read_line(line)
        with self._lock:
            if self._size > self._bound:
                self._old, self._young, self._size = self._young, {}, 0
            self._young[line] = tokens
            self._size += len(line) + 1
        return tokens
