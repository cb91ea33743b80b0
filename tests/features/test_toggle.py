"""When suggestions come by themselves, told by the person: duo.toggle, duo.dismissed, the trigger, languages."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest
from lsprotocol import types as lsp

from gitlab_server import Answer

CODE = "import os\nimport sys\n\n\ndef main():\n    a = 1\n    b = 2\n    c = 3\n    d = 4\n    \n"
AT = (9, 4)
ON_REQUEST = {"codeCompletion": {"trigger": "invoked"}}


@pytest.fixture
async def start(session, gitlab_server):
    """Start with these options; gives the URI of an open document."""
    gitlab_server.answer = "return a"

    async def begin(options=None, name="app.py", language="python"):
        await session.start(options=options)
        await session.settled("ready")
        return session.open(name, CODE, language)

    return begin


def texts(answer):
    return [] if answer is None else [item.insert_text.strip() for item in answer.items]


async def test_everything_pauses_and_goes_on_where_it_was(session, gitlab_server, start):
    uri = await start()
    assert (await session.toggle())["state"] == "paused"
    assert await session.ask(uri, *AT, invoked=True) is None
    assert not gitlab_server.suggestions
    assert (await session.status())["silence"] == "Suggestions are paused. Run the command duo.toggle to go on."
    assert (await session.toggle())["state"] == "ready"
    await session.offered(uri, *AT)


async def test_for_30_minutes_says_until_when(session, start):
    uri = await start()
    now = await session.toggle("for 30 minutes")
    assert now["state"] == "paused"
    assert "Suggestions are paused until " in now["sentence"]
    left = datetime.fromisoformat(now["until"]) - datetime.now().astimezone()
    assert 29 * 60 < left.total_seconds() <= 30 * 60 + 1
    [switch] = now["toggled"]
    assert (switch["what"], switch["name"], switch["on"]) == ("everything", "", False)
    assert switch["until"]
    assert await session.ask(uri, *AT) is None


async def test_a_pause_is_over_by_itself(session, start):
    uri = await start()
    assert (await session.toggle({"for": 0.005}))["state"] == "paused"  # 0.3 seconds
    await session.settled("ready")
    await session.offered(uri, *AT)
    assert (await session.status())["toggled"] == []


@pytest.mark.parametrize("named", [True, False])
async def test_here_is_this_document(session, start, named):
    uri = await start()
    other = session.open("other.py", CODE + "\n")
    await session.offered(other, *AT)
    await session.offered(uri, *AT)
    now = await session.toggle({"uri": uri} if named else "here")
    assert [switch["name"] for switch in now["toggled"]] == [uri]
    session.type(uri, *AT, "x")
    assert await session.ask(uri, 9, 5, invoked=True) is None
    status = await session.status()
    assert status["state"] == "pausedHere"
    assert 'duo.toggle with "here"' in status["silence"]
    await session.offered(other, *AT)
    assert (await session.status())["state"] == "ready"
    assert (await session.toggle({"uri": uri}))["toggled"] == []
    assert texts(await session.ask(uri, 9, 5, invoked=True))


async def test_this_language_is_that_of_the_document(session, start):
    uri = await start()
    await session.offered(uri, *AT)
    await session.toggle("this language")
    assert await session.ask(uri, *AT, invoked=True) is None
    assert (await session.status())["state"] == "pausedLanguage"
    ruby = session.open("app.rb", CODE, "ruby")
    await session.offered(ruby, *AT)
    now = await session.toggle({"language": "py"})
    assert now["toggled"] == []
    await session.offered(uri, *AT)


async def test_a_language_that_is_off_is_toggled_on(session, gitlab_server, start):
    uri = await start(name="init.lua", language="lua")
    assert await session.ask(uri, *AT) is None
    assert (await session.status())["state"] == "unlistedLanguage"
    assert not gitlab_server.suggestions
    await session.toggle("this language")
    await session.offered(uri, *AT)


@pytest.mark.parametrize("arguments", [["nobody"], [{"uri": "file:///not/open.py"}], [{"for": "long"}], ["here"]])
async def test_a_wrong_argument_changes_nothing_and_a_message_says_what_may_be_given(session, arguments):
    await session.start()
    await session.settled("ready")
    now = await session.toggle(*arguments)
    assert (now["state"], now["toggled"]) == ("ready", [])
    assert now["error"] == session.told[-1]
    assert len(session.told) == 2


async def test_with_the_trigger_invoked_only_the_hand_asks_and_what_came_is_typed_along(session, gitlab_server, start):
    uri = await start(ON_REQUEST)
    assert await session.ask(uri, *AT) is None
    status = await session.status()
    assert "come only when you ask" in status["silence"]
    assert (status["state"], status["trigger"]) == ("ready", "invoked")
    assert "when you ask for one" in status["sentence"]
    assert not gitlab_server.suggestions
    assert texts(await session.ask(uri, *AT, invoked=True)) == ["return a"]
    session.type(uri, *AT, "ret")
    assert texts(await session.ask(uri, 9, 7)) == ["return a"]
    assert len(gitlab_server.suggestions) == 1


@pytest.mark.parametrize("options", [ON_REQUEST, {"codeCompletion": {"enabled": False}}])
async def test_once_is_the_next_suggestion_and_no_other(session, gitlab_server, options):
    gitlab_server.answer = "return a"
    await session.start(options=options)
    uri = session.open("app.py", CODE)
    await session.settled("off" if "enabled" in options["codeCompletion"] else "ready")
    now = await session.toggle("once")
    assert now["once"]
    assert now["sentence"].endswith("The next one comes by itself.")
    assert texts(await session.ask(uri, *AT)) == ["return a"]
    assert not (await session.status())["once"]
    session.type(uri, *AT, "y = ")
    assert await session.ask(uri, 9, 8) is None
    assert len(gitlab_server.suggestions) == 1


async def test_once_comes_through_a_pause_but_not_for_a_file_that_is_never_sent(session, gitlab_server, start):
    uri = await start()
    secret = session.open(".env", "PASSWORD=1\nOTHER=2\n")
    await session.toggle()
    await session.toggle({"once": True})
    assert await session.ask(secret, 2, 0) is None
    assert "never sent" in (await session.status())["silence"]
    assert not gitlab_server.suggestions
    await session.toggle("once")
    assert texts(await session.ask(uri, *AT)) == ["return a"]
    assert (await session.status())["state"] == "paused"


async def test_once_outlives_a_request_that_something_newer_came_for(session, gitlab_server, start):
    uri = await start(ON_REQUEST)
    gitlab_server.answer = Answer("return a", delay=0.3)
    await session.toggle("once")
    older = asyncio.ensure_future(session.ask(uri, *AT))
    await asyncio.to_thread(gitlab_server.wait_for, 1)
    session.type(uri, *AT, "r")
    assert texts(await session.ask(uri, 9, 5)) == ["return a"]
    assert await older is None


@pytest.mark.parametrize(
    ("text", "at", "reason"),
    [
        ("x = ", (0, 4), "fewer than 10 characters"),
        (CODE + "print(a, b)\n", (10, 6), "text right of the cursor"),
        (CODE + "# now it\n", (10, 8), "in a comment"),
    ],
)
async def test_where_nothing_comes_by_itself_the_hand_still_asks_and_the_status_says_why(
    session, gitlab_server, start, text, at, reason
):
    await start()
    uri = session.open("place.py", text)
    assert await session.ask(uri, *at) is None
    assert reason in (await session.status())["silence"]
    assert not gitlab_server.suggestions
    await session.ask(uri, *at, invoked=True)
    assert len(gitlab_server.suggestions) == 1


async def test_a_comment_is_typed_with_suggestions_where_a_setting_says_so_at_once(session, start):
    uri = await start()
    session.type(uri, 9, 4, "# the")
    assert await session.ask(uri, 9, 9) is None
    session.client.workspace_did_change_configuration(
        lsp.DidChangeConfigurationParams({"duoLsp": {"codeCompletion": {"enabledInComments": True}}})
    )
    await session.offered(uri, 9, 9)


async def test_languages_are_added_and_taken_away_at_once(session, start):
    uri = await start(name="notes.md", language="markdown")
    assert await session.ask(uri, *AT) is None
    assert "add markdown to codeCompletion.additionalLanguages" in (await session.status())["silence"]
    for setting, offered in (("additionalLanguages", True), ("disabledSupportedLanguages", False)):
        session.client.workspace_did_change_configuration(
            lsp.DidChangeConfigurationParams({"duoLsp": {"codeCompletion": {setting: [".Markdown"]}}})
        )
        if offered:
            await session.offered(uri, *AT)
        else:
            await session.settled("ready")
            assert await session.ask(uri, *AT, invoked=True) is None
            assert (await session.status())["state"] == "disabledLanguage"


async def test_a_suggestion_turned_down_does_not_come_again_there_until_the_hand_asks(session, gitlab_server, start):
    uri = await start()
    item = await session.offered(uri, *AT)
    await session.client.workspace_execute_command_async(
        lsp.ExecuteCommandParams("duo.dismissed", item.command.arguments)
    )
    assert await session.ask(uri, *AT) is None
    assert "turned down" in (await session.status())["silence"]
    session.type(uri, *AT, "r")
    assert texts(await session.ask(uri, 9, 5)) == ["return a"]
    assert len(gitlab_server.suggestions) == 1


async def test_a_suggestion_taken_and_undone_does_not_come_again_there(session, start):
    uri = await start()
    item = await session.offered(uri, *AT)
    session.type(uri, *AT, "return a")
    await session.client.workspace_execute_command_async(
        lsp.ExecuteCommandParams(item.command.command, item.command.arguments)
    )
    await session.ask(uri, 9, 12)
    session.erase(uri, 9, 4, 8)
    assert await session.ask(uri, *AT) is None
    assert texts(await session.ask(uri, *AT, invoked=True)) == ["return a"]
    assert texts(await session.ask(uri, *AT)) == ["return a"]
