"""The disk is looked at off the event loop, at most once a second for each file, and never waited for long."""

import asyncio
import threading

import pytest

from duo_lsp.suggestions import disk
from duo_lsp.suggestions.disk import MOST_LOOKING, REMEMBERED, Disk, Seen
from waiting import HANG

FOLDERS = ("/w",)


class Look:
    """Counts its calls; answers when it may."""

    def __init__(self):
        self.calls, self.may, self.fault = [], threading.Event(), None
        self.may.set()

    def __call__(self, path, folders):
        self.calls.append((path, folders, threading.current_thread() is threading.main_thread()))
        self.may.wait(HANG)
        if self.fault:
            raise self.fault
        return Seen(rule=f"rule {len(self.calls)}")


@pytest.fixture
def look():
    made = Look()
    yield made
    made.may.set()


async def rule(one, path="/w/a"):
    seen = await one.see(path, FOLDERS)
    assert seen is not None
    return seen.rule


async def test_it_is_looked_at_in_a_thread_and_remembered_for_a_second(look):
    now = [0.0]
    one = Disk(look, lambda: now[0])
    assert [await rule(one) for _ in range(3)] == ["rule 1"] * 3
    assert look.calls == [("/w/a", FOLDERS, False)]
    now[0] = REMEMBERED + 0.1
    assert await rule(one) == "rule 2"


async def test_who_asks_at_the_same_time_gets_the_same_look(look):
    one = Disk(look)
    assert set(await asyncio.gather(*(rule(one) for _ in range(5)))) == {"rule 1"}


async def test_a_disk_that_hangs_keeps_nobody_and_costs_few_threads(look, monkeypatch):
    monkeypatch.setattr(disk, "PATIENCE", 0.05)
    look.may.clear()
    one = Disk(look)
    for number in range(MOST_LOOKING + 3):
        assert await one.see(f"/w/{number}", FOLDERS) is None
    assert len(look.calls) <= MOST_LOOKING
    look.may.set()
    async with asyncio.timeout(HANG):
        while await one.see("/w/6", FOLDERS) is None:
            await asyncio.sleep(0.01)


async def test_a_look_that_fails_tells_nothing(look):
    look.fault = ValueError("embedded null byte")
    assert await Disk(look).see("/w/a", FOLDERS) is None


async def test_what_is_no_file_has_no_rules(look):
    assert await Disk(look).see("", FOLDERS) == Seen()
    assert look.calls == []


async def test_a_real_folder(tmp_path):
    root = tmp_path.as_posix()
    (tmp_path / "sub/.git").mkdir(parents=True)
    (tmp_path / ".aiexclude").write_text("*.key.py\n")
    (tmp_path / ".gitignore").write_text("*.log\n")
    assert disk.look(f"{root}/sub/a.key.py", (root,)) == Seen(
        "*.key.py in .aiexclude", "*.key.py in .aiexclude", "a.key.py", is_inside=True
    )
    assert disk.look(f"{root}/x.log", (root,)) == Seen("", "*.log in .gitignore", "x.log", is_inside=True)
    assert disk.look("/elsewhere/x.py", (root,)) == Seen(in_project="x.py")


def test_a_link_to_a_sealed_file_is_sealed(tmp_path):
    root = tmp_path.as_posix()
    (tmp_path / ".env").touch()
    (tmp_path / "a.py").symlink_to(tmp_path / ".env")
    assert disk.look(f"{root}/a.py", (root,)).is_sealed
    assert not disk.look(f"{root}/b.py", (root,)).is_sealed
