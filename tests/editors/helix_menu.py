"""The completion menu of Helix, read from a screen with its colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import attrs

THEME: Final = "dark_plus"
_MENU: Final = "37;37;38"
_CHOSEN: Final = "9;71;113"
_COLOURS: Final = re.compile(r"\x1b\[([\d;:]*)m")
_BACKGROUND: Final = re.compile(r"(?:^|;)48;2;(\d+;\d+;\d+)")
_ITEM: Final = re.compile(r" (?P<label>\S.*?) +text\b")
"""As our suggestions stand in it: their kind is text."""


@attrs.frozen
class Item:
    """One suggestion."""

    label: str
    chosen: bool


def items(screen: str) -> list[Item]:
    """The suggestions in the menu, from the top; `screen` is what `tmux capture-pane -e` says."""
    found: list[Item] = []
    for background, text in _runs(screen):
        item = _ITEM.match(text)
        if item and background in (_MENU, _CHOSEN):
            found.append(Item(item["label"], chosen=background == _CHOSEN))
    return found


def _runs(screen: str) -> Iterator[tuple[str, str]]:
    """Texts that stand on one background, and which; colours last beyond the end of a line."""
    background = ""
    for line in screen.splitlines():
        run = ""
        for number, part in enumerate(_COLOURS.split(line)):
            if number % 2 == 0:
                run += part
            elif (next_ := _after(part, background)) != background:
                yield background, run
                background, run = next_, ""
        yield background, run


def _after(colours: str, background: str) -> str:
    """The background once these colours are set."""
    if found := _BACKGROUND.search(colours):
        return found[1]
    return "" if colours in ("", "0", "49") or colours.startswith("0;") else background
