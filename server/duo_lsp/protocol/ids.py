"""What may be the id of a request."""

from __future__ import annotations

from typing import TypeGuard

Id = int | str


def is_id(value: object) -> TypeGuard[Id]:
    """Whether a value may be a request's id: a whole number or a text; true and false are numbers to Python only."""
    return isinstance(value, int | str) and not isinstance(value, bool)
