"""Suggestions through a real client: what is asked, what comes back, and when nothing does."""

import asyncio
import threading

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcRequestCancelled

from duo_lsp import capabilities
from gitlab_server import Answer

CODE = "import os\nimport sys\n\n\ndef add(a, b):\n    a = int(a)\n    b = int(b)\n    \n"
LINE, CHARACTER = 7, 4


async def test_every_editor_is_told_that_it_may_ask(session):
    result = await session.start()
    assert result.capabilities.inline_completion_provider
    assert result.capabilities.completion_provider is None
    assert set(result.capabilities.execute_command_provider.commands) == set(capabilities.COMMANDS)
    assert result.server_info.name == "duo-lsp"


async def test_an_item_repeats_the_line_and_its_range_ends_at_the_cursor(session, gitlab_server):
    gitlab_server.answer = "return a + b"
    await session.start()
    uri = session.open("app.py", CODE)
    item = await session.offered(uri, LINE, CHARACTER)
    assert item.insert_text == "    return a + b"
    assert item.range == lsp.Range(lsp.Position(LINE, 0), lsp.Position(LINE, CHARACTER))
    assert item.command.command == "duo.accepted"
    [argument] = item.command.arguments
    assert argument.isdigit()


async def test_gitlab_is_asked_in_its_own_words(session, gitlab_server):
    gitlab_server.answer = "return a + b"
    await session.start()
    uri = session.open("src/app.py", CODE)
    await session.offered(uri, LINE, CHARACTER)
    [sent] = gitlab_server.suggestions
    assert sent.headers["authorization"] == "Bearer glpat-secret-token-1234"
    assert sent.headers["user-agent"].startswith("duo-lsp/")
    assert sent.headers["user-agent"].endswith("(Neovim/0.12.4)")
    body = sent.json
    assert body["current_file"] == {
        "file_name": "src/app.py",
        "content_above_cursor": CODE[:-1],
        "content_below_cursor": "\n",
        "language_identifier": "python",
    }
    assert body["intent"] == "completion"
    assert "context" not in body


async def test_the_person_is_told_once_where_code_goes(session, gitlab_server):
    await session.start()
    await session.settled("ready")
    uri = session.open("app.py", CODE)
    for n in range(3):
        await session.ask(uri, n, 0)
    host = gitlab_server.url.partition("://")[2]
    assert session.told == [f"Code near the cursor goes to {host} for suggestions."]


@pytest.mark.parametrize(
    ("editor", "units"),
    [("neovim", len("    x = 'é漢😀'".encode())), ("visual_studio_code", 14), ("emacs", 13)],
)
async def test_columns_are_counted_as_the_editor_counts(session, gitlab_server, editor, units):
    gitlab_server.answer = " + y"
    await session.start(editor)
    uri = session.open("app.py", CODE.replace("    \n", "    x = 'é漢😀'\n"))
    item = await session.offered(uri, LINE, units)
    assert "    x = 'é漢😀' + y".endswith(item.insert_text)
    assert item.insert_text.endswith("' + y")
    assert item.range.end.character == units
    assert gitlab_server.suggestions[0].above.endswith("'é漢😀'")


async def test_typing_along_is_answered_without_a_request(session, gitlab_server):
    gitlab_server.answer = "return a + b"
    await session.start()
    uri = session.open("app.py", CODE)
    await session.offered(uri, LINE, CHARACTER)
    for n, letter in enumerate("return"):
        session.type(uri, LINE, CHARACTER + n, letter)
        answer = await session.ask(uri, LINE, CHARACTER + n + 1)
        assert answer.items[0].insert_text == "    return a + b"
    assert len(gitlab_server.suggestions) == 1


async def test_the_request_after_an_accept_is_answered_from_what_is_known(session, gitlab_server):
    gitlab_server.answer = "return a + b"
    await session.start()
    uri = session.open("app.py", CODE)
    item = await session.offered(uri, LINE, CHARACTER)
    session.type(uri, LINE, CHARACTER, "return a + b")
    await session.client.workspace_execute_command_async(
        lsp.ExecuteCommandParams(item.command.command, item.command.arguments)
    )
    assert await session.ask(uri, LINE, CHARACTER + len("return a + b")) is None
    assert len(gitlab_server.suggestions) == 1


