"""What a message's body holds: JSON, fast, and slow where the fast way refuses what editors may send."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NoReturn

import orjson


def read(body: bytes) -> Any:
    """The value a body holds. Raises ValueError."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _read_slowly(body)


def _read_slowly(body: bytes) -> Any:
    """As the standard library reads it: lone surrogates too, which an editor sends when it cuts an emoji in two."""
    try:
        return json.loads(body.decode(), parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def write(value: object, plain: Callable[[Any], Any]) -> bytes:
    """A value as JSON; `plain` turns what JSON does not know into what it does.

    Raises TypeError or ValueError when that is not possible.
    """
    try:
        return orjson.dumps(value, plain)
    except TypeError:
        return json.dumps(value, default=plain).encode()  # lone surrogates and large numbers, in ASCII


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
