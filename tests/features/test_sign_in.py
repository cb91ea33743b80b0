"""Logins as a running editor sees them."""

import asyncio
import json
import subprocess
import sys
import time

import pytest
from lsprotocol import types as lsp

import gitlab_server as gitlab
from features.session import SERVER
from gitlab.sign_in.instance import Instance, personal
from waiting import HANG, eventually

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


async def test_a_command_that_failed_is_tried_again_by_signing_in(local_session, gitlab_server, tmp_path):
    file = tmp_path / "token"
    run = [sys.executable, "-c", f"print(open({str(file)!r}).read())"]
    await local_session.start(options={"baseUrl": gitlab_server.url, "tokenCommand": run})
    await local_session.settled("local")
    assert "duo.signIn" in local_session.told[-1]
    file.write_text("glpat-unlocked")
    await command(local_session, "duo.signIn")
    assert (await local_session.status())["state"] == "ready"
    assert "already" in local_session.told[-1]


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


# signing in and out while an editor runs

TOKEN = "glpat-planted-0123"


@pytest.fixture
def terminal(environment):
    """Runs `duo-lsp` as a person beside their editor does."""

    def run(*arguments, typed=""):
        done = subprocess.run(
            [SERVER, *arguments], env=environment, input=typed, capture_output=True, text=True, timeout=30, check=False
        )
        assert done.returncode == 0, done.stderr

    return run


async def command(session, name):
    answer = await session.client.workspace_execute_command_async(lsp.ExecuteCommandParams(name))
    return dict(answer)


def can_open_pages(session, *, success=True):
    """The editor says that it can open pages in a browser; gives the list of those it was asked to open."""
    asked = []
    session.client.protocol.fm._features.pop(lsp.WINDOW_SHOW_DOCUMENT, None)

    @session.client.feature(lsp.WINDOW_SHOW_DOCUMENT)
    def show(params):
        asked.append((params.uri, params.external))
        return lsp.ShowDocumentResult(success=success)

    return asked


async def typed_until(session, state, seconds=HANG):
    """Type on, as a person would, until the server is in this state."""
    uri = session.open("app.py", CODE)
    async with asyncio.timeout(seconds):
        while (await session.status())["state"] != state:
            session.type(uri, 0, 0, "#")
            await session.ask(uri, *AT)
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("editor", "success"), [("visual_studio_code", True), ("visual_studio_code", False), ("emacs", True)]
)
async def test_sign_in_opens_the_page_and_says_what_to_run(local_session, gitlab_server, editor, success):
    asked = can_open_pages(local_session, success=success)
    able = editor != "emacs"
    await local_session.start(editor, options={"baseUrl": gitlab_server.url})
    answer = await command(local_session, "duo.signIn")
    page = f"{gitlab_server.url}/-/user_settings/personal_access_tokens?name=duo-lsp&scopes=api"
    assert answer["page"] == page
    assert answer["command"][1:] == ["login", "--url", gitlab_server.url]
    assert asked == ([(page, True)] if able else [])
    assert answer["opened"] is (success and able)
    assert answer["signedIn"] is False
    assert f"login --url {gitlab_server.url}" in local_session.told[-1]
    assert (page in local_session.told[-1]) is not answer["opened"]
    assert gitlab_server.requests == []


async def test_a_login_made_in_a_terminal_is_noticed_while_typing_and_so_is_a_logout(
    local_session, gitlab_server, terminal
):
    Instance(gitlab_server, {TOKEN: personal()})
    gitlab_server.answer = "return a + b"
    await local_session.start(options={"baseUrl": gitlab_server.url})
    await local_session.settled("local")
    await asyncio.to_thread(terminal, "login", "--url", gitlab_server.url, typed=TOKEN)
    await typed_until(local_session, "ready")
    assert any("goes to 127.0.0.1" in told for told in local_session.told)
    uri = local_session.open("other.py", CODE)
    await local_session.offered(uri, *AT)
    assert gitlab_server.suggestions[-1].headers["authorization"] == f"Bearer {TOKEN}"
    await asyncio.to_thread(terminal, "logout", "--url", gitlab_server.url)
    await typed_until(local_session, "local")
    before = len(gitlab_server.suggestions)
    await local_session.ask(uri, 3, 0, invoked=True)
    assert len(gitlab_server.suggestions) == before


async def test_sign_in_takes_a_login_that_is_there_already_at_once(local_session, gitlab_server, logins):
    await local_session.start(options={"baseUrl": gitlab_server.url})
    await local_session.settled("local")
    logins(**{gitlab_server.url: {"access_token": TOKEN}})
    await command(local_session, "duo.signIn")
    assert (await local_session.status())["state"] == "ready"


async def test_sign_out_forgets_the_login_and_nothing_is_sent_from_then_on(local_session, gitlab_server, logins):
    file = logins(**{gitlab_server.url: {"access_token": TOKEN}, "https://b.example": {"access_token": "b"}})
    gitlab_server.answer = "return a + b"
    await local_session.start(options={"baseUrl": gitlab_server.url})
    uri = local_session.open("app.py", CODE)
    await local_session.offered(uri, *AT)
    answer = await command(local_session, "duo.signOut")
    assert answer == {"forgotten": True, "left": ""}
    assert (await local_session.status())["state"] == "local"
    assert list(json.loads(file.read_text())["logins"]) == ["https://b.example"]
    before = len(gitlab_server.requests)
    for line in range(4):
        await local_session.ask(uri, line, 0, invoked=True)
    assert len(gitlab_server.requests) == before
    assert "Signed out of 127.0.0.1" in local_session.told[-1]
    assert (await command(local_session, "duo.signOut"))["forgotten"] is False
    assert "no login" in local_session.told[-1]