async def test_a_burst_costs_one_request_and_every_older_one_is_answered_null(session, gitlab_server):
    go_on = threading.Event()
    gitlab_server.answer = Answer("return a + b", when=go_on)
    session.name = "Visual Studio Code"  # it asks at every key
    await session.start()
    uri = session.open("app.py", CODE)
    await session.settled("ready")
    waiting = [asyncio.ensure_future(session.inline(uri, LINE, CHARACTER, invoked=True))]
    await gitlab_server.arrived(1)
    for n, letter in enumerate("retu"):
        session.type(uri, LINE, CHARACTER + n, letter)
        waiting.append(asyncio.ensure_future(session.inline(uri, LINE, CHARACTER + n + 1)))
    assert await asyncio.gather(*waiting[:-1]) == [None] * 4
    go_on.set()
    assert (await waiting[-1]).items[0].insert_text == "    return a + b"
    assert len(gitlab_server.suggestions) == 1


async def test_a_change_answers_the_waiting_request_at_once(session, gitlab_server):
    gitlab_server.answer = Answer("return a + b", when=threading.Event())
    await session.start()
    uri = session.open("app.py", CODE)
    await session.settled("ready")
    waiting = asyncio.ensure_future(session.inline(uri, LINE, CHARACTER, invoked=True))
    await gitlab_server.arrived(1)
    session.type(uri, 0, 0, "#")
    assert await waiting is None


@pytest.mark.parametrize(("name", "expected"), [("Neovim", lsp.InlineCompletionList(())), ("Zed", None)])
async def test_neovim_is_told_to_take_away_what_fits_no_more(session, gitlab_server, name, expected):
    """With null it would go on showing what it showed, and Tab would put that where it was asked for."""
    gitlab_server.answer = ""
    session.name = name
    await session.start()
    uri = session.open("app.py", CODE)
    await session.settled("ready")
    assert await session.inline(uri, LINE, CHARACTER, invoked=True) == expected
    assert len(gitlab_server.suggestions) == 1


async def test_a_cancelled_request_is_an_error_and_its_answer_is_kept(session, gitlab_server):
    go_on = threading.Event()
    gitlab_server.answer = Answer("return a + b", when=go_on)
    await session.start()
    uri = session.open("app.py", CODE)
    await session.settled("ready")
    waiting = asyncio.ensure_future(session.ask(uri, LINE, CHARACTER, invoked=True))
    await gitlab_server.arrived(1)
    [id_] = [i for i, future in session.client.protocol._request_futures.items() if not future.done()]
    session.client.cancel_request(lsp.CancelParams(id_))
    with pytest.raises(JsonRpcRequestCancelled):
        await waiting
    go_on.set()
    answer = await session.ask(uri, LINE, CHARACTER)
    assert answer.items[0].insert_text == "    return a + b"
    assert len(gitlab_server.suggestions) == 1


async def test_a_document_that_is_not_open_gets_nothing_and_is_not_read(session, gitlab_server, folder):
    (folder / "closed.py").write_text("SECRET = 'planted'\n")
    gitlab_server.answer = "x"
    await session.start()
    await session.settled("ready")
    assert await session.ask((folder / "closed.py").as_uri(), 0, 0, invoked=True) is None
    assert gitlab_server.suggestions == []


@pytest.mark.parametrize("name", [".env", "id_rsa", "prod.tfvars"])
async def test_a_sealed_file_is_never_sent(session, gitlab_server, name):
    gitlab_server.answer = "x"
    await session.start()
    await session.settled("ready")
    uri = session.open(name, "TOKEN=abc\n", "plaintext")
    assert await session.ask(uri, 0, 3, invoked=True) is None
    assert "never sent" in (await session.status())["silence"]
    assert gitlab_server.suggestions == []


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(status=401, body={"message": "401 Unauthorized"}), "signInAgain"),
        (Answer(status=429, body={"message": {"error": "slow"}}, headers={"Retry-After": "60"}), "limited"),
        (Answer(status=500, body={"message": "500"}), "serverError"),
        (Answer(body=b"<html>"), "intercepted"),
        (Answer(raw=b""), "offline"),
    ],
)
async def test_trouble_is_silence_with_a_state_and_no_message_per_key(session, gitlab_server, answer, state):
    gitlab_server.answer = answer
    await session.start(options={"upstream": "gitlab"})  # nobody stands in
    uri = session.open("app.py", CODE)
    await session.settled("ready")
    for n in range(4):
        assert await session.ask(uri, n, 0, invoked=True) is None
    status = await session.status()
    assert status["state"] == state
    assert status["sentence"]
    assert status["remedy"]
    sentence = status["sentence"].partition(". ")[0].rstrip(".")  # behind it may stand until when nobody is asked
    told = [one.partition(". ")[0] for one in session.told[1:]]
    assert told == ([sentence] if state in ("signInAgain", "intercepted", "limited") else [])


