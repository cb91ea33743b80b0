"""A command that prints a token: run without a shell, for so long, and never one of a workspace's."""

import os
import sys

import psutil
import pytest

from duo_lsp.errors import LoginError
from duo_lsp.gitlab.sign_in import token_command
from duo_lsp.gitlab.sign_in.command_token import CommandToken
from duo_lsp.privacy.secrets import Secret
from waiting import until


def python(code):
    return [sys.executable, "-c", code]


def test_the_token_is_what_it_prints_stripped():
    assert token_command.run(python("print('  glpat-x  ')"), os.environ) == Secret("glpat-x")


def test_its_arguments_are_never_read_by_a_shell():
    command = [*python("import sys; print(sys.argv[1])"), "$(echo)`echo`;&|"]
    assert token_command.run(command, os.environ).reveal() == "$(echo)`echo`;&|"


def test_it_runs_at_home_with_nothing_to_read_and_our_environment(home, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code = "import os, sys; print(os.getcwd() + '|' + sys.stdin.read() + '|' + os.environ['MINE'])"
    assert token_command.run(python(code), {**os.environ, "MINE": "1"}).reveal() == f"{home}||1"


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (python("print('glpat-secret x')"), "no token"),
        (python("print('é')"), "no token"),
        (python("import sys; sys.stdout.buffer.write(b'glpat-secret\\n\\nX: y')"), "no token"),
        (python("print()"), "printed nothing"),
        (python("import sys; print('glpat-secret'); sys.exit(3)"), "exit code 3"),
        (python("import sys\nwhile True: sys.stdout.write('glpat-secret' * 1000)"), "more than 16 KiB"),
        (["no-such-program-anywhere"], "no program"),
        (["./get-token"], "a name or with a whole path"),
        (["bin/get-token"], "a name or with a whole path"),
        (["/nowhere/get-token"], "cannot be started"),
    ],
)
def test_what_goes_wrong_is_a_sentence_without_what_was_printed(command, sentence):
    with pytest.raises(LoginError, match=sentence) as caught:
        token_command.run(command, os.environ)
    assert "glpat" not in str(caught.value)


def test_a_program_in_the_current_folder_is_not_run(tmp_path, monkeypatch):
    program = tmp_path / "get-token"
    program.write_text("#!/bin/sh\necho glpat-theirs\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    for path in (".", "", f".{os.pathsep}", "./", os.path.relpath(tmp_path)):
        with pytest.raises(LoginError, match="no program"):
            token_command.run(["get-token"], {"PATH": path})
    assert token_command.run(["get-token"], {"PATH": str(tmp_path)}).reveal() == "glpat-theirs"


def test_one_that_hangs_is_ended_with_all_it_started(tmp_path):
    pid = tmp_path / "pid"
    child = "import time; time.sleep(600)"
    code = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}])\n"
        f"open({str(pid)!r}, 'w').write(str(child.pid))\n"
        "time.sleep(600)"
    )
    with pytest.raises(LoginError, match="no token within 3 s"):
        token_command.run(python(code), os.environ, seconds=3)
    until(lambda: not alive(int(pid.read_text())))


def alive(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_it_is_run_again_only_when_its_token_is_refused():
    printed = iter(["second", "second"])
    source = CommandToken(Secret("first"), lambda: Secret(next(printed)))
    assert await source.current() == Secret("first")
    assert await source.renewed(Secret("first")) == Secret("second")
    assert await source.renewed(Secret("first")) == Secret("second"), "somebody else has renewed it"
    assert await source.current() == Secret("second")
    assert await source.renewed(Secret("second")) is None


async def test_one_that_fails_meanwhile_means_there_is_no_other():
    def fail():
        raise LoginError("failed")

    assert await CommandToken(Secret("first"), fail).renewed(Secret("first")) is None
