"""Being seen: duo.status, notifications of changes, progress, and few messages."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from lsprotocol import types as lsp

from duo_lsp import wire
from duo_lsp.features import notices
from gitlab_server import Answer
from waiting import eventually

CODE = "import os\nimport sys\n\n\ndef main():\n    a = 1\n    b = 2\n    c = 3\n    d = 4\n    \n"
GENERATE = CODE + "# write a function that adds two numbers\n"
GITLABS = {"extension": {"name": "GitLab Workflow", "version": "6"}, "ide": {"name": "VS Code", "version": "1"}}


@pytest.fixture
def heard(session):
    """What the client was notified of, by method."""
    heard: dict[str, list[Any]] = {name: [] for name in (notices.STATUS, notices.FEATURE_STATE, notices.TOKEN_CHECK)}

    def listen(method):
        session.client.feature(method)(lambda params: heard[method].append(params))  # noqa: PLW0108 - pygls marks what it gets

    for method in heard:
        listen(method)
    return heard


def states(heard):
    return [params.state for params in heard["duo/status"]]


async def test_changes_are_told_once_each_to_a_client_that_wants_it(session, gitlab_server, heard):
    session.experimental = {"duoStatus": True}
    await session.start(options={"upstream": "gitlab"})
    await eventually(lambda: states(heard) == ["ready"])
    uri = session.open("app.py", CODE)
    gitlab_server.answer = Answer(status=402, body={"error": "insufficient_credits"})
    for n in range(5):
        await session.ask(uri, n, 0, invoked=True)
    await eventually(lambda: len(heard["duo/status"]) == 2)
    said = heard["duo/status"][1]
    assert said.sentence
    assert said.remedy
    assert said.host == gitlab_server.url.partition("://")[2]
    secret = session.open(".env", "PASSWORD=1\n")
    await session.ask(secret, 0, 0)
    await asyncio.sleep(0.1)
    assert len(heard["duo/status"]) == 2
    assert not heard["$/gitlab/featureStateChange"]


async def test_a_limit_is_over_by_itself_and_that_is_told(session, gitlab_server, heard):
    session.experimental = {"duoStatus": True}
    gitlab_server.answer = Answer(status=429, body={}, headers={"Retry-After": "1"})
    await session.start()
    await session.settled("ready")
    uri = session.open("app.py", CODE)
    await session.ask(uri, 9, 4, invoked=True)
    await eventually(lambda: states(heard) == ["ready", "limited", "ready"])
    assert "limited until" in heard["duo/status"][1].sentence
    [_, told] = session.told
    assert told == heard["duo/status"][1].sentence + " " + heard["duo/status"][1].remedy


async def test_a_file_that_is_never_sent_is_a_state_while_it_is_worked_in(session, heard):
    session.experimental = {"duoStatus": True}
    await session.start()
    uri = session.open(".env", "PASSWORD=1\n")
    await eventually(lambda: states(heard) == ["ready"])
    await session.ask(uri, 0, 0)
    await eventually(lambda: states(heard) == ["ready", "excluded"])
    session.client.text_document_did_close(lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(uri)))
    await eventually(lambda: states(heard) == ["ready", "excluded", "ready"])


async def test_gitlabs_own_extensions_hear_it_in_gitlabs_words(session, gitlab_server, heard):
    gitlab_server.answer = Answer(status=401, body={"error": "invalid_token"})
    await session.start(options=GITLABS)
    await eventually(lambda: heard["$/gitlab/featureStateChange"])
    uri = session.open("app.py", CODE)
    await session.ask(uri, 9, 4, invoked=True)
    await eventually(lambda: heard["$/gitlab/token/check"])
    [[before], [after]] = heard["$/gitlab/featureStateChange"]
    assert [feature["featureId"] for feature in after] == ["authentication", "code_suggestions"]
    assert not any(feature["engagedChecks"] for feature in before)
    assert [feature["engagedChecks"][0]["checkId"] for feature in after] == ["authentication-required"] * 2
    [check] = heard["$/gitlab/token/check"]
    assert check.reason == "not_active"
    assert check.message
    assert not heard["duo/status"]


async def test_others_hear_nothing(session, gitlab_server, heard):
    gitlab_server.answer = Answer(status=401, body={"error": "invalid_token"})
    await session.start()
    await session.settled("ready")
    uri = session.open("app.py", CODE)
    await session.ask(uri, 9, 4, invoked=True)
    await session.settled("signInAgain")
    await asyncio.sleep(0.1)
    assert not any(heard.values())


async def test_two_hundred_failures_are_one_message_and_empty_answers_none(session, gitlab_server):
    gitlab_server.answer = ""
    await session.start()
    await session.settled("ready")
    uri = session.open("app.py", CODE)
    await session.ask(uri, 0, 0, invoked=True)
    said = len(session.told)
    gitlab_server.answer = Answer(status=403, body={"message": "403 Forbidden"})
    for n in range(200):
        session.type(uri, 9, 4, "x")
        await session.ask(uri, 9, 5 + n, invoked=bool(n % 10))
    assert len(session.told) == said + 1


async def test_the_status_says_who_answers(session, gitlab_server):
    await session.start()
    await session.settled("ready")
    now = await session.status()
    assert now["host"] == gitlab_server.url.partition("://")[2]
    assert (now["local"], now["until"]) == (False, None)
    left = now["left"]
    await session.ask(session.open("app.py", CODE), 9, 4, invoked=True)
    assert (await session.status())["left"] == left - 1


async def test_the_status_says_what_was_sent_last_with_secrets_as_stars(session):
    await session.start()
    await session.settled("ready")
    assert (await session.status(sent=True))["sent"] is None
    uri = session.open("app.py", f"password = 'hunter2hunter2'\n{CODE}")
    await session.ask(uri, 10, 4, invoked=True)
    now = await session.status(sent=True)
    assert now["redaction"] is True
    above = now["sent"]["current_file"]["content_above_cursor"]
    assert "import os" in above
    assert "hunter2" not in above
    assert "sent" not in await session.status()


async def test_what_suggestions_have_done_is_counted_told_when_asked_and_nowhere_else(session, gitlab_server, home):
    gitlab_server.answer = "return a + b"
    await session.start()
    await session.settled("ready")
    uri = session.open("app.py", CODE)
    item = await session.offered(uri, 9, 4)
    session.type(uri, 9, 4, "ret")
    await session.ask(uri, 9, 7)
    accept = lsp.ExecuteCommandParams(item.command.command, item.command.arguments)
    await session.client.workspace_execute_command_async(accept)
    now = await session.status(why=True)
    assert (now["counts"]["shown"], now["counts"]["accepted"]) == (1, 1)
    assert (now["counts"]["acceptedCharacters"], now["counts"]["requests"], now["counts"]["thrownAway"]) == (9, 1, 0)
    assert now["counts"]["saved"] >= 1
    assert now["counts"]["latency"]["upstream"]["p50"] >= 0
    [told] = [finding["text"] for finding in now["findings"] if finding["name"] == "counts"]
    assert told.startswith("suggestions shown: 1, accepted: 1 (9 characters); requests sent: 1, ")
    await session.end()
    assert len(gitlab_server.suggestions) == 1
    assert not any(b"accepted" in request.body or b"shown" in request.body for request in gitlab_server.requests)
    written = [path for path in home.rglob("*") if path.is_file()]
    assert not any(b"accepted" in path.read_bytes() or b"shown" in path.read_bytes() for path in written)


@pytest.mark.parametrize(
    ("name", "language", "state"),
    [("app.py", "python", "disabledLanguage"), ("LICENSE", "plaintext", "unsupportedLanguage")],
)
async def test_a_language_without_suggestions_is_a_state_and_nothing_is_sent(
    session, gitlab_server, name, language, state
):
    await session.start(options={"codeCompletion": {"disabledSupportedLanguages": ["Python"]}})
    await session.settled("ready")
    uri = session.open(name, CODE, language)
    assert await session.ask(uri, 9, 4, invoked=True) is None
    assert (await session.status())["state"] == state
    assert not gitlab_server.suggestions
    other = session.open("app.rb", CODE, "ruby")
    await session.ask(other, 9, 4, invoked=True)
    assert (await session.status())["state"] == "ready"


async def test_nobody_limits_the_local_engine(local_session):
    await local_session.start()
    await local_session.settled("local")
    now = await local_session.status()
    assert (now["left"], now["local"], now["host"]) == (None, True, "this machine")


async def test_the_editor_can_ask_why_and_gets_what_doctor_finds(session, gitlab_server):
    gitlab_server.others[wire.ACCESS_PATH] = Answer(status=401, body={"error": "invalid_token"})
    await session.start(options={"duoLsp": {"projectPath": "group/project"}})
    await session.settled("ready")
    findings = (await session.status(why=True))["findings"]
    by_name = {finding["name"]: finding for finding in findings}
    assert by_name["upstream"]["text"].endswith("answers, GitLab 18.6.0-ee")
    assert not by_name["scopes"]["fine"]
    assert by_name["scopes"]["remedy"]
    assert "projectPath = 'group/project' (initializationOptions)" in [finding["text"] for finding in findings]
    assert "glpat" not in str(findings)
    assert not gitlab_server.suggestions
    assert "findings" not in await session.status()


async def test_a_token_that_an_instance_quotes_is_masked_in_what_doctor_finds(session, gitlab_server):
    await session.start()
    await session.settled("ready")
    gitlab_server.version = Answer(status=403, body={"message": "403 Forbidden - no glpat-secret-token-1234 here"})
    found = {finding["name"]: finding["text"] for finding in (await session.status(why=True))["findings"]}
    assert "no [hidden] here" in found["upstream"]
    assert "glpat-secret" not in str(found)


def shown(session):
    """The kinds of all progress the client was told of, by token."""
    return [[report.kind for report in reports] for reports in session.client.progress_reports.values()]


async def generate(session, gitlab_server, delay):
    gitlab_server.answer = Answer("def add(a, b):\n    return a + b", delay=delay)
    uri = session.open("app.py", GENERATE)
    assert await session.ask(uri, GENERATE.count("\n"), 0, invoked=True) is not None


async def test_a_generation_that_takes_long_shows_progress_from_begin_to_end(session, gitlab_server):
    await session.start()
    await session.settled("ready")
    await generate(session, gitlab_server, 1.5)
    await eventually(lambda: shown(session) == [["begin", "end"]])


async def test_a_quick_one_shows_none(session, gitlab_server):
    await session.start()
    await session.settled("ready")
    await generate(session, gitlab_server, 0)
    await asyncio.sleep(1.2)
    assert not shown(session)


async def test_an_editor_that_refuses_is_not_asked_again(session, gitlab_server):
    asked = []

    def refuse(params):
        asked.append(params)
        raise ValueError("no")

    session.client.protocol.fm._features[lsp.WINDOW_WORK_DONE_PROGRESS_CREATE] = refuse
    await session.start()
    await session.settled("ready")
    await generate(session, gitlab_server, 1.5)
    uri = session.open("other.py", GENERATE)
    await session.ask(uri, GENERATE.count("\n"), 0, invoked=True)
    assert len(asked) == 1
    assert not shown(session)
