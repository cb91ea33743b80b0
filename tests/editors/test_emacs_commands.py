"""The commands of duo-lsp.el in a real Emacs: what they ask, what they show, what they say."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from conftest import isolated
from editors.emacs import Emacs, installed
from editors.emacs_driver import CONVERSATION
from editors.neovim import left_after, wait
from editors.plugin import CHAT, CODE, SAYS, talkative
from editors.sums import finishing
from features import chat
from gitlab_server import Answer, GitLabServer, running
from waiting import HANG

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("emacs"), pytest.mark.timeout(180)]

SERVED = "(and (bound-and-true-p duo-lsp-mode) (duo-lsp-channel) t)"
MESSAGES = '(with-current-buffer "*Messages*" (buffer-substring-no-properties (point-min) (point-max)))'
PIECES = """
(defvar pieces nil)
(advice-add 'duo-lsp-chat--come :after (lambda (&rest _)
  (push (with-current-buffer "*Duo Chat*" (buffer-substring-no-properties (point-min) (point-max))) pieces)))
"""


@contextlib.contextmanager
def emacs(file: Path, environment: Mapping[str, str], more: str = "") -> Iterator[Emacs]:
    """Emacs on this file, set up as people do."""
    editor = Emacs(f"{installed(environment)}\n(require 'duo-lsp)\n{more}", file.parent, environment, file.name)
    with contextlib.closing(editor):
        yield editor


@pytest.fixture(scope="module")
def gitlab() -> Iterator[GitLabServer]:
    """A GitLab that chats."""
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def editor(gitlab: GitLabServer, machine: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emacs]:
    """One Emacs for all questions."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("project")
    (home / ".run").mkdir(mode=0o700)
    (folder / ".git").mkdir()
    (folder / "sums.py").write_text(CODE)
    with emacs(folder / "sums.py", isolated(home, machine) | talkative(gitlab)) as editor:
        wait(lambda: editor.lisp(SERVED), "the server to serve the file")
        yield editor


@pytest.fixture
def sums(editor: Emacs, gitlab: GitLabServer) -> Emacs:
    """It, in the file, with nothing else open."""
    gitlab.others[CHAT] = Answer(status=201, body=SAYS)
    editor.answer("C-x", "b", text="sums.py")
    editor.terminal.press("C-x", "1", "M-<")
    wait(lambda: editor.lisp("(vector (buffer-name) (point))") == ["sums.py", 1], "the file")
    return editor


def asked(gitlab: GitLabServer) -> list[Any]:
    """What went to the chat."""
    return [request.json for request in gitlab.requests if request.path == CHAT]


def answered(sums: Emacs, gitlab: GitLabServer, command: str, text: str = "") -> Any:
    """What GitLab was asked by this command, once the answer shows."""
    before, shown = len(asked(gitlab)), str(sums.lisp(CONVERSATION)).count("That is all.")
    sums.run(command)
    if text:
        sums.answer(text=text)
    wait(lambda: len(asked(gitlab)) > before, "the question")
    wait(lambda: str(sums.lisp(CONVERSATION)).count("That is all.") > shown, "the answer")
    return asked(gitlab)[-1]


def says(editor: Emacs, text: str) -> None:
    """Wait until Emacs has told this."""
    wait(lambda: text in str(editor.lisp(MESSAGES)), text)


def code(body: Any) -> str:
    """The code in a request."""
    return str(next(item["content"] for item in body["additional_context"] if item["category"] == "file"))


def test_a_region_is_explained_and_the_cursor_stays(sums: Emacs, gitlab: GitLabServer) -> None:
    sums.terminal.press("C-n", "C-n", "C-n", "C-Space", "C-n", "C-n")
    body = answered(sums, gitlab, "duo-lsp-explain")
    assert (body["content"], code(body)) == ("/explain", "def add(a, b):\n    return a + b\n")
    assert sums.lisp("(buffer-name)") == "sums.py"
    assert "> Explain\n>\n> sums.py, lines 4-5\n" in sums.lisp(CONVERSATION)


@pytest.mark.parametrize(("command", "slash"), [("fix", "/fix"), ("tests", "/tests"), ("refactor", "/refactor")])
def test_without_a_region_it_is_about_the_function_around_the_cursor(
    command: str, slash: str, sums: Emacs, gitlab: GitLabServer
) -> None:
    sums.terminal.press("C-n", "C-n", "C-n", "C-n")
    body = answered(sums, gitlab, f"duo-lsp-{command}")
    assert (body["content"], code(body)) == (slash, "def add(a, b):\n    return a + b")


