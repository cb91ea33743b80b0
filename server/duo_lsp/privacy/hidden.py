"""Characters that nobody sees, turn text around or speak to a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final

DECEIVING: Final = re.compile(
    "[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"  # bidirectional overrides (CVE-2021-42574), invisible tags
)
INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls; tab and line ends stay
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # soft hyphen, marks, fillers
    "\u200b-\u200f\u2028\u2029\u2060-\u206f\ufe00-\ufe0e\ufeff\ufff0-\ufffb\ufffe\uffff"  # zero widths, separators
    "\ud800-\udfff\ue000-\uf8ff\U000e0080-\U000e0fff\U000f0000-\U0010ffff]"  # half characters, selectors, private use
)
ESCAPE: Final = re.compile("(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?")

_MOST: Final = 3
"""Kinds that are named."""


def without(text: str) -> str:
    """The text with none of these characters."""
    return INVISIBLE.sub("", DECEIVING.sub("", text))


def named(text: str) -> str:
    """Which of these characters a text has, for a person: `2 x U+202E RIGHT-TO-LEFT OVERRIDE`; empty without any."""
    found = Counter([*DECEIVING.findall(text), *INVISIBLE.findall(text)])
    kinds = [f"{count} x {_name(char)}" for char, count in found.most_common(_MOST)]
    return ", ".join([*kinds, "others"] if len(found) > _MOST else kinds)


def _name(char: str) -> str:
    return f"U+{ord(char):04X} {unicodedata.name(char, '')}".rstrip()
