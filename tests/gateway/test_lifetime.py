"""When the gateway ends: signals, stdin, a parent that goes away."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from clock import Clock
from duo_lsp.gateway import parent
from duo_lsp.gateway.idling import Idling
from gateway import rig
from gateway.rig import Running
from waiting import HANG, until

STUCK = """
import asyncio, sys, time
from duo_lsp.gateway import engines
class Stuck:
    name, index, remote = "stuck", "none", False
    async def complete(self, request):
        print("working", file=sys.stderr, flush=True)
        await asyncio.to_thread(time.sleep, 60)
    def use_workspaces(self, *_): pass
    def files_changed(self, paths): pass
    async def close(self): pass
engines.make = lambda *_: Stuck()
"""
IMPATIENT = """
from duo_lsp.gateway import idling
idling.SECONDS = 2.0
"""
LEARNS = """
import itertools
from duo_lsp.gateway.engines.builtin import files
files.texts = lambda *_: ((f"{n}.py", "x = call(1)\\n") for n in itertools.count())
"""


@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_exit_code_0_and_without_a_word(sig: signal.Signals) -> None:
    gateway = rig.start(rig.command(), stderr=subprocess.PIPE)
    gateway.process.send_signal(sig)
    _, complaints = gateway.process.communicate(timeout=HANG)
    assert (gateway.process.returncode, complaints) == (0, "")


def test_a_signal_ends_it_though_a_thread_is_at_work() -> None:
    argv = rig.command()
    gateway = rig.start([argv[0], "-c", STUCK + argv[2], argv[3]], stderr=subprocess.PIPE)
    ask_in_background(gateway)
    ends(gateway, gateway.process.terminate)


def ask_in_background(gateway: Running) -> None:
    """A request that is still at work when this returns."""

    def ask() -> None:
        with closing(socket.create_connection(("127.0.0.1", gateway.port), 10)) as wire:
            body = json.dumps(rig.body()).encode()
            head = f"POST {rig.COMPLETIONS} HTTP/1.1\r\nHost: localhost\r\nPRIVATE-TOKEN: {rig.TOKEN}\r\n"
            wire.sendall(head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            wire.settimeout(None)
            wire.recv(1)

    threading.Thread(target=ask, daemon=True).start()
    assert gateway.process.stderr
    assert gateway.process.stderr.readline() == "working\n"


def ends(gateway: Running, end: Callable[[], object]) -> None:
    """With this, it ends in order."""
    end()
    assert gateway.process.wait(HANG) == 0
    for stream in (gateway.process.stdin, gateway.process.stdout, gateway.process.stderr):
        if stream and not stream.closed:
            stream.close()


def close_stdin(gateway: Running) -> None:
    assert gateway.process.stdin
    gateway.process.stdin.close()


def test_a_child_ends_with_its_stdin() -> None:
    gateway = rig.start(rig.command(child=True))
    ends(gateway, lambda: close_stdin(gateway))


def test_a_child_ends_with_its_stdin_though_a_thread_is_at_work() -> None:
    argv = rig.command(child=True)
    gateway = rig.start([argv[0], "-c", STUCK + argv[2], argv[3]], stderr=subprocess.PIPE)
    ask_in_background(gateway)
    ends(gateway, lambda: close_stdin(gateway))


def test_a_child_ends_while_it_learns(tmp_path: Path) -> None:
    argv = rig.command(child=True, workspaces=[str(tmp_path)])
    gateway = rig.start([argv[0], "-c", LEARNS + argv[2], argv[3]])
    assert gateway.get("/health").json()["index"] == "building"
    ends(gateway, lambda: close_stdin(gateway))


def test_a_child_that_nobody_asks_ends_in_order_and_one_at_work_does_not() -> None:
    argv = rig.command(child=True)
    busy = rig.start([argv[0], "-c", IMPATIENT + STUCK + argv[2], argv[3]], stderr=subprocess.PIPE)
    ask_in_background(busy)
    idle = rig.start([argv[0], "-c", IMPATIENT + argv[2], argv[3]])
    ends(idle, lambda: None)
    assert busy.process.poll() is None
    ends(busy, lambda: close_stdin(busy))


def test_a_gateway_that_somebody_started_by_hand_stays() -> None:
    argv = rig.command()
    gateway = rig.start([argv[0], "-c", IMPATIENT + argv[2], argv[3]])
    child = rig.start([argv[0], "-c", IMPATIENT + argv[2], rig.command(child=True)[3]])
    ends(child, lambda: None)
    assert gateway.get("/health").status_code == 200
    ends(gateway, gateway.process.terminate)


def test_every_request_begins_the_idle_time_anew() -> None:
    clock = Clock()
    idle = Idling(600, clock)
    assert not idle.is_over(0, 0)
    clock.now += 599
    assert not idle.is_over(1, 0)
    clock.now += 599
    assert not idle.is_over(1, 0)
    clock.now += 1
    assert idle.is_over(1, 0)
    assert not idle.is_over(1, 1)
    clock.now += 599
    assert not idle.is_over(1, 0)


GRANDPARENT = """
import subprocess, sys, time
subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)
time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is not known there")
def test_a_child_does_not_outlive_a_killed_parent() -> None:
    argv = [sys.executable, "-c", GRANDPARENT, *rig.command(child=True)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as between:
        assert between.stdout
        child = psutil.Process(json.loads(between.stdout.readline())[2])
        between.kill()
        until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_a_parent_may_open_folders_later_and_garbage_is_not_repeated_in_the_log(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def compute_invoice_total(invoice):\n    return invoice.total\n" * 3)
    gateway = rig.start(rig.command(child=True), stderr=subprocess.PIPE)
    assert gateway.process.stdin
    gateway.process.stdin.write("password=hunter2\n" + json.dumps({"workspaces": [str(tmp_path)]}) + "\n")
    gateway.process.stdin.flush()
    gateway.until_ready()
    assert gateway.suggest("x = 1\n\ndef compute_inv").startswith("oice_total")
    _, complaints = gateway.process.communicate(timeout=HANG)
    assert complaints == "a line on stdin was not understood\n"


class Pipe:
    """An end of stdin that gives these parts."""

    def __init__(self, *parts: bytes | OSError) -> None:
        self._parts = list(parts)

    def read(self, _: int, /) -> bytes:
        part = self._parts.pop(0) if self._parts else b""
        if isinstance(part, OSError):
            raise part
        return part


class Listener:
    """Notes what a parent says."""

    def __init__(self) -> None:
        self.opened: list[tuple[Path, ...]] = []
        self.changed: list[tuple[Path, ...]] = []
        self.near: list[Path] = []

    def use_workspaces(self, folders: tuple[Path, ...], near: tuple[Path, ...] = ()) -> None:
        self.opened.append(folders)
        self.near += near

    def files_changed(self, paths: tuple[Path, ...]) -> None:
        self.changed.append(paths)


def heard(*parts: bytes | OSError) -> Listener:
    """What a parent said until it went away."""
    listener, gone = Listener(), list[bool]()
    parent.follow(Pipe(*parts), listener, lambda: gone.append(True)).join(HANG)
    assert gone == [True]
    return listener


def told(*parts: bytes | OSError) -> list[tuple[Path, ...]]:
    """The folders a parent opened until it went away."""
    return heard(*parts).opened


def test_a_line_may_come_in_pieces() -> None:
    assert told(b'{"workspaces": ["/a', b'", "/b"]}\n{"work', b'spaces": []}\n') == [(Path("/a"), Path("/b")), ()]


def test_changed_files_are_told_and_open_nothing() -> None:
    listener = heard(b'{"changed": ["/a/b.py", "c.py"]}\n')
    assert (listener.opened, listener.changed) == ([], [(Path("/a/b.py"),)])


def test_the_files_that_are_open_come_along() -> None:
    listener = heard(b'{"workspaces": ["/a"], "near": ["/a/b.py", "c.py"]}\n')
    assert (listener.opened, listener.near) == ([(Path("/a"),)], [Path("/a/b.py")])


def test_folders_that_are_not_absolute_are_not_opened() -> None:
    assert told(b'{"workspaces": ["a", "/b"]}\n') == [(Path("/b"),)]


@pytest.mark.parametrize(
    "line",
    [
        b"x",
        b"[]",
        b'{"changed": [1]}',
        b'{"changed": "/a"}',
        b'{"workspaces": 1}',
        b'{"workspaces": [1]}',
        b"\xff",
        b"[" * 9999,
        b"x" * (parent.LONGEST + 1),
    ],
)
def test_other_lines_are_ignored(line: bytes, caplog: pytest.LogCaptureFixture) -> None:
    assert told(line, b"\n", b"\n\n", b'{"workspaces": ["/b"]}\n') == [(Path("/b"),)]
    assert "not understood" in caplog.text


def test_a_broken_pipe_is_a_parent_gone() -> None:
    assert told(OSError()) == []


HEAVY = ("limits", "redis", "prometheus_client", "duo_lsp.gateway.described", "duo_lsp.gateway.observing", "filelock")


def test_the_child_of_an_editors_server_loads_nothing_of_what_a_team_needs() -> None:
    code = rig.SERVE.replace("[url, token, os.getpid()]", f"[url, token, sorted({{*sys.modules}} & {set(HEAVY)!r})]")
    process = subprocess.Popen(
        [sys.executable, "-c", code, json.dumps({"child": True})],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    said, _ = process.communicate("", timeout=30)
    assert json.loads(said.splitlines()[0])[2] == []
    assert process.returncode == 0
