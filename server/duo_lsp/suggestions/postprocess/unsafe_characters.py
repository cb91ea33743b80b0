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
    "\u200b-\u200f\ufeff\u2028\u2029\ufe00-\ufe0e\U000e0100-\U000e01ef"  # zero widths, marks, separators, selectors
    "\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]"  # half characters, private use
)
_ESCAPE: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)")


def drop(text: str, here: Here) -> str:
    """Refuse a text with characters that turn code around; take out the merely invisible ones.

    A character the document already has is the person's own choice and stays (a form feed, a joiner in a name).
    """
    if _DECEIVING.search(text):
        return ""
    own = set(_INVISIBLE.findall(here.above + here.below))
    return _INVISIBLE.sub(lambda found: found[0] if found[0] in own else "", _ESCAPE.sub("", text))
