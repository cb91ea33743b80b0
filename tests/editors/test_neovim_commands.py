"""The command :Duo in a real Neovim: what it asks, what it shows, what it says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import isolated
from editors.neovim import CONVERSATION, Neovim, wait
from editors.plugin import CHAT, CODE, SAYS, neovim, talkative
from gitlab_server import Answer, GitLabServer, running
from waiting import HANG

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("neovim commands"), pytest.mark.timeout(180)]

LATE = """
vim.g.twice, vim.g.handled = 0, false
local client = vim.lsp.get_clients({ name = 'duo_lsp' })[1]
local request = client.request
function client.request(self, method, params, handler, ...)
  if params.command ~= 'duo.chat' then
    return request(self, method, params, handler, ...)
  end
  client.request = nil
  return request(self, method, params, function(problem, result)
    require('duo_lsp.chat').open() -- its file is read, too
    vim.defer_fn(function()
      handler(problem, result)
      vim.g.handled = true
    end, 300)
  end, ...)
end
local buffer = vim.fn.bufnr('^duo://chat/')
vim.api.nvim_buf_attach(buffer, false, { on_lines = function()
  local text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\\n')
  if select(2, text:gsub('> only once%?', '')) > 1 then
    vim.g.twice = vim.g.twice + 1
  end
end })
require('duo_lsp.chat').ask({ question = 'only once?' })
"""
"""Ask, and hear that there is an answer a while after its file was shown."""


@pytest.fixture(scope="module")
def gitlab() -> Iterator[GitLabServer]:
    """A GitLab that chats."""
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def editor(
    gitlab: GitLabServer, machine: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Neovim, Path]]:
    """One Neovim for all questions."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("project")
    (home / ".run").mkdir(mode=0o700)
    (folder / ".git").mkdir()
    file = folder / "sums.py"
    file.write_text(CODE)
    with neovim(file, isolated(home, machine) | talkative(gitlab)) as nvim:
        nvim.attach()
        yield nvim, file


@pytest.fixture
def nvim(editor: tuple[Neovim, Path], gitlab: GitLabServer) -> Neovim:
    """It, in the file, with nothing else open."""
    gitlab.others[CHAT] = Answer(status=201, body=SAYS)
    nvim, file = editor
    nvim.press("<Esc><Esc>")
    nvim.lua(
        "vim.cmd.stopinsert(); vim.cmd.only({ bang = true, mods = { silent = true } }); vim.cmd.edit(...)", str(file)
    )
    return nvim


def asked(gitlab: GitLabServer) -> list[Any]:
    """What went to the chat."""
    return [request.json for request in gitlab.requests if request.path == CHAT]


def answered(nvim: Neovim, gitlab: GitLabServer, press: str) -> Any:
    """What GitLab was asked by these keys, once the answer shows."""
    before, shown = len(asked(gitlab)), str(nvim.lua(CONVERSATION)).count("That is all.")
    nvim.press(press)
    wait(lambda: len(asked(gitlab)) > before, "the question")
    wait(lambda: str(nvim.lua(CONVERSATION)).count("That is all.") > shown, "the answer")
    return asked(gitlab)[-1]


def code(body: Any) -> str:
    """The code in a request."""
    return str(next(item["content"] for item in body["additional_context"] if item["category"] == "file"))


def test_lines_can_be_explained_and_the_cursor_stays(nvim, gitlab):
    body = answered(nvim, gitlab, ":4,5Duo explain<CR>")
    assert body["content"] == "/explain"
    assert code(body) == "def add(a, b):\n    return a + b\n"
    assert nvim.lua("return vim.bo.filetype") == "python"
    assert "> Explain this code" in nvim.lua(CONVERSATION)


def test_characters_that_are_selected_are_taken_as_they_are(nvim, gitlab):
    body = answered(nvim, gitlab, "5G0wve:Duo explain<CR>")
    assert code(body) == "return"
    body = answered(nvim, gitlab, "4G0wve:Duo ask what is this?<CR>")
    assert (body["content"], code(body)) == ("what is this?", "add")


