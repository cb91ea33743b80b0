"""Imported files are looked for in a thread, remembered for a moment, and not waited for without end."""

import asyncio
import gc
import threading

import pytest

from duo_lsp.suggestions.neighbours import imported
from duo_lsp.suggestions.neighbours.imported import FRESH, Imported
from duo_lsp.suggestions.neighbours.piece import Piece
from duo_lsp.suggestions.neighbours.shelf import Found, Importer
from waiting import eventually

NOW = Importer("/w", "now.py", "python", "import a\n")
A = Found("/w/a.py", "a.py", "a.py", (1, 1, 1))


class Slow:
    """A disk that answers when it may."""

    def __init__(self):
        self.may, self.done = threading.Event(), []
        self.may.set()

    def look(self, importer):
        assert importer == NOW
        self._wait("look")
        return (A,)

    def read(self, found, *, redacts):
        self._wait("read")
        return Piece(found.name, ("a = 1\n",)) if redacts else None

    def _wait(self, what):
        assert threading.current_thread() is not threading.main_thread()
        self.may.wait(30)
        self.done.append(what)


@pytest.fixture
def shelf():
    made = Slow()
    yield made
    made.may.set()


@pytest.fixture
def one(clock, shelf):
    return Imported(clock, shelf)


async def test_it_is_looked_once_in_a_while(one, shelf, clock):
    for _ in range(3):
        assert await one.found(NOW) == (A,)
    assert shelf.done == ["look"]
    clock.now += FRESH + 0.1
    assert await one.found(NOW) == (A,)
    assert shelf.done == ["look", "look"]


async def test_a_file_is_read_once_until_it_changes(one, shelf):
    for _ in range(3):
        assert (await one.piece(A, redacts=True)).text == "a = 1\n"
    assert await one.piece(A, redacts=False) is None
    assert await one.piece(A, redacts=False) is None
    assert await one.piece(Found("/w/a.py", "a.py", "a.py", (2, 1, 1)), redacts=True) is not None
    assert shelf.done == ["read"] * 3


async def test_while_the_disk_does_not_answer_there_is_nothing_and_nobody_waits_twice(one, shelf, monkeypatch):
    monkeypatch.setattr(imported, "PATIENCE", 0.01)
    shelf.may.clear()
    assert await one.found(NOW) == ()
    monkeypatch.setattr(imported, "PATIENCE", 60)
    assert await one.found(NOW) == ()
    assert await one.piece(A, redacts=True) is None
    shelf.may.set()
    await eventually(one._under_way.done)
    assert await one.found(NOW) == (A,)


async def test_a_fault_is_the_callers_and_the_next_one_may_try_again(one, shelf):
    look, shelf.look = shelf.look, lambda _: 1 / 0
    with pytest.raises(ZeroDivisionError):
        await one.found(NOW)
    shelf.look = look
    assert await one.found(NOW) == (A,)


async def test_a_fault_that_comes_late_is_no_fault_of_the_loop(one, shelf, monkeypatch):
    monkeypatch.setattr(imported, "PATIENCE", 0.01)
    complaints = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    shelf.may.clear()
    shelf.look = lambda _: shelf.may.wait(30) and 1 / 0
    assert await one.found(NOW) == ()
    shelf.may.set()
    await eventually(one._under_way.done)
    one._under_way = None
    gc.collect()
    assert complaints == []
