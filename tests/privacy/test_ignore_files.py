"""Ignore files are found where git finds them, read when they change, and never outside the workspace."""

import os
from pathlib import Path

import pytest

from duo_lsp.privacy import ignore_files
from duo_lsp.privacy.ignore_files import GIT, IgnoreFiles


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "w"
    (made / "a/b").mkdir(parents=True)
    return made


def rule(folder, path, names=ignore_files.FOR_ASSISTANTS, files=None):
    return (files or IgnoreFiles()).rule(f"{folder.as_posix()}/{path}", (folder.as_posix(),), names)


@pytest.mark.parametrize("name", ignore_files.FOR_ASSISTANTS)
def test_what_is_written_for_assistants_holds_for_every_file(folder, name):
    (folder / name).write_text("*.secret.py\n")
    assert rule(folder, "a/x.secret.py") == f"*.secret.py in {name}"
    assert rule(folder, "a/x.py") == ""


def test_what_git_ignores_is_only_no_context(folder):
    (folder / ".gitignore").write_text("build/\n")
    assert rule(folder, "build/x.py") == ""
    assert rule(folder, "build/x.py", (GIT,)) == "build/ in .gitignore"


def test_one_kind_of_file_takes_nothing_back_from_another(folder):
    (folder / ".aiexclude").write_text("*.py\n")
    (folder / ".cursorignore").write_text("!*.py\n")
    assert rule(folder, "x.py") == "*.py in .aiexclude"


def test_a_folder_deeper_down_has_its_own(folder):
    (folder / ".aiexclude").write_text("*.py\n")
    (folder / "a/.aiexclude").write_text("!ok.py\n")
    assert [rule(folder, path) for path in ("a/ok.py", "a/b/ok.py", "ok.py")] == ["", "", "*.py in .aiexclude"]


def test_changes_are_seen(folder):
    files, file = IgnoreFiles(), folder / ".aiexclude"
    assert rule(folder, "x.py", files=files) == ""
    file.write_text("x.py\n")
    assert rule(folder, "x.py", files=files) == "x.py in .aiexclude"
    file.write_text("other.py\n")
    assert rule(folder, "x.py", files=files) == ""
    file.write_text("x.py\n")
    assert rule(folder, "x.py", files=files)
    file.unlink()
    assert rule(folder, "x.py", files=files) == ""


def test_a_file_that_did_not_change_is_read_once(folder, monkeypatch):
    files, read = IgnoreFiles(), []
    (folder / ".aiexclude").write_text("x.py\n")
    original = ignore_files._read

    def noting(file, about):
        read.append(file)
        return original(file, about)

    monkeypatch.setattr(ignore_files, "_read", noting)
    for _ in range(3):
        assert rule(folder, "x.py", files=files)
    assert len(read) == 1


def test_nothing_is_read_outside_of_the_workspace(folder, tmp_path):
    (tmp_path / ".aiexclude").write_text("*\n")
    assert rule(folder, "x.py") == ""
    assert IgnoreFiles().rule((tmp_path / "x.py").as_posix(), (folder.as_posix(),)) == ""
    assert IgnoreFiles().rule((tmp_path / "x.py").as_posix(), ()) == ""


def test_links_that_leave_the_workspace_are_not_followed(folder, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / ".aiexclude").write_text("*\n")
    (folder / "link").symlink_to(outside)
    (folder / "a/.aiexclude").symlink_to(outside / ".aiexclude")
    assert rule(folder, "link/x.py") == ""
    assert rule(folder, "a/x.py") == ""
    (folder / "all").write_text("*\n")
    (folder / "a/.cursorignore").symlink_to(folder / "all")
    assert rule(folder, "a/x.py") == "* in .cursorignore"


def test_what_cannot_be_read_excludes_everything(folder, monkeypatch):
    (folder / ".aiexclude").write_text("#" * (ignore_files.LARGEST + 1))
    assert rule(folder, "x.py") == "* in .aiexclude"
    (folder / ".aiexclude").write_text("# nothing\n")
    assert rule(folder, "x.py") == ""

    def refuse(*_, **__):
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    assert rule(folder, "x.py") == "* in .aiexclude"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / ".aiexclude")
    (folder / ".cursorignore").mkdir()
    assert rule(folder, "x.py") == ""


def test_what_is_remembered_is_bounded(folder):
    files = IgnoreFiles(max_bytes=10_000)
    for number in range(9):
        (folder / str(number)).mkdir()
        (folder / str(number) / ".aiexclude").write_text("x\ny\n" * (40 if number == 8 else 1))
        assert rule(folder, f"{number}/x", files=files)
    assert files._known.currsize <= 10_000


def test_where_a_checkout_begins(folder):
    (folder / "a/.git").mkdir()
    assert ignore_files.repository(f"{folder.as_posix()}/a/b/x.py") == f"{folder.as_posix()}/a/"
    assert ignore_files.repository("/nowhere/" + "deep/" * 60 + "x.py") == ""
    assert ignore_files.repository("x.py") == ""


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_to_a_file_that_is_gone_says_nothing(folder):
    files, meant = IgnoreFiles(), folder / "rules"
    meant.write_text("*.py\n")
    (folder / ".aiexclude").symlink_to(meant)
    assert rule(folder, "x.py", files=files) == "*.py in .aiexclude"
    meant.unlink()
    assert rule(folder, "x.py", files=files) == ""
