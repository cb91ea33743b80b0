"""The commands duo.signIn and duo.signOut: a token is never typed into an editor, but in a terminal."""

from __future__ import annotations

import asyncio
import shutil
from typing import Any, Final

from lsprotocol import types as lsp

from duo_lsp import urls
from duo_lsp.errors import LoginError
from duo_lsp.session import DuoServer

SIGN_IN = "duo.signIn"
SIGN_OUT = "duo.signOut"
PATIENCE: Final = 5.0
"""Seconds for an editor to open a page; some ask the person first, some never answer."""


def register(server: DuoServer) -> None:
    """Add both commands. `duo.signIn` answers with the page and the command line, so that an editor can show them.

    Where there is a token that was not used until now, it is used, no page is opened, and `signedIn` is true.
    """

    @server.command(SIGN_IN)
    async def sign_in(ls: DuoServer, *_: object) -> dict[str, Any]:
        from duo_lsp import editor_setup
        from duo_lsp.gitlab.sign_in import checking

        before = ls.upstream
        await ls.stay_out(out=False)
        base_url = ls.resolved.settings.base_url
        page, program = checking.page(base_url), "duo-lsp" if shutil.which("duo-lsp") else str(editor_setup.command())
        command = [program, "login", "--url", base_url]
        if ls.upstream is not None and ls.upstream is not before and ls.upstream.admission is not None:
            _show(ls, f"Signed in at {urls.host_of(base_url)} with a token that was there already.")
            return {"page": page, "opened": False, "command": command, "signedIn": True}
        opened = await _open(ls, page)
        how = "Make a token on the page that has opened" if opened else f"Make a token on this page: {page}"
        _show(ls, f"{how}\nThen run this in a terminal, and paste it there: {' '.join(command)}")
        return {"page": page, "opened": opened, "command": command, "signedIn": False}

    @server.command(SIGN_OUT)
    async def sign_out(ls: DuoServer, *_: object) -> dict[str, Any]:
        host = urls.host_of(ls.resolved.settings.base_url)
        await ls.stay_out(out=True)  # first of all: from here on nothing goes anywhere
        try:
            forgotten = await ls.account.forget(ls.resolved.settings.base_url)
        except LoginError as error:
            _show(ls, str(error), lsp.MessageType.Warning)
            return {"forgotten": False, "left": ""}
        left = await ls.token_left()
        if left:
            _show(ls, f"Signed out of {host}. A token is still there ({left}); it is used again after duo.signIn.")
        else:
            await ls.stay_out(out=False)  # there is nothing to keep away from, and a new login shall be noticed
            _show(ls, f"Signed out of {host}." if forgotten else f"There is no login for {host}.")
        return {"forgotten": forgotten, "left": left}


async def _open(server: DuoServer, page: str) -> bool:
    """Open a page in the person's browser, where the editor can (LSP 3.16, window/showDocument)."""
    window = server.client_capabilities.window
    if window is None or window.show_document is None or not window.show_document.support:
        return False
    try:
        async with asyncio.timeout(PATIENCE):
            shown = await server.window_show_document_async(lsp.ShowDocumentParams(page, external=True))
    except Exception:  # noqa: BLE001 - whatever an editor answers, the message then says the address
        return False
    return bool(getattr(shown, "success", False))


def _show(server: DuoServer, sentence: str, kind: lsp.MessageType = lsp.MessageType.Info) -> None:
    """Say it every time: somebody has asked."""
    server.say(sentence, kind)