async def test_sign_out_holds_where_a_variable_still_has_a_token_until_sign_in(session, gitlab_server):
    gitlab_server.answer = "return a + b"
    await session.start()
    await session.settled("ready")
    assert (await command(session, "duo.signOut"))["left"] == "environment"
    uri = session.open("app.py", CODE)
    for line in range(4):
        await session.ask(uri, line, 0, invoked=True)
    push(session, {"logLevel": "info"})
    await session.ask(uri, *AT, invoked=True)
    assert gitlab_server.requests == []
    assert "still there (environment)" in session.told[-1]
    answer = await command(session, "duo.signIn")
    assert (answer["opened"], answer["signedIn"]) == (False, True)
    assert "already" in session.told[-1]
    await session.offered(uri, *AT)


async def test_sign_out_stops_sending_even_where_the_login_cannot_be_forgotten(local_session, gitlab_server, logins):
    file = logins(**{gitlab_server.url: {"access_token": TOKEN}})
    await local_session.start(options={"baseUrl": gitlab_server.url})
    await local_session.settled("ready")
    file.chmod(0o644)
    await command(local_session, "duo.signOut")
    assert (await local_session.status())["state"] == "local"
    assert "chmod 600" in local_session.told[-1]


async def test_a_pair_is_renewed_for_an_editor_when_gitlab_refuses_it(local_session, gitlab_server, logins):
    known = Instance(gitlab_server, access="planted-access-0", refresh="planted-refresh-0")
    pair = {"access_token": "revoked", "refresh_token": "planted-refresh-0", "client_id": "planted-client-id"}
    logins(**{gitlab_server.url: {**pair, "expires_in": 7200, "stored_at": time.time()}})

    def answer(request):
        good = request.headers["authorization"] == f"Bearer {known.access}"
        return "return a + b" if good else gitlab.Answer(status=401, body={"error": "invalid_token"})

    gitlab_server.answer = answer
    await local_session.start(options={"baseUrl": gitlab_server.url})
    uri = local_session.open("app.py", CODE)
    await local_session.offered(uri, *AT)
    assert known.refreshed == 1
    assert [request.headers["authorization"] for request in gitlab_server.suggestions] == [
        "Bearer revoked",
        "Bearer planted-access-1",
    ]


@pytest.mark.parametrize("level", ["debug", "warning"])
async def test_no_token_of_a_login_reaches_a_log_a_pop_up_or_an_answer(
    local_session, gitlab_server, logins, stderr, level
):
    """None of them has the shape of a token, so they are only known by what they are."""
    known = Instance(gitlab_server, refresh="planted-refresh-0")
    pair = {"access_token": "plantedaccess", "refresh_token": "planted-refresh-0", "client_id": "planted-client-id"}
    logins(**{gitlab_server.url: {**pair, "expires_in": 7200, "stored_at": time.time()}})
    quoted = []

    def answer(request):
        quoted.append(request.headers["authorization"])
        body = {"error": "invalid_token", "error_description": f"{quoted} {known.refresh} planted-refresh-0"}
        return gitlab.Answer(status=(401, 403, 500)[len(quoted) % 3], body=body)

    gitlab_server.answer = answer
    await local_session.start(options={"baseUrl": gitlab_server.url, "logLevel": level})
    uri = local_session.open("app.py", CODE)
    statuses = []
    for line in range(4):
        await local_session.ask(uri, line, 0, invoked=True)
        statuses.append(await local_session.status())
    await command(local_session, "duo.signOut")
    assert "planted" in f"{quoted}"
    seen = "".join(stderr) + "".join(local_session.told) + str(statuses)
    seen += "".join(message.message for message in local_session.client.log_messages)
    for secret in ("plantedaccess", "planted-access", "planted-refresh"):
        assert secret not in seen
    assert "[hidden]" in seen


async def test_an_editor_that_ends_while_a_pair_is_renewed_does_not_lose_the_login(
    local_session, gitlab_server, logins
):
    known = Instance(gitlab_server, access="planted-access-0", refresh="planted-refresh-0", delay=0.3)
    pair = {"access_token": "old", "refresh_token": "planted-refresh-0", "client_id": "planted-client-id"}
    file = logins(**{gitlab_server.url: {**pair, "expires_in": 7200, "stored_at": time.time() - 7000}})
    await local_session.start(options={"baseUrl": gitlab_server.url})
    await local_session.settled("ready")
    uri = local_session.open("app.py", CODE)
    asking = asyncio.ensure_future(local_session.ask(uri, *AT, invoked=True))
    await eventually(lambda: known.refreshed)
    await local_session.end()
    await asyncio.wait({asking})
    assert json.loads(file.read_text())["logins"][gitlab_server.url]["refresh_token"] == known.refresh


async def test_a_command_that_takes_its_time_holds_up_nothing_else(local_session, gitlab_server, tmp_path):
    go_on, began = tmp_path / "go-on", tmp_path / "began"
    gitlab_server.answer = "return a + b"
    code = (
        "import pathlib, sys, time\n"
        f"pathlib.Path({str(began)!r}).touch()\n"
        f"while not pathlib.Path({str(go_on)!r}).exists(): time.sleep(0.01)\n"
        "print('glpat-printed')"
    )
    options = {"baseUrl": gitlab_server.url, "tokenCommand": [sys.executable, "-c", code]}
    await local_session.start(options=options)
    await eventually(began.exists)
    assert (await local_session.status())["state"] == "starting"
    go_on.touch()
    uri = local_session.open("app.py", CODE)
    await local_session.offered(uri, *AT)
    assert sent_tokens(gitlab_server) == {"Bearer glpat-printed"}
