"""VS Code with our extension, as every test drives an editor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

import psutil

from editors import looks
from editors.neovim import wait
from editors.vscode_window import Window

STATUS: Final = '[id="duo-lsp.duo-lsp.duoLsp.status"]'
SAID: Final = "(item) => document.querySelector(item)?.querySelector('a')?.getAttribute('aria-label') ?? ''"
GHOST: Final = """() => {
  const editor = document.querySelector(':is(.editor-instance, .notebook-editor) .monaco-editor.focused');
  if (!editor) return '';
  const said = (found) => [...found].map((one) => one.textContent).join('');
  const first = said(editor.querySelectorAll('.view-lines [class*=ghost-text-decoration]'));
  const more = [...editor.querySelectorAll('.suggest-preview-text .view-line')].map((line) => line.textContent);
  return [first, ...more].join('\\n').replaceAll('\\u00a0', ' ');
}"""
IDLE: Final = "() => new Promise((resolve) => requestIdleCallback(() => resolve(null), { timeout: 10000 }))"
"""A new editor looks for ghost text once its window has been idle; who has waited longer comes first."""
OPEN: Final = """
await vscode.commands.executeCommand('workbench.action.closeAllEditors');
await vscode.window.showTextDocument(vscode.Uri.file(args[0]));
await vscode.commands.executeCommand('cursorBottom');
"""
SELECT: Final = """
const { document } = vscode.window.activeTextEditor;
const selection = new vscode.Range(args[0], 0, args[1], document.lineAt(args[1]).text.length);
await vscode.window.showTextDocument(document, { selection });
"""
TEXT: Final = "return vscode.window.activeTextEditor?.document.getText() ?? ''"
CONVERSATION: Final = "() => document.getElementById('conversation')?.innerText"


PICTURE: Final = {"width": 900, "height": 520}


class VSCode:
    """One window of code-server, with the package that `npm run package` makes."""

    name: ClassVar[str] = "VS Code"
    menu: ClassVar[bool] = False
    cannot: ClassVar[Mapping[str, str]] = {}

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.window = Window(folder, environment)

    def open(self, file: Path) -> None:
        self.window.run(OPEN, str(file))
        self.window.call("wait", ".monaco-editor.focused .view-lines")
        wait(lambda: self.state and "is starting" not in self.state, "the server to serve the window")
        self.window.call("evaluate", IDLE)

    def type(self, text: str, pause: float = 0.0) -> None:
        for at, part in enumerate(text.split("\t")):
            if at:
                self.window.press("Tab")
            self.window.call("type", part, pause * 1000)

    def offers(self, text: str) -> bool:
        return self.offer == text.expandtabs(4)

    @property
    def offer(self) -> str:
        return str(self.window.call("evaluate", GHOST))

    def accept(self) -> None:
        self.window.press("Tab")

    def accept_word(self) -> None:
        self.window.press("Control+ArrowRight")

    def next(self) -> None:
        self.window.press("Alt+]")

    def dismiss(self) -> None:
        self.window.press("Escape")

    def undo(self) -> None:
        self.window.press("Control+z")

    @property
    def text(self) -> str:
        return str(self.window.run(TEXT)).replace("\r\n", "\n").removesuffix("\n")

    def save(self) -> None:
        self.window.press("Control+s")

    def explain(self, first: int, last: int) -> None:
        self.window.run(SELECT, first, last)
        self.window.command("GitLab Duo: Explain This Code")

    @property
    def conversation(self) -> str:
        return "\n".join(filter(None, self.window.call("frames", CONVERSATION)))

    @property
    def state(self) -> str:
        return str(self.window.call("evaluate", SAID, STATUS))

    @property
    def messages(self) -> Sequence[str]:
        return self.window.messages

    @property
    def servers(self) -> list[psutil.Process]:
        return self.window.servers

    def picture(self, path: Path) -> None:
        self.window.run(looks.DRESS_VSCODE, looks.VSCODE)
        self.window.call("wait", ".monaco-workbench.vs-dark")
        self.window.call("picture", str(path), PICTURE)

    def close(self) -> None:
        self.window.close()
