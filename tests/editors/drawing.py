"""A terminal's screen as a picture."""

from __future__ import annotations

import html
import io
import re
from typing import Final

from rich import _export_format as export
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

PICTURE: Final = (80, 22)
"""Columns and rows."""
WIDE: Final = (112, 24)
"""The same with two windows beside each other."""
COLOURS: Final = TerminalTheme((30, 30, 30), (212, 212, 212), [(30, 30, 30)] * 8, [(212, 212, 212)] * 8)
"""Behind what brings no colour along: those of VS Code's Dark+, as in the pictures of all editors."""
_CURSOR: Final = "#1e1e1e on #aeafad"


def svg(screen: str, cursor: tuple[int, int] | None, width: int, title: str) -> str:
    """The screen as `tmux capture-pane -e` says it, with the cursor, and without a font from somebody's server."""
    lines = [Text.from_ansi(line) for line in _carried(screen).split("\n")]
    for line in lines:
        line.pad_right(width - line.cell_len)
    if cursor is not None:
        lines[cursor[1]].stylize(_CURSOR, *_character(lines[cursor[1]].plain, cursor[0]))
    console = Console(record=True, width=width, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    console.print(Text("\n").join(lines), no_wrap=True, overflow="crop")
    frame = re.sub(r"@font-face \{\{.*?\}\}\s*", "", export.CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    drawn = console.export_svg(title=title, theme=COLOURS, code_format=frame, unique_id="screen")
    return re.sub(r'x="([\d.]+)"([^>]*) textLength="([\d.]+)"([^>]*)>((?:&#160;)+)([^<]*)<', _moved, drawn) + "\n"


def _carried(screen: str) -> str:
    """The same with every line in its own colours: in a terminal they last beyond a line's end."""
    lines, colours = [], ""
    for line in screen.rstrip("\n").split("\n"):
        lines.append(colours + line)
        colours = "".join(re.findall(r"\x1b\[[\d;:]*m", lines[-1])).rpartition("\x1b[0m")[2]
    return "\n".join(lines)


def _character(line: str, column: int) -> tuple[int, int]:
    """Which character stands in this column; one may take two."""
    at = next(at for at in range(len(line)) if Text(line[: at + 1]).cell_len > column)
    return at, at + 1


def _moved(text: re.Match[str]) -> str:
    """The same text placed behind the blanks it began with: some viewers swallow them."""
    blanks, rest = len(text[5]) // len("&#160;"), html.unescape(text[6])
    step = float(text[3]) / (blanks + len(rest))
    return f'x="{float(text[1]) + blanks * step:g}"{text[2]} textLength="{len(rest) * step:g}"{text[4]}>{text[6]}<'
