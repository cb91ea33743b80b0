"""The command duo.status: what is going on, and why nothing shows."""

from __future__ import annotations

from typing import Any

import attrs

from duo_lsp import toggling
from duo_lsp.features import aloud
from duo_lsp.session import DuoServer

COMMAND = "duo.status"


def register(server: DuoServer) -> None:
    """Add the command; its one argument may ask for more.

    `{why: true}` looks into everything and adds what `duo-lsp doctor` would find as `findings`, `{sent: true}` adds
    the body of the last request, secrets as stars. `left` is how many requests this minute still allows, null where
    nobody limits them; `learning` says how much of the workspace the local engine has read, and is empty when that is
    all or nobody learns; `counts` is what suggestions have done in this session, null before it has begun;
    `conversation` is the file of the chat, which may not be there yet.
    """

    @server.command(COMMAND)
    async def status(ls: DuoServer, *arguments: object) -> dict[str, Any]:
        admission = ls.upstream.admission if ls.upstream is not None else None
        if admission is not None:
            await admission.look()
        left = admission.left if admission is not None else None
        counts = ls.suggestions.counters.report() if ls.suggestions is not None else None
        learnt = await ls.upstream.learnt() if ls.upstream is not None else None
        now = {
            **report(ls),
            **_learning(learnt),
            "silence": ls.protocol.mask(ls.status.silence),
            "left": left,
            "counts": counts,
        }
        now["conversation"] = ls.pages.path(ls.folders).as_uri()
        wanted = arguments[0] if arguments and isinstance(arguments[0], dict) else {}
        if wanted.get("why") is True:
            mask = ls.protocol.mask  # an instance may quote a token
            findings = await ls.examine()
            now["findings"] = [
                attrs.asdict(attrs.evolve(one, text=mask(one.text), remedy=mask(one.remedy))) for one in findings
            ]
        if wanted.get("sent") is True:
            sent = ls.suggestions.sent if ls.suggestions is not None else None
            now["sent"] = None if sent is None else sent.body()
        aloud.say(ls, " ".join(filter(None, (ls.status.current.whole, ls.status.silence))))
        return now


def _learning(learnt: float | None) -> dict[str, Any]:
    if learnt is None or learnt >= 1:
        return {"learning": ""}
    return {"learning": f"Learning this folder: {int(100 * learnt)} %."}


def report(server: DuoServer) -> dict[str, Any]:
    """The state in JSON, as far as it is worth a notification; `until` is a time of day as ISO 8601 writes it."""
    now, upstream = server.status.current, server.upstream
    return {
        "state": now.name,
        "sentence": server.protocol.mask(now.sentence),  # it may quote an instance that quotes a token
        "remedy": now.remedy,
        "until": None if now.until is None else now.until.isoformat(),
        "host": "" if upstream is None else upstream.host,
        "local": upstream is not None and upstream.local,
        **toggling.shown(server),
        "redaction": server.resolved.settings.code_completion.enable_secret_redaction,
    }
