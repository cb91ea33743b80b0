"""Lines without their ends: how deep they stand, and how much two of them differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from duo_lsp.protocol.text_units import split_lines

TAB: Final = 8
"""Columns to the next tab stop, as Python and most terminals count them."""
LONGEST: Final = 400
"""Characters; longer lines are alike only when they are equal."""


def of(text: str) -> list[str]:
    """The lines of a text, without their ends; there is always one."""
    return text.split("\n") if "\r" not in text else [line.rstrip("\r\n") for line in split_lines(text)]


def indent(line: str) -> int:
    """The columns before the first character that is no blank."""
    bare = line.lstrip()
    head = line[: len(line) - len(bare)]
    return len(head.expandtabs(TAB)) if "\t" in head else len(head)


def filled(lines: Sequence[str]) -> list[str]:
    """Those that are not blank, without blanks at their ends."""
    return [line.rstrip() for line in lines if line.strip()]


def alike(one: str, other: str, most: float) -> bool:
    """Whether at most so many characters differ between what both begin and what both end with.

    That is never less than their edit distance, and costs no more than reading them.
    """
    if one == other:
        return True
    length = max(len(one), len(other))
    if length > LONGEST or abs(len(one) - len(other)) > most:
        return False
    half = int(length - most) // 2
    if one[:half] != other[:half] and one[len(one) - half :] != other[len(other) - half :]:
        return False
    return length - _common(one, other) <= most


def _common(one: str, other: str) -> int:
    """How many characters both begin with, and of the rest both end with."""
    shorter = min(len(one), len(other))
    start = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    end = next((at for at in range(shorter - start) if one[-1 - at] != other[-1 - at]), shorter - start)
    return start + end
