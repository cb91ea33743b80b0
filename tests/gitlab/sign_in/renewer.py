"""A process with a stored login: waits for a line, asks for the token, prints it. Dies at a step when told to."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from duo_lsp.errors import DuoError
from duo_lsp.gitlab.sign_in import asking, assembly, oauth
from duo_lsp.gitlab.sign_in.store import LoginFile
from duo_lsp.privacy.secrets import Secret
from duo_lsp.settings import Settings

STEPS = ("locked", "asked", "answered", "created", "written", "replaced")


def die(*_: Any, **__: Any) -> None:
    """As if the power went."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(real: Any) -> Any:
    """Does it, then dies."""

    def act(*given: Any, **more: Any) -> Any:
        real(*given, **more)
        die()

    return act


def until_new(real: Any) -> Any:
    """Opens files; dies when one was made that was not there."""

    def act(path: Any, flags: int, *more: Any, **named: Any) -> Any:
        descriptor = real(path, flags, *more, **named)
        if flags & os.O_EXCL:
            die()
        return descriptor

    return act


def arm(step: str) -> None:
    """Die at this step of a renewal."""
    file: Any = LoginFile
    path: Any = Path
    flow: Any = oauth
    if step == "locked":
        file.read = die
    elif step == "asked":
        flow.renew = die
    elif step == "answered":
        asking.now = after(asking.now)
    elif step == "created":
        os.open = until_new(os.open)
    elif step == "written":
        os.fsync = die
    elif step == "replaced":
        path.replace = after(path.replace)


async def main(url: str, refused: str) -> None:
    """Say ready, wait, ask."""
    found = assembly.keeper(os.environ).stored(Settings(base_url=url))
    assert found is not None
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    arm(os.environ.get("DIE_AT", ""))
    try:
        token = await (found.tokens.renewed(Secret(refused)) if refused else found.tokens.current())
    except DuoError as error:
        print(f"{type(error).__name__}: {error}", flush=True)
        return
    if token is None:
        print("none", flush=True)
        return
    async with asking.asking(url, token) as ask:
        status, _ = await ask("GET", "/oauth/token/info")
    print(token.reveal(), status, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
