"""Somebody else's process, watched."""

import os
import subprocess
import sys
import threading

import pytest

from duo_lsp.protocol import watchdog
from waiting import HANG


def test_a_process_that_lives_is_not_gone_and_one_that_ended_is():
    gone = threading.Event()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        lives = watchdog._signs_of_life(process.pid)
        assert lives()
    assert not lives()
    watchdog.watch(process.pid, gone.set)
    assert gone.wait(HANG)


@pytest.mark.parametrize("process_id", [0, -1])
def test_what_is_no_process_is_not_watched(process_id):
    threads = threading.active_count()
    watchdog.watch(process_id, os.abort)
    assert threading.active_count() == threads


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX's process 1")
def test_a_process_of_somebody_else_lives():
    assert watchdog._signs_of_life(1)()
