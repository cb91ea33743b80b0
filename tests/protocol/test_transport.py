"""The threads at the pipes."""

import os
import threading

from duo_lsp.protocol.transport import Backlog, Reader, Writer
from waiting import HANG, until


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
        writer.write(b"x")
    assert lost == []
    writer.write(b"x")
    assert lost == [True]
    os.close(incoming)
    os.close(outgoing)
