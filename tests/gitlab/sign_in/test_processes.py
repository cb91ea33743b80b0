"""Many processes, one login: renewed once, and never lost to one that dies."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from duo_lsp.gitlab.sign_in.login import Login
from duo_lsp.gitlab.sign_in.store import LoginFile
from duo_lsp.privacy.secrets import Secret
from gitlab.sign_in.instance import CLIENT_ID, Instance

RENEWER = str(Path(__file__).with_name("renewer.py"))
OLD = "planted-access-0"


@pytest.fixture
def instance(gitlab_server):
    """Knows one pair, and takes its time to give another."""
    return Instance(gitlab_server, access=OLD, refresh="planted-refresh-0", delay=0.3)


@pytest.fixture
def file(home):
    return LoginFile(home / ".local/share/duo-lsp/logins.json")


def keep(file, url, *, age):
    """A pair that came so many seconds ago and is good for two hours."""
    pair = Login(
        Secret(OLD),
        Secret("planted-refresh-0"),
        CLIENT_ID,
        expires_in=7200,
        stored_at=time.time() - age,
        id=Secret("1"),
    )
    file.write(url, pair.record())


@pytest.fixture
def start(environment, gitlab_server):
    started = []

    def run(refused="", die_at=""):
        process = subprocess.Popen(
            [sys.executable, RENEWER, gitlab_server.url, refused],
            env=environment | {"DIE_AT": die_at}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def go(process):
    process.stdin.write("\n")
    process.stdin.flush()


def said(process):
    return process.stdout.readline().strip()


@pytest.mark.parametrize("refused", ["", OLD], ids=["expired", "refused"])
def test_eight_processes_renew_one_pair_once_and_all_succeed(start, file, instance, refused):
    keep(file, instance.server.url, age=0 if refused else 7000)
    processes = [start(refused) for _ in range(8)]
    for process in processes:
        go(process)
    assert [said(process) for process in processes] == ["planted-access-1 200"] * 8
    assert instance.refreshed == 1
    kept = json.loads(file.path.read_text())["logins"][instance.server.url]
    assert (kept["access_token"], kept["refresh_token"], kept["id"]) == ("planted-access-1", "planted-refresh-1", "1")


@pytest.mark.parametrize(
    ("step", "next_says", "renewals"),
    [
        ("locked", "planted-access-1 200", 1),
        ("asked", "planted-access-1 200", 1),
        ("answered", "SignInError: The login at", 1),  # the new pair was nowhere but in the process that died
        ("created", "SignInError: The login at", 1),
        ("written", "planted-access-1 200", 1),
        ("replaced", "planted-access-1 200", 1),
    ],
)
def test_a_process_killed_at_any_step_leaves_a_store_that_the_next_can_use(
    start, file, instance, step, next_says, renewals
):
    keep(file, instance.server.url, age=7000)
    other = "https://other.example"
    file.write(other, {"access_token": "untouched"})
    dying = start(die_at=step)
    go(dying)
    assert dying.wait(20) == -signal.SIGKILL
    assert isinstance(file.read(instance.server.url), dict), "whole at any moment"
    after = start()
    go(after)
    assert said(after).startswith(next_says)
    assert instance.refreshed == renewals
    assert file.read(other) == {"access_token": "untouched"}
    assert list(file.path.parent.glob("*.tmp")) == []
    file.write(instance.server.url, Login(Secret("glpat-new")).record())
    new = start()
    go(new)
    assert said(new).startswith("glpat-new")


def test_a_process_that_dies_with_the_lock_holds_nobody_up(start, file, instance):
    keep(file, instance.server.url, age=7000)
    dying, waiting = start(die_at="asked"), start()
    go(dying)
    go(waiting)
    assert said(waiting) == "planted-access-1 200"


def test_a_pair_that_was_revoked_elsewhere_is_the_end_and_no_loop(start, file, instance):
    keep(file, instance.server.url, age=7000)
    instance.refresh = "another"
    process = start()
    go(process)
    assert said(process).startswith("SignInError: The login at")
    asked = [request.path for request in instance.server.requests]
    assert asked == ["/oauth/token"]
    assert file.read(instance.server.url)["refresh_token"] == "planted-refresh-0", "nothing was overwritten"
