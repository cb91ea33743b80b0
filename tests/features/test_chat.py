"""A question in an editor and its answer: a real server, and the local gateway or a GitLab that a test plays."""

import ast
import asyncio
import json
import stat
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lsprotocol import types as lsp

from duo_lsp.gateway.engines.fixed import ANSWER
from features import chat
from features.chat import range_of, run
from features.session import Session
from gitlab_server import Answer
from waiting import eventually

CHAT = "/api/v4/chat/completions"
CODE = "def add(a, b):\n    return a + b\n\n\nprint(add(1, 2))\n"


@pytest.fixture
async def talking(folder, environment):
    """A session whose GitLab is the local gateway with the fixed answer, not started yet."""
    with chat.gateway(environment) as there:
        made = Session(folder, environment | there)
        yield made
        await made.end()


@pytest.fixture
async def asking(session, gitlab_server):
    """A started session whose GitLab answers what the test wants."""
    gitlab_server.others[CHAT] = Answer(status=201, body="It adds.")
    await session.start()
    await session.settled("ready")
    return session


def asked(gitlab_server):
    return [request.json for request in gitlab_server.requests if request.path == CHAT]


async def arrived(gitlab_server, count):
    await eventually(lambda: len(asked(gitlab_server)) >= count)


def page(result):
    return Path(unquote(urlsplit(result["uri"]).path)).read_text("utf-8")


def mode(result):
    return stat.S_IMODE(Path(urlsplit(result["uri"]).path).stat().st_mode)


async def test_a_question_about_selected_code_is_answered_and_shown(talking):
    talking.experimental = {"duoChat": True}
    chunks = []

    @talking.client.feature("duo/chat/chunk")
    def chunk(params):
        chunks.append(params)

    await talking.start()
    await talking.settled("ready")
    uri = talking.open("app.py", CODE)
    result = await run(
        talking, "duo.chat", {"question": "what is this?", "uri": uri, "range": range_of(0, 1), "id": "q"}
    )
    assert result["answer"] == ANSWER
    assert (result["state"], result["interrupted"]) == ("ok", False)
    text = page(result)
    assert "> what is this?" in text
    assert f"[app.py, lines 1-2]({uri}#L1-L2)" in text
    assert text.endswith(ANSWER)
    assert mode(result) == 0o600
    assert (await talking.status())["conversation"] == result["uri"]
    [shown] = await eventually(lambda: talking.client.shown_documents)
    assert shown.uri == result["uri"]
    assert text.split("\n")[shown.selection.start.line].startswith("## Asked on")
    assert "".join(chunk.text for chunk in chunks) == ANSWER
    assert [chunk.done for chunk in chunks] == [False] * (len(chunks) - 1) + [True]
    assert {chunk.id for chunk in chunks} == {"q"}
    assert text.endswith(f"\n{chunks[0].heading}\n\n{ANSWER}")
    assert len(chunks) > 3


async def test_what_is_sent_is_the_question_the_selection_and_where_it_is(asking, gitlab_server):
    uri = asking.open("app.py", CODE)
    await run(asking, "duo.chat", {"question": "why?", "uri": uri, "range": range_of(0, 1), "show": "none"})
    [body] = asked(gitlab_server)
    assert body == {
        "content": "why?",
        "additional_context": [
            {
                "category": "file",
                "id": "app.py",
                "content": "def add(a, b):\n    return a + b\n",
                "metadata": {
                    "source": "selected in the editor",
                    "file": "app.py",
                    "start_line": 1,
                    "end_line": 2,
                    "language": "python",
                },
            }
        ],
        "current_file": {
            "file_name": "app.py",
            "selected_text": "def add(a, b):\n    return a + b\n",
            "content_above_cursor": "",
            "content_below_cursor": "\n\nprint(add(1, 2))\n",
        },
    }


