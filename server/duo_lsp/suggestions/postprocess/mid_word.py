"""In the middle of a word only more of that word can be inserted."""

from __future__ import annotations

import re

from duo_lsp.suggestions.context import Here

_WORD = re.compile(r"\w+")


def keep(text: str, here: Here) -> str:
    """Nothing of a text that would tear the word around the cursor apart."""
    inside = _WORD.fullmatch(here.above[-1:]) and _WORD.match(here.below)
    return "" if inside and not _WORD.fullmatch(text) else text
