"""The commands duo.chat, duo.newChat and duo.retry, and those that ask about code in a fixed way."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types as lsp

from duo_lsp.chat.actions import ACTIONS, Action
from duo_lsp.session import DuoServer

if TYPE_CHECKING:
    from duo_lsp.features.chat_desk import Desk

CHAT: Final = "duo.chat"
NEW_CHAT: Final = "duo.newChat"
RETRY: Final = "duo.retry"


def register(server: DuoServer) -> None:
    """Add the commands; their arguments come in any number and form, because pygls takes just those that are named."""

    @functools.cache
    def desk() -> Desk:
        from duo_lsp.features.chat_desk import Desk  # what chat needs is loaded when somebody chats

        return Desk(server)

    @server.command(CHAT)
    async def chat(_: DuoServer, *arguments: object) -> dict[str, Any]:
        return await desk().answer(arguments, None)

    @server.command(NEW_CHAT)
    def new_chat(_: DuoServer, *__: object) -> None:
        desk().begin()

    @server.command(RETRY)
    async def retry(_: DuoServer, *arguments: object) -> dict[str, Any]:
        return await desk().answer_again(arguments)

    for action in ACTIONS:
        _register_action(server, desk, action)

    @server.feature(lsp.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def cancel(params: lsp.WorkDoneProgressCancelParams) -> None:
        desk().cancelling.cancel(params.token)


def _register_action(server: DuoServer, desk: Callable[[], Desk], action: Action) -> None:
    @server.command(action.command)
    async def act(_: DuoServer, *arguments: object) -> dict[str, Any]:
        return await desk().answer(arguments, action)
