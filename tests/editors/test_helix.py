"""What Helix shows in its own way, beside what every editor promises."""

from __future__ import annotations

import contextlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import isolated
from editors.helix_driver import Helix
from editors.neovim import left_after, wait
from editors.stage import OPENING, PLAIN, Scene, Stage, ended, staged
from editors.sums import AREA, SHAPES
from gitlab_server import Answer

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group(Helix.name), pytest.mark.timeout(180)]

PREVIEWED = Scene("a preview", "    w", "hile a:\n        a = {'$x': 1}\n\n        print(add(1, 2))")


OTHER = """
from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

server = LanguageServer("other", "1")


@server.feature(lsp.TEXT_DOCUMENT_COMPLETION)
def completion(_):
    return [lsp.CompletionItem(word, kind=lsp.CompletionItemKind.Function) for word in ("id", "if", "isinstance")]


server.start_io()
"""


class Beside(Helix):
    """With the server of another that completes, too."""

    def languages(self, printed: str) -> str:
        """That server in the place of Helix' own."""
        own = re.escape('"ty", "ruff", "jedi", "pylsp", "zuban"')
        command = f"command = {json.dumps(sys.executable)}\nargs = {json.dumps(['-c', OTHER])}"
        changed, count = re.subn(own, '"other"', printed)
        assert count == 1
        return f"{changed}\n[language-server.other]\n{command}\n"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, machine: dict[str, str]) -> Iterator[tuple[Stage, Helix]]:
    """One Helix for all that needs a GitLab."""
    home = tmp_path_factory.mktemp("home")
    (home / ".run").mkdir(mode=0o700)
    with staged(Helix, tmp_path_factory.mktemp("project"), isolated(home, machine)) as stage:
        assert isinstance(stage.editor, Helix)
        yield stage, stage.editor


def test_the_chosen_one_stands_in_the_text_and_beside_it_before_it_is_taken(stage: tuple[Stage, Helix]) -> None:
    on, helix = stage
    on.begin(PREVIEWED)
    helix.type(PREVIEWED.typed)
    on.shown(PREVIEWED.rest)
    assert "add(1, 2)" not in helix.terminal.screen
    helix.terminal.press("Tab")
    screen = helix.terminal.shows("GitLab Duo, 4 lines")
    assert screen.count("print(add(1, 2))") == 2
    assert screen.count("a = {'$x': 1}") == 2
    helix.terminal.press("Enter")
    wait(lambda: "GitLab Duo" not in helix.terminal.screen, "the menu to go")
    on.holds(PREVIEWED.whole)


def test_wide_characters_in_the_word_shift_nothing(stage: tuple[Stage, Helix]) -> None:
    on, helix = stage
    scene = Scene("a wide word", "    x = '😀漢字' + naïve.漢é", "字 + words")
    on.begin(scene)
    helix.type(scene.typed)
    on.shown(scene.rest)
    helix.accept()
    on.holds(scene.whole)


def test_a_suggestion_for_the_next_line_is_named_by_it(stage: tuple[Stage, Helix]) -> None:
    on, helix = stage
    on.begin(Scene("a new line", "    pass", "\n\n\nprint(add(1, 2))"))
    helix.type("    pass")
    helix.terminal.press("C-x")
    on.see(lambda: any(item.label == "pass⏎ print(add(1, 2))" for item in helix.items), "the next line's name")
    helix.accept()
    on.holds(OPENING + "    pass\n\n\nprint(add(1, 2))")


@pytest.mark.parametrize("answer", [Answer(status=500), Answer(hang=True)], ids=["500", "hangs"])
def test_typing_goes_on_when_gitlab_fails(answer: Answer, stage: tuple[Stage, Helix]) -> None:
    on, helix = stage
    on.begin()
    on.gitlab.answer = answer
    asked = len(on.gitlab.suggestions)
    helix.type("    ret")
    helix.terminal.press("C-x")
    on.gitlab.wait_for(asked + 1)
    helix.type("urn 7")
    on.holds(OPENING + "    return 7")


