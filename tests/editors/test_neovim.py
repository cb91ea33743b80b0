"""Neovim 0.12 with our own files, a real server and real keys."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from duo_lsp import editor_setup
from editors.neovim import Neovim, left_after, wait
from editors.sums import OPENING, finishing
from gitlab_server import Answer, GitLabServer
from waiting import best

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("neovim"), pytest.mark.timeout(180)]

README = Path(__file__).parents[2] / "editors/neovim/README.md"
REAL_FILES = ("argparse.py", "textwrap.py", "shlex.py", "calendar.py", "configparser.py", "fractions.py")
HALVES = (
    ("def _get_option_tuples(", "    def _get_option_tup"),
    ("def _get_option_tuples(", "        for action in sel"),
    ("def _get_nargs_pattern(", "    def _get_nargs_p"),
    ("def _get_nargs_pattern(", "        option_string = option_st"),
)

"""A line of argparse.py to write above, and what is typed there."""
Start = Callable[..., Neovim]


@pytest.fixture
def init(tmp_path: Path) -> Path:
    """An init file that holds what `duo-lsp setup nvim` prints, and nothing else."""
    path = tmp_path / "init.lua"
    path.write_text(editor_setup.lines("nvim"))
    return path


@pytest.fixture
def start(init: Path, environment: dict[str, str]) -> Iterator[Start]:
    """Start Neovim on a file; more environment as keywords, and a file type where Neovim finds one we leave alone."""
    with contextlib.ExitStack() as stack:

        def begin(file: Path, filetype: str = "", **more: str) -> Neovim:
            nvim = Neovim(init, file, {**environment, **more})
            stack.callback(nvim.close)
            nvim.attach(filetype)
            return nvim

        yield begin


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a file in a folder."""
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    (folder / "src/sums.py").write_text(OPENING)
    return folder


def quiet(nvim: Neovim) -> None:
    """Nothing went wrong that a person or a log would have seen."""
    assert "rror" not in nvim.messages
    assert nvim.complaints == ""


def test_the_local_engine_offers_ghost_text_and_what_is_typed_meanwhile_stands_once(
    tmp_path: Path, start: Start
) -> None:
    folder = tmp_path / "real"
    folder.mkdir()
    for name in REAL_FILES:
        shutil.copy(Path(sysconfig.get_path("stdlib")) / name, folder)
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    nvim = start(folder / "argparse.py")
    ghost = half = ""
    for above, half in HALVES:
        nvim.lua("vim.fn.search(..., 'w'); vim.cmd('normal! O')", above)
        nvim.press("i")
        nvim.type(half)
        with contextlib.suppress(AssertionError):
            ghost = nvim.shown(3)
            break
        nvim.press("<Esc>dd")
    assert len(ghost) > 1, nvim.status()
    nvim.type(ghost[0])
    nvim.press("<Tab>")
    wait(lambda: nvim.line == half + ghost.partition("\n")[0], f"{half + ghost!r}, not {nvim.line!r}")
    assert nvim.status()["state"] == "local"
    quiet(nvim)


