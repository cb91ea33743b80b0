"""What a suggestion's way is made of, whoever is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import attrs

from duo_lsp.status import Status
from duo_lsp.suggestions.cache import Cache
from duo_lsp.suggestions.counters import Counters
from duo_lsp.suggestions.dismissed import Dismissed
from duo_lsp.suggestions.gate import Gate
from duo_lsp.suggestions.rhythm import Rhythm


@attrs.frozen
class Parts:
    """What outlives a change of upstream or settings."""

    cache: Cache
    status: Status
    gate: Gate
    rhythm: Rhythm
    dismissed: Dismissed
    counters: Counters
    sleep: Callable[[float], Awaitable[None]]