@pytest.mark.parametrize("end", ["\r\n", "\r"])
async def test_line_ends_are_left_to_the_editor(session, gitlab_server, end):
    """Neovim and Emacs would insert a carriage return as a character; every editor turns a line feed into its own."""
    gitlab_server.answer = "if a:\n        return b"
    await session.start()
    uri = session.open("app.py", CODE.replace("\n", end))
    item = await session.offered(uri, LINE, CHARACTER)
    assert item.insert_text == "    if a:\n        return b"
    assert gitlab_server.suggestions[0].above.count(end) == LINE


@pytest.mark.parametrize("text", ["", "\n", "x"])
async def test_an_empty_or_tiny_document_is_answered_by_hand(session, gitlab_server, text):
    gitlab_server.answer = "import os"
    await session.start()
    await session.settled("ready")
    uri = session.open("new.py", text)
    assert await session.ask(uri, 0, 0) is None
    assert not gitlab_server.suggestions
    [item] = (await session.ask(uri, 0, 0, invoked=True)).items
    assert item.insert_text.endswith("import os")


async def test_a_document_outside_the_workspace_goes_by_its_bare_name(session, gitlab_server):
    gitlab_server.answer = "return a + b"
    await session.start()
    uri = session.open("file:///somewhere/private/app.py", CODE)
    await session.offered(uri, LINE, CHARACTER)
    assert gitlab_server.suggestions[0].json["current_file"]["file_name"] == "app.py"


async def test_a_position_past_the_end_is_the_end(session, gitlab_server):
    gitlab_server.answer = "x"
    await session.start()
    uri = session.open("app.py", CODE)
    item = await session.offered(uri, 999, 999)
    assert item.range.end == lsp.Position(8, 0)


async def test_a_huge_document_is_sent_in_part_and_the_server_stays_quick(session, gitlab_server):
    gitlab_server.answer = "return a + b"
    await session.start()
    text = ("x = 'some line of code'\n" * 2_200_000)[: 50 << 20]
    uri = session.open("huge.py", text)
    session.type(uri, 1_000_000, 0, "y = \n")
    item = await session.offered(uri, 1_000_000, 4)
    assert item.insert_text == "y = return a + b"
    file = gitlab_server.suggestions[0].json["current_file"]
    assert len(file["content_above_cursor"] + file["content_below_cursor"]) <= 35_000


async def test_the_local_engine_answers_without_an_account(local_session, folder):
    (folder / "shapes.py").write_text(
        "\n".join(f"def area_{n}(shape):\n    return shape.width * shape.height\n" for n in range(8))
    )
    await local_session.start()
    uri = local_session.open("app.py", "def area(shape):\n    return shape.wi\n\n\ndef other():\n    pass\n")
    item = await local_session.offered(uri, 1, len("    return shape.wi"))
    assert item.insert_text.startswith("    return shape.width")
    assert (await local_session.status())["state"] == "local"
    assert local_session.told == []


async def test_nothing_is_offered_before_the_engine_listens_and_nothing_breaks(local_session):
    await local_session.start()
    uri = local_session.open("new.py", "# add two numbers\ndef \n")
    assert await local_session.ask(uri, 1, 4) is None
    assert local_session.told == []


@pytest.mark.parametrize(
    ("uri", "text"),
    [
        ("app.bin", "\x7fELF\x00\x01\x02\x00" * 500),
        ("untitled:Untitled-1", CODE),
        ("vscode-notebook-cell:/home/me/book.ipynb#ch1", CODE),
        ("file:///c%3A/Users/me/a%20b.py", CODE),
        ("lone.py", "x = '\ud83d'\ny = "),
        ("minified.js", "a(b)," * 40_000),
    ],
)
async def test_whatever_is_open_typing_is_never_stopped(session, gitlab_server, uri, text):
    gitlab_server.answer = "z"
    await session.start()
    await session.settled("ready")
    opened = session.open(uri, text)
    session.type(opened, 0, 1, "q")
    await session.ask(opened, 0, 2, invoked=True)
    assert (await session.status())["state"] == "ready"
    for sent in gitlab_server.suggestions:
        assert "/home/me" not in sent.body.decode()
        assert "Users" not in sent.body.decode()


def choices(*texts):
    return Answer(body={"choices": [{"text": text} for text in texts]})


async def accepted(session, item):
    command = lsp.ExecuteCommandParams(item.command.command, item.command.arguments)
    await session.client.workspace_execute_command_async(command)


def texts(answer):
    return [item.insert_text for item in answer.items] if answer else []


