"""The word before the cursor, as an editor that completes by it counts."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Mapping
from typing import Final

_LONGEST: Final = 200
_EGLOT: Final = "eglot"
_C_LIKE: Final = "c cpp csharp go java php rust javascript javascriptreact typescript typescriptreact"
_SYMBOLS_OF_EMACS: Final[Mapping[str, str]] = {
    **dict.fromkeys(_C_LIKE.split(), "$"),
    **dict.fromkeys(("css", "scss"), "-$@#.%|"),
    **dict.fromkeys(("lisp", "clojure"), "-$@?!:.%&*+/<=>~^"),
    **dict.fromkeys(("html", "xml"), "-$:.%&*+/=|"),
    **dict.fromkeys(("lua", "markdown", "dockerfile"), "-$%&*+/<=>|"),
    "shellscript": "-!:.%*+~^,",
    "toml": "-$.%&*+/<>|",
    "yaml": "-$%+/<=>|",
}
"""What belongs to a symbol beside letters, digits and _ in the syntax tables of Emacs 30, by language.

Eglot takes a candidate only when it begins with the whole symbol: `$na` of PHP is never completed by `name`.
"""


def before(line: str, language: str, client: str) -> str:
    """The end of `line` that a suggestion continues as a word: letters of every script, their accents, emoji."""
    more = _SYMBOLS_OF_EMACS.get(language, "") if client == _EGLOT else ""
    near = line[-_LONGEST:]
    size = sum(1 for _ in itertools.takewhile(lambda letter: _belongs(letter, more), reversed(near)))
    return near[len(near) - size :]


def _belongs(letter: str, more: str) -> bool:
    if letter.isascii():
        return letter.isalnum() or letter == "_" or letter in more
    return unicodedata.category(letter)[0] in "LMNS"
