"""Settings as editors send them: pushed, pulled, wrong, hostile, or not at all."""

import asyncio
import contextlib
import json

import psutil
import pytest
from lsprotocol import types as lsp

from features.session import Session
from processes import gateways
from waiting import eventually

CODE = "import os\nimport sys\n\n\ndef add(a, b):\n    a = int(a)\n    b = int(b)\n    \n"
AT = (7, 4)
GITLABS_OWN = {"extension": {"name": "GitLab Workflow", "version": "6.0"}}
"""How GitLab's editor extensions introduce themselves: they push the token in changed settings."""


def engines_of(session):
    return gateways(session.client._server.pid)


def push(session, settings):
    session.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(settings))


async def test_initialization_options_may_be_flat_or_under_our_name(folder, environment, gitlab_server):
    for options in (
        {"baseUrl": gitlab_server.url, "token": "glpat-a"},
        {"duoLsp": {"baseUrl": gitlab_server.url, "token": "glpat-a"}},
    ):
        session = Session(folder, environment)
        await session.start(options=options)
        await session.settled("ready")
        await session.end()


async def test_pushed_settings_apply_at_once_and_nothing_resets_them(local_session, gitlab_server):
    gitlab_server.answer = "return a + b"
    await local_session.start(options=GITLABS_OWN)
    await local_session.settled("local")
    push(local_session, {"settings": {"baseUrl": gitlab_server.url, "token": "glpat-a"}})
    await local_session.settled("ready")
    for nothing in ("{}", "null", '{"duoLsp": null}', "[]", "7"):
        push(local_session, json.loads(nothing))
    uri = local_session.open("app.py", CODE)
    await local_session.offered(uri, *AT)
    assert (await local_session.status())["state"] == "ready"


async def test_an_editor_that_tells_apart_whose_settings_are_whose_signs_in_and_out(local_session, gitlab_server):
    gitlab_server.answer = "return a + b"
    local_session.experimental = {"duoConfiguration": True}
    await local_session.start(options={"logLevel": "info"})
    await local_session.settled("local")
    push(local_session, {"duoLsp": {"baseUrl": gitlab_server.url, "token": "glpat-a"}})
    await local_session.settled("ready")
    uri = local_session.open("app.py", CODE)
    await local_session.offered(uri, *AT)
    assert gitlab_server.suggestions[-1].headers["authorization"] == "Bearer glpat-a"
    push(local_session, {"duoLsp": {"baseUrl": gitlab_server.url}})
    await local_session.settled("local")


async def test_an_empty_token_signs_out(session, gitlab_server):
    gitlab_server.answer = "return a + b"
    await session.start(options=GITLABS_OWN)
    await session.settled("ready")
    push(session, {"settings": {"token": ""}})
    await session.settled("local")
    uri = session.open("app.py", CODE)
    await session.ask(uri, *AT, invoked=True)
    assert gitlab_server.suggestions == []


async def test_gitlab_wanted_without_a_token_is_said_once_and_nothing_is_sent(local_session):
    await local_session.start(options={"upstream": "gitlab"})
    await local_session.settled("signedOut")
    uri = local_session.open("app.py", CODE)
    assert await local_session.ask(uri, *AT, invoked=True) is None
    assert len(local_session.told) == 1
    assert "Set a token" in local_session.told[0]


async def test_a_wrong_value_is_told_once_by_name_and_the_rest_applies(session):
    await session.start(options={"logLevel": 7, "codeCompletion": {"enabled": "perhaps"}, "projectPath": "a/b"})
    await session.settled("ready")
    for _ in range(3):
        push(session, {"logLevel": 7})
    push(session, {"codeCompletion": {"enabled": False}})
    await session.turned_off()
    wrong = [told for told in session.told if "setting" in told]
    assert len(wrong) == 3
    assert "logLevel (initializationOptions)" in wrong[0]
    assert "codeCompletion.enabled" in wrong[1]
    assert "logLevel (didChangeConfiguration)" in wrong[2]


async def test_turned_off_by_a_workspace_means_nothing_is_asked(session):
    session.client.set_configuration({"duoLsp": {"codeCompletion": {"enabled": False}}})
    await session.start()
    await session.turned_off()


