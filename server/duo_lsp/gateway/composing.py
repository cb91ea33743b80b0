"""Makes the application that the command line asks for; what only a team needs is loaded only for one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from duo_lsp.gateway import app, play, turnstile
from duo_lsp.gateway.engines import Engine
from duo_lsp.gateway.limit import Limits
from duo_lsp.gateway.options import Options
from duo_lsp.gateway.users import Users

if TYPE_CHECKING:
    from duo_lsp.gateway.observing import Observer

__all__ = ["ASGIApp", "application"]


def application(chosen: Options, engine: Engine) -> ASGIApp:
    """The gateway with everything around it. Raises UsageError."""
    played = play.read(chosen.gitlab, chosen.delay, chosen.faults, legacy_stream=chosen.legacy_stream, off=chosen.off)
    observers: list[Observer] = []
    metrics = None
    if not chosen.child:
        from duo_lsp.gateway import metrics as figures

        metrics = figures.make()
        observers += [metrics.observe] if metrics else []
    if chosen.access_log:
        from duo_lsp.gateway import access_log

        observers.append(access_log.start())
    made = app.application(
        engine,
        chosen.token,
        chosen.limit,
        play=played,
        users=Users(chosen.token_file, time.monotonic),
        limits=_limits(chosen.rate_store),
        jobs=chosen.jobs or (turnstile.AT_ONCE_REMOTE if engine.remote else turnstile.AT_ONCE),
        hosts=chosen.welcome,
        metrics=metrics.text if metrics else None,
    )
    if not observers:
        return made
    from duo_lsp.gateway.observing import Observing

    return Observing(made, observers)


def _limits(store: str) -> Limits | None:
    if not store:
        return None
    from duo_lsp.gateway import shared_limit

    return shared_limit.connect(store)
