"""A question in a shell, as a person types it."""

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from duo_lsp.chat.blocks import Blocks
from duo_lsp.errors import UsageError
from duo_lsp.gateway.engines.fixed import ANSWER
from duo_lsp.shell import arguments, asking
from duo_lsp.shell.rich_page import RichPage
from features import chat
from gitlab_server import Answer

DUO = str(Path(sys.executable).with_name("duo-lsp"))
CHAT = "/api/v4/chat/completions"
CODE = "".join(f"x{n} = {n}\n" for n in range(1, 51))


@pytest.fixture
def duo(environment, tmp_path):
    (tmp_path / "app.py").write_text(CODE)

    def run(*given, text=None, **more):
        return subprocess.run(
            [DUO, "chat", *given],
            env=environment | more,
            cwd=tmp_path,
            input=text,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    return run


@pytest.fixture
def gitlab(gitlab_server):
    gitlab_server.others[CHAT] = Answer(status=201, body="It is *fine*. <img src=x>\x1b[31m")
    return {"GITLAB_URL": gitlab_server.url, "DUO_LSP_TOKEN": "glpat-of-the-test"}


def asked(gitlab_server):
    return [request.json for request in gitlab_server.requests if request.path == CHAT]


def test_the_lines_of_a_file_go_along_and_the_answer_is_printed(duo, gitlab, gitlab_server):
    done = duo("why is this slow?", "--file", "app.py:10-40", **gitlab)
    assert (done.stdout, done.stderr, done.returncode) == ("It is *fine*. &lt;img src=x>\n", "", 0)
    [body] = asked(gitlab_server)
    assert body["content"] == "why is this slow?"
    assert body["with_clean_history"] is True
    [item] = body["additional_context"]
    assert (item["id"], item["metadata"]["start_line"], item["metadata"]["end_line"]) == ("app.py", 10, 40)
    assert item["content"] == "".join(f"x{n} = {n}\n" for n in range(10, 41))


@pytest.mark.parametrize("way", [["-"], ["--file", "-"]])
def test_code_comes_through_a_pipe(duo, gitlab, gitlab_server, way):
    assert duo("why?", *way, text="x = 1\n", **gitlab).returncode == 0
    [item] = asked(gitlab_server)[0]["additional_context"]
    assert (item["id"], item["content"]) == ("stdin", "x = 1\n")


def test_a_question_alone(duo, gitlab, gitlab_server):
    assert duo("why?", **gitlab).returncode == 0
    assert asked(gitlab_server) == [{"content": "why?", "with_clean_history": True}]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["why?", "--file", "nowhere.py"], "cannot be read"),
        (["why?", "--file", "app.py:99"], "lines, not 99"),
        (["why?", "--file", "app.py:9-3"], "Line 3 comes before line 9"),
        ([" "], "There is no question."),
        (["why?", "-"], "There is no code on standard input"),
        (["why?", "--file", ".env"], "This file is never sent"),
    ],
)
def test_a_failure_is_one_line(duo, gitlab, gitlab_server, tmp_path, given, said):
    (tmp_path / ".env").write_text("A=1\n")
    done = duo(*given, text="", **gitlab)
    assert (done.stdout, done.returncode) == ("", 1)
    assert done.stderr.startswith("duo-lsp: ")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr
    assert asked(gitlab_server) == []


def test_what_gitlab_refuses_is_one_line(duo, gitlab, gitlab_server):
    gitlab_server.others[CHAT] = Answer(status=401, body={"message": "401 Unauthorized"})
    done = duo("why?", **gitlab)
    assert (done.stdout, done.returncode, done.stderr.count("\n")) == ("", 1, 1)


def test_without_a_model_it_says_so_and_how_to_add_one(duo):
    done = duo("why?")
    assert (done.stdout, done.returncode) == ("", 1)
    assert "no model" in done.stderr
    assert "duo-lsp " in done.stderr.partition("no model")[2] or "ollama pull" in done.stderr


def test_in_a_terminal_the_answer_is_laid_out(environment, tmp_path):
    with chat.gateway(environment) as there:
        ours, theirs = pty.openpty()
        size = {"COLUMNS": "60", "LINES": "40", "TERM": "xterm-256color"}
        with subprocess.Popen(
            [DUO, "chat", "what is this?"], env=environment | there | size, cwd=tmp_path, stdout=theirs, stdin=theirs
        ) as process:
            os.close(theirs)
            shown = b"".join(iter(lambda: _read(ours), b"")).decode()
        os.close(ours)
    assert process.returncode == 0
    assert "**" not in shown
    assert "```" not in shown
    assert "\x1b[" in shown
    assert "That is all there is to say." in shown


def _read(handle):
    try:
        return os.read(handle, 4096)
    except OSError:  # the other end is closed
        return b""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a.py", ("a.py", 0, 0)),
        ("a.py:3", ("a.py", 3, 3)),
        ("a:b.py:3-9", ("a:b.py", 3, 9)),
        ("a.py:0", ("a.py:0", 0, 0)),
    ],
)
def test_lines_of_a_file_are_read(text, found):
    path, first, last = arguments.lines(text)
    assert (str(path), first, last) == found


@pytest.mark.parametrize("text", ["", "\n"])
def test_what_names_no_file(text):
    with pytest.raises(UsageError):
        arguments.lines(text)


def test_lines_without_code_are_no_selection(tmp_path):
    (tmp_path / "a.py").write_text("\n\nx\n")
    with pytest.raises(UsageError, match="There is nothing in"):
        asking.in_file(tmp_path / "a.py", 1, 2)


def test_blocks_are_given_when_they_are_complete():
    blocks = Blocks()
    assert blocks.feed("one\ntw") == ""
    assert blocks.feed("o\n\n```py\na\n\n") == "one\ntwo\n\n"
    assert blocks.feed("``` x\n```\n") == ""
    assert blocks.feed("\nend") == "```py\na\n\n``` x\n```\n\n"
    assert blocks.finish() == "end"
    assert blocks.finish() == ""


def test_nothing_is_lost_on_a_page():
    shown = io.StringIO()
    page = RichPage(Console(file=shown, width=60))
    for line in ANSWER.splitlines(keepends=True):
        page.feed(line)
    page.finish()
    text = shown.getvalue()
    assert "It adds two numbers" in text
    assert "return a + b" in text
    assert json.dumps(text).count("That is all") == 1
