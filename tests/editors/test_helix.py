"""Helix with what `duo-lsp setup helix` prints, a real server and real keys: what a person sees, and the file."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from editors.neovim import left_after, wait
from editors.sums import AREA, COMMAND, OPENING, SHAPES, finishing
from editors.terminal import Terminal, holds, program
from gitlab_server import Answer, GitLabServer

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("editors"), pytest.mark.timeout(180)]

Start = Callable[..., Terminal]


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    """Start Helix on a file; more environment as keywords."""
    helix = program("hx")
    printed = subprocess.run([COMMAND, "setup", "helix"], env=environment, capture_output=True, text=True, check=True)
    languages = Path(environment["XDG_CONFIG_HOME"]) / "helix/languages.toml"
    languages.parent.mkdir(parents=True)
    languages.write_text(printed.stdout)
    with contextlib.ExitStack() as stack:

        def begin(file: Path, **more: str) -> Terminal:
            terminal = Terminal([helix, file.name], file.parent, {**environment, **more})
            stack.callback(terminal.close)
            terminal.shows("goes to 127.0.0.1" if more else " NOR ")
            return terminal

        yield begin


def menu(helix: Terminal, text: str, letter: str) -> str:
    """The screen with this text in the menu.

    Helix drops what is typed while it waits for an answer; a person's next key brings the menu, so does this letter.
    """

    def again() -> None:
        helix.press("BSpace")
        helix.type(letter)

    with contextlib.suppress(AssertionError):
        return helix.shows(text, 1)
    return helix.shows_after(again, text)


def saved(terminal: Terminal, file: Path, wanted: str) -> None:
    """Write the file, as a person does, and find this in it."""
    terminal.press("Escape")
    terminal.shows(" NOR ")
    terminal.type(":w")
    terminal.press("Enter")
    holds(file, wanted)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_menu_preview_accepted_and_the_file_is_right(
    line_end: str, project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    file = project / "sums.py"
    file.write_bytes(OPENING.replace("\n", line_end).encode())
    gitlab_server.answer = finishing("    while a:\n        a = {'$x': 1}\n\n        print(add(1, 2))")
    helix = start(file, **to_gitlab)
    helix.press("g", "e", "o")
    helix.type("    whil")
    assert "add(1, 2)" not in menu(helix, "while a: text", "l")
    helix.press("Tab")
    preview = helix.shows("GitLab Duo, 4 lines")
    assert preview.count("print(add(1, 2))") == 2  # in the buffer, and beside the menu
    assert preview.count("a = {'$x': 1}") == 2
    helix.press("Enter")
    wait(lambda: "GitLab Duo" not in helix.screen, "the menu to go")
    wanted = OPENING + "    while a:\n        a = {'$x': 1}\n\n        print(add(1, 2))\n"
    saved(helix, file, wanted.replace("\n", line_end))
    assert len(gitlab_server.suggestions) == 1
    assert gitlab_server.suggestions[0].json["current_file"]["file_name"] == "sums.py"


def test_wide_characters_in_the_word_and_before_it_shift_nothing(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.answer = finishing("    x = '😀漢字' + naïve.漢é字 + words")
    helix = start(project / "sums.py", **to_gitlab)
    helix.press("g", "e", "o")
    helix.type("    x = '😀漢字' + naïve.漢é")
    menu(helix, "漢é字 + words text", "é")
    helix.press("Tab")
    helix.shows("GitLab Duo")
    helix.press("Enter")
    saved(helix, project / "sums.py", OPENING + "    x = '😀漢字' + naïve.漢é字 + words\n")


def test_a_suggestion_for_the_next_line_is_named_by_it(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.answer = "\n    return a + b"
    helix = start(project / "sums.py", **to_gitlab)
    helix.press("g", "e", "A")
    helix.press("C-x")
    helix.shows("⏎ return a + b")
    helix.press("Tab")
    helix.shows("GitLab Duo")
    helix.press("Enter")
    saved(helix, project / "sums.py", OPENING.rstrip("\n") + "\n    return a + b\n")


def test_letters_typed_while_the_menu_is_open_stand_once(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.answer = finishing("    return a + b")
    helix = start(project / "sums.py", **to_gitlab)
    helix.press("g", "e", "o")
    helix.type("    retu")
    menu(helix, "return a + b text", "u")
    helix.type("rn")
    helix.press("Tab")
    helix.shows("GitLab Duo")
    helix.press("Enter")
    saved(helix, project / "sums.py", OPENING + "    return a + b\n")
    assert len(gitlab_server.suggestions) == 1


def test_the_local_engine_fills_the_menu_without_an_account(project: Path, start: Start) -> None:
    (project / "shapes.py").write_text(SHAPES)
    file = project / "area.py"
    file.write_text(AREA)
    helix = start(file)
    helix.press("o")
    helix.type("    return shape.wi")
    helix.shows_after(lambda: helix.press("C-x"), "width * shape.height")
    helix.press("Tab")
    helix.shows("local engine")
    helix.press("Enter")
    saved(helix, file, AREA.replace("\n", "\n    return shape.width * shape.height\n", 1))


@pytest.mark.parametrize("answer", [Answer(status=500), Answer(hang=True)], ids=["500", "hangs"])
def test_typing_goes_on_when_gitlab_fails(
    answer: Answer, project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.answer = answer
    helix = start(project / "sums.py", **to_gitlab)
    helix.press("g", "e", "o")
    helix.type("    ret")
    helix.press("C-x")
    gitlab_server.wait_for(1)
    helix.type("urn 7")
    saved(helix, project / "sums.py", OPENING + "    return 7\n")


def test_nothing_stays_behind_when_helix_ends(project: Path, start: Start) -> None:
    helix = start(project / "sums.py")
    wait(lambda: len(helix.family()) >= 3, "the server and the local engine")
    family = helix.family()
    helix.type(":q!")
    helix.press("Enter")
    assert left_after(8, family) == []
