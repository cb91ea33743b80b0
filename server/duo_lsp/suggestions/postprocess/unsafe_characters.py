"""Characters that lie about what the code says, or speak to a terminal."""

from __future__ import annotations

import re
from typing import Final

from duo_lsp.suggestions.context import Here

_DECEIVING: Final = re.compile(
    "[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"  # bidirectional overrides (CVE-2021-42574), invisible tags
)
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls; tab and line ends stay
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # soft hyphen, marks, fillers
    "\u200b-\u200f\u2028\u2029\u2060-\u206f\ufe00-\ufe0e\ufeff\ufff0-\ufffb\ufffe\uffff"  # zero widths, separators
    "\ud800-\udfff\ue000-\uf8ff\U000e0080-\U000e0fff\U000f0000-\U0010ffff]"  # half characters, selectors, private use
)
_ESCAPE: Final = re.compile("(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?")


def drop(text: str, here: Here) -> str:
    """Refuse a text with characters that turn code around; take out the merely invisible ones.

    A character the document already has is the person's own choice and stays (a form feed, a joiner in a name).
    """
    if _DECEIVING.search(text):
        return ""
    foreign = {found for found in _INVISIBLE.findall(text) if found not in here.above and found not in here.below}
    if not foreign:
        return text
    if foreign & {"\x1b", "\x9b", "\x9d"}:
        text = _ESCAPE.sub("", text)
    return _INVISIBLE.sub(lambda found: "" if found[0] in foreign else found[0], text)
