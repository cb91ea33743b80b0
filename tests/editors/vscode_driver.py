"""VS Code with our extension, as every test drives an editor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

import psutil

from editors import looks, vscode_package
from editors.neovim import wait
from editors.vscode import CodeServer, Probe

STATUS: Final = '[id="duo-lsp.duo-lsp.duoLsp.status"]'
SAID: Final = "(item) => document.querySelector(item)?.querySelector('a')?.getAttribute('aria-label') ?? ''"
GHOST: Final = """() => {
  const editor = document.querySelector('.editor-instance .monaco-editor.focused');
  if (!editor) return '';
  const said = (found) => [...found].map((one) => one.textContent).join('');
  const first = said(editor.querySelectorAll('.view-lines [class*=ghost-text-decoration]'));
  const more = [...editor.querySelectorAll('.suggest-preview-text .view-line')].map((line) => line.textContent);
  return [first, ...more].join('\\n').replaceAll('\\u00a0', ' ');
}"""
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
        self._server = CodeServer(environment, [vscode_package.unpacked()])
        self._page = self._server.browser
        self._page.call("open", f"{self._server.url}/?folder={folder}")
        self._probe = Probe(self._server, folder)

    def open(self, file: Path) -> None:
        self._probe.run(OPEN, str(file))
        self._page.call("wait", ".monaco-editor.focused .view-lines")
        wait(lambda: "starting" not in self.state and self.state, "the server to serve the window")

    def type(self, text: str, pause: float = 0.0) -> None:
        for at, part in enumerate(text.split("\t")):
            if at:
                self._page.call("press", "Tab")
            self._page.call("type", part, pause * 1000)

    def offers(self, text: str) -> bool:
        return self.offer == text.expandtabs(4)

    @property
    def offer(self) -> str:
        return str(self._page.call("evaluate", GHOST))

    def accept(self) -> None:
        self._page.call("press", "Tab")

    def accept_word(self) -> None:
        self._page.call("press", "Control+ArrowRight")

    def next(self) -> None:
        self._page.call("press", "Alt+]")

    def dismiss(self) -> None:
        self._page.call("press", "Escape")

    def undo(self) -> None:
        self._page.call("press", "Control+z")

    @property
    def text(self) -> str:
        return str(self._probe.run(TEXT)).replace("\r\n", "\n").removesuffix("\n")

    def save(self) -> None:
        self._page.call("press", "Control+s")

    def explain(self, first: int, last: int) -> None:
        self._probe.run(SELECT, first, last)
        self.command("GitLab Duo: Explain This Code")

    def command(self, title: str) -> None:
        """Choose a command by its name, as a person does."""
        self._page.call("press", "F1")
        self._page.call("wait", ".quick-input-widget input")
        self._page.call("type", title, 0)
        self._page.call("wait", f'.quick-input-list [aria-label^="{title}"]')
        self._page.call("press", "Enter")

    @property
    def conversation(self) -> str:
        return "\n".join(self._page.call("frames", CONVERSATION))

    @property
    def state(self) -> str:
        return str(self._page.call("evaluate", SAID, STATUS))

    @property
    def messages(self) -> Sequence[str]:
        return [message for message in self._page.call("evaluate", "() => window.told") if message]

    @property
    def servers(self) -> list[psutil.Process]:
        found = []
        for process in self._server.family():
            try:
                if _is_ours(process) and not _is_ours(process.parent()):
                    found.append(process)
            except psutil.NoSuchProcess:
                continue
        return found

    def picture(self, path: Path) -> None:
        self._probe.run(looks.DRESS_VSCODE, looks.VSCODE)
        self._page.call("wait", ".monaco-workbench.vs-dark")
        self._page.call("picture", str(path), PICTURE)

    def close(self) -> None:
        self._probe.close()
        self._server.close()


def _is_ours(process: psutil.Process | None) -> bool:
    return process is not None and any(Path(word).name == "duo-lsp" for word in process.cmdline()[:2])
