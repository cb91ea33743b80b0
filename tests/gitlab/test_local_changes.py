"""Word of changed files goes to the engine on this machine together, and only of those it may read."""

import asyncio

import pytest

from duo_lsp.gitlab.local_changes import MOST, LocalChanges
from waiting import eventually


@pytest.fixture
def told():
    return []


@pytest.fixture
def changes(told):
    made = LocalChanges(told.append, moment=0.01)
    made.use(("/ours", "/other"))
    return made


async def test_what_changes_in_one_moment_is_told_once(changes, told):
    changes.add(["/ours/a.py", "/other/b.py"])
    changes.add(["/ours/a.py"])
    await eventually(lambda: told)
    assert told == [["/ours/a.py", "/other/b.py"]]
    changes.add(["/ours/c.py"])
    await eventually(lambda: len(told) == 2)
    assert told[1] == ["/ours/c.py"]


@pytest.mark.parametrize("path", ["/elsewhere/a.py", "/ours/node_modules/a.js", "/ours/.git/index", "", "/ours"])
async def test_what_the_engine_does_not_read_is_not_told(changes, told, path):
    changes.add([path])
    await asyncio.sleep(0.05)
    assert told == []


async def test_of_very_many_files_only_the_folders_are_named(changes, told):
    changes.add([f"/ours/{number}.py" for number in range(3 * MOST)])
    await eventually(lambda: told)
    assert told == [["/ours", "/other"]]


async def test_other_folders_have_other_files(changes, told):
    changes.add(["/ours/a.py"])
    changes.use(("/other",))
    await asyncio.sleep(0.05)
    assert told == []