def test_gitlab_is_asked_once_and_its_answer_accepted_while_typing(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.answer = finishing("    if a:\n\n        return a + b")
    nvim = start(project / "src/sums.py", **to_gitlab)
    nvim.press("Go")
    nvim.type("    i")
    assert nvim.shown() == "f a:\n\n        return a + b"
    nvim.type("f ")
    nvim.press("<Tab>")
    wait(lambda: len(nvim.lines) == 13, f"the whole suggestion, not {nvim.lines}")
    assert nvim.lines == [*OPENING.splitlines(), "    if a:", "", "        return a + b"]
    request = gitlab_server.suggestions[-1]
    file = request.json["current_file"]
    assert request.headers["authorization"] == "Bearer glpat-of-the-test"
    assert "Neovim" in request.headers["user-agent"]
    assert request.json["intent"] == "completion"
    assert file["file_name"] == "src/sums.py"
    assert file["language_identifier"] == "python"
    assert file["content_above_cursor"].endswith("def add(a, b):\n    i")
    assert f"goes to {gitlab_server.url.removeprefix('http://')}" in nvim.messages
    settled(nvim)
    assert [request.above for request in gitlab_server.suggestions if request.above.endswith("return a + b")] == []
    quiet(nvim)


def settled(nvim: Neovim) -> None:
    """Wait until Neovim has asked again, as it does 200 ms after every change, and was answered."""
    nvim.lua("vim.wait(450, function() return false end, 20)")
    wait(lambda: nvim.lua("return next(vim.lsp.get_clients({name='duo_lsp'})[1].requests) == nil"), "answers")


def test_words_are_taken_as_fast_as_a_key_repeats_and_the_end_is_an_accepted_suggestion(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.answer = finishing("    return first + second + third\n    # done")
    nvim = start(project / "src/sums.py", **to_gitlab)
    nvim.press("Go")
    nvim.type("    ret")
    nvim.shown()
    for line in ("    return", "    return first", "    return first +"):  # each before Neovim asks again
        nvim.press("<C-Right>")
        wait(lambda: nvim.line == line, f"{line!r}, not {nvim.line!r}")  # noqa: B023
    nvim.type(" ")
    nvim.press("<Tab>")
    wait(lambda: nvim.line == "    return first + second + third", f"the line, not {nvim.line!r}")
    wait(lambda: nvim.status()["counts"]["accepted"] == 1, "it to be counted")
    assert len(gitlab_server.suggestions) == 1
    quiet(nvim)


def test_one_undo_takes_back_what_was_accepted_and_not_what_was_typed(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.answer = finishing("    return first + second")
    nvim = start(project / "src/sums.py", **to_gitlab)
    nvim.press("Go")
    nvim.type("    ret")
    nvim.shown()
    nvim.press("<C-Right>")
    wait(lambda: nvim.line == "    return", "a word")
    nvim.press("<Tab>")
    wait(lambda: nvim.line == "    return first + second", "all")
    nvim.press("<Esc>u")
    wait(lambda: nvim.line == "    return", f"the word to stay, not {nvim.line!r}")
    nvim.press("u")
    wait(lambda: nvim.line == "    ret", f"what was typed, not {nvim.line!r}")
    nvim.press("u")
    wait(lambda: nvim.lines == OPENING.splitlines(), "the file as it was")


def test_what_was_dismissed_does_not_come_again_by_itself_but_when_it_is_asked_for(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.answer = finishing("    return a + b")
    nvim = start(project / "src/sums.py", **to_gitlab)
    nvim.lua("vim.keymap.set('i', '<C-l>', '<Plug>(duo-suggest)')")
    nvim.press("Go")
    nvim.type("    ret")
    nvim.shown()
    nvim.press("<C-]>")
    wait(lambda: not nvim.ghost, "it to go")
    nvim.press("<Left><Right>")
    settled(nvim)
    assert nvim.ghost == ""
    nvim.press("<C-l>")
    assert nvim.shown() == "urn a + b"
    quiet(nvim)


def test_keys_that_come_together_with_tab_stand_before_and_behind_it(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.answer = finishing("    if a:\n        return a + b")
    nvim = start(project / "src/sums.py", **to_gitlab)
    nvim.press("Go")
    nvim.type("    i")
    nvim.shown()
    nvim.press("f <Tab> + 1<C-Right>!")
    wait(lambda: nvim.line.endswith("!"), "all keys")
    assert nvim.lines[-2:] == ["    if a:", "        return a + b + 1!"]
    quiet(nvim)


def test_a_mapping_that_is_an_expression_takes_it_too(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.answer = finishing("    if a:\n        return a + b")
    nvim = start(project / "src/sums.py", **to_gitlab)
    nvim.lua("vim.keymap.set('i', '<F2>', function() require('duo_lsp').accept() end, { expr = true })")
    nvim.press("Go")
    nvim.type("    i")
    nvim.shown()
    nvim.press("<F2>")
    wait(lambda: nvim.lines[-2:] == ["    if a:", "        return a + b"], "the suggestion")
    quiet(nvim)


def test_tab_still_goes_on_in_a_snippet_where_nothing_is_offered(project: Path, start: Start) -> None:
    nvim = start(project / "src/sums.py", DUO_LSP_CODE_COMPLETION__ENABLED="false")
    nvim.press("Go")
    nvim.lua("vim.snippet.expand('f($1, $2)$0')")
    nvim.press("a<Tab>b<Tab>")
    wait(lambda: nvim.line == "f(a, b)", f"both places, not {nvim.line!r}")


def test_line_by_line_the_rest_is_offered_and_then_what_follows_it_for_one_request(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.script = [" a:\n        return a + b\n    return b"]
    nvim = start(project / "src/sums.py", **to_gitlab)
    nvim.press("Go")
    nvim.type("    if")
    assert nvim.shown() == " a:\n        return a + b"
    nvim.press("<C-Down>")
    wait(lambda: nvim.line == "    if a:", f"one line, not {nvim.line!r}")
    wait(lambda: nvim.ghost == "\n        return a + b", "the rest")
    nvim.press("<C-Down>")
    wait(lambda: nvim.line == "        return a + b", f"the next line, not {nvim.line!r}")
    wait(lambda: nvim.ghost == "\n    return b", "what follows")
    nvim.press("<Tab>")
    wait(lambda: nvim.lines[-3:] == ["    if a:", "        return a + b", "    return b"], f"all, not {nvim.lines}")
    settled(nvim)
    assert len(gitlab_server.suggestions) == 1
    quiet(nvim)


def test_who_goes_back_is_offered_the_same_again_for_nothing(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.script = ["urn first + second"]
    nvim = start(project / "src/sums.py", **to_gitlab)
    nvim.press("Go")
    nvim.type("    ret")
    nvim.shown()
    nvim.type("urn f")
    wait(lambda: nvim.ghost == "irst + second", "the rest")
    settled(nvim)
    for back, ghost in (("<BS><BS>", " first + second"), ("<BS>" * 4, "turn first + second")):
        nvim.press(back)
        settled(nvim)
        assert nvim.ghost == ghost
    nvim.press("<Tab>")
    wait(lambda: nvim.line == "    return first + second", f"the line, not {nvim.line!r}")
    assert len(gitlab_server.suggestions) == 1
    quiet(nvim)


def test_the_suggestion_that_was_cycled_to_is_the_one_that_is_taken(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.script = [Answer(body={"choices": [{"text": "urn a + b"}, {"text": "urn b"}]})]
    nvim = start(project / "src/sums.py", **to_gitlab)
    nvim.press("Go")
    nvim.type("    ret")
    assert nvim.shown() == "urn a + b"
    nvim.press("<M-]>")
    wait(lambda: nvim.ghost == "urn b (2/2)", f"the other one, not {nvim.ghost!r}")
    nvim.press("<M-[>")
    wait(lambda: nvim.ghost == "urn a + b (1/2)", f"the first one, not {nvim.ghost!r}")
    nvim.press("<M-]>")
    wait(lambda: nvim.ghost == "urn b (2/2)", f"the other one, not {nvim.ghost!r}")
    nvim.press("<Tab>")
    wait(lambda: nvim.line == "    return b", f"that, not {nvim.line!r}")
    settled(nvim)
    assert len(gitlab_server.suggestions) == 1
    quiet(nvim)


def test_typing_something_else_takes_the_suggestion_back_and_tab_is_a_tab(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    never = threading.Event()
    gitlab_server.script = ["urn a + b"]
    gitlab_server.answer = Answer("never", when=never)
    nvim = start(project / "src/sums.py", **to_gitlab)
    nvim.lua("vim.o.expandtab = true; vim.o.softtabstop = 4; vim.o.shiftwidth = 4")
    nvim.press("Go")
    nvim.type("    ret")
    nvim.shown()
    nvim.type("x")
    wait(lambda: not nvim.ghost, "it to go although there is no answer yet")
    nvim.press("<Tab>")
    wait(lambda: nvim.line == "    retx    ", f"a tab, not {nvim.line!r}")
    gitlab_server.wait_for(2)
    assert nvim.ghost == ""
    never.set()
    quiet(nvim)


def test_a_new_file_of_three_lines_breaks_nothing(project: Path, start: Start) -> None:
    nvim = start(project / "src/new.py")
    nvim.press("i")
    nvim.type("# adds two numbers\n")
    nvim.press("<Esc>0Di")
    nvim.type("def add(a, b):\n    ret")
    settled(nvim)
    nvim.press("<Esc>")
    wait(lambda: nvim.lines[:2] == ["# adds two numbers", "def add(a, b):"], f"what was typed, not {nvim.lines}")
    quiet(nvim)


def test_a_file_outside_of_a_workspace_is_named_without_its_folder(
    tmp_path: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    folder = tmp_path / "nowhere"
    folder.mkdir()
    (folder / "alone.py").write_text(OPENING)
    gitlab_server.answer = finishing("    return a + b")
    nvim = start(folder / "alone.py", **to_gitlab)
    nvim.press("Go")
    nvim.type("    ret")
    assert nvim.shown() == "urn a + b"
    assert gitlab_server.suggestions[0].json["current_file"]["file_name"] == "alone.py"
    quiet(nvim)


def test_a_file_of_secrets_is_never_sent(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    (project / ".env").write_text("PASSWORD=one\n")
    gitlab_server.answer = "never"
    nvim = start(project / ".env", "sh", **to_gitlab)
    nvim.press("Go")
    nvim.type("TOKEN=")
    wait(lambda: "never sent" in nvim.status().get("silence", ""), "the reason")
    settled(nvim)
    assert gitlab_server.suggestions == []
    assert nvim.ghost == ""
    quiet(nvim)


@pytest.mark.parametrize(
    "answer",
    [Answer(status=500), Answer(status=401), Answer(status=429, headers={"Retry-After": "30"}), Answer(hang=True)],
    ids=["500", "401", "429", "hangs"],
)
def test_typing_goes_on_when_gitlab_fails_and_nobody_is_told_twice(
    answer: Answer, project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    gitlab_server.answer = answer
    nvim = start(project / "src/sums.py", **to_gitlab)
    nvim.press("Go")
    slowest, floor = 0.0, best(lambda: nvim.lua("return 1 + 1"), time.monotonic)
    for place in range(4):
        nvim.type(f"    x{place} = {place}\n")
        gitlab_server.wait_for(1)
        slowest = max(slowest, best(lambda: nvim.lua("return 1 + 1"), time.monotonic, 1))
        settled(nvim) if not answer.hang else wait(lambda: not nvim.ghost, "nothing")
    assert [line.strip() for line in nvim.lines if " x" in line] == [f"x{n} = {n}" for n in range(4)]
    assert slowest < 20 * floor + 0.5
    told = [line for line in nvim.messages.splitlines() if line and "goes to" not in line and "--No lines" not in line]
    assert len(told) <= 1, told
    assert nvim.complaints == ""


def test_checkhealth_says_who_answers(project: Path, start: Start) -> None:
    nvim = start(project / "src/sums.py")
    wait(lambda: nvim.status().get("state") == "local", "the state")
    nvim.lua("vim.cmd('checkhealth duo_lsp')")
    report = "\n".join(nvim.lines)
    assert "OK Suggestions come from the local engine" in report
    assert "ERROR" not in report


def test_checkhealth_says_why_nothing_was_offered(project: Path, start: Start) -> None:
    (project / ".env").write_text("PASSWORD=one\n")
    nvim = start(project / ".env", "sh")
    nvim.press("Go")
    nvim.type("A=")
    wait(lambda: nvim.status().get("silence"), "the reason")
    nvim.press("<Esc>")
    nvim.lua("vim.cmd('checkhealth duo_lsp')")
    report = "\n".join(nvim.lines)
    assert "the last request got nothing: This file is never sent: it is named like .env*" in report
    assert "ERROR" not in report


def test_nothing_stays_behind_when_neovim_is_killed(project: Path, start: Start) -> None:
    nvim = start(project / "src/sums.py")
    wait(lambda: len(nvim.family()) >= 2, "the server and the local engine")
    family = nvim.family()
    nvim.process.kill()
    nvim.process.wait()
    assert left_after(5, family) == []


def test_a_key_brings_one_suggestion_where_none_comes_by_itself(
    project: Path, start: Start, gitlab_server: GitLabServer, to_gitlab: dict[str, str]
) -> None:
    [mapping] = re.findall(r"```lua\n(vim\.keymap.*?)```", README.read_text("utf-8"), re.DOTALL)
    gitlab_server.answer = finishing("    return a + b")
    nvim = start(project / "src/sums.py", **to_gitlab, DUO_LSP_CODE_COMPLETION__TRIGGER="invoked")
    nvim.lua(mapping)
    nvim.press("Go")
    nvim.type("    ret")
    settled(nvim)
    assert nvim.ghost == ""
    assert gitlab_server.suggestions == []
    nvim.press("<C-l>")
    assert nvim.shown() == "urn a + b"
    nvim.type("u")
    settled(nvim)
    assert nvim.ghost == "rn a + b"
    assert len(gitlab_server.suggestions) == 1
    quiet(nvim)
