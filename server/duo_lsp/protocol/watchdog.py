"""Ends us when the editor's process is gone, even while something else keeps our stdin open."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

from duo_lsp.protocol.greeting import PARENT

PERIOD: Final = 2.0
"""Seconds between two looks."""


def watch(process_id: int, gone: Callable[[], None]) -> None:
    """Call `gone` from a thread of its own once this process has ended; no process has an id below 1."""
    if process_id > 0:
        threading.Thread(target=_wait, args=(_signs_of_life(process_id), gone), name="watchdog", daemon=True).start()


def _wait(lives: Callable[[], bool], gone: Callable[[], None]) -> None:
    while lives():
        time.sleep(PERIOD)
    gone()


if sys.platform == "win32":
    import ctypes

    _SYNCHRONIZE: Final = 0x00100000
    _ACCESS_DENIED: Final = 5
    _RUNNING: Final = 0x102  # WAIT_TIMEOUT

    def _signs_of_life(process_id: int) -> Callable[[], bool]:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = ctypes.c_void_p
        handle = kernel.OpenProcess(_SYNCHRONIZE, False, process_id)  # noqa: FBT003 - Windows' own call
        if not handle:
            denied = ctypes.get_last_error() == _ACCESS_DENIED
            return lambda: denied
        return lambda: kernel.WaitForSingleObject(ctypes.c_void_p(handle), 0) == _RUNNING

else:

    def _signs_of_life(process_id: int) -> Callable[[], bool]:
        def lives() -> bool:
            if process_id == PARENT and os.getppid() != PARENT:
                return False  # a parent nobody has waited for would still be found by its id
            try:
                os.kill(process_id, 0)
            except ProcessLookupError:
                return False
            except OSError:
                return True
            return True

        return lives
