"""VS Code's own promises: signing in, who may say where code goes, the menu, a server that is not there."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import isolated
from editors.neovim import wait
from editors.stage import OPENING, PLAIN, Scene, Stage, staged
from editors.vscode_driver import IDLE, STATUS, VSCode
from features.chat import gateway

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group(VSCode.name), pytest.mark.timeout(180)]

SLOW = """
from duo_lsp import cli
from duo_lsp.gateway.engines import fixed
fixed.make = lambda *_: fixed.Fixed(pause=0.4)
cli.main()
"""
"""The gateway with an engine that takes its time between two lines."""
BULB = ".editor-instance .lightBulbWidget, .editor-instance [class*=codicon-gutter-lightbulb]"
CELL = "return vscode.window.activeNotebookEditor.notebook.cellAt(0).document.getText()"
NOTEBOOK = json.dumps(
    {
        "cells": [{"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": OPENING}],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
)
OPEN_NOTEBOOK = """
await vscode.commands.executeCommand('workbench.action.closeAllEditors');
const book = await vscode.workspace.openNotebookDocument(vscode.Uri.file(args[0]));
await vscode.window.showNotebookDocument(book);
await vscode.commands.executeCommand('notebook.cell.edit');
"""
RESTART = """
vscode.window.activeTextEditor.selection = new vscode.Selection(3, 0, 4, 0);
vscode.commands.executeCommand('duoLsp.restart');
await vscode.commands.executeCommand('duoLsp.explain');
"""
ROW = ".quick-input-list .monaco-list-row"
TRUST = "await vscode.workspace.getConfiguration('security.workspace.trust').update('enabled', args[0], true)"
TRUSTED = "return [vscode.workspace.isTrusted, vscode.workspace.getConfiguration('duoLsp').get('openTabsContext')]"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, machine: dict[str, str]) -> Iterator[Stage]:
    """A window where nobody is signed in."""
    home = tmp_path_factory.mktemp("home")
    (home / ".run").mkdir(mode=0o700)
    folder = tmp_path_factory.mktemp("project")
    with staged(VSCode, folder, isolated(home, machine), signed_in=False) as stage:
        yield stage


@pytest.fixture
def editor(stage: Stage) -> VSCode:
    """The editor of the stage."""
    assert isinstance(stage.editor, VSCode)
    return stage.editor


def test_a_token_that_was_typed_is_a_secret_and_goes_to_its_address_only(stage: Stage, editor: VSCode) -> None:
    window, token = editor.window, "glpat-typed-in-vscode"
    stage.begin()
    [server] = editor.servers
    window.command("GitLab Duo: Sign In to GitLab")
    window.call("wait", ".quick-input-widget >> text=The address of your GitLab")
    window.fill(stage.gitlab.url)
    window.press("Enter")
    window.choose("I have a token")
    window.fill(token, "password")
    window.press("Enter")
    stage.see(lambda: "come from the GitLab instance" in editor.state, "the state of somebody who is signed in")
    stage.begin()
    editor.type(PLAIN.typed)
    stage.shown(PLAIN.rest)
    assert stage.gitlab.suggestions[-1].headers["authorization"] == f"Bearer {token}"
    files = [path for path in (window.code_server.home / "user").rglob("*") if path.is_file()]
    settings = [json.loads(path.read_text()) for path in files if path.name == "settings.json"]
    assert stage.gitlab.url in [some.get("duoLsp.baseUrl") for some in settings]
    assert [path for path in files if token.encode() in path.read_bytes()] == []
    window.command("GitLab Duo: Sign Out of GitLab")
    stage.see(lambda: "no token" in editor.state, "the state of somebody who is signed out")
    assert editor.servers == [server]  # nobody who signs in or out meets an editor without a server
    window.set("baseUrl", None)


def test_the_state_in_the_status_bar_opens_a_menu_that_pauses(stage: Stage, editor: VSCode) -> None:
    stage.begin()
    editor.window.call("click", STATUS)
    editor.window.call("wait", ROW)
    assert "Sign in" in editor.window.call("texts", ROW)[0]  # before anything else, for who is signed out
    editor.window.press("Escape")
    choose(editor, "Pause suggestions")
    stage.see(lambda: "paused" in editor.state, "the pause")
    choose(editor, "Go on with suggestions")
    stage.see(lambda: "no token" in editor.state, "the state before")


def test_without_a_server_one_message_says_how_to_get_one(stage: Stage, editor: VSCode) -> None:
    before = len(editor.messages)
    with setting(editor, "server.command", ["/nowhere/duo-lsp"]):
        stage.see(lambda: "was not found" in editor.state, "the state")
        stage.see(lambda: len(editor.messages) > before, "the message")
        [message] = editor.messages[before:]
        assert "Install it with pipx or uv" in message
        editor.window.call("click", ".notification-toast .monaco-button")
        stage.see(lambda: any("pipx install" in text for text in frames(editor)), "the page")


def test_the_server_is_found_where_programs_are(stage: Stage, editor: VSCode) -> None:
    with setting(editor, "server.command", []):
        stage.begin()
        [server] = editor.servers
        assert str(Path(sys.executable).with_name("duo-lsp")) in server.cmdline()


def test_an_answer_is_written_while_it_comes(stage: Stage, editor: VSCode, environment: dict[str, str]) -> None:
    with gateway(environment, program=(sys.executable, "-c", SLOW)) as there, signed_in(editor, there):
        begin_anew(stage, editor)
        editor.explain(3, 4)
        stage.see(lambda: "It adds two numbers" in editor.conversation, "the first line")
        assert "That is all" not in editor.conversation
        assert "Explain this code" in editor.conversation
        stage.see(lambda: "That is all" in editor.conversation, "the last line")
        assert "lines 4-5" in editor.conversation
        editor.window.run("await vscode.commands.executeCommand('duoLsp.newChat')")
        stage.see(lambda: "adds" not in editor.conversation, "a new conversation")


def test_the_light_bulb_asks_too(stage: Stage, editor: VSCode, environment: dict[str, str]) -> None:
    with gateway(environment) as there, signed_in(editor, there):
        begin_anew(stage, editor)
        editor.window.press("ArrowUp", "End")
        editor.window.call("wait", BULB)
        editor.window.press("Control+.")
        editor.window.call("click", ".action-widget >> text=Refactor this code")
        stage.see(lambda: "That is all" in editor.conversation, "the answer")
        assert "Refactor this code" in editor.conversation


def test_a_question_while_the_server_starts_is_answered_once_it_runs(
    stage: Stage, editor: VSCode, environment: dict[str, str]
) -> None:
    with gateway(environment) as there, signed_in(editor, there):
        begin_anew(stage, editor)
        before = editor.window.starts
        editor.window.run(RESTART)
        stage.see(lambda: "That is all" in editor.conversation, "the answer")
        assert editor.window.starts == before + 1


def test_a_cell_of_a_notebook_gets_suggestions(stage: Stage, editor: VSCode) -> None:
    with signed_in(editor, {"GITLAB_URL": stage.gitlab.url, "DUO_LSP_TOKEN": "glpat-for-cells"}):
        stage.begin()
        book = stage.folder / "book.ipynb"
        book.write_text(NOTEBOOK)
        editor.window.run(OPEN_NOTEBOOK, str(book))
        editor.window.call("wait", ".notebook-editor .monaco-editor.focused")
        editor.window.call("evaluate", IDLE)
        editor.window.press("Control+End")
        editor.type(PLAIN.typed)
        stage.shown(PLAIN.rest)
        editor.accept()
        stage.see(lambda: editor.window.run(CELL) == PLAIN.whole, "the suggestion in the cell")
    assert stage.gitlab.suggestions[-1].json["current_file"]["file_name"] == "book.ipynb.py"


def test_its_next_line_can_be_taken(stage: Stage, editor: VSCode) -> None:
    with signed_in(editor, {"GITLAB_URL": stage.gitlab.url, "DUO_LSP_TOKEN": "glpat-for-lines"}):
        stage.begin()
        editor.type(PLAIN.typed)
        stage.shown(PLAIN.rest)
        editor.window.run("await vscode.commands.executeCommand('editor.action.inlineSuggest.acceptNextLine')")
        first, _, second = PLAIN.rest.partition("\n")
        stage.see(lambda: editor.text.removeprefix(OPENING).startswith(PLAIN.typed + first), "its first line")
        assert second not in editor.text


def test_a_folder_that_is_not_trusted_does_not_say_where_code_goes(
    editor: VSCode, environment: dict[str, str], tmp_path: Path
) -> None:
    folder, run = tmp_path / "theirs", tmp_path / "run"
    (folder / ".vscode").mkdir(parents=True)
    theirs = {"baseUrl": "https://gitlab.invalid", "upstream": "local", "openTabsContext": False}
    theirs |= {"server.command": ["touch", str(run)], "tokenCommand": ["touch", str(run)]}
    written = json.dumps({f"duoLsp.{name}": value for name, value in theirs.items()})
    (folder / ".vscode/settings.json").write_text(written)
    editor.window.run(TRUST, True)
    try:
        with staged(VSCode, folder, environment) as hostile:
            assert isinstance(hostile.editor, VSCode)
            hostile.begin()
            hostile.editor.type(PLAIN.typed)
            hostile.shown(PLAIN.rest)  # the GitLab that the person named has said it, not the folder's
            assert hostile.editor.window.starts == 1
            assert hostile.editor.window.run(TRUSTED) == [False, True]
    finally:
        editor.window.run(TRUST, False)
    assert not run.exists()


def test_a_setting_that_is_taken_away_counts_no_more(stage: Stage, editor: VSCode) -> None:
    stage.begin()
    with setting(editor, "codeCompletion.enabled", value=False):
        stage.see(lambda: "turned off" in editor.state, "the state")
    stage.see(lambda: "no token" in editor.state, "the state before")


def begin_anew(stage: Stage, editor: VSCode) -> None:
    """Show a function to ask about; what was said before is forgotten."""
    editor.window.run("await vscode.commands.executeCommand('duoLsp.newChat')")
    stage.begin(Scene("to explain", "", "", OPENING + "    return a + b\n"))


def choose(editor: VSCode, title: str) -> None:
    """Choose from the menu behind the state."""
    editor.window.call("click", STATUS)
    editor.window.choose(title)


def frames(editor: VSCode) -> list[str]:
    """What stands in each page of the window."""
    return [text for text in editor.window.call("frames", "() => document.body.innerText") if text]


@contextlib.contextmanager
def setting(editor: VSCode, name: str, value: object) -> Iterator[None]:
    """A setting for as long as the block runs."""
    before = editor.window.run("return vscode.workspace.getConfiguration('duoLsp').inspect(args[0]).globalValue", name)
    editor.window.set(name, value)
    try:
        yield
    finally:
        editor.window.set(name, before)


@contextlib.contextmanager
def signed_in(editor: VSCode, there: dict[str, str]) -> Iterator[None]:
    """A GitLab for as long as the block runs."""
    printing = [sys.executable, "-c", f"print('{there['DUO_LSP_TOKEN']}')"]
    with setting(editor, "baseUrl", there["GITLAB_URL"]), setting(editor, "tokenCommand", printing):
        wait(lambda: "come from the GitLab instance" in editor.state, "the state of somebody who is signed in")
        yield
