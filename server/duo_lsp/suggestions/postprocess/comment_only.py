"""An answer that says something about code, but has none, is no suggestion."""

from __future__ import annotations

import re
from typing import Final

from duo_lsp.suggestions import around, comments
from duo_lsp.suggestions.context import Here

_ASKED: Final = re.compile(r"\b(?:comment|docs?|document\w*|docstring|describe|explain\w*|todo)\b", re.IGNORECASE)
_QUOTES: Final = ('"', "'")


def drop(text: str, here: Here) -> str:
    """Nothing of a text that is only comments, unless a comment is being written or was asked for.

    A docstring is a function's first statement, and a shebang a script's first line.
    """
    if here.language.id in around.PROSE or text.startswith("#!") or not _only_comments(text, here):
        return text
    return text if around.in_comment(here) or _ASKED.search(around.comment_above(here)) else ""


def _only_comments(text: str, here: Here) -> bool:
    found = [span for span in comments.find(text, here.language) if not text.startswith(_QUOTES, span.start)]
    return bool(found) and not comments.without(text, found).strip()
