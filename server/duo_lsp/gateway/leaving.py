"""Ends the work on a request whose client went away."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request

T = TypeVar("T")


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What the work comes to; raises ClientDisconnect, and cancels it, when nobody waits for it any more.

    The request's body must have been read. For who is gone already the work is not even begun.
    """
    going = asyncio.ensure_future(_gone(request))
    await asyncio.sleep(0)
    if going.done():
        work.close()
        raise ClientDisconnect
    coming = asyncio.ensure_future(work)
    try:
        await asyncio.wait({coming, going}, return_when=asyncio.FIRST_COMPLETED)
        if not coming.done():
            raise ClientDisconnect
        return coming.result()
    finally:
        coming.cancel()
        going.cancel()
        await asyncio.wait({coming, going})


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