@pytest.mark.parametrize(
    ("command", "slash", "question"),
    [("fix", "/fix", "Fix"), ("tests", "/tests", "Write tests for"), ("refactor", "/refactor", "Refactor")],
)
def test_without_a_range_it_is_about_the_function_around_the_cursor(nvim, gitlab, command, slash, question):
    body = answered(nvim, gitlab, f"5G:Duo {command} and be quick<CR>")
    assert body["content"] == f"{slash} and be quick"
    assert code(body) == "def add(a, b):\n    return a + b"
    assert f"> {question} this code: and be quick" in nvim.lua(CONVERSATION)


def test_the_problems_of_the_code_go_along(nvim, gitlab):
    here = {"lnum": 4, "col": 4, "message": "no good", "source": "ruff", "code": "F821"}
    there = {"lnum": 7, "col": 0, "message": "other"}
    nvim.lua("vim.diagnostic.set(vim.api.nvim_create_namespace('test'), 0, ...)", [here, there])
    body = answered(nvim, gitlab, ":4,5Duo fix<CR>")
    assert "no good" in str(body)
    assert "other" not in str(body)


def test_a_question_can_be_typed_when_it_is_asked_for(nvim, gitlab):
    body = answered(nvim, gitlab, ":Duo ask<CR>and now | what?<CR>")
    assert body["content"] == "and now | what?"
    assert "additional_context" not in body


def test_keys_can_be_mapped_to_it(nvim, gitlab):
    nvim.lua("vim.keymap.set({ 'n', 'x' }, 'gE', '<Plug>(duo-explain)')")
    assert code(answered(nvim, gitlab, "4GVjgE")) == "def add(a, b):\n    return a + b\n"
    assert code(answered(nvim, gitlab, "5GgE")) == "def add(a, b):\n    return a + b"


def test_the_conversation_is_gone_to_grows_and_starts_anew(nvim, gitlab):
    answered(nvim, gitlab, ":Duo ask one?<CR>")
    nvim.press(":Duo chat<CR>")
    wait(lambda: nvim.lua("return vim.api.nvim_buf_get_name(0)").startswith("duo://chat/project"), "the conversation")
    assert nvim.lua("return { vim.bo.filetype, vim.bo.modifiable, vim.bo.modified }") == ["markdown", False, False]
    assert nvim.line.startswith("## Asked on ")
    assert "> one?" in nvim.lines[-6:]
    answered(nvim, gitlab, ":Duo ask two?<CR>")  # from within it
    before = asked(gitlab)[-1]
    nvim.press(":Duo chat new<CR>")
    answered(nvim, gitlab, ":Duo ask three?<CR>")
    assert asked(gitlab)[-2]["content"] == "/reset"
    again = answered(nvim, gitlab, ":Duo chat retry<CR>")
    assert (before["content"], again["content"]) == ("two?", "three?")
    assert len(nvim.lua("return vim.fn.getbufinfo({ buflisted = 1 })")) <= 2


def test_an_answer_never_stands_there_twice_while_its_file_is_read(nvim, gitlab):
    answered(nvim, gitlab, ":Duo ask one?<CR>")
    nvim.lua(LATE)
    wait(lambda: nvim.lua("return vim.g.handled"), "the answer")
    assert nvim.lua("return vim.g.twice") == 0
    assert "> only once?\n\nIt adds two numbers." in nvim.lua(CONVERSATION)


def test_a_conversation_that_was_closed_comes_back(nvim, gitlab):
    answered(nvim, gitlab, ":Duo ask one?<CR>")
    for close in ("bdelete", "bwipeout"):
        nvim.press(":Duo chat<CR>")
        wait(lambda: nvim.lua("return vim.bo.filetype") == "markdown", "the conversation")
        nvim.press(f":{close}<CR>")
        wait(lambda: nvim.lua(CONVERSATION) == "", "it to go")
        answered(nvim, gitlab, ":Duo ask more?<CR>")
    assert "> one?" in nvim.lua(CONVERSATION)


