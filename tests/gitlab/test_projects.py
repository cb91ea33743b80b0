"""The project of a file: its checkout is read, git is not run."""

import os
import subprocess
import threading

import pytest

from duo_lsp.gitlab import projects
from duo_lsp.gitlab.projects import Projects, project_of

BASE = "https://gitlab.example.com"
REMOTE = "git@gitlab.example.com:group/project.git"


def git(folder, *arguments):
    author = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    subprocess.run(["git", *author, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path):
    made = tmp_path / "project"
    made.mkdir()
    git(made, "init", "-q")
    git(made, "remote", "add", "origin", REMOTE)
    git(made, "commit", "-q", "--allow-empty", "-m", "begin")
    (made / "src" / "deep").mkdir(parents=True)
    return made


def test_a_checkout_is_found_from_any_folder_in_it(checkout):
    assert project_of(checkout, BASE) == "group/project"
    assert project_of(checkout / "src" / "deep", BASE) == "group/project"
    assert project_of(checkout / "src" / "not there", BASE) == "group/project"
    assert project_of(checkout, "https://gitlab.com") == ""
    assert project_of(checkout.parent, BASE) == ""


def test_a_worktree_shares_the_remotes_of_its_checkout(checkout, tmp_path):
    git(checkout, "worktree", "add", "-q", tmp_path / "other")
    assert (tmp_path / "other" / ".git").is_file()
    assert project_of(tmp_path / "other", BASE) == "group/project"


def test_a_submodule_has_remotes_of_its_own(checkout, tmp_path):
    library = tmp_path / "library"
    git(tmp_path, "clone", "-q", checkout, library)
    git(checkout, "-c", "protocol.file.allow=always", "submodule", "add", "-q", library, "library")
    git(checkout / "library", "remote", "set-url", "origin", BASE + "/group/library.git")
    assert project_of(checkout / "library", BASE) == "group/library"


@pytest.mark.parametrize("content", ["", "gitdir:", "gitdir: /nowhere", "gitdir: \0", "x" * 100_000])
def test_a_git_file_that_says_nothing_leads_nowhere(tmp_path, content):
    (tmp_path / ".git").write_text(content)
    assert project_of(tmp_path, BASE) == ""


@pytest.mark.parametrize("slashes", ["//", "\\\\", "/\\"])
def test_no_other_machine_is_asked_for_a_repository(checkout, tmp_path, slashes):
    folder = tmp_path / "clone"
    folder.mkdir()
    (folder / ".git").write_text(f"gitdir: {checkout}/.git\n")
    assert project_of(folder, BASE) == "group/project"
    (folder / ".git").write_text(f"gitdir: {slashes}{str(checkout)[1:]}/.git\n")  # as Windows writes a share
    assert project_of(folder, BASE) == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    (tmp_path / ".git").mkdir()
    os.mkfifo(tmp_path / ".git" / "config")
    assert project_of(tmp_path, BASE) == ""


async def test_what_is_known_is_not_read_again_for_a_while(checkout):
    now = [0.0]
    known = Projects(BASE, lambda: now[0])
    path = str(checkout / "src" / "app.py")
    assert await known.of(path) == "group/project"
    git(checkout, "remote", "set-url", "origin", BASE + "/group/moved.git")
    assert await known.of(path) == "group/project"
    now[0] = projects.REMEMBERED + 1
    assert await known.of(path) == "group/moved"


async def test_a_slow_disk_delays_the_first_request_a_little_and_serves_the_next(monkeypatch):
    go = threading.Event()
    monkeypatch.setattr(projects, "project_of", lambda *_: go.wait(10) and "group/project")
    known = Projects(BASE, lambda: 0.0)
    assert await known.of("/slow/app.py") == ""
    go.set()
    assert await known.of("/slow/app.py") == "group/project"


async def test_a_file_that_is_nowhere_has_no_project():
    assert await Projects(BASE, lambda: 0.0).of("") == ""