def test_a_code_action_asks_and_every_answer_opens_with_all_that_was_said(stage: tuple[Stage, Helix]) -> None:
    on, helix = stage
    on.begin(Scene("to ask about", "", "", OPENING + "    return a + b\n"))
    helix.leave_insert_mode()
    helix.terminal.press_text("4gg2x")
    helix.terminal.press("Space")
    helix.terminal.shows("code action")
    helix.type("a")
    helix.terminal.shows("Explain this code (GitLab Duo)")
    helix.terminal.press("Enter")  # the first of them
    helix.terminal.shows("> Refactor this code")
    helix.ours("a")
    helix.terminal.shows('"question": "')
    helix.type("and what else?")
    helix.terminal.press("Enter")
    helix.terminal.shows("> and what else?")
    assert helix.terminal.screen.count("That is all.") == 2
    helix.terminal.press_text("gg/sums_")
    helix.terminal.press("Enter")
    helix.terminal.press_text("n;gf")  # in the link, not in what it is called
    helix.terminal.shows("def add(a, b):")
    wait(lambda: "## Asked on" not in helix.terminal.screen, "the file that it was about")


def test_its_keys_say_what_is_going_on(stage: tuple[Stage, Helix]) -> None:
    on, helix = stage
    on.begin()
    helix.leave_insert_mode()
    if answer_to(helix, "s")["state"] == "paused":  # a test that broke off left it so
        answer_to(helix, "o")
    assert answer_to(helix, "o")["state"] == "paused"
    shown_by(helix, "s", "Suggestions are paused")
    assert answer_to(helix, "o")["state"] != "paused"
    shown_by(helix, "e", "there is no function here")


def answer_to(helix: Helix, key: str) -> dict[str, str]:
    """What the server answers to one of our keys."""
    before = len(helix.wire.answers)
    helix.ours(key)
    wait(lambda: len(helix.wire.answers) > before, "an answer")
    return dict(helix.wire.answers[-1])


def shown_by(helix: Helix, key: str, text: str) -> None:
    """Press a key that changes nothing until this shows: the line is one for all, such as where the code goes."""
    helix.terminal.shows_after(lambda: helix.ours(key), text)


def test_a_killed_server_is_told_of_and_comes_back_with_the_next_file(stage: tuple[Stage, Helix]) -> None:
    on, helix = stage
    on.begin()
    servers = helix.servers  # the conversation that was shown may have one of its own
    for server in servers:
        server.kill()
    wait(lambda: all(map(ended, servers)), "the servers' end")
    helix.terminal.shows("Language server exited: duo-lsp")
    on.begin()
    on.see(lambda: [server for server in helix.servers if not ended(server)], "a new server")
    helix.type(PLAIN.typed)
    on.shown(PLAIN.rest)


def test_beside_what_another_server_offers_ours_is_the_first_also_when_it_comes_late(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    with staged(Beside, tmp_path / "project", environment) as on:
        helix = on.editor
        assert isinstance(helix, Beside)
        on.begin()
        helix.type("    i")
        helix.terminal.shows_after(lambda: helix.terminal.press("BSpace", "i"), "isinstance")
        on.begin()
        on.gitlab.answer = Answer(PLAIN.rest, delay=1)
        helix.type("    i")
        helix.terminal.shows("isinstance")
        on.shown("f a:")
        rows = [row for row in helix.terminal.screen.splitlines() if " function" in row or " text" in row]
        assert [row.split()[-1] for row in rows] == ["text", *["function"] * (len(rows) - 1)]
        assert len(rows) > 1


def test_without_an_account_the_local_engine_fills_the_menu_and_ends_with_helix(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project/shapes.py").write_text(SHAPES)
    helix = Helix(tmp_path / "project", environment)
    with contextlib.closing(helix):
        file = tmp_path / "project/area.py"
        file.write_text(AREA)
        helix.open(file)
        helix.leave_insert_mode()
        helix.write_with("ggo")
        helix.terminal.press_text("    return shape.wi")
        helix.terminal.shows_after(lambda: helix.terminal.press("C-x"), "width * shape.height")
        helix.terminal.press("Tab")
        helix.terminal.shows("local engine")
        helix.terminal.press("Enter")
        wanted = AREA.replace("\n", "\n    return shape.width * shape.height\n", 1)
        wait(lambda: helix.text.startswith(wanted.rstrip("\n")), "the suggestion in the text")
        family = helix.terminal.family()
        assert len(family) >= 3
        helix.leave_insert_mode()
        helix.command(":q!")
        assert left_after(8, family) == []
