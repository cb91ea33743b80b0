"""The threads at the pipes."""

import os
import threading

from duo_lsp.protocol.frames import frame
from duo_lsp.protocol.transport import Backlog, Reader, Writer
from waiting import HANG, until

PIPE = 1 << 16
"""Bytes that a pipe of Linux holds."""
TOO_MUCH = 1 << 13
"""More than is written at once."""


def test_reading_pauses_while_too_much_waits_but_one_message_always_gets_through():
    backlog, through = Backlog(10), []

    def add():
        for size in (100, 5, 6):
            backlog.add(size)
            through.append(size)

    thread = threading.Thread(target=add)
    thread.start()
    until(lambda: through)
    thread.join(0.02)
    assert through == [100]
    backlog.remove(100)
    until(lambda: len(through) > 1)
    thread.join(0.02)
    assert through == [100, 5]
    backlog.remove(5)
    thread.join(HANG)
    assert through == [100, 5, 6]


def test_a_pipe_that_broke_is_the_end_of_input():
    incoming, outgoing = os.pipe()
    os.close(incoming)
    ends: list[object] = []
    Reader(incoming, ends.append, ends.append).run()
    assert ends == [None]
    os.close(outgoing)


def test_messages_are_written_in_order_and_flushed():
    incoming, outgoing = os.pipe()
    writer = Writer(outgoing, lambda: None)
    writer.start()
    for body in (b"1", b"22"):
        writer.write(body)
    writer.flush(HANG)
    assert os.read(incoming, 999) == b"Content-Length: 1\r\n\r\n1Content-Length: 2\r\n\r\n22"
    os.close(incoming)
    writer.write(b"3")
    writer.join(HANG)
    assert not writer.is_alive()
    os.close(outgoing)


def test_what_the_pipe_takes_at_once_is_written_at_once_and_all_else_by_the_thread_in_order():
    incoming, outgoing = os.pipe()
    writer = Writer(outgoing, lambda: None)
    writer.write(b"1")
    assert os.read(incoming, 999) == b"Content-Length: 1\r\n\r\n1"  # the thread does not run yet
    full = bytes(PIPE)
    os.set_blocking(outgoing, False)
    assert os.write(outgoing, full) == PIPE
    os.set_blocking(outgoing, True)
    for body in (b"2", b"3" * TOO_MUCH, b"4"):
        writer.write(body)
    writer.start()
    with os.fdopen(incoming, "rb") as pipe:
        assert pipe.read(PIPE) == full
        for body in (b"2", b"3" * TOO_MUCH, b"4"):
            assert pipe.read(len(frame(body))) == frame(body)
        writer.flush(HANG)
        writer.write(b"5")
        assert pipe.read(len(frame(b"5"))) == frame(b"5")
    os.close(outgoing)


def test_a_flush_waits_no_longer_than_it_is_told():
    incoming, outgoing = os.pipe()
    writer = Writer(outgoing, lambda: None)
    writer.start()
    writer.write(b"x" * (1 << 20))
    writer.flush(0.01)
    os.close(incoming)
    writer.join(HANG)
    os.close(outgoing)


def test_a_client_that_never_reads_and_goes_on_asking_is_lost():
    incoming, outgoing = os.pipe()
    lost: list[bool] = []
    writer = Writer(outgoing, lambda: lost.append(True), unread=3)
    for _ in range(3):
        writer.write(b"x" * TOO_MUCH)
    assert lost == []
    writer.write(b"x" * TOO_MUCH)
    assert lost == [True]
    os.close(incoming)
    os.close(outgoing)
