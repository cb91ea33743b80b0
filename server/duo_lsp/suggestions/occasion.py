"""Whether typing at a place is an occasion to ask; who asks by hand needs none."""

from __future__ import annotations

import re
from typing import Final

from duo_lsp.settings import Settings
from duo_lsp.suggestions import around
from duo_lsp.suggestions.context import Here

FEWEST: Final = 10
"""Characters that a document has to have; so does GitLab's own language server decide (its version 7.9)."""
_NOTHING_FOLLOWS: Final = re.compile(r"\s*[)}\]\"'`]*\s*[:{;,]?\s*")
"""What may stand right of the cursor: closers, then what ends a header or a statement; also as GitLab's does."""

ON_REQUEST: Final = (
    "Suggestions come only when you ask for one. "
    'Ask by hand, run the command duo.toggle with "once", or set codeCompletion.trigger to automatic.'
)
HARDLY_BEGUN: Final = f"There are fewer than {FEWEST} characters in this file. Type on, or ask by hand."
IN_THE_MIDDLE: Final = "There is text right of the cursor. Go on at the end of the line, or ask by hand."
IN_A_COMMENT: Final = (
    "The cursor is in a comment. Go on with code, ask by hand, or set codeCompletion.enabledInComments to true."
)
DISMISSED: Final = "You have just turned down what was suggested here. Type on, or ask by hand."


def missing(here: Here, settings: Settings) -> str:
    """Why nobody is asked because of a key typed here, with what to do; empty when somebody is."""
    wanted = settings.code_completion
    if wanted.trigger == "invoked":
        return ON_REQUEST
    if len(here.above) + len(here.below) < FEWEST:
        return HARDLY_BEGUN
    if not _NOTHING_FOLLOWS.fullmatch(here.line_below):
        return IN_THE_MIDDLE
    return IN_A_COMMENT if not wanted.enabled_in_comments and around.in_comment(here) else ""
