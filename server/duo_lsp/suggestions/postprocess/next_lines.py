"""Lines that follow the cursor anyway are not written again."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from duo_lsp.suggestions import lines
from duo_lsp.suggestions.context import Here

_COMPARED: Final = 3
"""Lines that say what an answer is about."""
_SHARE: Final = 0.05
"""Of them that may differ (Tabby's filter has the same), or one character."""
_WORD: Final = re.compile(r"\w")


def leave_out(text: str, here: Here) -> str:
    """Without last lines that stand, indentation and all, on the next lines already.

    Nothing of a text whose first lines are nearly the next ones: that is a model that copies with mistakes.
    """
    following = () if here.line_below.strip() else below(here)
    if not following:
        return text
    written = lines.of(text)
    whole = [here.line_above + written[0], *written[1:]]
    if _repeats(whole, following) or _nearly(whole, following):
        return ""
    for start in range(1, len(written)):
        if written[start].rstrip() == following[0] and _repeats(written[start:], following):
            return here.new_line.join(written[:start])
    return text


def below(here: Here) -> Sequence[str]:
    """The next lines."""
    return _following(here.below)


@functools.lru_cache(maxsize=2)  # two steps ask, for each of an answer's texts
def _following(text: str) -> list[str]:
    return _trimmed(lines.of(text)[1:])


def _nearly(written: Sequence[str], following: Sequence[str]) -> bool:
    """Whether the first three lines, or two, are nearly the next ones; one line is often like its neighbour."""
    said = lines.filled(written)[:_COMPARED]
    one, other = ("\n".join(some) for some in (said, islice(filter(None, following), len(said))))
    return len(said) > 1 and lines.alike(one, other, max(1, _SHARE * max(len(one), len(other))))


def _repeats(written: Sequence[str], following: Sequence[str]) -> bool:
    """Whether these lines, the last perhaps not finished, say something and are the next ones."""
    part = _trimmed(written)
    whole = part == following[: len(part)]
    begun = len(part) > 1 and part[:-1] == following[: len(part) - 1] and _starts(following, len(part) - 1, part[-1])
    return (whole or begun) and any(map(_WORD.search, part))


def _starts(some: Sequence[str], number: int, beginning: str) -> bool:
    return number < len(some) and some[number].startswith(beginning)


def _trimmed(some: Sequence[str]) -> list[str]:
    """Without blank lines at either end, nor blanks at the ends of lines."""
    filled = [number for number, line in enumerate(some) if line.strip()]
    return [line.rstrip() for line in some[filled[0] : filled[-1] + 1]] if filled else []
