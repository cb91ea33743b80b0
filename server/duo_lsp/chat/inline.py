"""One line of Markdown made harmless: what a renderer would fetch, run or hide becomes text, code spans stay.

Everything is done with what the line alone says, so that renderers that see the blocks around it differently agree.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Mapping
from typing import Final

import attrs

_SCHEMES: Final = (
    "about blob chrome cmd command data facetime file filesystem ftp git http intent jar javascript ldap "
    "livescript mailto mhtml mocha ms-settings resource search-ms shell skype slack smb sms ssh steam tel "
    "vbscript view-source vscode vscode-insiders vscode-webview wyciwyg x-apple zed "
)
"""Those that do something without two slashes, too."""
_RUNS: Final = re.compile("`+")
_TOKEN: Final = re.compile(
    r"(?P<escaped>\\[!-/:-@\[-`{-~])"
    r"|(?P<ticks>`+)"
    r"|<(?P<address>https://[^\s<>`\\\[\]$~|!]*)>"
    r"|(?P<tag><(?=[A-Za-z/!?]))"
    r"|(?P<image>!+(?=\[))"
    r"|(?P<target>\](?=[(:]))"
    r"|(?P<web>(?<![\w/.-])www\.\w[\w+.-]*(?::(?=/))?)"
    r"|(?<![\w+.-])(?P<scheme>[A-Za-z][\w+.-]{0,30}):(?=[^\s:])"
    r"|(?P<fence>~{3,})"
    r"|(?P<formulas>\${2,})"
    r"|(?P<formula>\$)",
    re.IGNORECASE,
)
_ESCAPED: Final = {"\\<": "&lt;", "\\`": "&#96;", "\\~": "&#126;", "\\$": "&#36;"}
"""Escapes that not every renderer knows are written so that all do."""


@attrs.define
class Inline:
    """Makes lines harmless, one after the other."""

    _doubted: bool = False
    """A formula may have begun: a renderer with mathematics may see no code where we do."""

    def paragraph(self) -> None:
        """A new one begins."""
        self._doubted = False

    def line(self, text: str) -> str:
        """The same line, harmless. Takes it without its line end."""
        closers = _closers(text)
        doubted = self._doubted
        parts: list[str] = []
        at = 0
        while (found := _TOKEN.search(text, at)) is not None:
            parts.append(text[at : found.start()])
            at = found.end()
            if found.lastgroup == "ticks":
                end = _end(found, closers)
                if end is None:
                    parts.append("&#96;" * len(found[0]))
                    continue
                code = text[found.start() : end]
                # a table is cut at every bar, and what was code then is none
                doubted = doubted or "|" in code
                parts.append(_in_doubt(code) if doubted else code)
                at = end
            else:
                doubted = doubted or found.lastgroup == "formula"
                self._doubted = self._doubted or found.lastgroup == "formula"
                parts.append(_harmless(found))
        return "".join([*parts, text[at:]])


def _closers(text: str) -> Mapping[int, list[tuple[int, int]]]:
    """Where runs of backticks stand, by their length."""
    runs: dict[int, list[tuple[int, int]]] = {}
    for found in _RUNS.finditer(text):
        runs.setdefault(found.end() - found.start(), []).append(found.span())
    return runs


def _end(opener: re.Match[str], closers: Mapping[int, list[tuple[int, int]]]) -> int | None:
    """Where the code span ends that this run of backticks opens (CommonMark 0.31, 6.1); None when it opens none."""
    same = closers.get(opener.end() - opener.start(), [])
    next_ = bisect.bisect_left(same, (opener.end(), 0))
    return same[next_][1] if next_ < len(same) else None


def _in_doubt(code: str) -> str:
    """Code that may be none: the backticks stay, and in between everything is made harmless."""
    return _TOKEN.sub(lambda found: found[0] if found[0].endswith("`") else _harmless(found), code)


def _harmless(found: re.Match[str]) -> str:
    kind, text = found.lastgroup, found[0]
    if kind == "escaped":
        return _ESCAPED.get(text, text)
    if kind == "address":
        around = found.string[max(0, found.start() - 1) : found.start()], found.string[found.end() : found.end() + 1]
        before, after = ("" if char.isspace() or not char else " " for char in around)
        return f"{before}{found['address']}{after}"
    if kind == "scheme":
        return _scheme(found)
    return _PLAIN[kind or ""](text)


def _scheme(found: re.Match[str]) -> str:
    name = found["scheme"].lower()
    has_slashes = found.string.startswith("//", found.end())
    if name == "https" and has_slashes:
        return found[0]
    return f"{found['scheme']}&#58;" if has_slashes or name in _SCHEMES.split() else found[0]


_PLAIN: Final[Mapping[str, Callable[[str], str]]] = {
    "tag": lambda _: "&lt;",
    "image": lambda _: "image: ",
    "target": lambda _: "] ",
    "web": lambda text: text.replace(".", "&#46;", 1).replace(":", "&#58;"),
    "fence": lambda text: "&#126;" * len(text),
    "formulas": lambda text: "&#36;" * len(text),
    "formula": lambda text: text,
}
