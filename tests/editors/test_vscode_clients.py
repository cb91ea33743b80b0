"""Bare clients in VS Code, by our README: vscode-languageclient 11, and 9.0.1 with ghost text and without."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from editors import vscode_package
from editors.stage import OPENING, PLAIN, Scene, Stage, staged
from editors.vscode import shared
from editors.vscode_driver import VSCode

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group(VSCode.name), pytest.mark.timeout(180)]

README: Final = (vscode_package.SOURCE / "README.md").read_text("utf-8")
INDENTED: Final = Scene("indented", "i", PLAIN.rest, OPENING + "    ")
"""A menu asked for at a blank is not asked for anew at the next letter, when that comes faster than the answer."""
KNOWN: Final = "return (await vscode.commands.getCommands(true)).find((name) => name === 'duo.accepted') ?? ''"
MENU: Final = "() => document.querySelector('.suggest-widget.visible .focused')?.getAttribute('aria-label') ?? ''"
Begin = Callable[..., Stage]


def block(language: str, word: str) -> str:
    """The block of the README's section on other clients that has this word in it."""
    section = README.partition("## Any other client")[2]
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    [found] = [text for text in blocks if word in text]
    return found


def extension(folder: Path, version: str, *, proposed: bool) -> str:
    """The two files of the README for this version, for windows on a folder with a file of its name."""
    manifest = json.loads(block("json", '"main"'))
    manifest["name"] = f"client-{version}{'-proposed' * proposed}".replace(".", "-")
    manifest["activationEvents"] = [f"workspaceContains:{manifest['name']}"]
    code = block("js", "exports.activate").replace("'duo-lsp'", json.dumps(str(shared().server)))
    if proposed:
        code = code.replace("  await client.start();", f"  {block('js', 'registerProposed')}  await client.start();")
    folder.mkdir()
    (folder / "package.json").write_text(json.dumps(manifest))
    (folder / "extension.js").write_text(code)
    (folder / "node_modules").symlink_to(vscode_package.client(version))
    return str(manifest["name"])


class Bare(VSCode):
    """A window where our extension is off, so that another client serves it."""

    @property
    def state(self) -> str:
        """Something once the client knows what the server can do."""
        return str(self.window.run(KNOWN))


@pytest.fixture
def begin(tmp_path: Path, environment: dict[str, str]) -> Iterator[Begin]:
    """Open a window with this client, and a file in it."""
    with contextlib.ExitStack() as stack:

        def opened(version: str, *, proposed: bool = False, **settings: object) -> Stage:
            name = extension(tmp_path / "client", version, proposed=proposed)
            shared().add(tmp_path / "client")
            folder = tmp_path / "project"
            (folder / ".vscode").mkdir(parents=True)
            (folder / ".vscode/settings.json").write_text(json.dumps({"duoLsp.enable": False, **settings}))
            (folder / name).touch()
            stage = stack.enter_context(staged(Bare, folder, environment))
            stage.begin(INDENTED)
            return stage

        yield opened


@pytest.mark.parametrize(("version", "proposed"), [("11.0.0", False), ("9.0.1", True)])
def test_ghost_text_of_a_bare_client_shows_and_is_taken(begin: Begin, version: str, proposed: bool) -> None:
    stage = begin(version, proposed=proposed)
    stage.editor.type(INDENTED.typed)
    stage.shown(INDENTED.rest)
    stage.editor.accept()
    stage.holds(INDENTED.whole)


def test_the_menu_of_an_old_client_has_the_suggestion(begin: Begin) -> None:
    stage = begin("9.0.1", **{"editor.quickSuggestions": {"other": "on"}})
    assert isinstance(stage.editor, Bare)
    window = stage.editor.window
    stage.editor.type(INDENTED.typed)
    stage.see(lambda: "if a:" in window.call("evaluate", MENU), "the entry")
    window.press("Enter")
    stage.holds(INDENTED.whole)
