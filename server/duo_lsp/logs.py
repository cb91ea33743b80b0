"""Where log lines go: to stderr and, if wanted, a file, with every token masked."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Final, TextIO

from duo_lsp.errors import UsageError
from duo_lsp.privacy import secrets

TOO_TALKATIVE: Final = ("pygls", "httpx2", "httpcore2", "asyncio", "uvicorn")
"""They write whole messages, addresses or bodies below WARNING."""


MOST_WAITING: Final = 10_000
"""Lines."""
FLUSH: Final = 0.5
"""Seconds."""


class MaskingFormatter(logging.Formatter):
    """Formats a record, the exception in it included, and masks what must not be read."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._known: set[secrets.Secret] = set()

    def learn(self, secret: secrets.Secret) -> None:
        """From now on this very token is masked, whatever its shape."""
        if secret:
            self._known.add(secret)

    def format(self, record: logging.LogRecord) -> str:
        """One line, or a line and a traceback."""
        record.exc_text = None  # another handler may have put the exception's whole text there
        line = super().format(record)
        record.exc_text = None
        return self.mask(line)

    def mask(self, text: str) -> str:
        """A text without tokens, for what is shown to people otherwise."""
        return secrets.mask(text, self._known)

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        """The kind of exception and where it was raised; its text may quote code or a token, so it stays out."""
        kind, _, trace = ei if isinstance(ei, tuple) else (type(ei), ei, None)
        if kind is None:  # asked for an exception where there is none
            return ""
        place = ""
        while trace is not None:
            place = f" in {trace.tb_frame.f_code.co_qualname} line {trace.tb_lineno}"
            trace = trace.tb_next
        return f"  {kind.__name__}{place}"


class QuietHandler(logging.Handler):
    """Writes to a stream in a thread of its own: who does not read stderr holds up nobody.

    Says nothing of a line that cannot be written, where logging would print its arguments.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._lines: SimpleQueue[str | threading.Event] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Have one line written; when too many wait already, leave it out."""
        if self._lines.qsize() >= MOST_WAITING:
            return
        with contextlib.suppress(Exception):  # whatever a record's arguments do when they are turned into text
            self._lines.put(self.format(record))
        if self._thread is None:
            self._thread = threading.Thread(target=self._write, name="log", daemon=True)
            self._thread.start()

    def flush(self) -> None:
        """Wait until what was said so far is written, a moment at most."""
        if self._thread is not None:
            written = threading.Event()
            self._lines.put(written)
            written.wait(FLUSH)

    def _write(self) -> None:
        while True:
            line = self._lines.get()
            if isinstance(line, threading.Event):
                line.set()
                continue
            with contextlib.suppress(OSError, ValueError):
                self._stream.write(line + "\n")
                self._stream.flush()


def start(level: str, file: Path | None = None) -> MaskingFormatter:
    """Send all log lines of this process to stderr, and to a file; takes a level: debug, info, warning, error.

    Raises UsageError when the file cannot be written.
    """
    formatter = MaskingFormatter()
    handlers = [QuietHandler(sys.stderr), *([_private_file(file)] if file else [])]
    for handler in handlers:
        handler.setFormatter(formatter)
    logging.getLogger().handlers[:] = handlers
    for name in TOO_TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)
    set_level(level)
    return formatter


def _private_file(path: Path) -> QuietHandler:
    """Lines added to a file that nobody else can read."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError as problem:
        raise UsageError(f"{path} cannot be written ({problem.strerror}).", "Name another file.") from problem
    return QuietHandler(os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace"))


def set_level(level: str) -> None:
    """Change how much our own modules write."""
    logging.getLogger("duo_lsp").setLevel(level.upper())
