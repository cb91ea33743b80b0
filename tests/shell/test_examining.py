"""`duo-lsp doctor` as a command, and the report it writes for others."""

from __future__ import annotations

import json
import os
import pty
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from duo_lsp import wire
from gitlab_server import Answer, GitLabServer

DUO = str(Path(sys.executable).with_name("duo-lsp"))
SECRETS = ("glpat-inTheEnvironment1234", "glpat-lyingAround12345678", "glpat-inTheLog1234567890", "hunter2hunter2")
CODE = "def very_private_function():\n    return 'the company secret'\n"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the person is, with a file of theirs and a log."""
    (tmp_path / "private.py").write_text(CODE)
    (tmp_path / ".env").write_text("PASSWORD=hunter2\n")
    (tmp_path / "duo.log").write_text("".join(f"line {n}\n" for n in range(200)) + f"WARNING token {SECRETS[2]}\n")
    return tmp_path


@pytest.fixture
def run(folder: Path, environment: dict[str, str]) -> Run:
    """Runs the command in that folder."""

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [DUO, "doctor", *arguments],
            env=environment | more, cwd=folder, capture_output=True, text=True, timeout=50, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def account(gitlab_server: GitLabServer) -> dict[str, str]:
    """The variables of somebody who may ask this GitLab."""
    gitlab_server.answer = "hello"
    gitlab_server.others[wire.ACCESS_PATH] = Answer(body=wire.access_token_body("mine", ["api"]))
    return {
        "GITLAB_URL": gitlab_server.url,
        "DUO_LSP_TOKEN": SECRETS[0],
        "GITLAB_TOKEN": SECRETS[1],
        "DUO_LSP_PROXY": f"http://me:{SECRETS[3]}@127.0.0.1:9",
    }


def test_a_report_has_what_helps_and_nothing_that_is_secret(run, folder, home, account):
    done = run("private.py", "--report", "--log-file", "duo.log", **account)
    assert done.returncode == 0
    assert "duo-lsp-report.txt" in done.stderr
    report = folder / "duo-lsp-report.txt"
    text = report.read_text()
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    for secret in (*SECRETS, "very_private_function", "company secret"):
        assert secret not in text + done.stdout
    for part in ("suggestion", "answered in", "pygls ", "line 199", "token = [hidden] (environment)", "Python 3"):
        assert part in text
    assert "line 99\n" not in text
    assert str(home) not in text


def test_a_report_that_was_readable_by_all_is_so_no_more(run, folder):
    old = folder / "given.txt"
    old.write_text("old")
    old.chmod(0o644)
    run("--report", "given.txt")
    assert stat.S_IMODE(old.stat().st_mode) == 0o600
    assert "old" not in old.read_text()


def test_a_report_never_goes_through_a_link(run, folder):
    target = folder / "target"
    target.write_text("precious")
    (folder / "duo-lsp-report.txt").symlink_to(target)
    done = run("--report")
    assert (done.returncode, target.read_text()) == (1, "precious")
    assert "cannot be written" in done.stderr


def test_a_log_that_is_not_there_is_one_line(run):
    done = run("--report", "--log-file", "missing.log")
    assert done.returncode == 1
    assert "missing.log cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_programs_get_json_and_nothing_else(run, account):
    done = run("--json", **account)
    told = json.loads(done.stdout)
    assert told["fine"] is True
    assert {"name": "token", "fine": True}.items() <= next(f for f in told["findings"] if f["name"] == "token").items()


def test_a_token_that_is_refused_makes_the_exit_code_1(run, gitlab_server, account):
    gitlab_server.others[wire.ACCESS_PATH] = Answer(status=401, body={"error": "invalid_token"})
    done = run("--json", **account)
    assert done.returncode == 1
    assert json.loads(done.stdout)["fine"] is False


def test_a_file_that_is_never_sent_is_named_with_its_rule(run):
    done = run(".env")
    assert done.returncode == 1
    assert "This file is never sent: it is named like .env*." in done.stdout
    assert "!!" in done.stdout


def test_a_file_that_is_not_there_is_a_finding(run):
    done = run("missing.py")
    assert done.returncode == 1
    assert "missing.py cannot be read" in done.stdout


def in_a_terminal(environment: dict[str, str], cwd: Path) -> str:
    """What the command prints into a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([DUO, "doctor"], env=environment, cwd=cwd, stdout=theirs, stdin=subprocess.DEVNULL)
    os.close(theirs)
    said = b""
    try:
        while part := os.read(ours, 65536):
            said += part
    except OSError:  # how a terminal ends on Linux
        pass
    os.close(ours)
    process.wait(30)
    return said.decode()


def test_a_terminal_gets_colour_unless_the_person_wants_none(folder, environment, run):
    painted = in_a_terminal(environment | {"TERM": "xterm"}, folder)
    assert "\x1b[32mok\x1b[0m" in painted
    assert "\x1b" not in in_a_terminal(environment | {"TERM": "xterm", "NO_COLOR": "1"}, folder)
    assert "\x1b" not in run().stdout