async def test_all_that_a_question_may_have_reaches_the_wire(asking, gitlab_server):
    wish = {
        "question": "what changed?",
        "context": [{"category": "issue", "id": "7", "content": "It is slow.", "metadata": {"iid": 7}}],
        "resource": {"type": "commit", "id": "deadbeef", "projectId": 3},
        "refererUrl": "https://gitlab.example.com/a/b",
        "clientSubscriptionId": "abc",
        "withCleanHistory": True,
    }
    await run(asking, "duo.chat", wish)
    [body] = asked(gitlab_server)
    assert body == {
        "content": "what changed?",
        "resource_type": "commit",
        "resource_id": "deadbeef",
        "project_id": 3,
        "referer_url": "https://gitlab.example.com/a/b",
        "client_subscription_id": "abc",
        "with_clean_history": True,
        "additional_context": [
            {
                "category": "issue",
                "id": "7",
                "content": "It is slow.",
                "metadata": {"source": "given by the person", "iid": 7},
            }
        ],
    }


@pytest.mark.parametrize(
    "arguments",
    [
        [{"question": "why?"}],
        ["why?"],
        [[{"question": "why?"}]],
        ['{"question": "why?"}'],
        ["why?", None],
        [{"question": "why?", "unknown": 7, "range": None}],
    ],
)
async def test_arguments_come_in_many_forms(asking, gitlab_server, arguments):
    result = await run(asking, "duo.chat", *arguments)
    assert result["answer"] == "It adds."
    assert asked(gitlab_server) == [{"content": "why?"}]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "There is no question."),
        ([{"question": 7}], "'question' is no text."),
        ([{"question": "x", "range": 7, "uri": "file:///x"}], "'range' is no range."),
        ([{"question": "x", "resource": {"type": "commit", "id": "a"}}], "needs its project"),
        ([{"question": "x", "resource": {"type": "planet", "id": 1}}], "no resource of this type"),
        ([{"question": "x", "uri": "file:///nowhere.py", "range": range_of(0, 0)}], "not opened this document"),
        ([{"question": "x", "context": [{"category": "file"}]}], "is not whole"),
        ([{"question": "x", "context": [{"category": "planet", "id": "a", "content": "b"}]}], "no context of this"),
    ],
)
async def test_what_cannot_be_asked_is_said_before_anything_is_sent(asking, gitlab_server, arguments, said):
    result = await run(asking, "duo.chat", *arguments)
    assert said in result["answer"]
    assert result["state"] == "failed"
    assert asked(gitlab_server) == []


@pytest.mark.parametrize(
    ("command", "slash"),
    [("duo.explain", "/explain"), ("duo.tests", "/tests"), ("duo.refactor", "/refactor")],
)
async def test_the_function_around_the_cursor_is_asked_about(asking, gitlab_server, command, slash):
    uri = asking.open("app.py", CODE)
    here = {"line": 1, "character": 4}
    result = await run(asking, command, {"uri": uri, "range": {"start": here, "end": here}})
    assert result["state"] == "ok"
    [body] = asked(gitlab_server)
    assert body["content"] == slash
    assert body["current_file"]["selected_text"] == "def add(a, b):\n    return a + b"


async def test_where_there_is_no_function_somebody_has_to_select(asking, gitlab_server):
    uri = asking.open("app.py", CODE)
    here = {"line": 4, "character": 4}
    result = await run(asking, "duo.explain", {"uri": uri, "range": {"start": here, "end": here}})
    assert "Select the code first." in result["answer"]
    assert asked(gitlab_server) == []


async def actions(session, uri, first, last, *, only=None, diagnostics=()):
    place = lsp.Range(lsp.Position(first, 0), lsp.Position(last, 0))
    context = lsp.CodeActionContext(diagnostics=list(diagnostics), only=only)
    answer = await session.client.text_document_code_action_async(
        lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), place, context)
    )
    # lsprotocol takes a code action with a command for a bare command, whose name is the command's text
    return [ast.literal_eval(one.command) for one in answer or ()]


def names(offered):
    return [one["command"] for one in offered]


