"""How long to wait for the next key before asking."""

from __future__ import annotations

from typing import Final

UPSTREAM: Final = 0.150
LOCAL: Final = 0.020
"""Seconds. The local engine costs nothing but a little of this machine."""


def delay(*, invoked: bool, local: bool) -> float:
    """Seconds to wait; a person who asks by hand never waits."""
    if invoked:
        return 0.0
    return LOCAL if local else UPSTREAM
