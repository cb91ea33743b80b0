"""Characters that lie about what the code says, or speak to a terminal."""

from __future__ import annotations

from duo_lsp.privacy.hidden import DECEIVING, ESCAPE, INVISIBLE
from duo_lsp.suggestions.context import Here


def drop(text: str, here: Here) -> str:
    """Refuse a text with characters that turn code around; take out the merely invisible ones.

    A character the document already has is the person's own choice and stays (a form feed, a joiner in a name).
    """
    if DECEIVING.search(text):
        return ""
    invisible = set(INVISIBLE.findall(text))  # a hostile answer has tens of thousands of them, and of different ones
    foreign = invisible and invisible.difference(here.above, here.below)
    if not foreign:
        return text
    if foreign & {"\x1b", "\x9b", "\x9d"}:
        text = ESCAPE.sub("", text)
    return "".join(char for char in text if char not in foreign)
