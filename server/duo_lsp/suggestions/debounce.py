"""How long to wait for the next key before asking, by how fast this person types and by what they have just typed.

A request that the next key outruns costs one of the few that GitLab allows in a minute, so they wait for longer than
the usual gap where somebody is about to type on, and hardly at all where they wait for a suggestion themselves.
The factors come from replaying sessions of typing: `tests/suggestions/test_typing_replay.py` holds them to the counts.
"""

from __future__ import annotations

import math
from typing import Final

from duo_lsp.gitlab.limits.rate_limit import BURST, RESERVE
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.rhythm import Rhythm

SHORTEST: Final = 0.030
LONGEST: Final = 0.400
"""Seconds; nobody ever waits for longer, however slowly they type and however few requests are left."""
LOCAL: Final = 0.020
"""Seconds. The local engine costs nothing but a little of this machine."""
LEAD: Final = 0.060
"""Seconds after the first key after a pause; then the burst has its request, and what it brings serves all of it."""
_LEADING: Final = 0.200
"""Seconds from that key in which that holds: whoever types faster than `LEAD` gets theirs, too."""
_USUAL, _OPENED, _IN_WORD = 1.25, 0.5, 1.5
"""Times the usual gap."""
_MISSED, _IN_WORD_MISSED = 2.0, 2.5
"""The same after a request that nobody typed along: what was wrong on a line mostly stays so."""
_SCARCE: Final = 0.5
"""Of the requests that may go in one go; when fewer of them are left, waiting takes longer."""
_NONE_LEFT: Final = (RESERVE + 1) / BURST
"""Below that, only somebody may ask who asks by hand."""
_OPENINGS: Final = tuple("(.=:,[{")
_OPERATORS: Final = tuple("=+-*/%<>|&!,:")


def wait(here: Here, rhythm: Rhythm, *, invoked: bool, local: bool, left: float | None) -> float:
    """Seconds from now until a request may go; a person who asks by hand never waits.

    `left` is the share that is left of the requests that may go in one go; None where nobody counts.
    """
    if invoked:
        return 0.0
    return max(0.0, (LOCAL if local else delay(here.line_above, rhythm, 1.0 if left is None else left)) - rhythm.since)


def delay(line_above: str, rhythm: Rhythm, left: float = 1.0) -> float:
    """Seconds from the last key until a request may go that nobody asked for by hand; at most `LONGEST`.

    `line_above` is the line up to the cursor.
    """
    if not line_above.strip():
        seconds = SHORTEST
    else:
        seconds = min(max(SHORTEST, _factor(line_above, rhythm.misses) * rhythm.gap), _until_lead(rhythm))
    return min(LONGEST, seconds + _pacing(left))


def _until_lead(rhythm: Rhythm) -> float:
    """Seconds from the last key until the first request of its burst; endless once it has gone, or late in it."""
    into_burst = rhythm.at - rhythm.began
    return math.inf if rhythm.led or into_burst > _LEADING else max(0.0, LEAD - into_burst)


def _pacing(left: float) -> float:
    return LONGEST * max(0.0, _SCARCE - left) / (_SCARCE - _NONE_LEFT)


def _factor(line_above: str, misses: int) -> float:
    last = line_above[-1]
    if last.isalnum() or last == "_":
        return _IN_WORD_MISSED if misses else _IN_WORD
    if misses:
        return _MISSED
    opened = last in _OPENINGS or (last == " " and line_above.rstrip().endswith(_OPERATORS))
    return _OPENED if opened else _USUAL
