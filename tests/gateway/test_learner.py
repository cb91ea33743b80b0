"""What is learnt of files that change while their folder is open."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from duo_lsp.gateway.engines import IndexState
from duo_lsp.gateway.engines.builtin import changes, learner, learning, lexer, news
from duo_lsp.gateway.engines.builtin.changes import Present
from duo_lsp.gateway.engines.builtin.learner import Learner
from duo_lsp.gateway.engines.builtin.learning import Result, Wish
from duo_lsp.gateway.engines.builtin.news import EndedError, News
from gateway import learning_here
from waiting import HANG, until

HOME = Path("/nobody/at/home")


class Open:
    """Open folders and what is known of them."""

    def __init__(self, *folders: Path) -> None:
        self.folder, self.told, self.reads = folders[0], News(), 0
        self.learner = Learner(Wish(folders, HOME), self.told, lexer.read_line, self._know, start=learning_here.when())
        self._thread = threading.Thread(target=self.learner.work, daemon=True)
        self._thread.start()
        until(lambda: self.reads)

    def _know(self, present: Present, state: IndexState) -> None:
        self.reads += state == "ready" and not present.changed

    def change(self, files: Mapping[str, str | bytes | None], told: tuple[str, ...] = ()) -> set[str]:
        """Write these files, or erase them, tell of it, and give what is known as soon as that was heeded."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        mark = self.folder / f"mark{len(list(self.folder.glob('mark*')))}.py"
        mark.write_text("mark = 1\n")
        self.told.tell([*(self.folder / name for name in told or files), mark])
        until(lambda: str(mark) in self.learner.present.files)
        return {
            Path(name).relative_to(self.folder).as_posix()
            for name in self.learner.present.files
            if not Path(name).name.startswith("mark")
        }

    def close(self) -> None:
        self.told.end()
        self._thread.join(HANG)
        assert not self._thread.is_alive()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    (tmp_path / "a.py").write_text("x = 1\n")
    made = Open(tmp_path)
    yield made
    made.close()


def git(folder: Path, *words: str) -> None:
    subprocess.run(("git", *words), cwd=folder, check=True, capture_output=True)


def test_files_come_change_and_go(opened: Open) -> None:
    assert opened.change({"b.py": "def fresh(): pass\n", "deep/c.py": "y = 2\n"}) == {"a.py", "b.py", "deep/c.py"}
    assert opened.learner.present.beginning("fre") == {"fresh": 1}
    opened.change({"b.py": "def other(): pass\n", "a.py": "def fresh(): pass\n"})
    assert opened.learner.present.beginning("oth") == {"other": 1}
    assert opened.change({"b.py": None, "a.py": None}) == {"deep/c.py"}
    assert opened.learner.present.beginning("") == {"y": 1, "mark": 3}
    assert opened.reads == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".env", "PASSWORD=x"),
        ("secrets.py", "x = 1"),
        (".hidden/a.py", "x"),
        ("node_modules/a/index.js", "x"),
        ("dist/a.js", "x"),
        ("package-lock.json", "{}"),
        ("a.min.js", "x"),
        ("image.py", b"a\0b"),
        ("latin.py", b"\xe9"),
        ("one_line.js", "x" * 5001),
        ("large.py", "x = 1\n" * 50_000),
    ],
)
def test_what_is_left_out_at_first_is_left_out_later(opened: Open, name: str, content: str | bytes) -> None:
    assert opened.change({name: content}) == {"a.py"}


def test_what_becomes_worse_is_forgotten(opened: Open) -> None:
    opened.change({"b.py": "def fresh(): pass\n"})
    assert opened.change({"b.py": "x" * 5001}) == {"a.py"}


@pytest.mark.parametrize("with_git", [False, True])
def test_what_is_ignored_later_is_left_out(tmp_path: Path, *, with_git: bool) -> None:
    if with_git:
        git(tmp_path, "init", "-q")
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / ".gitignore").write_text("private/\n")
    (tmp_path / ".aiexclude").write_text("closed.py\n")
    opened = Open(tmp_path)
    new = {"private/a.py": "y = 2\n", "closed.py": "z = 3\n", "b.py": "x = 1\n"}
    assert opened.change(new) - {".gitignore", ".aiexclude"} == {"a.py", "b.py"}
    opened.close()


def test_many_new_files_are_looked_up_at_once(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / ".gitignore").write_text("*7.py\n")
    opened = Open(tmp_path)
    known = opened.change({f"m{number}.py": "x = 1\n" for number in range(80)})
    assert len(known - {".gitignore"}) == 72
    opened.close()


def test_other_rules_for_what_is_ignored_count_for_what_is_known_already(opened: Open) -> None:
    opened.change({"b.py": "x = 1\n"})
    opened.change({".aiexclude": "b.py\n"})
    until(lambda: opened.reads == 2)
    assert str(opened.folder / "b.py") not in opened.learner.present.files


