"""The command duo.status: what is going on, and why nothing shows."""

from __future__ import annotations

from typing import Any

import attrs

from duo_lsp.session import DuoServer

COMMAND = "duo.status"


def register(server: DuoServer) -> None:
    """Add the command; with `{why: true}` it looks into everything first and adds what `duo-lsp doctor` would find.

    `left` is how many requests this minute still allows, null where nobody limits them.
    """

    @server.command(COMMAND)
    async def status(ls: DuoServer, *arguments: object) -> dict[str, Any]:
        admission = ls.upstream.admission if ls.upstream is not None else None
        left = admission.left if admission is not None else None
        now = {**report(ls), "silence": ls.status.silence, "left": left}
        match arguments:
            case [{"why": True}, *_]:
                return {**now, "findings": [attrs.asdict(finding) for finding in await ls.examine()]}
        return now


def report(server: DuoServer) -> dict[str, Any]:
    """The state in JSON, as far as it is worth a notification; `until` is a time of day as ISO 8601 writes it."""
    now, upstream = server.status.current, server.upstream
    return {
        "state": now.name,
        "sentence": now.sentence,
        "remedy": now.remedy,
        "until": None if now.until is None else now.until.isoformat(),
        "host": "" if upstream is None else upstream.host,
        "local": upstream is not None and upstream.local,
    }
