"""duo-lsp login and logout as a person in a shell uses them, against a GitLab on loopback and our own gateway."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import gitlab_server as gitlab
from gitlab.sign_in.instance import CLIENT_ID, Instance, personal

DUO = str(Path(sys.executable).with_name("duo-lsp"))
TOKEN = "glpat-planted-0123456789"


@pytest.fixture
def known(gitlab_server):
    """An instance that knows one personal token."""
    Instance(gitlab_server, {TOKEN: personal(expires_at="2126-01-31")})
    return gitlab_server


@pytest.fixture
def duo(environment, tmp_path):
    def run(*arguments, typed="", **more):
        done = subprocess.run(
            [DUO, *map(str, arguments)],
            env=environment | more, cwd=tmp_path, input=typed, capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        assert "planted" not in done.stdout + done.stderr
        return done

    return run


@pytest.fixture
def kept(home):
    """What is in the file of logins now."""

    def read():
        file = home / ".local/share/duo-lsp/logins.json"
        if not file.exists():
            return {}
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.parent.stat().st_mode & 0o777 == 0o700
        return json.loads(file.read_text())["logins"]

    return read


def test_a_token_is_piped_in_checked_kept_used_and_forgotten(duo, known, kept):
    done = duo("login", "--url", known.url, typed=TOKEN + "\n")
    assert done.returncode == 0, done.stderr
    assert "accepts the token duo-lsp: api, until 2126-01-31" in done.stdout
    assert kept()[known.url]["access_token"] == TOKEN
    done = duo("doctor", GITLAB_URL=known.url)
    assert "duo-lsp login" in done.stdout
    assert known.requests[-1].headers["authorization"] == f"Bearer {TOKEN}"
    done = duo("logout", GITLAB_URL=known.url, GITLAB_TOKEN="x")
    assert "Signed out" in done.stdout
    assert "stays good until you revoke it" in done.stdout
    assert "GITLAB_TOKEN is still set" in done.stdout
    assert kept() == {}
    assert "no login" in duo("logout", "--url", known.url).stdout


@pytest.mark.parametrize(
    ("said", "typed", "sentence"),
    [
        ({}, TOKEN, "does not accept this token"),
        ({TOKEN: personal(active=False)}, TOKEN, "revoked or has expired"),
        ({TOKEN: personal(scopes=("read_api",))}, TOKEN, "has not the scope"),
        ({}, "", "No token was given"),
        ({}, "two words", "This is no token"),
        ({}, "é" * 9, "This is no token"),
    ],
)
def test_a_token_that_will_not_do_is_one_line_and_nothing_is_kept(duo, kept, gitlab_server, said, typed, sentence):
    Instance(gitlab_server, said)
    done = duo("login", "--url", gitlab_server.url, typed=typed)
    assert done.returncode == 1
    assert done.stderr.startswith("duo-lsp: ")
    assert done.stderr.count("\n") == 1
    assert sentence in done.stderr
    assert kept() == {}


@pytest.mark.parametrize("url", ["http://gitlab.example", "https://me:pw@gitlab.example", "ftp://x", "https://", "a b"])
def test_an_address_that_cannot_be_used_is_not_spoken_to(duo, url):
    done = duo("login", "--url", url, typed=TOKEN)
    assert done.returncode == 1
    assert "no address to sign in at" in done.stderr
    assert "pw@" not in done.stderr


def test_a_host_in_another_script_is_shown_as_what_it_is(duo):
    assert "Signing in at xn--gtlab-n4a.example." in duo("login", "--url", "https://g\u0131tlab.example").stdout


def test_an_instance_that_cannot_be_reached_keeps_nothing(duo, kept):
    done = duo("login", "--url", "http://127.0.0.1:9", typed=TOKEN)
    assert done.returncode == 1
    assert "cannot be reached" in done.stderr
    assert kept() == {}


def test_a_token_that_ends_within_a_week_is_said_at_once_and_by_doctor(duo, gitlab_server):
    soon = (datetime.now(UTC).date() + timedelta(days=3)).isoformat()
    Instance(gitlab_server, {TOKEN: personal(expires_at=soon)})
    assert f"expires in 3 days ({soon})" in duo("login", "--url", gitlab_server.url, typed=TOKEN).stdout
    done = duo("doctor", GITLAB_URL=gitlab_server.url)
    assert done.returncode == 1
    assert f"expires in 3 days ({soon})" in done.stdout


def test_who_has_a_stronger_token_is_told(duo, known):
    done = duo("login", typed=TOKEN, GITLAB_URL=known.url, DUO_LSP_TOKEN="x")
    assert "DUO_LSP_TOKEN is set and goes before this login" in done.stdout


def test_a_login_says_how_every_editor_finds_its_instance_until_they_do(duo, known):
    for arguments, environment in ((["--url", known.url], {}), ([], {"GITLAB_URL": known.url})):
        done = duo("login", *arguments, typed=TOKEN, **environment)
        [(line, path)] = re.findall(r"write (baseUrl = .+) into (.+)", done.stdout)
    file = Path(path)
    file.parent.mkdir(parents=True)
    file.write_text(line)
    assert "baseUrl" not in duo("login", typed=TOKEN).stdout
    assert duo("doctor").returncode == 0


def test_logins_at_several_instances_stand_beside_one_another(duo, known, kept):
    with gitlab.running() as second:
        Instance(second, {TOKEN: personal()})
        for server in (known, second):
            duo("login", "--url", server.url, typed=TOKEN)
        assert set(kept()) == {known.url, second.url}
        duo("logout", "--url", second.url)
        assert set(kept()) == {known.url}


def test_a_damaged_file_is_kept_beside_the_new_one(duo, known, kept, home):
    folder = home / ".local/share/duo-lsp"
    folder.mkdir(parents=True)
    (folder / "logins.json").write_text('{"logins": {"https://x": {"access_to')
    (folder / "logins.json").chmod(0o600)
    done = duo("login", "--url", known.url, typed=TOKEN)
    assert done.returncode == 0
    [aside] = folder.glob("logins.json.damaged-*")
    assert str(aside) in done.stdout
    assert aside.read_text() == '{"logins": {"https://x": {"access_to'
    assert kept()[known.url]["access_token"] == TOKEN


def test_our_own_gateway_is_signed_in_to_like_a_gitlab(duo, kept, environment, tmp_path):
    process = subprocess.Popen(
        [DUO, "gateway", "--workspace", str(tmp_path)],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        hello = json.loads(process.stdout.readline())
        done = duo("login", "--url", hello["url"], typed=hello["token"])
        assert done.returncode == 0, done.stderr
        assert kept()[hello["url"]]["access_token"] == hello["token"]
        assert duo("login", "--url", hello["url"], typed="another-token").returncode == 1
        assert duo("doctor", GITLAB_URL=hello["url"]).returncode == 0
    finally:
        process.terminate()
        process.communicate(timeout=10)


# with a terminal


class Terminal:
    """A person at a terminal of their own: what is typed is only seen if the program echoes it."""

    def __init__(self, arguments, environment, cwd):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [DUO, *arguments], env=environment, cwd=cwd, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        self.seen = ""

    def until(self, text, seconds=20):
        deadline = time.monotonic() + seconds
        while text not in self.seen:
            assert time.monotonic() < deadline, self.seen
            try:
                self.seen += os.read(self.master, 4096).decode()
            except OSError:
                assert text in self.seen, self.seen

    def type(self, text):
        os.write(self.master, text.encode())

    def end(self):
        while True:
            try:
                part = os.read(self.master, 4096)
            except OSError:
                break
            if not part:
                break
            self.seen += part.decode()
        os.close(self.master)
        return self.process.wait(20)


@pytest.fixture
def terminal(environment, tmp_path):
    opened = []
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/opened\n')
    browser.chmod(0o755)

    def start(*arguments, **more):
        screen = {"DISPLAY": ":0", "BROWSER": f"{browser} %s"}
        opened.append(Terminal(arguments, environment | screen | more, tmp_path))
        return opened[-1]

    yield start
    for one in opened:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


def pages(tmp_path):
    file = tmp_path / "opened"
    return file.read_text().split() if file.exists() else []


def test_the_page_is_opened_and_what_is_typed_is_not_shown(terminal, known, kept, tmp_path):
    duo = terminal("login", "--url", known.url)
    duo.until("Token (not shown)")
    page = f"{known.url}/-/user_settings/personal_access_tokens?name=duo-lsp&scopes=api"
    assert page in duo.seen
    duo.type(TOKEN + "\n")
    assert duo.end() == 0
    assert "planted" not in duo.seen
    assert kept()[known.url]["access_token"] == TOKEN
    assert pages(tmp_path) == [page]


@pytest.mark.parametrize("more", [(), ("--client-id", CLIENT_ID)], ids=["at the prompt", "while waiting"])
def test_an_interrupt_ends_it_and_keeps_nothing(terminal, kept, gitlab_server, more):
    Instance(gitlab_server, pending=["authorization_pending"] * 99)
    duo = terminal("login", "--url", gitlab_server.url, *more)
    duo.until("The page:" if more else "Token (not shown)")
    time.sleep(0.02)
    duo.process.send_signal(signal.SIGINT)
    assert duo.end() == 130
    assert "Traceback" not in duo.seen
    assert kept() == {}


def glab(home, url, token, mode=0o600):
    folder = home / ".config/glab-cli"
    folder.mkdir(parents=True)
    host = url.partition("://")[2]
    text = f"hosts:\n    {host}:\n        token: {token}\n        api_protocol: http\n"
    (folder / "config.yml").write_text(text)
    (folder / "config.yml").chmod(mode)


def test_the_gitlab_clis_token_is_offered_and_taken_when_wanted(terminal, known, kept, home, tmp_path):
    glab(home, known.url, TOKEN)
    duo = terminal("login", "--url", known.url)
    duo.until("[y/N]")
    duo.type("y\n")
    assert duo.end() == 0
    assert kept()[known.url]["access_token"] == TOKEN
    assert pages(tmp_path) == []


def test_the_gitlab_clis_token_is_not_used_without_a_yes(terminal, known, kept, home):
    glab(home, known.url, "glpat-of-the-cli")
    duo = terminal("login", "--url", known.url)
    duo.until("[y/N]")
    duo.type("\n")
    duo.until("Token (not shown)")
    duo.type(TOKEN + "\n")
    assert duo.end() == 0
    assert kept()[known.url]["access_token"] == TOKEN


def test_the_gitlab_clis_token_is_not_offered_where_others_can_read_it(terminal, known, home):
    glab(home, known.url, "glpat-of-the-cli", mode=0o644)
    duo = terminal("login", "--url", known.url)
    duo.until("Token (not shown)")
    assert "is not offered" in duo.seen
    assert "[y/N]" not in duo.seen
    duo.type(TOKEN + "\n")
    assert duo.end() == 0


def test_a_pipe_is_never_offered_the_gitlab_clis_token(duo, home, known, kept):
    glab(home, known.url, TOKEN)
    assert duo("login", "--url", known.url, typed="").returncode == 1
    assert known.requests == []
    assert kept() == {}


# OAuth


def test_the_device_flow_shows_a_code_and_keeps_a_pair(duo, kept, gitlab_server):
    known = Instance(gitlab_server, pending=["authorization_pending"])
    done = duo("login", "--url", gitlab_server.url, "--client-id", CLIENT_ID)
    assert done.returncode == 0, done.stderr
    assert "0A44L90H" in done.stdout
    assert f"{gitlab_server.url}/oauth/device?user_code=0A44L90H" in done.stdout
    login = kept()[gitlab_server.url]
    assert (login["access_token"], login["refresh_token"]) == (known.access, known.refresh)
    assert len(known.polls) == 2
    assert known.polls[1] - known.polls[0] >= 1
    done = duo("logout", "--url", gitlab_server.url)
    assert done.returncode == 0
    assert known.revoked == [login["access_token"]]
    assert kept() == {}


def test_the_client_id_may_be_a_setting(duo, kept, gitlab_server):
    Instance(gitlab_server)
    done = duo("login", "--url", gitlab_server.url, DUO_LSP_OAUTH__CLIENT_ID=CLIENT_ID)
    assert done.returncode == 0
    assert kept()[gitlab_server.url]["client_id"] == CLIENT_ID


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"page": "https://evil.example/oauth/device"}, "another host, which is how codes are stolen"),
        ({"page": "http://localhost:1/oauth/device"}, "another host, which is how codes are stolen"),
        ({"pending": ["access_denied"]}, "was refused on the page"),
        ({"pending": ["expired_token"]}, "has expired"),
        ({"pending": ["invalid_grant"]}, "status 400"),
    ],
)
def test_a_device_flow_that_ends_badly_is_one_line_and_nothing_is_kept(duo, kept, gitlab_server, more, sentence):
    Instance(gitlab_server, **more)
    done = duo("login", "--url", gitlab_server.url, "--client-id", CLIENT_ID)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert kept() == {}
    if "page" in more:
        assert "0A44L90H" not in done.stdout, "no code is shown for another host's page"
