"""The two ends of a connection, each as the other sees it."""

from __future__ import annotations

from typing import Protocol


class Client(Protocol):
    """The editor: `stdio.Connection`."""

    def write(self, body: bytes) -> None:
        """Send one body; never waits."""

    def watch(self, process_id: int | None) -> None:
        """End when this process does."""

    def leave(self) -> None:
        """It said exit."""


class Server(Protocol):
    """What serves it: `DuoProtocol`."""

    def attach(self, client: Client) -> None:
        """From now on, this is the client."""

    def greeted(self) -> None:
        """The first request, an initialize, was answered before you were there."""

    def receive(self, body: bytes) -> None:
        """Take one message."""

    async def settled(self, seconds: float) -> None:
        """Wait until every request is answered, but no longer than this."""

    def exit_code(self) -> int:
        """Of the process, if it ended now."""
