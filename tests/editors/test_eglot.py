"""Emacs 30 with Eglot and without our package: what its README says, a real server and real keys."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from editors.emacs import from_readme
from editors.neovim import left_after, wait
from editors.sums import AREA, COMMAND, OPENING, SHAPES, finishing
from editors.terminal import Terminal, holds, program
from gitlab_server import Answer, GitLabServer

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("eglot"), pytest.mark.timeout(180)]

BEFORE = """
;; an Emacs without lsp-mode, that leaves nothing behind and indents nothing by itself
(setq load-path (seq-remove (lambda (folder) (string-match-p "lsp-mode" folder)) load-path))
(setq make-backup-files nil auto-save-default nil create-lockfiles nil inhibit-startup-screen t
      python-indent-guess-indent-offset nil electric-indent-mode nil)
"""
CSS = """
(add-to-list 'eglot-server-programs '(css-mode . ("%s")))
(add-hook 'css-mode-hook #'eglot-ensure)
"""
Start = Callable[..., Terminal]


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]) -> Iterator[Start]:
    """Start Emacs on a file; more environment as keywords."""
    emacs = program("emacs")
    init = tmp_path / "init.el"
    init.write_text(BEFORE + from_readme("eglot") + CSS % COMMAND.as_posix())
    with contextlib.ExitStack() as stack:

        def begin(file: Path, **more: str) -> Terminal:
            command = [emacs, "-nw", "-Q", "-l", str(init), file.name]
            terminal = Terminal(command, file.parent, {**environment, **more})
            stack.callback(terminal.close)
            terminal.shows("goes to 127.0.0.1" if more else "[eglot:")
            return terminal

        yield begin


def saved(terminal: Terminal, file: Path, wanted: str) -> None:
    """Write the file, as a person does, and find this in it."""
    terminal.press("C-x", "C-s")
    holds(file, wanted)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_the_first_line_is_previewed_and_tab_takes_the_whole(
    line_end: str, project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    file = project / "sums.py"
    file.write_bytes(OPENING.replace("\n", line_end).encode())
    gitlab_server.answer = finishing("    if a:\n        a = {'$x': 1}\n\n        print(add(1, 2))")
    emacs = start(file, **to_gitlab)
    emacs.press("M->")
    emacs.type("    if")
    shown = emacs.shows("    if a:")
    assert "add(1, 2)" not in shown
    emacs.press("Tab")
    emacs.shows("print(add(1, 2))")
    wanted = OPENING + "    if a:\n        a = {'$x': 1}\n\n        print(add(1, 2))\n"
    saved(emacs, file, wanted.replace("\n", line_end))
    assert gitlab_server.suggestions[-1].json["current_file"]["file_name"] == "sums.py"


def test_completion_at_point_takes_it_too(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.answer = finishing("    while a:\n\n        print(add(1, 2))")
    emacs = start(project / "sums.py", **to_gitlab)
    emacs.press("M->")
    emacs.type("    whi")
    emacs.press("M-C-i")
    emacs.shows("print(add(1, 2))")
    saved(emacs, project / "sums.py", OPENING + "    while a:\n\n        print(add(1, 2))\n")


def test_a_suggestion_for_the_next_line_is_previewed_by_it(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.answer = finishing("def sub(a, b):\n    return a - b")
    emacs = start(project / "sums.py", **to_gitlab)
    emacs.press("M->")
    emacs.type("def sub(a, b):")
    emacs.shows("def sub(a, b):⏎ return a - b")
    emacs.press("Tab")
    wait(lambda: "⏎" not in emacs.screen, "the suggestion in the buffer")
    saved(emacs, project / "sums.py", OPENING + "def sub(a, b):\n    return a - b\n")


def test_wide_characters_in_the_word_and_before_it_shift_nothing(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.answer = finishing("x = '漢字' + '😀é' + naïve.漢é字 + ['words',\n1]")
    emacs = start(project / "sums.py", **to_gitlab)
    emacs.press("M->")
    emacs.type("x = '漢字' + '😀é' + naïve.漢é")
    emacs.shows("漢é字 + ['words'")
    emacs.press("Tab")
    emacs.shows("1]")
    saved(emacs, project / "sums.py", OPENING + "x = '漢字' + '😀é' + naïve.漢é字 + ['words',\n1]\n")


def test_a_word_is_what_emacs_calls_a_symbol(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    file = project / "page.css"
    file.write_text("body {\n  margin: 0;\n")
    gitlab_server.answer = finishing("  font-size: 12px;")
    emacs = start(file, **to_gitlab, DUO_LSP_CODE_COMPLETION__ADDITIONAL_LANGUAGES="css")
    emacs.press("M->")
    emacs.type("  font-si")
    emacs.shows("font-size: 12px;")
    emacs.press("Tab")
    saved(emacs, file, "body {\n  margin: 0;\n  font-size: 12px;\n")


def test_the_local_engine_is_previewed_without_an_account(project: Path, start: Start) -> None:
    (project / "shapes.py").write_text(SHAPES)
    file = project / "area.py"
    file.write_text(AREA)
    emacs = start(file)
    emacs.press("C-e", "Enter")
    emacs.type("    return shape.wi")

    def again() -> None:
        emacs.press("BSpace")
        emacs.type("i")

    emacs.shows_after(again, "width * shape.height")
    emacs.press("Tab")
    saved(emacs, file, AREA.replace("\n", "\n    return shape.width * shape.height\n", 1))


@pytest.mark.parametrize("answer", [Answer(status=500), Answer(hang=True)], ids=["500", "hangs"])
def test_typing_goes_on_when_gitlab_fails(
    answer: Answer, project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.answer = answer
    emacs = start(project / "sums.py", **to_gitlab)
    emacs.press("M->")
    emacs.type("    ret")
    gitlab_server.wait_for(1)
    emacs.type("urn 7\n")
    saved(emacs, project / "sums.py", OPENING + "    return 7\n")


def test_nothing_stays_behind_when_emacs_ends(project: Path, start: Start) -> None:
    emacs = start(project / "sums.py")
    wait(lambda: len(emacs.family()) >= 3, "the server and the local engine")
    family = emacs.family()
    emacs.press("C-x", "C-c")
    assert left_after(8, family) == []
