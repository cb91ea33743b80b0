"""An answer that says something about code, but has none, is no suggestion."""

from __future__ import annotations

import re
from typing import Final

from duo_lsp.suggestions import comments
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.postprocess import around

_ASKED: Final = re.compile(r"\b(?:comment|docs?|document\w*|docstring|describe|explain\w*|todo)\b", re.IGNORECASE)
_QUOTES: Final = ('"', "'")


def drop(text: str, here: Here) -> str:
    """Nothing of a text that is only comments, unless a comment is being written or was asked for.

    A docstring is a function's first statement, and a shebang a script's first line.
    """
    if here.language.id in around.PROSE or text.startswith("#!") or not _only_comments(text, here):
        return text
    return text if around.in_comment(here) or _asked(here) else ""


def _only_comments(text: str, here: Here) -> bool:
    found = [span for span in comments.find(text, here.language) if not text.startswith(_QUOTES, span.start)]
    return bool(found) and not comments.without(text, found).strip()


def _asked(here: Here) -> bool:
    """Whether the comment right above the cursor wants one."""
    above, found = around.near(here), around.spans(here)
    if not found or found[-1].kind == "text" or above[found[-1].end :].strip():
        return False
    return bool(_ASKED.search(above, found[-1].start, found[-1].end))
