"""How a session begins and, above all, ends: no server is left behind, whatever happens to its editor."""

import signal
import subprocess
import sys
from typing import Any

import psutil
import pytest

from protocol.raw_client import DUO, RIG, URI, framed
from waiting import until

HELLO: dict[str, Any] = {"processId": None, "rootUri": None, "capabilities": {}}
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")


def test_req_before_init_is_refused(duo):
    assert duo.refusal(duo.ask_completion()) == -32002
    assert duo.refusal(duo.ask("shutdown")) == -32002
    duo.initialize()
    duo.serves()


def test_unknown_before_init_is_refused(duo):
    assert duo.refusal(duo.ask("none/such")) == -32002


def test_note_before_init_is_dropped(duo):
    duo.open("early")
    duo.notify("none/such", {})
    duo.notify("initialized", {})
    duo.initialize()
    duo.serves()


def test_silence_before_init(duo):
    duo.notify("initialized", {})
    duo.notify("workspace/didChangeConfiguration", {"settings": {"token": 7}})
    duo.refusal(duo.ask("none/such"))
    assert duo.told == []
    assert len(duo.messages) == 1


def test_exit_before_init_is_code_1(duo):
    duo.notify("exit")
    assert duo.gone() == 1


def test_double_initialize_keeps_documents(rig):
    rig.open("kept")
    assert rig.refusal(rig.ask("initialize", HELLO)) == -32600
    assert rig.ran("rig.text", URI)["text"] == "kept"


def test_req_after_shutdown_is_refused(client):
    assert client.result("shutdown") is None
    assert client.refusal(client.ask_completion()) == -32600
    assert client.refusal(client.ask("none/such")) == -32600


def test_double_shutdown_is_refused_and_exit_is_0(client):
    first, second = client.ask("shutdown"), client.ask("shutdown")
    assert client.reply(first)["result"] is None
    assert client.refusal(second) == -32600
    client.notify("exit")
    assert client.gone() == 0


def test_note_after_shutdown_is_dropped(client):
    client.result("shutdown")
    client.open("late")
    client.notify("exit")
    assert client.gone() == 0
    assert client.told == []


def test_exit_without_shutdown_is_code_1(client):
    client.notify("exit")
    assert client.gone() == 1


def test_eof_idle_ends_it_with_code_1(client):
    client.close()
    assert client.gone() == 1


def test_eof_inflight_ends_it_with_code_1(slow):
    rig, _ = slow
    rig.close()
    assert rig.gone() == 1


@pytest.mark.parametrize("what", ["block", "freeze"])
def test_eof_blocked_thread(rig, what):
    rig.command(f"rig.{what}")
    rig.logged(f"{what} begins")
    rig.close()
    assert rig.gone() == 1


def test_exit_blocked_thread(rig):
    rig.command("rig.block")
    rig.logged("block begins")
    rig.notify("exit")
    assert rig.gone() == 1


def test_eof_midbody_ends_it_with_code_1(client):
    client.write(b'Content-Length: 500\r\n\r\n{"jsonrpc"')
    client.close()
    assert client.gone() == 1


def test_eof_after_shutdown_is_code_0_and_everything_is_answered(duo):
    for message in ({"id": "a", "method": "initialize", "params": HELLO}, {"id": "b", "method": "shutdown"}):
        duo.send(message)
    duo.close()
    assert duo.gone() == 0
    assert "result" in duo.reply("a")
    assert "result" in duo.reply("b")


def test_parent_death_is_noticed_while_stdin_is_open(start):
    duo, beside = start(), start(*RIG)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as editor:
        for server in (duo, beside):
            server.initialize(processId=editor.pid)
            server.serves()
        editor.kill()
    assert [server.gone() for server in (duo, beside)] == [1, 1]


def test_dead_process_id_ends_it(duo):
    with subprocess.Popen([sys.executable, "-c", ""]) as editor:
        pass
    duo.ask("initialize", {**HELLO, "processId": editor.pid})
    assert duo.gone() == 1