async def test_who_asks_by_hand_gets_a_fresh_answer_and_then_what_else_is_known(session, gitlab_server):
    session.name = "Visual Studio Code"
    gitlab_server.script = ["return a + b", choices("return b", "return a + b", "return a")]
    await session.start()
    uri = session.open("app.py", CODE)
    await session.offered(uri, LINE, CHARACTER)
    answer = await session.ask(uri, LINE, CHARACTER, invoked=True)
    assert texts(answer) == ["    return b", "    return a + b", "    return a"]
    assert len({item.command.arguments[0] for item in answer.items}) == 3
    assert texts(await session.ask(uri, LINE, CHARACTER)) == ["    return b"]
    session.type(uri, LINE, CHARACTER, "return a")
    answer = await session.ask(uri, LINE, CHARACTER + 8, invoked=True)
    assert texts(answer) == ["    return a + b"]
    assert len(gitlab_server.suggestions) == 2


async def test_the_item_that_a_person_cycled_to_is_the_one_they_accept(session, gitlab_server):
    gitlab_server.answer = choices("return a + b", "return a")
    await session.start()
    uri = session.open("app.py", CODE)
    answer = await session.ask(uri, LINE, CHARACTER, invoked=True)
    second = answer.items[1]
    assert second.insert_text == "    return a"
    session.type(uri, LINE, CHARACTER, "return a")
    await accepted(session, second)
    assert texts(await session.ask(uri, LINE, CHARACTER + 8)) == ["    return a + b"]
    session.type(uri, LINE, CHARACTER + 8, " + b")
    await accepted(session, answer.items[0])
    assert await session.ask(uri, LINE, CHARACTER + 12) is None
    assert len(gitlab_server.suggestions) == 1


async def test_neovim_never_asks_by_hand_and_may_cycle_all_the_same(session, gitlab_server):
    gitlab_server.answer = choices("return a + b", "return a")
    await session.start()
    uri = session.open("app.py", CODE)
    await session.settled("ready")
    assert texts(await session.ask(uri, LINE, CHARACTER)) == ["    return a + b", "    return a"]


async def test_going_back_and_on_again_costs_one_request(session, gitlab_server):
    gitlab_server.answer = "return a + b"
    await session.start()
    uri = session.open("app.py", CODE)
    await session.offered(uri, LINE, CHARACTER)
    session.type(uri, LINE, CHARACTER, "retu")
    session.erase(uri, LINE, CHARACTER + 2, 2)
    assert texts(await session.ask(uri, LINE, CHARACTER + 2)) == ["    return a + b"]
    session.type(uri, 0, 0, "import re\n")
    assert texts(await session.ask(uri, LINE + 1, CHARACTER + 2)) == ["    return a + b"]
    session.type(uri, LINE + 1, 0, "    ")
    assert texts(await session.ask(uri, LINE + 1, CHARACTER + 6)) == ["        return a + b"]
    assert len(gitlab_server.suggestions) == 1


async def test_ghost_text_goes_on_from_the_entry_chosen_in_the_menu(session, gitlab_server):
    gitlab_server.answer = "(value)"
    await session.start()
    uri = session.open("app.py", CODE.replace("    \n", "    a.ap\n"))
    place = lsp.Range(lsp.Position(LINE, 6), lsp.Position(LINE, 8))
    chosen = lsp.SelectedCompletionInfo(place, "append")
    answer = await session.ask(uri, LINE, 8, invoked=True, selected=chosen)
    [item] = answer.items
    assert (item.insert_text, item.range) == ("append(value)", place)
    [request] = gitlab_server.suggestions
    assert request.above.endswith("\n    a.append")
    session.type(uri, LINE, 8, "pend")
    assert texts(await session.ask(uri, LINE, 12)) == ["    a.append(value)"]
    assert len(gitlab_server.suggestions) == 1


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [((LINE, 6), (LINE, 8), "insert"), ((LINE - 1, 0), (LINE, 8), "append"), ((0, 0), (0, 0), "append")],
)
async def test_an_entry_that_does_not_belong_to_the_cursor_gets_no_ghost_text(session, gitlab_server, start, end, text):
    gitlab_server.answer = "(value)"
    await session.start()
    uri = session.open("app.py", CODE.replace("    \n", "    a.ap\n"))
    await session.settled("ready")
    chosen = lsp.SelectedCompletionInfo(lsp.Range(lsp.Position(*start), lsp.Position(*end)), text)
    assert await session.ask(uri, LINE, 8, invoked=True, selected=chosen) is None
    assert gitlab_server.suggestions == []
