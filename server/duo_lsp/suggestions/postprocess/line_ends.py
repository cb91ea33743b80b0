"""A suggestion's lines end as the document's do."""

from __future__ import annotations

import re

from duo_lsp.suggestions.context import Here

_ANY = re.compile(r"\r\n|\r|\n")


def follow(text: str, here: Here) -> str:
    """Write every line end the document's way."""
    return _ANY.sub(here.new_line, text) if _ANY.search(text) else text
