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
    foreign = {found for found in INVISIBLE.findall(text) if found not in here.above and found not in here.below}
    if not foreign:
        return text
    if foreign & {"\x1b", "\x9b", "\x9d"}:
        text = ESCAPE.sub("", text)
    return INVISIBLE.sub(lambda found: "" if found[0] in foreign else found[0], text)
