"""Logins as a running editor sees them."""

import json
import sys

import pytest
from lsprotocol import types as lsp

import gitlab_server as gitlab

CODE = "import os\nimport sys\n\n\ndef add(a, b):\n    a = int(a)\n    b = int(b)\n    \n"
AT = (7, 4)


@pytest.fixture
def logins(home):
    """Writes the file in which logins are kept, as `duo-lsp login` does."""

    def write(**by_origin):
        folder = home / ".local/share/duo-lsp"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = folder / "logins.json"
        file.touch(0o600)
        file.write_text(json.dumps({"logins": by_origin}))
        return file

    return write


def sent_tokens(gitlab_server):
    return {request.headers.get("authorization") for request in gitlab_server.requests}


def push(session, settings):
    session.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(settings))


async def test_a_stored_login_is_used_for_its_instance(local_session, gitlab_server, logins):
    gitlab_server.answer = "return a + b"
    logins(**{gitlab_server.url: {"access_token": "glpat-stored"}})
    await local_session.start(options={"baseUrl": gitlab_server.url})
    uri = local_session.open("app.py", CODE)
    await local_session.offered(uri, *AT)
    assert sent_tokens(gitlab_server) == {"Bearer glpat-stored"}


@pytest.mark.parametrize("signed_in", [True, False], ids=["signed in", "signed out"])
@pytest.mark.parametrize("pushed", [False, True], ids=["pulled", "pushed"])
async def test_a_hostile_workspace_gets_no_stored_login_and_runs_no_command(
    local_session, gitlab_server, logins, tmp_path, pushed, signed_in
):
    """What a repository can set reaches us pulled (.vscode/settings.json) or pushed (.dir-locals.el for eglot)."""
    trap, ours = tmp_path / "trap", {gitlab_server.url: {"access_token": "glpat-ours"}}
    gitlab_server.answer = "return a + b"
    with gitlab.running() as other:
        theirs = {
            "baseUrl": other.url,
            "upstream": "gitlab",
            "tokenCommand": [sys.executable, "-c", f"open({str(trap)!r}, 'w')"],
            "oauth": {"clientId": "theirs"},
        }
        logins(**{other.url: {"access_token": "glpat-other"}}, **(ours if signed_in else {}))
        if not pushed:
            local_session.client.set_configuration({"duoLsp": theirs})
        await local_session.start(options={"baseUrl": gitlab_server.url})
        for payload in (theirs, {"duoLsp": theirs}, {"settings": theirs}):
            push(local_session, payload if pushed else {})
        await local_session.settled("ready" if signed_in else "local")
        uri = local_session.open("app.py", CODE)
        for line in range(4):
            await local_session.ask(uri, line, 0, invoked=True)
        assert other.connections == 0
    assert sent_tokens(gitlab_server) == ({"Bearer glpat-ours"} if signed_in else set())
    assert not trap.exists()
    for name in ("baseUrl", "tokenCommand", "oauth.clientId"):
        assert any(name in told and "a repository could have set it" in told for told in local_session.told)


async def test_the_persons_own_command_gives_the_token(local_session, gitlab_server):
    gitlab_server.answer = "return a + b"
    command = [sys.executable, "-c", "print('glpat-printed')"]
    await local_session.start(options={"baseUrl": gitlab_server.url, "tokenCommand": command})
    uri = local_session.open("app.py", CODE)
    await local_session.offered(uri, *AT)
    assert sent_tokens(gitlab_server) == {"Bearer glpat-printed"}


async def test_a_login_that_cannot_be_used_is_told_once_and_the_local_engine_answers(
    local_session, gitlab_server, logins
):
    logins(**{gitlab_server.url: {"access_token": "glpat-stored"}}).chmod(0o644)
    await local_session.start(options={"baseUrl": gitlab_server.url})
    await local_session.settled("local")
    for _ in range(3):
        push(local_session, {"logLevel": "info"})
    await local_session.status()
    [told] = local_session.told
    assert "can be read by others" in told
    assert "chmod 600" in told
    assert gitlab_server.requests == []


async def test_a_token_that_ends_within_a_week_is_told_once_in_a_session(local_session, gitlab_server, logins):
    logins(**{gitlab_server.url: {"access_token": "glpat-stored", "expires_at": "2020-01-01"}})
    await local_session.start(options={"baseUrl": gitlab_server.url})
    await local_session.settled("ready")
    push(local_session, {"logLevel": "info"})
    await local_session.status()
    assert len([told for told in local_session.told if "has expired (2020-01-01)" in told]) == 1