async def test_code_actions_are_offered_where_they_apply_and_run(asking, gitlab_server):
    uri = asking.open("app.py", CODE)
    wrong = lsp.Diagnostic(
        lsp.Range(lsp.Position(1, 11), lsp.Position(1, 12)), "undefined name 'a'", source="ruff", code="F821"
    )
    offered = await actions(asking, uri, 1, 1, diagnostics=[wrong])
    assert names(offered) == ["duo.explain", "duo.fix", "duo.tests", "duo.refactor"]
    assert names(await actions(asking, uri, 1, 1)) == ["duo.explain", "duo.tests", "duo.refactor"]
    assert names(await actions(asking, uri, 4, 5)) == ["duo.explain", "duo.refactor"]
    assert await actions(asking, uri, 2, 2) == []
    assert names(await actions(asking, uri, 1, 1, only=["refactor"])) == ["duo.refactor"]
    assert await actions(asking, uri, 1, 1, only=["source"]) == []
    assert await actions(asking, asking.open(".env", CODE), 1, 1) == []
    [fix] = [one for one in offered if one["command"] == "duo.fix"]
    result = await run(asking, fix["command"], *fix["arguments"])
    assert result["state"] == "ok"
    [body] = asked(gitlab_server)
    assert body["content"] == "/fix line 2: undefined name 'a' (ruff F821)"
    [_, problems] = body["additional_context"]
    assert "line 2: undefined name 'a' (ruff F821)" in problems["content"]


async def test_a_long_question_goes_whole(asking, gitlab_server):
    question = "why is this slow?\n\n" + "x = 1\n" * 400
    await run(asking, "duo.chat", question)
    [body] = asked(gitlab_server)
    assert len(body["content"]) <= 1000
    assert body["content"].startswith("why is this slow?")
    assert question.startswith(body["content"].partition(" (It goes on")[0])
    [rest] = body["additional_context"]
    assert (rest["category"], rest["id"]) == ("snippet", "the rest of the question")
    assert body["content"].count("x = 1") + rest["content"].count("x = 1") == 400


async def test_secrets_do_not_leave_with_question_selection_context_or_names(asking, gitlab_server):
    token = "glpat-" + "Ab1" * 7
    uri = asking.open("app.py", f"token = '{token}'\nx = 1\n")
    wish = {
        "question": f"is {token} right?",
        "uri": uri,
        "range": range_of(0, 1),
        "context": [{"category": "snippet", "id": f"of {token}", "content": token, "metadata": {"a": [token]}}],
        "refererUrl": f"https://gitlab.example.com/?private_token={token}",
    }
    assert (await run(asking, "duo.chat", wish))["state"] == "ok"
    [body] = asked(gitlab_server)
    assert token[6:14] not in json.dumps(body)
    assert body["current_file"]["selected_text"].startswith("token = '*****")


@pytest.mark.parametrize(
    ("name", "context"),
    [(".env", []), ("app.py", [{"category": "file", "id": ".ssh/config", "content": "Host x"}])],
)
async def test_an_excluded_file_stays_at_home(asking, gitlab_server, name, context):
    uri = asking.open(name, CODE)
    result = await run(
        asking, "duo.chat", {"question": "why?", "uri": uri, "range": range_of(0, 1), "context": context}
    )
    assert result["answer"].startswith("This file is never sent: ")
    assert result["state"] == "excluded"
    assert asked(gitlab_server) == []


async def test_an_ignored_file_stays_at_home(asking, gitlab_server, folder):
    (folder / ".aiexclude").write_text("private/\n")
    uri = asking.open("private/app.py", CODE)
    result = await run(asking, "duo.chat", {"question": "why?", "uri": uri, "range": range_of(0, 1)})
    assert result["state"] == "excluded"
    assert asked(gitlab_server) == []


async def test_hidden_characters_of_a_file_are_named(asking):
    uri = asking.open("rules.md", "be kind\u200b\u202e\n")
    result = await run(asking, "duo.chat", {"question": "why?", "uri": uri, "range": range_of(0, 0)})
    assert "U+202E RIGHT-TO-LEFT OVERRIDE" in page(result)
    assert any("characters that nobody sees" in told for told in asking.told)


async def test_the_conversation_is_neither_completed_nor_sent(asking, gitlab_server):
    result = await run(asking, "duo.chat", "why?")
    gitlab_server.answer = "x"
    uri = asking.open(result["uri"], "# GitLab Duo Chat\n" * 9, "markdown")
    assert await asking.ask(uri, 3, 0, invoked=True) is None
    assert await actions(asking, uri, 1, 3) == []
    await run(asking, "duo.chat", {"question": "and?", "uri": uri, "range": range_of(0, 1)})
    assert asked(gitlab_server)[1:] == [{"content": "and?"}]
    item = {"category": "file", "id": unquote(urlsplit(uri).path), "content": "x"}
    answer = await run(asking, "duo.chat", {"question": "and?", "context": [item]})
    assert answer["state"] == "excluded"
    assert gitlab_server.suggestions == []