def test_what_flymake_found_goes_along(sums: Emacs, gitlab: GitLabServer) -> None:
    found = '(list (flymake-make-diagnostic (current-buffer) 20 30 :error "no good"))'
    sums.lisp(f"""(setq-local flymake-diagnostic-functions (list (lambda (report &rest _) (funcall report {found}))))
                  (flymake-mode 1) (flymake-start) nil""")
    wait(lambda: sums.lisp("(length (flymake-diagnostics))") == 1, "Flymake")
    sums.terminal.press("C-n", "C-n", "C-n", "C-n")
    body = answered(sums, gitlab, "duo-lsp-fix")
    sums.lisp("(flymake-mode -1) nil")
    assert "no good" in str(body)


def test_the_conversation_goes_on_by_its_own_keys(sums: Emacs, gitlab: GitLabServer) -> None:
    assert answered(sums, gitlab, "duo-lsp-ask", "one?")["content"] == "one?"
    sums.run("duo-lsp-chat")
    wait(lambda: sums.lisp("(buffer-name)") == "*Duo Chat*", "the conversation")
    assert sums.lisp("(and buffer-read-only (not (buffer-modified-p)) (derived-mode-p 'markdown-mode) t)")
    before = len(asked(gitlab))
    sums.answer("a", text="two?")
    wait(lambda: len(asked(gitlab)) == before + 1, "the next question")
    sums.terminal.press("g")
    wait(lambda: len(asked(gitlab)) == before + 2, "the same again")
    sums.terminal.press("N")
    sums.answer("a", text="three?")
    wait(lambda: len(asked(gitlab)) == before + 4, "a new conversation")
    assert [body["content"] for body in asked(gitlab)[before:]] == ["two?", "two?", "/reset", "three?"]
    sums.terminal.press("q")
    wait(lambda: sums.lisp("(buffer-name)") == "sums.py", "the code")


def test_thinking_shows_and_what_is_not_wanted_any_more_is_stopped(sums: Emacs, gitlab: GitLabServer) -> None:
    never = threading.Event()
    gitlab.others[CHAT] = Answer(status=201, body=SAYS, when=never)
    sums.run("duo-lsp-ask")
    sums.answer(text="why so slow?")
    wait(lambda: "> why so slow?\n\n*thinking …*" in sums.lisp(CONVERSATION), "the question")
    wait(lambda: sums.lisp("(length duo-lsp-chat--tokens)") == 1, "the server's progress")
    sums.run("duo-lsp-chat-stop")
    wait(lambda: "why so slow?\n\nYou stopped it." in sums.lisp(CONVERSATION), "its end")
    never.set()


def test_an_answer_is_read_while_it_comes(project: Path, environment: dict[str, str]) -> None:
    (project / "sums.py").write_text(CODE)
    with (
        chat.gateway(environment) as there,
        emacs(project / "sums.py", environment | there, PIECES) as editor,
    ):
        wait(lambda: editor.lisp(SERVED), "the server")
        editor.terminal.press("C-n", "C-n", "C-n")
        editor.run("duo-lsp-explain")
        wait(lambda: "That is all there is to say." in str(editor.lisp(CONVERSATION)), "the answer")
        whole = str(editor.lisp(CONVERSATION)).rstrip()
        pieces = [piece.rstrip() for piece in editor.lisp("(vconcat pieces)")]
        assert len({piece for piece in pieces if piece != whole}) >= 2
        assert all(whole.startswith(piece) for piece in pieces)  # nothing that was read is moved in the end
        editor.run("duo-lsp-chat")
        wait(lambda: editor.lisp("(buffer-name)") == "*Duo Chat*", "the conversation")
        editor.terminal.press("M->", "w")
        says(editor, "Duo: the code is copied")
        assert editor.lisp("(current-kill 0)") == "def add(a, b):\n    return a + b\n"


def test_suggestions_are_paused_and_go_on_and_the_mode_line_says_so(sums: Emacs) -> None:
    line = "(substring-no-properties (duo-lsp--lighter))"
    wait(lambda: sums.lisp(line) == " Duo", "the state")
    sums.run("duo-lsp-toggle")
    wait(lambda: sums.lisp(line) == " Duo-", "the pause")
    says(sums, "Duo: Suggestions are paused.")
    sums.run("duo-lsp-toggle")
    wait(lambda: sums.lisp(line) == " Duo", "the state")
    sums.terminal.press("C-u")
    sums.run("duo-lsp-toggle")
    says(sums, "Duo: suggestions are paused in this buffer")
    sums.terminal.press("C-u")
    sums.run("duo-lsp-toggle")
    says(sums, "Duo: suggestions go on in this buffer")
    sums.run("duo-lsp-status")
    says(sums, "Duo: Suggestions come from the GitLab instance.")


def test_asked_by_hand_it_says_why_there_is_nothing(sums: Emacs, gitlab: GitLabServer) -> None:
    gitlab.answer = ""
    sums.terminal.press("M->")
    sums.run("duo-lsp-complete")
    says(sums, "Duo: nothing to suggest here.")


