"""An answer laid out for a terminal, block by block; needs the extra `chat`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duo_lsp.chat.blocks import Blocks

if TYPE_CHECKING:
    from rich.console import Console


class RichPage:
    """Prints every block of Markdown once it is complete."""

    def __init__(self, console: Console | None = None) -> None:
        """Raises ImportError where the extra is not installed."""
        from rich.console import Console
        from rich.markdown import Markdown

        self._console = console or Console()
        self._markdown = Markdown
        self._blocks = Blocks()

    def feed(self, piece: str) -> None:
        """More of the answer."""
        self._show(self._blocks.feed(piece))

    def finish(self) -> None:
        """The rest of it."""
        self._show(self._blocks.finish())

    def _show(self, text: str) -> None:
        if text.strip():
            self._console.print(self._markdown(text, hyperlinks=False), end="\n\n")