async def test_a_failure_stands_where_the_answer_would_and_the_question_can_be_asked_again(asking, gitlab_server):
    gitlab_server.others[CHAT] = Answer(status=500, body={"message": "500 Internal Server Error"})
    result = await run(asking, "duo.chat", "why?")
    assert result["state"] == "serverError"
    assert result["interrupted"] is False
    assert result["answer"]
    assert result["answer"] in page(result)
    gitlab_server.others[CHAT] = Answer(status=201, body="It adds.")
    assert (await run(asking, "duo.retry"))["answer"] == "It adds."
    assert [body["content"] for body in asked(gitlab_server)][-1] == "why?"


async def test_there_is_nothing_to_retry_at_first(asking):
    assert "Nothing was asked yet." in (await run(asking, "duo.retry"))["answer"]


async def test_a_new_chat_begins_without_what_was_said(asking, gitlab_server):
    await run(asking, "duo.chat", "one")
    await run(asking, "duo.chat", "two")
    assert await run(asking, "duo.newChat") is None
    await run(asking, "duo.chat", "three")
    await run(asking, "duo.chat", "four")
    await run(asking, "duo.chat", {"question": "five", "newConversation": True})
    assert [body["content"] for body in asked(gitlab_server)] == [
        "one", "two", "/reset", "three", "four", "/reset", "five",
    ]  # fmt: skip


async def test_two_questions_of_one_conversation_wait_and_of_two_do_not(asking, gitlab_server):
    await run(asking, "duo.chat", "zero")  # what speaks HTTP is loaded from here on
    gitlab_server.others[CHAT] = Answer(status=201, body="Yes.", delay=1)
    one = asyncio.ensure_future(run(asking, "duo.chat", "one"))
    two = asyncio.ensure_future(run(asking, "duo.chat", "two"))
    await arrived(gitlab_server, 2)
    new = {"question": "three", "newConversation": True, "withCleanHistory": True}
    three = asyncio.ensure_future(run(asking, "duo.chat", new))
    await arrived(gitlab_server, 3)
    assert [body["content"] for body in asked(gitlab_server)] == ["zero", "one", "three"]
    for task in (one, two, three):
        assert (await task)["answer"] == "Yes."
    assert [body["content"] for body in asked(gitlab_server)] == ["zero", "one", "three", "two"]


async def test_a_question_is_cancelled_by_its_request_and_the_next_one_works(asking, gitlab_server):
    gitlab_server.others[CHAT] = Answer(hang=True)
    question = lsp.ExecuteCommandParams("duo.chat", ["why?"])
    asking.client.protocol.send_request("workspace/executeCommand", question, msg_id="q")
    await arrived(gitlab_server, 1)
    asking.client.cancel_request(lsp.CancelParams("q"))
    gitlab_server.others[CHAT] = Answer(status=201, body="It adds.")
    assert (await run(asking, "duo.retry"))["answer"] == "It adds."
    assert [body["content"] for body in asked(gitlab_server)] == ["why?", "why?"]


async def test_progress_is_shown_and_cancels(asking, gitlab_server):
    gitlab_server.others[CHAT] = Answer(hang=True)
    question = asyncio.ensure_future(run(asking, "duo.chat", "why?"))
    await eventually(lambda: any(asking.client.progress_reports.values()))
    await arrived(gitlab_server, 1)
    [(token, reports)] = asking.client.progress_reports.items()
    assert (reports[0].title, reports[0].cancellable) == ("GitLab Duo Chat", True)
    asking.client.window_work_done_progress_cancel(lsp.WorkDoneProgressCancelParams(token))
    result = await question
    assert (result["state"], result["interrupted"]) == ("interrupted", True)
    assert "duo.retry" in result["answer"]
    gitlab_server.others[CHAT] = Answer(status=201, body="It adds.")
    assert (await run(asking, "duo.retry"))["answer"] == "It adds."
