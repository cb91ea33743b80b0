"""Which files are learnt from, and that learning gets in nobody's way."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from duo_lsp.gateway.engines.builtin import files
from duo_lsp.gateway.engines.builtin.workspace import Workspace
from gateway import learning_here, rig
from waiting import until

HOME = Path("/nobody/at/home")


def put(folder: Path, name: str, content: str | bytes = "x = 1\n") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def found(folder: Path, home: Path = HOME, room: int = files.TOTAL) -> list[str]:
    return [str(Path(name).relative_to(folder)) for name, _ in files.texts(folder, home, room)]


def git(folder: Path, *words: str) -> None:
    subprocess.run(("git", *words), cwd=folder, check=True, capture_output=True)


def test_the_nearest_and_smallest_come_first_until_there_is_no_room(tmp_path: Path) -> None:
    put(tmp_path, "deep/er/a.py")
    put(tmp_path, "b.py", "yyyy = 1234\n" * 3)
    put(tmp_path, "c.py")
    assert found(tmp_path) == ["c.py", "b.py", "deep/er/a.py"]
    assert found(tmp_path, room=20) == ["c.py", "deep/er/a.py"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".env", "PASSWORD=x"),
        ("secrets.yml", "x: y"),
        ("certs/server.pem", "x"),
        (".hidden/a.py", "x"),
        ("node_modules/a/index.js", "x"),
        ("lib/vendor/a.go", "x"),
        (".venv/lib/a.py", "x"),
        ("venv/lib/a.py", "x"),
        ("dist/a.js", "x"),
        ("build/a.py", "x"),
        ("package-lock.json", "{}"),
        ("poetry.lock", "x"),
        ("a.min.js", "x"),
        ("data.csv", "1,2"),
        ("image.py", b"a\0b"),
        ("latin.py", b"\xe9"),
        ("empty.py", ""),
        ("one_line.js", "x" * 5001),
        ("long_lines.js", ("x" * 300 + "\n") * 30),
        ("large.py", "x = 1\n" * 50_000),
    ],
)
@pytest.mark.parametrize("with_git", [False, True])
def test_what_nobody_wrote_or_nobody_may_see_is_left_out(
    tmp_path: Path, name: str, content: str | bytes, with_git: bool
) -> None:
    put(tmp_path, name, content)
    put(tmp_path, "a.py")
    if with_git:
        git(tmp_path, "init", "-q")
        git(tmp_path, "add", "-f", ".")
    assert found(tmp_path) == ["a.py"]


@pytest.mark.parametrize("name", [".gitignore", ".aiexclude", ".copilotignore", ".cursorignore"])
def test_ignore_files_count_without_git(tmp_path: Path, name: str) -> None:
    put(tmp_path, name, "private/\n")
    put(tmp_path, "private/a.py")
    put(tmp_path, "deep/private/a.py")
    put(tmp_path, "b.py")
    assert found(tmp_path) == ["b.py", name] or found(tmp_path) == [name, "b.py"]


def test_what_is_excluded_from_assistants_is_left_out_of_what_git_knows(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    put(tmp_path, ".aiexclude", "closed.py\n")
    put(tmp_path, "closed.py")
    put(tmp_path, "open.py")
    assert sorted(found(tmp_path)) == [".aiexclude", "open.py"]


def test_what_is_near_to_an_open_file_comes_before_what_is_near_to_the_folder(tmp_path: Path) -> None:
    for name in ("a.py", "deep/er/b.py", "deep/c.py", "other/d.py"):
        put(tmp_path, name)
    near = [str(tmp_path / "deep" / "er" / "open.py"), "/elsewhere/x.py"]
    names = [Path(name).relative_to(tmp_path).as_posix() for name, _ in files.texts(tmp_path, HOME, near=near)]
    assert names == ["deep/er/b.py", "deep/c.py", "a.py", "other/d.py"]


def test_git_says_what_is_ignored(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    put(tmp_path, ".gitignore", "private/\n")
    put(tmp_path, "private/a.py")
    put(tmp_path, "new.py")
    put(tmp_path, "gone.py")
    git(tmp_path, "add", ".")
    (tmp_path / "gone.py").unlink()
    assert sorted(found(tmp_path)) == [".gitignore", "new.py"]


def test_a_program_the_folder_brings_along_is_not_run(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    monitor = put(tmp_path, "monitor.sh", "#!/bin/sh\ntouch was_run\n")
    monitor.chmod(0o755)
    git(tmp_path, "config", "core.fsmonitor", str(monitor))
    assert found(tmp_path) == ["monitor.sh"]
    assert not (tmp_path / "was_run").exists()


@pytest.mark.skipif(os.name != "posix", reason="links need rights there")
def test_links_that_leave_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = put(tmp_path, "outside/secret.py")
    inside = tmp_path / "inside"
    put(inside, "a.py")
    (inside / "link.py").symlink_to(outside)
    (inside / "notes.txt").symlink_to(put(inside, ".env"))
    (inside / "folder").symlink_to(outside.parent)
    (inside / "circle.py").symlink_to(inside / "circle.py")
    assert found(inside) == ["a.py"]


@pytest.mark.skipif(os.name != "posix", reason="there are no pipes in folders there")
def test_a_pipe_in_the_folder_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    assert found(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_left_out(tmp_path: Path) -> None:
    put(tmp_path, "a.py").chmod(0)
    assert found(tmp_path) == []


def test_the_home_folder_and_all_above_it_are_nobodys_project(tmp_path: Path) -> None:
    put(tmp_path, "a.py")
    assert found(tmp_path, home=tmp_path) == []
    assert found(tmp_path, home=tmp_path / "person") == []
    assert not files.may_be_read(Path("/"), HOME)
    assert not files.may_be_read(tmp_path / "missing", HOME)
    assert not files.may_be_read(Path("/a\0b"), HOME)
    assert found(tmp_path, home=tmp_path.parent) == ["a.py"]


def test_windows_line_ends_are_line_ends(tmp_path: Path) -> None:
    put(tmp_path, "a.py", "a\r\nb\r\n")
    assert [text for _, text in files.texts(tmp_path, HOME)] == ["a\nb\n"]


def workspace(go: Callable[[], None] = lambda: None, home: Path = HOME) -> Workspace:
    return Workspace(lambda: home, start=learning_here.when(go))


def test_it_learns_in_the_background_and_forgets_at_once(tmp_path: Path) -> None:
    put(tmp_path, "a.py")
    go = threading.Event()
    open_ = workspace(lambda: assert_(go.wait(10)))
    open_.use((tmp_path,))
    assert (open_.state, open_.present.files) == ("building", set())
    go.set()
    until(lambda: open_.state == "ready")
    assert list(open_.present.files) == [str(tmp_path / "a.py")]
    open_.use(())
    assert (open_.state, open_.present.files) == ("none", set())


def test_the_same_folders_again_are_read_afresh_and_known_meanwhile(tmp_path: Path) -> None:
    put(tmp_path, "a.py")
    open_ = workspace()
    open_.use((tmp_path,))
    until(lambda: open_.state == "ready")
    put(tmp_path, "b.py")
    open_.use((tmp_path,))
    assert open_.present.files
    until(lambda: len(open_.present.files) == 2)
    assert open_.state == "ready"


def assert_(value: object) -> None:
    assert value


def test_other_folders_stop_what_is_being_learnt(tmp_path: Path) -> None:
    first, second = put(tmp_path, "one/a.py").parent, put(tmp_path, "two/b.py").parent
    go = threading.Event()
    open_ = workspace(lambda: assert_(go.wait(10)))
    open_.use((first,))
    open_.use((second, first, second))
    go.set()
    until(lambda: open_.state == "ready")
    assert [Path(name).name for name in open_.present.learnt.files] == ["b.py", "a.py"]


def test_the_home_folder_is_not_learnt(tmp_path: Path) -> None:
    put(tmp_path, "a.py")
    open_ = workspace(home=tmp_path)
    open_.use((tmp_path,))
    assert open_.state == "none"


def test_an_account_without_a_home_folder_may_learn(tmp_path: Path) -> None:
    def homeless() -> Path:
        raise RuntimeError

    put(tmp_path, "a.py")
    open_ = Workspace(homeless, start=learning_here.when())
    open_.use((tmp_path,))
    until(lambda: open_.state == "ready")


def test_a_folder_that_cannot_be_learnt_leaves_the_rest_working(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise OSError("password = 'hunter2'")

    put(tmp_path, "a.py")
    open_ = workspace(fail)
    open_.use((tmp_path,))
    until(lambda: open_.state == "ready")
    assert not open_.present.files
    assert "OSError" in caplog.text
    assert "hunter2" not in caplog.text


def test_text_of_an_excluded_file_is_never_offered(tmp_path: Path) -> None:
    put(tmp_path, ".env", "DATABASE_PASSWORD=correct_horse_battery_staple\n" * 5)
    put(tmp_path, "secrets.py", 'DATABASE_PASSWORD = "correct_horse_battery_staple"\n' * 5)
    put(tmp_path, "settings.py", 'DATABASE_NAME = "orders"\nDATABASE_USER = "orders"\n' * 12)
    gateway = rig.start(rig.command(workspaces=[str(tmp_path)]))
    gateway.until_ready()
    assert gateway.suggest("x = 1\nDATABASE_N") == 'AME = "orders"'
    assert "horse" not in gateway.suggest("x = 1\nDATABASE_PASSWORD = ")
    assert gateway.suggest("x = corr") == ""
    assert rig.stop(gateway) == 0
