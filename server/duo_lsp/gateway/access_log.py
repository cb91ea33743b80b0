"""One line for every request, on stderr: when, from where, who, what, how it went, how long it took."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from duo_lsp.gateway.observing import OTHER, Observer, Seen

_log = logging.getLogger(__name__)


def start(now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Observer:
    """Write it from now on."""
    _log.setLevel(logging.INFO)

    def observe(seen: Seen) -> None:
        who = seen.user.replace(" ", "_") or OTHER
        when = now().isoformat(timespec="seconds")
        what = (seen.method, seen.path, seen.status, seen.seconds * 1000)
        _log.info("%s %s %s %s %s %d %.1fms", when, seen.client, who, *what)

    return observe
