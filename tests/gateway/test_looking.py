"""Files that change while nobody tells of it are found out, from time to time, when somebody asks."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from clock import Clock
from duo_lsp.gateway.engines.builtin import workspace
from duo_lsp.gateway.engines.builtin.looking import Looking
from duo_lsp.gateway.engines.builtin.workspace import Workspace
from gateway import learning_here
from waiting import until

LONG_AGO = 1_000_000_000.0


def put(path: Path, when: float = LONG_AGO) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x = 1\n")
    os.utime(path, (when, when))
    return str(path)


@pytest.mark.parametrize("with_git", [False, True])
def test_what_was_written_erased_or_came_along_is_found_once(tmp_path: Path, *, with_git: bool) -> None:
    if with_git:
        subprocess.run(("git", "init", "-q"), cwd=tmp_path, check=True)
    known = [put(tmp_path / name) for name in ("same.py", "other.py", "gone.py")]
    clock = Clock()
    clock.now = LONG_AGO + 100
    looking = Looking([tmp_path], lambda: clock.now)
    assert looking.changed(known) == []
    put(tmp_path / "other.py", LONG_AGO + 150)
    put(tmp_path / "deep" / "new.py")
    put(tmp_path / "node_modules" / "new.py")
    (tmp_path / "gone.py").unlink()
    clock.now += 100
    found = {path.relative_to(tmp_path).as_posix() for path in looking.changed(known)}
    assert found - {"node_modules/new.py"} == {"deep/new.py", "other.py", "gone.py"}
    clock.now += 100
    assert looking.changed(known[:2]) == []


def test_a_folder_that_is_gone_has_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    known = [put(folder / "a.py")]
    looking = Looking([folder], lambda: LONG_AGO + 100)
    (folder / "a.py").unlink()
    folder.rmdir()
    assert looking.changed(known) == [folder / "a.py"]


def test_who_asks_makes_it_look_but_not_at_every_question(tmp_path: Path) -> None:
    put(tmp_path / "a.py")
    clock = Clock()
    opened = Workspace(lambda: Path("/nobody"), start=learning_here.when(), clock=clock)
    opened.use((tmp_path,))
    until(lambda: opened.state == "ready")
    put(tmp_path / "b.py")
    opened.asked()
    clock.now += workspace.FRESH
    assert len(opened.present.files) == 1
    opened.asked()
    until(lambda: len(opened.present.files) == 2)
    (tmp_path / "b.py").unlink()
    clock.now += workspace.FRESH
    opened.asked()
    until(lambda: len(opened.present.files) == 1)
    opened.use(())