@pytest.mark.parametrize("pushed", [False, True], ids=["pulled", "pushed"])
@pytest.mark.parametrize("nest", [False, True], ids=["flat", "nested"])
async def test_a_hostile_workspace_moves_neither_code_nor_token(session, gitlab_server, nest, pushed):
    """What a repository can set reaches us pulled (.vscode/settings.json) or pushed (.dir-locals.el for eglot)."""
    theirs = {"baseUrl": "http://127.0.0.1:9", "token": "glpat-theirs", "upstream": "gitlab"}
    settings = {"duoLsp": theirs} if nest else theirs
    if not pushed:
        session.client.set_configuration({"duoLsp": settings})
    gitlab_server.answer = "return a + b"
    await session.start()
    push(session, settings if pushed else {})
    uri = session.open("app.py", CODE)
    await session.offered(uri, *AT)
    push(session, {"settings": settings} if pushed else {})
    session.type(uri, 0, 0, "#")
    await session.offered(uri, *AT)
    assert {sent.headers["authorization"] for sent in gitlab_server.requests} == {"Bearer glpat-secret-token-1234"}
    assert any("baseUrl" in told and "a repository could have set it" in told for told in session.told)


async def test_settings_that_come_while_the_engine_starts_do_not_stop_it(local_session, folder):
    lines = "".join(f"def area_{n}(shape):\n    return shape.width * shape.height\n\n\n" for n in range(8))
    (folder / "shapes.py").write_text(lines)
    local_session.client.set_configuration({"duoLsp": {"projectPath": "a/b"}})
    await local_session.start()
    for n in range(5):
        push(local_session, {"projectPath": f"a/b{n}"})
        await asyncio.sleep(0.02)
    uri = local_session.open("app.py", "def area(shape):\n    return shape.wi\n\n\ndef other():\n    pass\n")
    item = await local_session.offered(uri, 1, len("    return shape.wi"))
    assert item.insert_text.startswith("    return shape.width")


async def test_signing_out_does_not_wait_for_an_engine_that_hangs(local_session, gitlab_server):
    gitlab_server.answer = "x"
    await local_session.start(options=GITLABS_OWN)
    uri = local_session.open("app.py", CODE)
    await local_session.settled("local")
    engines = await eventually(lambda: engines_of(local_session))
    engines[0].suspend()
    push(local_session, {"baseUrl": gitlab_server.url, "token": "glpat-a"})
    push(local_session, {"token": "", "codeCompletion": {"enabled": False}})
    await local_session.turned_off()
    before = len(gitlab_server.suggestions)
    for n in range(3):
        await local_session.ask(uri, n, 0, invoked=True)
    assert len(gitlab_server.suggestions) == before == 0
    with contextlib.suppress(psutil.NoSuchProcess):
        engines[0].kill()  # one that is suspended for ever is not what the end of a session is about here


async def test_a_client_that_never_answers_a_question_is_served_all_the_same(session, gitlab_server):
    gitlab_server.answer = "return a + b"
    session.client.protocol.fm._features.pop(lsp.WORKSPACE_CONFIGURATION, None)
    await session.start()
    uri = session.open("app.py", CODE)
    await session.offered(uri, *AT)


async def test_the_engine_is_not_started_anew_when_other_settings_change(local_session):
    await local_session.start()
    before = await eventually(lambda: engines_of(local_session))
    push(local_session, {"logLevel": "info", "projectPath": "a/b"})
    await local_session.status()
    await asyncio.sleep(0)
    assert engines_of(local_session) == before


async def test_folders_may_come_and_go(local_session, tmp_path):
    await local_session.start()
    await local_session.settled("local")
    added = lsp.WorkspaceFolder((tmp_path / "other").as_uri(), "other")
    local_session.client.workspace_did_change_workspace_folders(
        lsp.DidChangeWorkspaceFoldersParams(lsp.WorkspaceFoldersChangeEvent(added=[added], removed=[]))
    )
    uri = local_session.open((tmp_path / "other" / "a.py").as_uri(), CODE)
    await local_session.ask(uri, *AT)
    assert (await local_session.status())["state"] == "local"
