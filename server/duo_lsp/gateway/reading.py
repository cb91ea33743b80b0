"""Takes a request's body in: not too much, and only a JSON object; `connection` sees that it comes in time."""

from __future__ import annotations

import contextlib
import json
from typing import Any, NoReturn

import orjson
from starlette.requests import Request

from duo_lsp.gateway import parameters, refusals
from duo_lsp.gateway.refusals import RefusedError

CAP = 10 * 1024 * 1024
"""Bytes."""


async def json_object(request: Request, *, cap: int = CAP) -> dict[str, Any]:
    """The object in the body, whatever the content type says; raises `RefusedError`."""
    return _parsed(await _body(request, cap))


async def _body(request: Request, cap: int) -> bytes:
    # A client that is still sending when the answer comes sees a reset instead of it,
    # so a body somewhat too large is read to its end; a huge one is not worth it.
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > 4 * cap:
        raise RefusedError(refusals.TOO_LARGE)
    size, parts = 0, []
    async for part in request.stream():
        size += len(part)
        if size <= cap:
            parts.append(part)
        elif size > 4 * cap:
            break
    if size > cap:
        raise RefusedError(refusals.TOO_LARGE)
    return b"".join(parts)


def _parsed(body: bytes) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        value = orjson.loads(body)
        if isinstance(value, dict):
            return value
    return _parsed_slowly(body)


def _parsed_slowly(body: bytes) -> dict[str, Any]:
    """What orjson does not read: halves of characters, and what is to be refused."""
    try:
        value = json.loads(body.decode(), parse_constant=_no_constant)
        if b"\\ud" in body or b"\\uD" in body:
            value = _cleaned(value)
    except (ValueError, RecursionError):
        raise RefusedError(refusals.invalid(refusals.UNREADABLE)) from None
    if not isinstance(value, dict):
        raise RefusedError(refusals.invalid(refusals.UNREADABLE))
    return value


def _cleaned(value: Any) -> Any:
    """A value of JSON without halves of characters, which an escape can write."""
    match value:
        case str():
            return parameters.clean(value)
        case list():
            return [_cleaned(item) for item in value]
        case dict():
            return {parameters.clean(key): _cleaned(item) for key, item in value.items()}
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