def test_a_folder_that_is_gone_takes_its_files_along(opened: Open) -> None:
    opened.change({"deep/b.py": "x = 1\n", "deep/er/c.py": "x = 1\n", "deeper.py": "x = 1\n"})
    assert opened.change({"deep/b.py": None, "deep/er/c.py": None}, told=("deep",)) == {"a.py", "deeper.py"}


def test_a_folder_that_comes_along_is_read(opened: Open) -> None:
    (opened.folder / "new").mkdir()
    (opened.folder / "new" / "b.py").write_text("x = 1\n")
    opened.told.tell([opened.folder / "new"])
    until(lambda: str(opened.folder / "new/b.py") in opened.learner.present.files)


def test_very_many_changes_are_one_reading(opened: Open) -> None:
    opened.told.tell(opened.folder / f"m{number}.py" for number in range(3 * news.MOST))
    until(lambda: opened.reads == 2)


def test_when_much_has_changed_everything_is_learnt_again(opened: Open) -> None:
    text = "".join(f"name{number} = {number}\n" for number in range(changes.WORN // 16))
    opened.change({f"b{number}.py": text for number in range(5)})
    until(lambda: opened.reads == 2)
    assert len(opened.learner.present.learnt.files) == 7


@pytest.mark.parametrize("path", ["/elsewhere/a.py", "a\0b.py", "/"])
def test_what_concerns_nobody_changes_nothing(opened: Open, path: str) -> None:
    assert opened.change({}, told=(path,)) == {"a.py"}
    assert opened.reads == 1


@pytest.mark.skipif(os.name != "posix", reason="links need rights there")
def test_a_path_through_a_link_is_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    opened = Open(tmp_path / "link")
    (tmp_path / "real" / "b.py").write_text("x = 1\n")
    opened.told.tell([tmp_path / "real" / "b.py"])
    until(lambda: str(tmp_path / "link" / "b.py") in opened.learner.present.files)
    opened.close()


def test_changes_while_it_reads_are_heeded(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    told, go, known = News(), threading.Event(), list[Present]()

    def wait() -> None:
        told.tell([tmp_path / "a.py"])
        assert go.wait(HANG)
        (tmp_path / "a.py").write_text("def fresh(): pass\n")

    start = learning_here.when(wait)
    worker = Learner(Wish((tmp_path,), HOME), told, lexer.read_line, lambda now, _: known.append(now), start=start)
    thread = threading.Thread(target=worker.work, daemon=True)
    thread.start()
    assert not known
    go.set()
    until(lambda: known and known[-1].changed)
    assert known[-1].beginning("fre") == {"fresh": 1}
    told.end()
    thread.join(HANG)


def test_while_it_reads_again_changes_are_known_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    told, known, begun, go = News(), list[Present](), list[Wish](), threading.Event()

    def results(wish: Wish) -> list[Result]:
        said: list[Result] = []
        learning.learn(wish, said.append)
        return said

    class Slow:
        def __init__(self, wish: Wish) -> None:
            self._wish = wish

        def kill(self) -> None: ...

        def results(self) -> Iterator[Result]:
            begun.append(self._wish)
            while len(begun) == 2 and not go.wait(0.01):
                yield 0.1
            yield from results(self._wish)

    @contextmanager
    def start(wish: Wish) -> Iterator[Slow]:
        yield Slow(wish)

    worker = Learner(Wish((tmp_path,), HOME), told, lexer.read_line, lambda now, _: known.append(now), start=start)
    thread = threading.Thread(target=worker.work, daemon=True)
    thread.start()
    until(lambda: known)
    told.tell([tmp_path])
    until(lambda: len(begun) == 2)
    (tmp_path / "a.py").write_text("def fresh(): pass\n")
    told.tell([tmp_path / "a.py"])
    until(lambda: known[-1].beginning("fre"))
    go.set()
    until(lambda: len(known) > 2)
    assert known[-1].beginning("fre")
    told.end()
    thread.join(HANG)


def test_a_disk_that_fails_leaves_what_is_known(opened: Open, caplog: pytest.LogCaptureFixture) -> None:
    opened.told.tell([opened.folder / "password\0hunter2.py"])
    assert opened.change({"b.py": "x = 1\n"}) == {"a.py", "b.py"}
    assert "hunter2" not in caplog.text


def test_nobody_waits_for_news_that_have_ended() -> None:
    told = News()
    told.end()
    with pytest.raises(EndedError):
        told.wait()


def test_a_name_is_told_once(tmp_path: Path) -> None:
    told = News()
    told.tell([tmp_path, tmp_path])
    assert told.take() == [tmp_path]
    assert told.take() == []


def test_an_ignore_file_concerns_all(tmp_path: Path) -> None:
    assert learner.concerns_all([tmp_path], [tmp_path / "a.py", tmp_path / ".gitignore"])
    assert not learner.concerns_all([tmp_path], [tmp_path / "a.py", tmp_path.parent / ".gitignore"])


def test_a_folder_of_packages_concerns_nobody(tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()
    assert not learner.concerns_all([tmp_path], [tmp_path / "node_modules"])
    assert learner.concerns_all([tmp_path], [tmp_path])