@pytest.mark.parametrize("params", [{"processId": None}, {"processId": 0}])
def test_null_process_id_is_no_dead_one(duo, params):
    duo.initialize(**params)
    duo.serves()


@posix
def test_parent_death_is_noticed_when_nobody_buried_it():
    """Until somebody waits for it, a dead process is still found by its id."""
    script = (
        "import subprocess, sys; print(subprocess.Popen(sys.argv[1:]).pid, flush=True); import time; time.sleep(60)"
    )
    command = [sys.executable, "-c", script, *DUO]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as editor:
        assert editor.stdin is not None
        assert editor.stdout is not None
        server = psutil.Process(int(editor.stdout.readline()))
        editor.stdin.write(framed({"id": 1, "method": "initialize", "params": {**HELLO, "processId": editor.pid}}))
        assert editor.stdout.readline().startswith(b"Content-Length")
        editor.kill()
        until(lambda: not server.is_running() or server.status() == psutil.STATUS_ZOMBIE)


def test_stdout_closed_ends_it_at_its_next_write(start):
    duo = start(reads=False)
    duo.process.stdout.close()
    duo.ask("initialize", HELLO)
    assert duo.gone() == 1


def test_stdout_blocked_neither_blocks_the_server_nor_keeps_it(start):
    rig = start(*RIG, reads=False)
    rig.ask("initialize", HELLO)
    for _ in range(3000):
        rig.ask("none/such")
    rig.command("rig.fail")
    rig.logged("workspace/executeCommand was not served")
    rig.close()
    assert rig.gone() == 1


@posix
def test_stderr_closed_is_no_matter(start):
    rig = start("sh", "-c", 'exec "$0" "$@" 2>&-', *RIG)
    rig.initialize()
    assert rig.ran("rig.print") == "read: ''"
    rig.serves()


def test_stderr_blocked_keeps_nobody(start):
    rig = start(*RIG, reads_log=False)
    rig.initialize()
    for _ in range(3000):
        rig.send({"id": "none", "result": "each is a line in the log"})
    rig.close()
    assert rig.gone() == 1


def test_stderr_blocked_holds_up_no_answer(start):
    rig = start(*RIG, reads_log=False)
    rig.initialize()
    for _ in range(3000):
        rig.send({"id": "none", "result": "each is a line in the log"})
    rig.serves()


@posix
@pytest.mark.parametrize("stage", ["new", "open"])
def test_sigterm_ends_it_with_code_0(duo, stage):
    duo.refusal(duo.ask("none/such"))
    if stage == "open":
        duo.initialize()
    duo.process.send_signal(signal.SIGTERM)
    assert duo.gone() == 0


@posix
def test_sigterm_inflight_ends_it_with_code_0(slow):
    rig, _ = slow
    rig.process.send_signal(signal.SIGTERM)
    assert rig.gone() == 0


@posix
def test_sigint_ends_it_with_code_0_and_no_traceback(client):
    client.process.send_signal(signal.SIGINT)
    assert client.gone() == 0
    assert "Traceback" not in client.log


def test_shutdown_inflight_answers_everything(slow):
    rig, id_ = slow
    assert rig.result("shutdown") is None
    assert rig.refusal(id_) == -32800
    rig.notify("exit")
    assert rig.gone() == 0
    assert len(rig.replies(id_)) == 1


def test_init_wrong_types_is_refused_and_a_right_one_works(duo):
    wrong: list[Any] = [
        None,
        {},
        {"capabilities": 7},
        {**HELLO, "processId": "x"},
        {**HELLO, "processId": True},
        [],
        "x",
        7,
    ]
    for params in wrong:
        assert duo.refusal(duo.ask("initialize", params)) == -32602
    assert duo.refusal(duo.ask("shutdown")) == -32002
    duo.initialize()
    duo.serves()


def test_stray_print_goes_to_stderr(rig):
    assert rig.ran("rig.print") == "read: ''"
    rig.serves()
    for line in ("printed by Python", "written to 1", "printed by a child"):
        rig.logged(line)