def test_the_cursor_stays_before_a_suggestion_for_the_next_line(sums: Emacs, gitlab: GitLabServer) -> None:
    gitlab.answer = finishing("def sub(a, b):\n    return a - b")
    sums.terminal.press("M->")
    sums.type("def sub(a, b):")
    sums.terminal.shows("return a - b")
    row, line = next((n, line) for n, line in enumerate(sums.terminal.screen.splitlines()) if "def sub" in line)
    assert line.endswith("def sub(a, b):")
    wait(lambda: sums.terminal.cursor == (len(line), row), "the cursor behind what was typed")
    sums.terminal.press("C-g")
    sums.lisp('(search-backward "def sub") (delete-region (point) (point-max)) nil')


def test_the_doctor_comes_into_a_buffer(sums: Emacs) -> None:
    sums.run("duo-lsp-doctor")
    wait(lambda: "duo-lsp    duo-lsp " in str(sums.lisp("(buffer-string)")), "the report", HANG)
    assert sums.lisp("(and buffer-read-only (buffer-name))") == "*duo-lsp doctor*"
    sums.terminal.press("q")


def test_a_login_asks_for_a_token_in_a_buffer_and_is_forgotten_again(sums: Emacs) -> None:
    sums.run("duo-lsp-logout")
    says(sums, "A token is still there")
    sums.lisp("(setq browse-url-browser-function #'ignore) nil")
    sums.run("duo-lsp-login")
    says(sums, "with a token that was there already")
    assert sums.lisp("(buffer-name)") == "sums.py"
    sums.run("duo-lsp-login")
    wait(lambda: "Token (not shown)" in sums.terminal.screen, "the question for a token", HANG)
    sums.terminal.press_text("glpat-secret")
    wait(lambda: "****" in sums.terminal.screen, "stars")
    assert "glpat-secret" not in sums.terminal.screen
    sums.terminal.press("C-g")


def test_settings_and_variables_reach_the_server(project: Path, environment: dict[str, str]) -> None:
    more = """(setq duo-lsp-settings '(:upstream "gitlab") duo-lsp-environment '("GITLAB_URL=http://127.0.0.1:9"))"""
    with emacs(project / "sums.py", environment, more) as editor:
        says(editor, "There is no token for the GitLab instance.")
        wait(lambda: editor.lisp("(plist-get duo-lsp-channel-status :state)") == "signedOut", "the state")


def test_questions_need_no_file(project: Path, environment: dict[str, str], gitlab: GitLabServer) -> None:
    with emacs(project / "notes.txt", environment | talkative(gitlab)) as editor:
        assert "add" in answered(editor, gitlab, "duo-lsp-ask", "what does add do?")["content"]


def test_without_the_program_it_says_so_once(project: Path, environment: dict[str, str]) -> None:
    with emacs(project / "sums.py", environment, """(setq duo-lsp-command '("no-such-program"))""") as editor:
        says(editor, "there is no program no-such-program")
        editor.type("abc")
        editor.run("duo-lsp-status")
        says(editor, "Duo: the server does not start")
        assert str(editor.lisp(MESSAGES)).count("there is no program") == 1


def test_a_server_that_cannot_stay_is_given_up(project: Path, environment: dict[str, str]) -> None:
    with emacs(project / "sums.py", environment, """(setq duo-lsp-command '("false"))""") as editor:
        says(editor, "the server ends again and again")
        assert "started again" in str(editor.lisp(MESSAGES))


def test_the_server_ends_with_its_last_buffer_and_with_emacs(project: Path, environment: dict[str, str]) -> None:
    with emacs(project / "sums.py", environment, "(setq duo-lsp-server--rest 0.1)") as editor:
        wait(lambda: editor.lisp(SERVED), "the server")
        family = editor.terminal.family()[1:]
        editor.lisp("(let (kill-buffer-query-functions) (kill-buffer))")
        assert left_after(8, family) == []
        editor.answer("C-x", "C-f", text=str(project / "sums.py"))
        wait(lambda: editor.lisp(SERVED), "another server")
        family = editor.terminal.family()[1:]
        assert family
        editor.terminal.press("C-x", "C-c")
        assert left_after(8, family) == []


def test_it_follows_a_file_that_gets_another_name(project: Path, environment: dict[str, str]) -> None:
    with emacs(project / "sums.py", environment) as editor:
        wait(lambda: editor.lisp(SERVED), "the server")
        editor.answer("C-x", "C-w", text="plus.py")
        wait(lambda: editor.lisp("buffer-file-name") == str(project / "plus.py"), "the new name")
        editor.type("x")
        wait(lambda: str(editor.lisp("duo-lsp-server--uri")).endswith("/plus.py"), "the server to know it")
        editor.lisp("(set-buffer-modified-p nil)")
