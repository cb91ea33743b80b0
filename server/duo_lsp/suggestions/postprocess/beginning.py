"""What already stands left of the cursor is not written again."""

from __future__ import annotations

import re
from typing import Final

from duo_lsp.suggestions.context import Here

_LEAST: Final = 2
"""Characters (minuet-ai's filter has the same)."""
_ONE_BLANK: Final = re.compile(r"(?<![ \t]) (?![ \t])")
"""More of them put things in columns."""
_WORD: Final = re.compile(r"\w")


def trim(text: str, here: Here) -> str:
    """Without the cursor's line at the beginning, said again from its start; nor a second blank.

    Only the whole line counts: a call may begin like the one around it.
    """
    line = here.line_above.lstrip()
    if not line:
        return text
    written = text.lstrip(" \t")
    bare = line.rstrip()
    if len(bare) >= _LEAST and _WORD.search(bare) and bare[-1] != ">" and written.startswith(bare):
        text = written[len(bare) :]
        if text.lstrip().startswith(bare):
            return ""  # it goes on like that
    return text[1:] if line.endswith(" ") and _ONE_BLANK.match(line, len(line) - 1) and _ONE_BLANK.match(text) else text
