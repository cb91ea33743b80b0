"""Scenes for the checks: a person's settings, and whoever answers at the address in them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import attrs

from duo_lsp import app, config, doctor
from duo_lsp.config import Layer
from duo_lsp.doctor.scene import Finding, Scene
from duo_lsp.gitlab import choice

TOKEN = "glpat-planted-secret-1234567"
TODAY = date(2026, 11, 21)


@asynccontextmanager
async def scene(settings: Mapping[str, Any], environment: Mapping[str, str], **more: Any) -> AsyncIterator[Scene]:
    """What a person with these settings has."""
    resolved = config.resolve([Layer("user file", settings)])
    chosen = attrs.evolve(choice.choose(resolved, environment), falls=False)
    upstream = app.open_upstream(chosen, environment, "duo-lsp/test")
    try:
        yield Scene(resolved, chosen, upstream, time.monotonic, TODAY, **{"engines": (), **more})
    finally:
        await upstream.close()


async def examined(
    settings: Mapping[str, Any], environment: Mapping[str, str] | None = None, **more: Any
) -> dict[str, Finding]:
    """What the checks find, the last of each by its name; the settings left out."""
    async with scene(settings, environment or {}, **more) as here:
        return {found.name: found async for found in doctor.examine(here) if found.name != "setting"}


def at(url: str, **more: Any) -> dict[str, Any]:
    """The settings of somebody with a token for this address."""
    return {"baseUrl": url, "token": TOKEN, **more}