def test_a_conversation_may_be_closed_while_an_answer_comes(nvim, gitlab):
    soon = threading.Event()
    gitlab.others[CHAT] = Answer(status=201, body=SAYS, when=soon)
    nvim.press(":Duo ask will you wait?<CR>")
    wait(lambda: "*thinking" in nvim.lua(CONVERSATION), "the question")
    nvim.press(":Duo chat<CR>")
    wait(lambda: nvim.lua("return vim.bo.filetype") == "markdown", "the conversation")
    nvim.press(":bdelete<CR>")
    wait(lambda: nvim.lua(CONVERSATION) == "", "it to go")
    soon.set()
    wait(lambda: "the answer is there" in nvim.messages, "the message")
    nvim.press(":Duo chat<CR>")
    wait(lambda: "> will you wait?\n\nIt adds two numbers." in nvim.lua(CONVERSATION), "the answer")
    assert "rror" not in nvim.messages


def test_thinking_shows_and_what_is_not_wanted_any_more_is_stopped(nvim, gitlab):
    never = threading.Event()
    gitlab.others[CHAT] = Answer(status=201, body=SAYS, when=never)
    nvim.press(":Duo ask why so slow?<CR>")
    wait(lambda: "> why so slow?\n\n*thinking …*" in nvim.lua(CONVERSATION), "the question")
    nvim.press(":Duo chat stop<CR>")
    wait(lambda: "*thinking" not in nvim.lua(CONVERSATION) and "You stopped it." in nvim.lua(CONVERSATION), "its end")
    never.set()
    gitlab.others[CHAT] = Answer(status=201, body=SAYS)
    answered(nvim, gitlab, ":Duo ask and now?<CR>")
    assert str(nvim.lua(CONVERSATION)).count("> why so slow?") == 1


def test_nothing_selected_is_said_and_opens_nothing(nvim):
    nvim.press("1G:Duo explain<CR>")
    wait(lambda: "Nothing is selected, and there is no function here" in nvim.messages, "the reason")
    assert nvim.lua(CONVERSATION) == ""


def test_every_sub_command_completes_and_another_one_is_told_from_them(nvim):
    complete = "return vim.fn.getcompletion(..., 'cmdline')"
    names = ["ask", "chat", "explain", "fix", "login", "logout", "refactor", "status", "tests", "toggle"]
    assert nvim.lua(complete, "Duo ") == names
    assert nvim.lua(complete, "4,5Duo re") == ["refactor"]
    assert nvim.lua(complete, "Duo chat ") == ["new", "retry", "stop"]
    assert nvim.lua(complete, "Duo toggle for 3") == ["30 minutes"]
    assert nvim.lua(complete, "Duo explain ") == []
    nvim.press(":Duo nonsense<CR>")
    wait(lambda: f'has no "nonsense". It has: {", ".join(names)}.' in nvim.messages, "what there is")
    nvim.press("<CR>")


def test_suggestions_are_turned_off_and_on_and_the_status_says_so(nvim):
    line = "return require('duo_lsp').statusline()"
    wait(lambda: nvim.lua(line) == "Duo", "the state")
    nvim.press(":Duo toggle here<CR>")
    nvim.press(":Duo toggle<CR>")
    wait(lambda: nvim.lua(line) == "Duo: paused", "the state")
    nvim.press(":Duo<CR>")
    wait(lambda: nvim.messages.count("Suggestions are paused") >= 2, "what it says")
    nvim.press(":Duo toggle nonsense<CR>")
    wait(lambda: "does not know 'nonsense'" in nvim.messages, "what may be given")
    nvim.press("<CR>:Duo toggle here<CR>:Duo toggle<CR>")
    wait(lambda: nvim.lua(line) == "Duo", "the state")


def test_a_login_goes_on_in_a_terminal_and_is_forgotten_again(nvim):
    nvim.press(":Duo logout<CR>")
    wait(lambda: "A token is still there" in nvim.messages, "the message")
    wait(lambda: nvim.lua("return require('duo_lsp').statusline()") != "Duo", "the state")
    nvim.lua("vim.fn.setenv('BROWSER', 'true'); vim.ui.open = function() return nil, 'none' end")
    nvim.press(":Duo login<CR>")
    wait(lambda: "with a token that was there already" in nvim.messages, "it to be used")
    assert nvim.lua("return vim.bo.buftype") == ""
    nvim.press(":Duo login<CR>")
    wait(lambda: nvim.lua("return vim.bo.buftype") == "terminal", "a terminal", HANG)
    wait(lambda: "oken" in "\n".join(nvim.lines), "the question for a token", HANG)
    nvim.lua("vim.cmd('bdelete!')")
