"""A picture of ghost text: a real Neovim in tmux, our set-up, the local engine, a file of this repository."""

from __future__ import annotations

import html
import io
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich import _export_format as export
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from scripts.editor import ROOT, SERVER

NEOVIM = Path(os.environ.get("DUO_LSP_EDITORS") or Path.home() / ".cache/duo-lsp/editors") / "bin/nvim"
PICTURE = ROOT / "editors/neovim/ghost-text.svg"
FILE = ROOT / "server/duo_lsp/gitlab/upstream.py"
TYPED = "    async def complete(self, request"
"""Half of a line of that file, its last such one; the rest is taken away before."""
WIDTH, HEIGHT = 88, 20
PATIENCE = 20.0
LOOK = "set termguicolors background=dark number noshowmode noruler laststatus=0 signcolumn=no scrolloff=9 shortmess+=F"
DIM = "highlight ComplHint guifg=NvimLightGrey4"
"""A little lighter than Neovim's own, which is lost when a picture is shrunk."""
COLOURS = TerminalTheme((20, 22, 27), (224, 226, 234), [(20, 22, 27)] * 8, [(224, 226, 234)] * 8)
"""Those of Neovim's own colour scheme; every cell brings its colour along."""


def main() -> None:
    """Draw the picture anew."""
    with tempfile.TemporaryDirectory() as home, screen(Path(home)) as tmux:
        row = line_number()
        keys(tmux, f":{row}\r")
        keys(tmux, "0D\x0cA")
        for key in TYPED:
            keys(tmux, key)
            time.sleep(0.01)
        wait(lambda: suggested(tmux), "ghost text")
        captured, cursor = tmux("capture-pane", "-p", "-e"), tmux("display", "-p", "#{cursor_x} #{cursor_y}")
    PICTURE.write_text(svg(captured, *map(int, cursor.split())), "utf-8")
    print(f"{PICTURE.relative_to(ROOT)}: {plain(captured)[int(cursor.split()[1])].strip()}")


Tmux = Callable[..., str]


@contextmanager
def screen(home: Path) -> Iterator[Tmux]:
    """Neovim in a terminal of its own, ready to suggest."""
    init = home / "init.lua"
    printed = subprocess.run([SERVER, "setup", "nvim"], capture_output=True, text=True, check=True).stdout
    init.write_text(f"vim.cmd([[{LOOK}\n{DIM}]])\n{printed}", "utf-8")
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("DUO_LSP_", "GITLAB_", "XDG_", "TMUX"))}
    environment = {**kept, "HOME": str(home), "COLORTERM": "truecolor"}

    def tmux(*arguments: str) -> str:
        command = ["tmux", "-S", str(home / "tmux"), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    nvim = f"'{NEOVIM}' -n -i NONE -u '{init}' '{FILE}'"
    (home / "tmux.conf").write_text(
        "set -g status off\nset -g default-terminal tmux-256color\nset -ga terminal-overrides ,*:RGB\n"
    )
    tmux("-f", str(home / "tmux.conf"), "new-session", "-d", "-x", str(WIDTH), "-y", str(HEIGHT), "-c", str(ROOT), nvim)
    try:
        wait(lambda: "import" in tmux("capture-pane", "-p"), "Neovim")
        wait(lambda: attached(tmux, home), "the server")
        yield tmux
    finally:
        tmux("kill-server")


def attached(tmux: Tmux, home: Path) -> bool:
    """Whether the server runs and has read the workspace; Neovim writes it to a file for us."""
    told = home / "clients"
    keys(tmux, f":call writefile([len(luaeval('vim.lsp.get_clients({{bufnr=0}})'))], '{told}')\r")
    time.sleep(0.2)
    return told.exists() and told.read_text().strip() == "1"


def keys(tmux: Tmux, text: str) -> None:
    """Press keys."""
    tmux("send-keys", "-l", "--", text)


def line_number() -> int:
    """Where the half line stands in the file, from 1."""
    lines = FILE.read_text("utf-8").splitlines()
    return max(number for number, line in enumerate(lines, 1) if line.startswith(TYPED))


def suggested(tmux: Tmux) -> bool:
    """Whether more stands on the line than was typed."""
    return any(TYPED in line and len(line.split(TYPED)[1].strip()) > 1 for line in plain(tmux("capture-pane", "-p")))


def plain(captured: str) -> list[str]:
    """The lines without colours."""
    return Text.from_ansi(captured).plain.splitlines()


def wait(condition: Callable[[], bool], what: str) -> None:
    """Look again until it holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"picture: waited {PATIENCE:.0f} s for {what}")
        time.sleep(0.05)


def svg(captured: str, column: int, row: int) -> str:
    """The screen as a picture, with the cursor, and without a font from somebody's server."""
    lines = [Text.from_ansi(line) for line in captured.rstrip("\n").split("\n")]
    for line in lines:
        line.pad_right(WIDTH - len(line))
    lines[row].stylize("#14161b on #e0e2ea", column, column + 1)
    console = Console(record=True, width=WIDTH, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    console.print(Text("\n").join(lines), no_wrap=True, overflow="crop")
    frame = re.sub(r"@font-face \{\{.*?\}\}\s*", "", export.CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    drawn = console.export_svg(title=FILE.name, theme=COLOURS, code_format=frame, unique_id="ghost")
    return re.sub(r'x="([\d.]+)"([^>]*) textLength="([\d.]+)"([^>]*)>((?:&#160;)+)([^<]*)<', moved, drawn) + "\n"


def moved(text: re.Match[str]) -> str:
    """The same text placed behind the blanks it began with: some viewers swallow them."""
    blanks, rest = len(text[5]) // len("&#160;"), html.unescape(text[6])
    step = float(text[3]) / (blanks + len(rest))
    return f'x="{float(text[1]) + blanks * step:g}"{text[2]} textLength="{len(rest) * step:g}"{text[4]}>{text[6]}<'


if __name__ == "__main__":
    main()
