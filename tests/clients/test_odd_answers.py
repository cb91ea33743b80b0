"""Clients that answer questions badly or never, and say hello in every form there is."""

import asyncio

import pytest

from clients.bare import NEVER, connected
from duo_lsp.protocol import questions
from features.test_completion import AT, CODE
from waiting import HANG, at_most, eventually

CAPABILITIES = {"textDocument": {"inlineCompletion": {}}, "workspace": {"configuration": True}}
OFF = {"codeCompletion": {"enabled": False}}
ANSWERS = {
    "never": NEVER,
    "null": None,
    "an object": {},
    "an empty list": [],
    "null in a list": [None],
    "an empty object in a list": [{}],
    "a list too long": [{}, OFF, 7],
    "a list in a list": [[OFF]],
    "a text": "duoLsp",
    "a text in a list": ["duoLsp"],
    "a number": 7,
    "a switch": True,
    "an error": {"code": -32601, "message": "unheard of"},
}


@pytest.fixture
def to_gitlab(environment, gitlab_server):
    gitlab_server.answer = "urn a + b"
    return environment | {"GITLAB_URL": gitlab_server.url, "DUO_LSP_TOKEN": "glpat-of-the-test"}


async def greet(bare, options=None, capabilities=CAPABILITIES):
    hello = {"processId": None, "rootUri": None, "capabilities": capabilities, "initializationOptions": options}
    result = await bare.ask("initialize", hello)
    bare.notify("initialized", {})
    return result


async def suggestion(bare, folder, version=1):
    await eventually(lambda: bare.told)  # where code goes: settings are in force
    uri = (folder / "app.py").as_uri()
    document = {"uri": uri, "languageId": "python", "version": version, "text": CODE}
    bare.notify("textDocument/didOpen", {"textDocument": document})
    place = {"textDocument": {"uri": uri}, "position": {"line": AT[0], "character": AT[1]}}
    return await bare.ask("textDocument/inlineCompletion", {**place, "context": {"triggerKind": 1}})


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_whatever_a_client_answers_it_is_served_without_delay(folder, to_gitlab, answer):
    async with connected(to_gitlab, folder) as bare:
        bare.answers["workspace/configuration"] = answer
        await greet(bare)
        await eventually(lambda: bare.asked)
        async with at_most(questions.PATIENCE / 2):
            assert (await suggestion(bare, folder))["items"]
        assert len(bare.told) == 1


async def test_pushed_settings_do_not_wait_for_an_answer_that_never_comes(folder, environment, gitlab_server):
    gitlab_server.answer = "urn a + b"
    async with connected(environment, folder) as bare:
        await greet(bare, {"extension": {"name": "GitLab Workflow"}})
        settings = {"baseUrl": gitlab_server.url, "token": "glpat-of-the-test"}
        bare.notify("workspace/didChangeConfiguration", {"settings": settings})
        await eventually(lambda: bare.told)
        assert (await suggestion(bare, folder))["items"]


async def test_pulled_settings_apply(folder, to_gitlab):
    async with connected(to_gitlab, folder) as bare:
        bare.answers["workspace/configuration"] = [OFF]
        await greet(bare)
        [question] = await eventually(lambda: bare.asked)
        assert question["params"] == {"items": [{"section": "duoLsp"}]}
        async with asyncio.timeout(HANG):
            while await suggestion(bare, folder):
                await asyncio.sleep(0.01)


async def test_who_cannot_be_asked_is_not(folder, to_gitlab):
    async with connected(to_gitlab, folder) as bare:
        await greet(bare, capabilities={"textDocument": {"inlineCompletion": {}}})
        assert (await suggestion(bare, folder))["items"]
        bare.notify("workspace/didChangeConfiguration", {"settings": None})
        assert (await suggestion(bare, folder, 2))["items"]
        assert bare.asked == []


@pytest.mark.parametrize("options", [None, [], [{"token": "x"}], "text", 7, True, {}, {"duoLsp": 7}, {"settings": []}])
async def test_options_that_say_nothing_change_nothing(folder, to_gitlab, options):
    async with connected(to_gitlab, folder) as bare:
        await greet(bare, options)
        assert (await suggestion(bare, folder))["items"]
        assert len(bare.told) == 1
        assert bare.errors == ""


@pytest.mark.parametrize("wrapped", [False, True])
async def test_options_are_read_flat_and_under_our_name(folder, environment, gitlab_server, wrapped):
    gitlab_server.answer = "urn a + b"
    options = {"baseUrl": gitlab_server.url, "token": "glpat-of-the-test"}
    async with connected(environment, folder) as bare:
        await greet(bare, {"duoLsp": options} if wrapped else options)
        assert (await suggestion(bare, folder))["items"]


@pytest.mark.parametrize("capabilities", [{}, {"textDocument": None, "workspace": None}, {"general": {}, "x": [1]}])
async def test_a_client_that_says_nothing_of_itself_gets_ghost_text_and_a_menu(folder, to_gitlab, capabilities):
    async with connected(to_gitlab, folder) as bare:
        result = await greet(bare, capabilities=capabilities)
        assert result["capabilities"]["completionProvider"]
        assert (await suggestion(bare, folder))["items"]
        assert bare.errors == ""


async def test_folders_come_and_go(folder, to_gitlab, gitlab_server, tmp_path):
    other = tmp_path / "other"
    named = {"uri": other.as_uri(), "name": "other"}

    async def change(bare, added, removed):
        event = {"added": added, "removed": removed}
        bare.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        await suggestion(bare, other / "src", len(gitlab_server.suggestions) + 1)
        bare.notify("textDocument/didClose", {"textDocument": {"uri": (other / "src/app.py").as_uri()}})
        return gitlab_server.suggestions[-1].json["current_file"]["file_name"]

    async with connected(to_gitlab, folder) as bare:
        await greet(bare)
        assert await change(bare, [], []) == "app.py"
        assert await change(bare, [named], []) == "src/app.py"
        assert await change(bare, [], [named]) == "app.py"
        assert await change(bare, [], [named]) == "app.py"
        assert bare.errors == ""
